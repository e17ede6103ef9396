"""One question of a measure: how it is answered, what is an answer, and how it is timed."""

from dataclasses import dataclass
from enum import StrEnum

from programs.measures.fields import Fields
from programs.measures.timer import Counts, Timer


class AnswerKind(StrEnum):
    """How an item is answered, and what is stored. Left empty, every kind is stored as null."""

    SCALE = "scale"  # whole numbers as buttons, with words at both ends
    COUNT = "count"  # a whole number
    NUMBER = "number"  # any number, such as a total taken from a paper form
    SECONDS = "seconds"  # any number from 0 on
    YES_NO = "yes_no"  # true or false
    CHOICE = "choice"  # the value of one of `choices`
    STRENGTH_FREQUENCY = "strength_frequency"  # {strength, frequency}
    ACTIVITIES = "activities"  # [{name, score}], at most `rows`


@dataclass(frozen=True)
class Item:
    """One question. `minimum` and `maximum` bound what counts as an answer; None is open.

    `low` and `high` are the words at a scale's ends. `choices` are (value, words): the options
    of a choice, or how strong, with `frequencies` for how often. `side` is '', left or right;
    `rows` is how many activities may be named. Outside `usual_from` to `usual_to` an answer is
    possible, and whoever types it in is asked whether it is meant. `timer`: how it is timed.
    """

    key: str
    label: str
    answer: AnswerKind
    minimum: float | None
    maximum: float | None
    low: str
    high: str
    unit: str
    choices: tuple[tuple[str, str], ...]
    help: str
    frequencies: tuple[tuple[str, str], ...]
    side: str
    rows: int
    usual_from: float | None
    usual_to: float | None
    timer: Timer | None

    @classmethod
    def read(cls, row: Fields) -> "Item":
        timer = row.part("timer")
        item = cls(
            key=row.text("key"),
            label=row.text("label"),
            answer=row.one_of(AnswerKind, "answer"),
            minimum=row.number("minimum", None),
            maximum=row.number("maximum", None),
            low=row.text("low", ""),
            high=row.text("high", ""),
            unit=row.text("unit", ""),
            choices=row.pairs("choices"),
            help=row.text("help", ""),
            frequencies=row.pairs("frequencies"),
            side=row.text("side", ""),
            rows=row.whole("rows", 0),
            usual_from=row.number("usual_from", None),
            usual_to=row.number("usual_to", None),
            timer=Timer.read(timer) if timer else None,
        )
        item._check(row)
        row.done()
        return item

    def _check(self, row: Fields) -> None:
        bounded = self.minimum is not None and self.maximum is not None
        check_range(row, self.minimum, self.maximum)
        for limit in (self.usual_from, self.usual_to):
            if limit is not None and not self.holds(limit):
                raise row.fault("", "has a usual range outside of minimum and maximum")
        if self.answer in {AnswerKind.SCALE, AnswerKind.ACTIVITIES}:
            if not bounded:
                raise row.fault("", "needs minimum and maximum")
            if not self.low or not self.high:
                raise row.fault("", "needs words at both ends, low and high")
        if self.answer in {AnswerKind.CHOICE, AnswerKind.STRENGTH_FREQUENCY} and not self.choices:
            raise row.fault("choices", "is missing")
        if self.answer is AnswerKind.STRENGTH_FREQUENCY and not self.frequencies:
            raise row.fault("frequencies", "is missing")
        if self.answer is AnswerKind.ACTIVITIES and self.rows < 1:
            raise row.fault("rows", "has to be 1 or more")
        if self.side not in {"", "left", "right"}:
            raise row.fault("side", "has to be left or right")
        if self.timer and not self._can_be_timed(self.timer):
            raise row.fault("timer", "gives no answer of this kind")

    def _can_be_timed(self, timer: Timer) -> bool:
        if timer.counts is Counts.DOWN:
            return self.answer is AnswerKind.COUNT
        return self.answer is AnswerKind.SECONDS and self.holds(timer.seconds)

    @property
    def asked(self) -> tuple[object, ...]:
        """What makes two answers to it the same kind of answer."""
        values = tuple(value for value, _ in self.choices)
        often = tuple(value for value, _ in self.frequencies)
        return self.key, self.answer, values, often, self.side

    def holds(self, value: float) -> bool:
        """Whether it is an answer at all."""
        return (self.minimum is None or value >= self.minimum) and (
            self.maximum is None or value <= self.maximum
        )

    def is_unusual(self, value: float) -> bool:
        return (self.usual_from is not None and value < self.usual_from) or (
            self.usual_to is not None and value > self.usual_to
        )


def check_range(row: Fields, minimum: float | None, maximum: float | None) -> None:
    if minimum is not None and maximum is not None and minimum >= maximum:
        raise row.fault("maximum", "has to be over minimum")
