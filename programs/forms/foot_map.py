"""Where on the feet: regions to tap on a drawing, and the same as a list of ticks."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.measures.foot_regions import REGIONS, SIDES, SOLE, TOP

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


_TITLES = {
    ("sole", "L"): _("Left sole"),
    ("sole", "R"): _("Right sole"),
    ("top", "L"): _("Left top"),
    ("top", "R"): _("Right top"),
}


def feet() -> list[Foot]:
    """Soles, then tops; left and right as one sees them looking down at one's own."""
    return [
        Foot(
            str(_TITLES[view, side]),
            [
                Shape(f"{side}_{name}", str(REGIONS[f"{side}_{name}"]), path)
                for name, _, path in shapes
            ],
            is_mirrored=side == "L",
        )
        for view, shapes in (("sole", SOLE), ("top", TOP))
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
