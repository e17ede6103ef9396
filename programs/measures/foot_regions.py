"""Regions of the feet: their names, and how each is drawn."""

from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SIDES = (("L", _("Left")), ("R", _("Right")))
# Of one foot, seen so that the big toe is on the left of the drawing: name, words, path. A drawing
# of ours on a grid of 60 by 140; the other foot is its mirror image. Toes are five curves each.
_TOES = (
    "M25 20C24 12 27 7 31 8C35 9 36 16 34 22C33 27 27 27 25 20Z"
    "M34 24C34 17 37 12 40 14C44 16 44 22 42 27C40 31 35 30 34 24Z"
    "M42 31C43 24 46 20 49 22C52 25 51 31 48 35C45 37 42 36 42 31Z"
    "M48 40C49 33 52 30 54 32C57 35 55 41 53 44C50 47 48 45 48 40Z"
)
_BIG_TOE = "M7 22C6 11 10 4 16 4C23 5 25 13 24 21C23 28 20 31 15 31C10 31 8 28 7 22Z"
SOLE = (
    ("sole_big_toe", _("big toe, below"), _BIG_TOE),
    ("sole_toes", _("other toes, below"), _TOES),
    (
        "sole_ball",
        _("ball of the foot"),
        "M8 34C13 32 19 34 24 31C33 30 45 39 51 49C54 56 51 62 47 67"
        "C36 63 23 61 11 62C7 53 5 43 8 34Z",
    ),
    (
        "sole_arch",
        _("inner arch"),
        "M11 64C17 63 23 64 29 65C30 78 29 91 27 103C24 102 21 102 18 103C19 90 15 77 11 64Z",
    ),
    (
        "sole_edge",
        _("outer edge"),
        "M31 66C36 67 42 68 46 70C46 82 44 93 42 103C38 102 33 102 29 103C31 91 32 78 31 66Z",
    ),
    (
        "sole_heel",
        _("heel"),
        "M18 106C26 104 34 104 42 106C46 115 45 126 39 131"
        "C34 136 25 136 20 131C14 126 14 115 18 106Z",
    ),
)
TOP = (
    ("top_toes", _("toes, on top"), f"{_BIG_TOE}{_TOES}"),
    (
        "top_foot",
        _("top of the foot"),
        "M8 34C13 32 19 34 24 31C33 30 45 39 51 49C53 60 46 76 43 93"
        "C35 91 27 91 19 93C18 76 5 56 8 34Z",
    ),
    (
        "top_ankle",
        _("ankle and above"),
        "M19 96C27 94 35 94 43 96C44 109 45 122 46 135H16C17 122 18 109 19 96Z",
    ),
)
# From the side: toes on the left, the heel on the right.
INNER = (
    (
        "inner_side",
        _("inner side"),
        "M36 92C28 96 20 104 11 110C6 113 4 118 5 122C7 127 12 128 18 127C26 126 30 121 37 122"
        "C43 123 47 129 52 128C57 126 57 118 55 110C54 104 54 98 53 92C47 90 41 90 36 92Z",
    ),
)
OUTER = (
    (
        "outer_side",
        _("outer side"),
        "M36 92C28 96 19 105 11 111C6 114 4 119 5 123C7 128 13 129 20 128H50C57 128 58 119 55 110"
        "C54 104 54 98 53 92C47 90 41 90 36 92Z",
    ),
)
# Maps of before have no sides: what is counted then and now are soles and tops.
COUNTED = frozenset(f"{side}_{name}" for side, _words in SIDES for name, *_shape in (*SOLE, *TOP))
VIEWS = {"sole": SOLE, "top": TOP, "inner": INNER, "outer": OUTER}
REGIONS = {
    f"{side}_{name}": format_lazy(_("{side} {place}"), side=label, place=words)
    for side, label in SIDES
    for shapes in VIEWS.values()
    for name, words, _path in shapes
}


def regions_in_words(regions: list[str]) -> str:
    """'Left heel, Right heel', or 'nowhere'."""
    known = [str(REGIONS[region]) for region in regions if region in REGIONS]
    return ", ".join(known) or gettext("nowhere")
