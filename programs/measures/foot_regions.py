"""Regions of the feet: their names, and how each is drawn."""

from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SIDES = (("L", _("Left")), ("R", _("Right")))
# Of one foot, seen so that the big toe is on the left of the drawing: name, words, path. A drawing
# of ours on a grid of 60 by 140; the other foot is its mirror image.
SOLE = (
    ("sole_big_toe", _("big toe, below"), "M8 26Q6 8 17 7Q27 8 25 26Z"),
    ("sole_toes", _("other toes, below"), "M26 27Q28 12 36 14Q50 20 54 36L52 42Q38 30 26 27Z"),
    ("sole_ball", _("ball of the foot"), "M7 30Q24 28 50 46Q52 60 46 66L12 62Q5 46 7 30Z"),
    ("sole_arch", _("inner arch"), "M13 66L29 67L27 102L19 102Q16 84 13 66Z"),
    ("sole_edge", _("outer edge"), "M32 67L46 69Q45 86 42 102L30 102Z"),
    ("sole_heel", _("heel"), "M19 106H42Q46 132 30 133Q15 132 19 106Z"),
)
TOP = (
    ("top_toes", _("toes, on top"), "M8 30Q6 8 17 7Q24 8 26 14Q42 12 54 38L50 46Q28 30 8 34Z"),
    ("top_foot", _("top of the foot"), "M8 38Q28 34 50 50Q48 76 43 92L19 92Q8 64 8 38Z"),
    ("top_ankle", _("ankle and above"), "M19 96H43L45 133H18Z"),
)
REGIONS = {
    f"{side}_{name}": format_lazy(_("{side} {place}"), side=label, place=words)
    for side, label in SIDES
    for name, words, _path in (*SOLE, *TOP)
}


def regions_in_words(regions: list[str]) -> str:
    """'Left heel, Right heel', or 'nowhere'."""
    known = [str(REGIONS[region]) for region in regions if region in REGIONS]
    return ", ".join(known) or gettext("nowhere")
