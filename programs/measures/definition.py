"""One version of a measure: what is asked, how it is scored and read, and who may answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product
from typing import Any

from programs.measures.fields import Fields
from programs.measures.item import AnswerKind, Item, check_range
from programs.measures.rules import Against, Certainty, Change, Norms, Risk


class Better(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"


class AnsweredBy(StrEnum):
    """The least company that is safe and sound."""

    PATIENT = "patient"
    HELPER = "helper"
    CLINIC = "clinic"

    @property
    def words(self) -> str:
        return {
            "patient": "patient alone",
            "helper": "with a helper beside them, or in the clinic",
            "clinic": "in the clinic only",
        }[self.value]


class ShownTo(StrEnum):
    """Who may read two answers as a change. A screen or a count is none, for anybody."""

    PATIENT = "patient"
    THERAPIST = "therapist"
    NOBODY = "nobody"


class HowOften(StrEnum):
    """Brief 4.6; AS_NEEDED where it names no rhythm."""

    EVERY_SESSION = "every_session"
    WEEKLY = "weekly"
    EVERY_2_TO_4_WEEKS = "every_2_to_4_weeks"
    START_AND_QUARTERLY = "start_and_quarterly"
    AS_NEEDED = "as_needed"

    @property
    def words(self) -> str:
        return {
            "every_session": "every session",
            "weekly": "weekly",
            "every_2_to_4_weeks": "every 2 to 4 weeks",
            "start_and_quarterly": "at the start and every 3 months",
            "as_needed": "when the therapist wants it",
        }[self.value]


class Method(StrEnum):
    """How answers become scores; each is one function in `programs.measures.scoring`."""

    EACH = "each"
    EACH_AND_MEAN = "each_and_mean"
    SINGLE = "single"
    SUM = "sum"
    GRID = "grid"
    ACTIVITIES_MEAN = "activities_mean"
    CHAIR_STAND = "chair_stand"
    STAGES = "stages"
    BEST_OF_TRIES = "best_of_tries"
    SITES_FELT = "sites_felt"
    YES_NO_SUM = "yes_no_sum"


_SCORABLE: dict[Method, set[AnswerKind]] = {
    Method.GRID: {AnswerKind.STRENGTH_FREQUENCY},
    Method.ACTIVITIES_MEAN: {AnswerKind.ACTIVITIES},
    Method.STAGES: {AnswerKind.SECONDS},
    Method.BEST_OF_TRIES: {AnswerKind.SECONDS},
    Method.SITES_FELT: {AnswerKind.COUNT, AnswerKind.YES_NO},
    Method.YES_NO_SUM: {AnswerKind.YES_NO},
    Method.CHAIR_STAND: {AnswerKind.COUNT, AnswerKind.YES_NO},
}
_PLAIN = {
    AnswerKind.SCALE,
    AnswerKind.COUNT,
    AnswerKind.NUMBER,
    AnswerKind.SECONDS,
    AnswerKind.YES_NO,
}
_CHAIR_STAND_ITEMS = {"stands", "over_half_way", "arms_used"}


@dataclass(frozen=True)
class Scoring:
    """A method and what it needs.

    `grid`: points by frequency, then strength. `felt_from`: correct answers from which a site
    counts as felt. `reversed`: items that score on no. `unscored`: items that are only asked.
    """

    method: Method
    grid: Mapping[str, Mapping[str, float]]
    felt_from: int
    reversed: tuple[str, ...]
    unscored: tuple[str, ...]

    @classmethod
    def read(cls, row: Fields, items: tuple[Item, ...]) -> "Scoring":
        scoring = cls(
            method=row.one_of(Method, "method"),
            grid=row.mapping("grid"),
            felt_from=row.whole("felt_from", 1),
            reversed=row.texts("reversed"),
            unscored=row.texts("unscored"),
        )
        for name in ("reversed", "unscored"):
            if not set(getattr(scoring, name)) <= {item.key for item in items}:
                raise row.fault(name, "names an item that is not there")
        for item in items:
            if item.answer not in _SCORABLE.get(scoring.method, _PLAIN):
                raise row.fault("method", f"cannot score {item.key}, a {item.answer}")
        if scoring.method is Method.GRID:
            scoring._check_grid(row, items)
        if scoring.method is Method.CHAIR_STAND and {i.key for i in items} != _CHAIR_STAND_ITEMS:
            raise row.fault("method", f"needs the items {', '.join(sorted(_CHAIR_STAND_ITEMS))}")
        row.done()
        return scoring

    def _check_grid(self, row: Fields, items: tuple[Item, ...]) -> None:
        for item in items:
            for (often, _), (strong, _) in product(item.frequencies, item.choices):
                points = self.grid.get(often, {}).get(strong)
                if isinstance(points, bool) or not isinstance(points, int | float):
                    raise row.fault(f"grid.{often}.{strong}", "has to be a number")


@dataclass(frozen=True)
class Definition:
    """A measure as it was when somebody answered it.

    `minimum` and `maximum` are the range of the score, None where it is open; `better` is None
    where neither direction is. `patient_title` and `instructions` are for whoever answers.
    `is_standing`: taken on the feet, so not while standing is held back. `change_for` is who may
    read two answers as a change, in `units` (of one, of many).
    """

    code: str
    version: int
    title: str
    patient_title: str
    instructions: str
    items: tuple[Item, ...]
    scoring: Scoring
    better: Better | None
    minimum: float | None
    maximum: float | None
    change: tuple[Change, ...]
    risks: tuple[Risk, ...]
    norms: Norms | None
    answered_by: AnsweredBy
    certainty: Certainty
    citations: tuple[str, ...]
    credit: str
    note: str
    shipped: bool
    how_often: HowOften
    is_standing: bool
    change_for: ShownTo
    units: tuple[str, str]

    @classmethod
    def from_json(
        cls, code: str, version: int, title: str, shipped: bool, data: Any
    ) -> "Definition":
        """Raise ValueError, naming the measure and the field, for anything but a sound one."""
        row = Fields(f"{code} version {version}", data)
        items = tuple(Item.read(item) for item in row.rows("items", row.mapping("each_item")))
        scoring, norms = row.part("scoring"), row.part("norms")
        if scoring is None:
            raise row.fault("scoring", "is missing")
        scored_by = Scoring.read(scoring, items)
        by_activity = scored_by.method is Method.ACTIVITIES_MEAN
        better = row.text("better", "")
        change = tuple(Change.read(one) for one in row.rows("change"))
        answered_by = row.one_of(AnsweredBy, "answered_by")
        if better not in {"", *Better}:
            raise row.fault("better", "has to be higher or lower")
        definition = cls(
            code=code,
            version=version,
            title=title,
            shipped=shipped,
            patient_title=row.text("patient_title"),
            instructions=row.text("instructions"),
            items=items,
            scoring=scored_by,
            better=Better(better) if better else None,
            minimum=row.number("minimum", None),
            maximum=row.number("maximum", None),
            change=_of_the_whole(code, change) if by_activity else change,
            risks=tuple(Risk.read(risk) for risk in row.rows("risks")),
            norms=Norms.read(norms) if norms else None,
            answered_by=answered_by,
            certainty=row.one_of(Certainty, "certainty"),
            citations=row.texts("citations"),
            credit=row.text("credit", ""),
            note=row.text("note", ""),
            how_often=row.one_of(HowOften, "how_often"),
            is_standing=row.truth("is_standing"),
            change_for=row.one_of(ShownTo, "change_for", _change_for(change, answered_by)),
            units=_units(row),
        )
        row.done()
        definition._check(row)
        return definition

    @property
    def asks_for_change(self) -> bool:
        """Its answer is itself a change since the start (M14)."""
        return bool(self.change) and all(one.against is Against.ZERO for one in self.change)

    @property
    def names_activities(self) -> bool:
        """Its parts are what the patient named: means of different ones do not compare."""
        return self.scoring.method is Method.ACTIVITIES_MEAN

    def continues(self, older: "Definition") -> bool:
        """Answers to both compare: the same was asked and scored, whatever else a version changed
        (words, the range of what is taken as an answer, what a change is).
        """
        return (
            self.code == older.code
            and self.scoring == older.scoring
            and [one.asked for one in self.items] == [one.asked for one in older.items]
        )

    def item(self, key: str) -> Item:
        """Raise KeyError for a key that is not there."""
        return {item.key: item for item in self.items}[key]

    def _check(self, row: Fields) -> None:
        check_range(row, self.minimum, self.maximum)
        keys = [item.key for item in self.items]
        if not keys or len(keys) != len(set(keys)):
            raise row.fault("items", "needs at least one, each with a key of its own")
        if not self.shipped and (keys != ["total"] or self.scoring.method is not Method.SINGLE):
            raise row.fault("items", "of a measure that may not be shipped is one total")
        if self.change and self.better is None:
            raise row.fault("change", "needs a better direction")
        if unknown := self._keys_read() - self._keys_scored():
            raise row.fault("", f"reads a score that is not there: {', '.join(sorted(unknown))}")

    def _keys_read(self) -> set[str]:
        limits = {limit.key for risk in self.risks for limit in risk.limits}
        changes = {key for change in self.change for key in change.keys}
        return limits | changes | set(self.norms.keys if self.norms else ())

    def _keys_scored(self) -> set[str]:
        parts = {item.key for item in self.items} | {item.side for item in self.items} | {"*"}
        return {self.code, *(f"{self.code}.{part}" for part in parts)}


def _of_the_whole(code: str, change: tuple[Change, ...]) -> tuple[Change, ...]:
    """A rule that names no key is the mean's: single activities need one of their own."""
    return tuple(one if one.keys else replace(one, keys=(code,)) for one in change)


def _change_for(change: tuple[Change, ...], answered_by: AnsweredBy) -> ShownTo:
    """Without a change that matters, or where the answer itself is one, there is none to show."""
    if not any(one.against is Against.BEFORE for one in change):
        return ShownTo.NOBODY
    return ShownTo.PATIENT if answered_by is AnsweredBy.PATIENT else ShownTo.THERAPIST


def _units(row: Fields) -> tuple[str, str]:
    units = row.texts("units") or ("point", "points")
    if len(units) != 2:
        raise row.fault("units", "has to be two words: of one and of many")
    return units[0], units[1]
