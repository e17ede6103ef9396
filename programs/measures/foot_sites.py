"""Single spots of a foot at which feeling is tested, and where they lie on a drawn sole."""

from collections.abc import Mapping

from programs.measures.definition import Definition
from programs.measures.item import Item

# On the grid of foot_regions.SOLE, the big toe on the left: across, down.
SITES: Mapping[str, tuple[float, float]] = {
    "big_toe": (16.5, 16),
    "first_met": (15.5, 41),
    "fifth_met": (43, 53),
    "toe_1": (16.5, 14),
    "toe_3": (35, 21),
    "toe_5": (50.5, 34),
}


def site_of(item: Item) -> str:
    """Which site an item asks about, by its key ('right_big_toe'), or ''."""
    side, _, site = item.key.partition("_")
    return site if side == item.side and site in SITES else ""


def on_a_foot(definition: Definition) -> bool:
    """Every item is about one site of a foot."""
    return all(site_of(item) for item in definition.items)
