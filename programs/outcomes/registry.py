"""Rows for a registry that name nobody, and what was left out or made coarser for it: pure.

What is removed is what HIPAA's Safe Harbor lists (45 CFR 164.514(b)(2)(i)): names, places, dates
but the year, ages over 89, numbers and addresses that lead back. No free text is in a row. That
alone leaves rare people: so a row whose age, sex and cause fewer than `ALIKE` people of the file
share is made coarser step by step, and left out where that is not enough. Who gives the file away
still has to know nothing by which somebody could be found in it (164.514(b)(2)(ii)).
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from programs.outcomes.ended import Courses, Ended
from programs.outcomes.periods import Period
from programs.outcomes.withheld import LEAST

# So many share what could be known of them elsewhere: k-anonymity (Sweeney, Int J Uncertain
# Fuzziness Knowl-Based Syst 2002;10(5):557-570), k = 5. The number is a common convention.
ALIKE = 5
OLDEST = 90  # ages over 89 are one group, by the rule
UNTOLD = ""

# From fine to coarse: ages in tens, in three groups, then no cause, then no sex.
Quasi = tuple[str, str, str]  # age, sex, cause


def age_in_tens(age: int) -> str:
    """'40-49', 'under 20', '90+'."""
    if age >= OLDEST:
        return f"{OLDEST}+"
    return "under 20" if age < 20 else f"{age // 10 * 10}-{age // 10 * 10 + 9}"


def age_in_three(age: int) -> str:
    """With those over 89 among the oldest, who are not made out in it."""
    if age < 50:
        return "under 50"
    return "50-69" if age < 70 else "70+"


STEPS: Sequence[Callable[[Ended], Quasi]] = (
    lambda one: (age_in_tens(one.age), one.sex, one.cause),
    lambda one: (age_in_three(one.age), one.sex, one.cause),
    lambda one: (age_in_three(one.age), one.sex, UNTOLD),
    lambda one: (age_in_three(one.age), UNTOLD, UNTOLD),
)


@dataclass(frozen=True)
class Row:
    """One course of care with what is told of age, sex and cause."""

    told: Quasi
    one: Ended


@dataclass(frozen=True)
class File:
    """Rows in an order by chance. `coarser` and `left_out` are courses of care."""

    year: Period
    keys: list[str]
    rows: list[Row]
    coarser: int
    left_out: int

    @property
    def headings(self) -> list[str]:
        """`first` and `last` of each score, in the measure's own points."""
        scores = [f"{key}_{end}" for key in self.keys for end in ("first", "last")]
        return ["row", "year", "age", "sex", "cause", "side", "program", "weeks_in_care",
                "adherence", "dropped_out", "outcome", *scores]  # fmt: skip

    def cells(self, chance: random.Random) -> list[list[str]]:
        """In the order of the headings; empty is not known, or not told. The row's number is made
        up for this file alone.
        """
        return [
            [f"{chance.getrandbits(64):016x}", self.year.code, *row.told, *self._of(row.one)]
            for row in self.rows
        ]

    def _of(self, one: Ended) -> list[str]:
        told = [
            one.side,
            one.made.code,
            f"{one.weeks:.0f}",
            one.band.value,
            "yes" if one.has_dropped_out else "no",
            one.outcome,
        ]
        for key in self.keys:
            found = one.answers.get(key)
            told += [f"{found.first:g}", f"{found.last:g}"] if found else ["", ""]
        return told


class TooFewError(ValueError):
    """Fewer people than are ever told of."""


def file_of(courses: Courses, year: Period, chance: random.Random) -> File:
    """Of a year's courses of care. Who has asked to be erased is not in it.

    Raises TooFewError where fewer than `LEAST` people would be, and ValueError for a quarter, which
    is a date finer than a year.
    """
    if not year.is_year:
        raise ValueError("A date finer than a year names somebody.")
    wanted = [one for one in courses.ended if not one.wants_erasing]
    rows, coarser = _alike(wanted)
    if _people(row.one for row in rows) < LEAST:
        raise TooFewError
    chance.shuffle(rows)
    keys = [line.key for line in courses.lines]
    used = [key for key in keys if any(key in row.one.answers for row in rows)]
    return File(year, used, rows, coarser, len(wanted) - len(rows))


def _alike(every: Iterable[Ended]) -> tuple[list[Row], int]:
    """Each at the first step at which enough people are told the same of; those for whom there is
    no such step are not among them. And how many were made coarser.
    """
    left, found, coarser = list(every), [], 0
    for number, step in enumerate(STEPS):
        groups: Mapping[Quasi, list[Ended]] = _grouped(left, step)
        left = []
        for told, group in groups.items():
            if _people(group) < ALIKE:
                left += group
            else:
                found += [Row(told, one) for one in group]
                coarser += len(group) if number else 0
    return found, coarser


def _grouped(every: Iterable[Ended], step: Callable[[Ended], Quasi]) -> dict[Quasi, list[Ended]]:
    groups: defaultdict[Quasi, list[Ended]] = defaultdict(list)
    for one in every:
        groups[step(one)].append(one)
    return dict(groups)


def _people(every: Iterable[Ended]) -> int:
    return len({one.patient for one in every})
