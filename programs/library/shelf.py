"""The library as a therapist looks through it: what is shown, and the filters that lead on."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.models import User
from patients.models.episode import Nerve
from programs.models import Exercise
from programs.models.described import Kind, Pose

FACETS: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "kind": ("Kind", Kind.choices),
    "nerve": ("Nerve", Nerve.choices),
    "pose": ("Position", Pose.choices),
}


@dataclass(frozen=True)
class Option:
    """One filter: how many exercises it leaves beside the other filters."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    options: list[Option]


@dataclass(frozen=True)
class Shelf:
    exercises: list[Exercise]
    facets: list[Facet]
    chosen: dict[str, str]


def load(user: User, *, search: str, wanted: Mapping[str, str]) -> Shelf:
    """One query. `wanted` is by the names of `FACETS`; what is not one of them is no filter."""
    chosen = {
        name: wanted[name]
        for name, (_, choices) in FACETS.items()
        if wanted.get(name) in dict(choices)
    }
    found = Exercise.objects.offered_to(user)
    for word in search.split():
        found = found.matching(word)
    rows = list(found)
    return Shelf(
        exercises=list(_left(rows, chosen)),
        facets=[facet for name in FACETS if (facet := _facet(name, rows, chosen)).options],
        chosen=chosen,
    )


def _left(rows: Iterable[Exercise], chosen: Mapping[str, str]) -> Iterable[Exercise]:
    return (row for row in rows if all(getattr(row, name) == chosen[name] for name in chosen))


def _facet(name: str, rows: Iterable[Exercise], chosen: Mapping[str, str]) -> Facet:
    """Those that lead to something beside the other filters, and the one that is set."""
    label, choices = FACETS[name]
    others = {other: value for other, value in chosen.items() if other != name}
    counts = Counter(getattr(row, name) for row in _left(rows, others))
    options = [
        Option(value, words, counts[value], chosen.get(name) == value)
        for value, words in choices
        if counts[value] or chosen.get(name) == value
    ]
    return Facet(name, label, options)
