"""Where the feet were numb, first and last: the maps that a patient filled in, side by side."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.measures.foot_regions import COUNTED, regions_in_words
from programs.models import CheckIn
from programs.notation.question_kinds import QuestionKind


@dataclass(frozen=True)
class FeetOn:
    """One filled-in map; `regions` may be empty: nowhere."""

    date: dt.date
    regions: list[str]

    @property
    def words(self) -> str:
        return regions_in_words(self.regions)

    @property
    def count(self) -> int:
        return len(COUNTED.intersection(self.regions))


@dataclass(frozen=True)
class FeetOverTime:
    """All maps of one question, oldest first."""

    title: str
    maps: list[FeetOn]

    @property
    def first(self) -> FeetOn:
        return self.maps[0]

    @property
    def last(self) -> FeetOn:
        return self.maps[-1]

    @property
    def shown(self) -> list[FeetOn]:
        """First and last, or the only one."""
        return [self.first] if len(self.maps) == 1 else [self.first, self.last]

    @property
    def sentence(self) -> str:
        """Counts, and nothing else: which change matters, nobody has measured."""
        if len(self.maps) == 1:
            return ""
        return _("%(first)s then, %(last)s now.") % {
            "first": _places(self.first.count),
            "last": _places(self.last.count),
        }


def _places(count: int) -> str:
    return ngettext("%(count)s place", "%(count)s places", count) % {"count": count}


def load(
    check_ins_oldest_first: Iterable[CheckIn],
    of_sessions: Iterable[tuple[dt.date, list[str]]] = (),
) -> list[FeetOverTime]:
    """One a question with a foot map, and that of the sessions (day and regions, oldest first); a
    map that was left empty is no map. Forms come along.
    """
    found: dict[str, list[FeetOn]] = {}
    for check_in in check_ins_oldest_first:
        for part in check_in.form.parts if check_in.form else ():
            answer = (
                check_in.questions.get(part["name"])
                if part["kind"] == QuestionKind.FOOT_MAP
                else None
            )
            if isinstance(answer, list):
                found.setdefault(part["text"], []).append(FeetOn(check_in.answered_on, answer))
    if after := [FeetOn(day, regions) for day, regions in of_sessions]:
        found[_("Where is it numb? After your sessions")] = after
    return [FeetOverTime(title, maps) for title, maps in found.items()]
