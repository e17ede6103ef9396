"""What the numbers of a measure are held against: limits, sizes of change, averages by age.

Each rule carries its words, its source (a citation's key, or where else it is from) and how
certain it is. The numbers themselves are data: `programs/starter/measures.yaml`, brief 4.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from programs.measures.fields import Fields

_SEXES = ("female", "male")
_DIGITS = 6  # 4 - 2.8 is 1.2000000000000002: sums of hundredths are compared rounded


class Certainty(StrEnum):
    """From high to low."""

    HIGH = "high"
    MEDIUM_HIGH = "medium-high"
    MEDIUM = "medium"
    MEDIUM_LOW = "medium-low"
    LOW = "low"


def lowest(certainties: Iterable[Certainty]) -> Certainty:
    """Of several, at least one."""
    return max(certainties, key=list(Certainty).index)


class Level(StrEnum):
    """What a reading is about. A risk is a reason to look, never a diagnosis."""

    RISK = "risk"
    BELOW_AVERAGE = "below_average"
    AVERAGE = "average"
    CHANGE_BETTER = "change_better"
    CHANGE_WORSE = "change_worse"
    NOTE = "note"

    @property
    def words(self) -> str:
        return {
            "risk": "Look at this",
            "below_average": "Below the norm",
            "average": "Within the norm",
            "change_better": "Better",
            "change_worse": "Worse",
            "note": "Note",
        }[self.value]


class Against(StrEnum):
    """What a change is counted from: the earlier answer, or 0 where the question asks for it."""

    BEFORE = "before"
    ZERO = "zero"


class NormKind(StrEnum):
    CUT_OFF = "cut_off"
    MEAN = "mean"


@dataclass(frozen=True)
class Limit:
    """Met from `at_least` (included) and under `below` (excluded); an empty value never meets."""

    key: str
    at_least: float | None
    below: float | None

    @classmethod
    def read(cls, row: Fields) -> "Limit":
        limit = cls(row.text("key"), row.number("at_least", None), row.number("below", None))
        if limit.at_least is None and limit.below is None:
            raise row.fault("", "needs at_least or below")
        row.done()
        return limit

    def is_met(self, value: float | None) -> bool:
        if value is None:
            return False
        return (self.at_least is None or value >= self.at_least) and (
            self.below is None or value < self.below
        )


@dataclass(frozen=True)
class Risk:
    """Stands when at least `count` of the limits are met, whatever was left unanswered."""

    limits: tuple[Limit, ...]
    count: int
    level: Level
    words: str
    source: str
    certainty: Certainty

    @classmethod
    def read(cls, row: Fields) -> "Risk":
        risk = cls(
            limits=tuple(Limit.read(limit) for limit in row.rows("when")),
            count=row.whole("count", 1),
            level=row.one_of(Level, "level", Level.RISK),
            words=row.text("words"),
            source=row.text("source"),
            certainty=row.one_of(Certainty, "certainty"),
        )
        if not 1 <= risk.count <= len(risk.limits):
            raise row.fault("count", "has to be from 1 to the number of limits")
        row.done()
        return risk

    def stands(self, values: Mapping[str, float | None]) -> bool:
        return sum(limit.is_met(values.get(limit.key)) for limit in self.limits) >= self.count


@dataclass(frozen=True)
class Change:
    """A change that matters: `points` or `percent` of the start, whichever is reached.

    `keys` are the scores it is for, all when empty; `M4.*` is each part of M4. `more_than`: an
    error of measurement has to be passed, not only reached. `start_over` and `start_up_to` bound
    the start it is for. `sizes` name bigger changes, smallest first: (words, points).
    """

    points: float | None
    percent: float | None
    keys: tuple[str, ...]
    against: Against
    more_than: bool
    only_better: bool
    start_over: float | None
    start_up_to: float | None
    sizes: tuple[tuple[str, float], ...]
    words: str
    source: str
    certainty: Certainty

    @classmethod
    def read(cls, row: Fields) -> "Change":
        change = cls(
            points=row.number("points", None),
            percent=row.number("percent", None),
            keys=row.texts("keys"),
            against=row.one_of(Against, "against", Against.BEFORE),
            more_than=row.truth("more_than"),
            only_better=row.truth("only_better"),
            start_over=row.number("start_over", None),
            start_up_to=row.number("start_up_to", None),
            sizes=tuple(_size(size) for size in row.rows("sizes")),
            words=row.text("words"),
            source=row.text("source"),
            certainty=row.one_of(Certainty, "certainty"),
        )
        if not (change.points or 0) > 0 and not (change.percent or 0) > 0:
            raise row.fault("", "needs points or percent over 0")
        row.done()
        return change

    def is_for(self, key: str) -> bool:
        return not self.keys or any(
            key == one or (one.endswith(".*") and key.startswith(one[:-1])) for one in self.keys
        )

    def is_reached(self, start: float, now: float) -> bool:
        """Whether `now` differs from `start` by as much, in either direction."""
        limit = self.least(start)
        return limit is not None and self._passes(abs(now - start), limit)

    def least(self, start: float) -> float | None:
        """The smallest difference from `start` that counts; None for a start it is not for."""
        if self.start_over is not None and start <= self.start_over:
            return None
        if self.start_up_to is not None and start > self.start_up_to:
            return None
        share = self.percent * start / 100 if self.percent and start > 0 else None
        return min((limit for limit in (self.points, share) if limit is not None), default=None)

    def _passes(self, size: float, limit: float) -> bool:
        size, limit = round(size, _DIGITS), round(limit, _DIGITS)
        return size > limit if self.more_than else size >= limit

    def size_of(self, start: float, now: float) -> str:
        """The words of the biggest size reached, or ''."""
        size = round(abs(now - start), _DIGITS)
        return next((words for words, points in reversed(self.sizes) if size >= points), "")


def _size(row: Fields) -> tuple[str, float]:
    size = row.text("words"), row.number("points") or 0.0
    row.done()
    return size


@dataclass(frozen=True)
class Band:
    """Ages `first` to `last`, both included, in years; `last` None is open."""

    first: int
    last: int | None
    female: float
    male: float

    @classmethod
    def read(cls, row: Fields) -> "Band":
        first, last = row.whole("first"), row.number("last", None)
        everyone = row.number("everyone", None)
        female, male = row.number("female", everyone), row.number("male", everyone)
        if female is None or male is None:
            raise row.fault("", "needs everyone, or female and male")
        row.done()
        return cls(first, None if last is None else int(last), female, male)

    def holds(self, age: int) -> bool:
        return self.first <= age and (self.last is None or age <= self.last)

    @property
    def words(self) -> str:
        """'70 to 74', or '85 and over'."""
        if self.last is None:
            return _("%(first)s and over") % {"first": self.first}
        return _("%(first)s to %(last)s") % {"first": self.first, "last": self.last}

    def of(self, sex: str | None) -> float:
        """Of "female" or "male"; of anybody where the two are the same."""
        return self.male if sex == "male" else self.female


@dataclass(frozen=True)
class Norms:
    """Numbers by age, and by sex where `by_sex`.

    CUT_OFF: under it is below average. MEAN: the average of healthy people, not a pass mark.
    """

    kind: NormKind
    keys: tuple[str, ...]
    by_sex: bool
    bands: tuple[Band, ...]
    below: str
    average: str
    outside: str
    source: str
    certainty: Certainty

    @classmethod
    def read(cls, row: Fields) -> "Norms":
        norms = cls(
            kind=row.one_of(NormKind, "kind"),
            keys=row.texts("keys"),
            by_sex=row.truth("by_sex"),
            bands=tuple(Band.read(band) for band in row.rows("bands")),
            below=row.text("below"),
            average=row.text("average"),
            outside=row.text("outside"),
            source=row.text("source"),
            certainty=row.one_of(Certainty, "certainty"),
        )
        if not norms.keys or not norms.bands:
            raise row.fault("", "needs keys and bands")
        if not norms.by_sex and any(band.female != band.male for band in norms.bands):
            raise row.fault("by_sex", "has to be true where the sexes differ")
        row.done()
        return norms

    def band(self, age: int) -> Band | None:
        return next((band for band in self.bands if band.holds(age)), None)

    def of(self, age: int | None, sex: str | None) -> tuple[float, str] | None:
        """The number for somebody, and whose it is: 'women aged 70 to 74'."""
        band = None if age is None else self.band(age)
        if band is None or self.why_none(age, sex):
            return None
        words = _("people aged %(ages)s")
        if self.by_sex:
            words = _("women aged %(ages)s") if sex == "female" else _("men aged %(ages)s")
        return band.of(sex), words % {"ages": band.words}

    def why_none(self, age: int | None, sex: str | None) -> str:
        """Why there is no number for somebody, or ''. `sex` is "female" or "male", anything else
        is unknown.
        """
        if age is not None and self.band(age) is None:
            return self.outside
        if age is None or (self.by_sex and sex not in _SEXES):
            needed = _("age and sex") if self.by_sex else _("age")
            return _("The norm needs %(what)s, and not all of it is known.") % {"what": needed}
        return ""
