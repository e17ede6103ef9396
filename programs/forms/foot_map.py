"""Where on the feet: regions to tap on a drawing, and the same as a list of ticks."""

from dataclasses import dataclass
from typing import Any

from django import forms

SIDES = (("L", "Left"), ("R", "Right"))
# Of one foot, seen so that the big toe is on the left of the drawing: name, words, path. A drawing
# of ours on a grid of 60 by 140; the other foot is its mirror image.
SOLE = (
    ("sole_big_toe", "big toe, below", "M8 26Q6 8 17 7Q27 8 25 26Z"),
    ("sole_toes", "other toes, below", "M26 27Q28 12 36 14Q50 20 54 36L52 42Q38 30 26 27Z"),
    ("sole_ball", "ball of the foot", "M7 30Q24 28 50 46Q52 60 46 66L12 62Q5 46 7 30Z"),
    ("sole_arch", "inner arch", "M13 66L29 67L27 102L19 102Q16 84 13 66Z"),
    ("sole_edge", "outer edge", "M32 67L46 69Q45 86 42 102L30 102Z"),
    ("sole_heel", "heel", "M19 106H42Q46 132 30 133Q15 132 19 106Z"),
)
TOP = (
    ("top_toes", "toes, on top", "M8 30Q6 8 17 7Q24 8 26 14Q42 12 54 38L50 46Q28 30 8 34Z"),
    ("top_foot", "top of the foot", "M8 38Q28 34 50 50Q48 76 43 92L19 92Q8 64 8 38Z"),
    ("top_ankle", "ankle and above", "M19 96H43L45 133H18Z"),
)
REGIONS = {
    f"{side}_{name}": f"{label} {words}"
    for side, label in SIDES
    for name, words, _ in (*SOLE, *TOP)
}
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


def feet() -> list[Foot]:
    """Soles, then tops; left and right as one sees them looking down at one's own."""
    return [
        Foot(
            f"{label} {view}",
            [Shape(f"{side}_{name}", REGIONS[f"{side}_{name}"], path) for name, _, path in shapes],
            is_mirrored=side == "L",
        )
        for view, shapes in (("sole", SOLE), ("top", TOP))
        for side, label in SIDES
    ]


class FootMapInput(forms.CheckboxSelectMultiple):
    template_name = "components/widgets/foot_map.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {
            "feet": feet(),
            "chosen": list(value or []),
        }


class FootMapField(forms.MultipleChoiceField):
    """Nothing ticked is None; 'nowhere' is an empty list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[*REGIONS.items(), (NOWHERE, "Nowhere")],
            required=False,
            widget=FootMapInput,
            **kwargs,
        )

    def clean(self, value: Any) -> list[str] | None:
        ticked = super().clean(value)
        return [one for one in ticked if one != NOWHERE] if ticked else None


def words(regions: list[str]) -> str:
    """'Left heel, Right heel', or 'nowhere'."""
    return ", ".join(REGIONS[region] for region in regions if region in REGIONS) or "nowhere"
