"""Where on the feet: regions to tap on a drawing, and the same as a list of ticks."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.measures.foot_regions import REGIONS, SIDES, VIEWS

NOWHERE = "nowhere"


@dataclass(frozen=True)
class Shape:
    """One region to tap."""

    value: str
    label: str
    path: str


@dataclass(frozen=True)
class Foot:
    """One foot of the drawing; the left one is mirrored."""

    title: str
    shapes: list[Shape]
    is_mirrored: bool
    box: str  # of the drawing's grid, what is seen


_TITLES = {
    ("sole", "L"): _("Left sole"),
    ("sole", "R"): _("Right sole"),
    ("top", "L"): _("Left top"),
    ("top", "R"): _("Right top"),
    ("inner", "L"): _("Left inner side"),
    ("inner", "R"): _("Right inner side"),
    ("outer", "L"): _("Left outer side"),
    ("outer", "R"): _("Right outer side"),
}
_WHOLE, _FROM_THE_SIDE = "3 2 54 136", "0 84 60 50"


def feet() -> list[Foot]:
    """Soles, tops, then the sides; left and right as one sees them looking down at one's own."""
    return [
        Foot(
            str(_TITLES[view, side]),
            [
                Shape(f"{side}_{name}", str(REGIONS[f"{side}_{name}"]), path)
                for name, _, path in shapes
            ],
            is_mirrored=(side == "L") is not (view == "outer"),
            box=_FROM_THE_SIDE if view in ("inner", "outer") else _WHOLE,
        )
        for view, shapes in VIEWS.items()
        for side, _name in SIDES
    ]


class FootMapInput(forms.CheckboxSelectMultiple):
    template_name = "components/widgets/foot_map.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {
            "feet": feet(),
            "chosen": list(value or []),
            "nowhere": NOWHERE,
        }


class FootMapField(forms.MultipleChoiceField):
    """Nothing ticked is None; 'nowhere' is an empty list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[*REGIONS.items(), (NOWHERE, _("Nowhere"))],
            required=False,
            widget=FootMapInput,
            **kwargs,
        )

    def clean(self, value: Any) -> list[str] | None:
        ticked = super().clean(value)
        return [one for one in ticked if one != NOWHERE] if ticked else None
