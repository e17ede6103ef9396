"""Single spots of both feet to tap on drawn soles; the fields are the same as a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crispy_forms.layout import Div

from programs.measures.definition import Definition
from programs.measures.foot_regions import SOLE
from programs.measures.foot_sites import SITES, site_of
from programs.measures.item import AnswerKind, Item

ACROSS = 60  # of the drawing's grid, on which the other foot is mirrored


@dataclass(frozen=True)
class Site:
    """One spot to tap; `name` is its field's in the page."""

    name: str
    label: str
    x: float
    y: float


@dataclass(frozen=True)
class Foot:
    title: str
    sites: list[Site]
    is_mirrored: bool


def feet_facing(definition: Definition) -> list[Foot]:
    """The soles as whoever sits in front of them sees them: the right foot on the left."""
    return [_foot(definition, side) for side in ("right", "left")]


def _foot(definition: Definition, side: str) -> Foot:
    """The big toes point to the middle."""
    is_mirrored = side == "right"
    sites = [_site(definition, item, is_mirrored) for item in definition.items if item.side == side]
    return Foot(f"{side.capitalize()} foot", sites, is_mirrored)


def _site(definition: Definition, item: Item, is_mirrored: bool) -> Site:
    across, down = SITES[site_of(item)]
    x = ACROSS - across if is_mirrored else across
    return Site(f"{definition.code}-{item.key}", item.label, x, down)


class FootSites(Div):
    """The fields of a test of feeling, with the drawing that fills them in."""

    template = "components/foot_sites.html"

    def __init__(self, definition: Definition, *fields: Any) -> None:
        super().__init__(*fields)
        first = definition.items[0]
        self.feet = feet_facing(definition)
        self.outline = [path for _name, _words, path in SOLE]
        self.felt_from = definition.scoring.felt_from
        self.asks_yes_no = first.answer is AnswerKind.YES_NO
        self.answers = _answers(first)
        self.unit = first.unit


def _answers(item: Item) -> Sequence[tuple[str, str]]:
    """What a button fills in, and its words."""
    if item.answer is AnswerKind.YES_NO:
        return [("yes", "Felt"), ("no", "Not felt")]
    numbers = range(int(item.minimum or 0), int(item.maximum or 0) + 1)
    return [(str(number), str(number)) for number in numbers]
