"""Scores from stored answers, by the definition they were given on (brief 4.1, 4.2).

An empty answer stays empty: it is never 0 and never "no". An answer outside the item's range,
or of another kind, is no answer.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

from django.utils.translation import gettext as _

from programs.measures.definition import Better, Definition, Method
from programs.measures.item import AnswerKind, Item

Answers = Mapping[str, Any]
_WHOLE = {AnswerKind.SCALE, AnswerKind.COUNT, AnswerKind.ACTIVITIES}


@dataclass(frozen=True)
class Score:
    """One line of a chart: `key` stays the same over time, `value` is None when not answered.

    `minimum` and `maximum` bound the value; None is open. `better` is None where neither is.
    """

    key: str
    label: str
    value: float | None
    minimum: float | None
    maximum: float | None
    better: Better | None


def scores(definition: Definition, answers: Answers) -> list[Score]:
    """All scores of one measure. The keys are the same whatever was answered; but activities,
    which the patient names, have keys of their own names.
    """
    return _METHODS[definition.scoring.method](definition, answers)


def number(item: Item, answer: Any) -> float | None:
    """The answer as a number that the item allows, or None. True and false are no numbers."""
    if isinstance(answer, bool) or not isinstance(answer, int | float) or not math.isfinite(answer):
        return None
    if item.answer in _WHOLE and answer != int(answer):
        return None
    return answer if item.holds(answer) else None


def yes(answer: Any) -> bool | None:
    """True, False, or None when not answered."""
    return answer if isinstance(answer, bool) else None


def answer_words(item: Item, answer: Any) -> str:
    """'9', 'yes', 'mild, now and then', or '' for what was not answered."""
    if isinstance(answer, Mapping):
        said = {**dict(item.choices), **dict(item.frequencies)}
        return ", ".join(said[value] for value in answer.values() if value in said).lower()
    if (said_yes := yes(answer)) is not None:
        return "yes" if said_yes else "no"
    if item.answer is AnswerKind.CHOICE:
        return dict(item.choices).get(answer, "")
    value = number(item, answer)
    return "" if value is None else f"{value:g}"


def _value(item: Item, answer: Any) -> float | None:
    """Yes is 1, no is 0; numbers as they are."""
    if item.answer is not AnswerKind.YES_NO:
        return number(item, answer)
    said = yes(answer)
    return None if said is None else float(said)


def _all(values: Iterable[float | None]) -> list[float] | None:
    """The values, or None when one of them is missing."""
    values = list(values)
    known = [value for value in values if value is not None]
    return known if len(known) == len(values) else None


def _whole_measure(definition: Definition, value: float | None) -> Score:
    return Score(
        definition.code,
        definition.title,
        value,
        definition.minimum,
        definition.maximum,
        definition.better,
    )


def _of_item(definition: Definition, item: Item, value: float | None) -> Score:
    low, high = (0, 1) if item.answer is AnswerKind.YES_NO else (item.minimum, item.maximum)
    key = f"{definition.code}.{item.key}"
    return Score(key, item.label, value, low, high, definition.better)


def _each(definition: Definition, answers: Answers) -> list[Score]:
    """Every item on its own."""
    return [
        _of_item(definition, item, _value(item, answers.get(item.key))) for item in definition.items
    ]


def _each_and_mean(definition: Definition, answers: Answers) -> list[Score]:
    """Every item, and their mean to one decimal when all are answered."""
    single = _each(definition, answers)
    known = _all(score.value for score in single)
    mean = round(fmean(known), 1) if known else None
    label = _("Mean of the %(number)s") % {"number": len(single)}
    bounds = definition.minimum, definition.maximum, definition.better
    return [*single, Score(definition.code, label, mean, *bounds)]


def _single(definition: Definition, answers: Answers) -> list[Score]:
    """The one item is the score."""
    item = definition.items[0]
    return [_whole_measure(definition, _value(item, answers.get(item.key)))]


def _sum(definition: Definition, answers: Answers) -> list[Score]:
    """The sum; None unless all are answered."""
    known = _all(_value(item, answers.get(item.key)) for item in definition.items)
    return [_whole_measure(definition, sum(known) if known else None)]


def symptom_points(definition: Definition, answer: Any) -> float | None:
    """One symptom, 0 to 3.66 in M3 (brief 4.2): strength by frequency.

    A strength worth the same at every frequency, such as none, needs no frequency.
    """
    if not isinstance(answer, Mapping):
        return None
    grid = definition.scoring.grid
    strength, frequency = str(answer.get("strength")), str(answer.get("frequency"))
    ever = {row.get(strength) for row in grid.values()}
    return ever.pop() if len(ever) == 1 else grid.get(frequency, {}).get(strength)


def _grid(definition: Definition, answers: Answers) -> list[Score]:
    """Sum of the symptoms' points to two decimals; None unless all are answered."""
    known = _all(symptom_points(definition, answers.get(item.key)) for item in definition.items)
    return [_whole_measure(definition, round(sum(known), 2) if known else None)]


def _activities_mean(definition: Definition, answers: Answers) -> list[Score]:
    """Mean of the scored activities to one decimal, and each of them under its own name."""
    item = definition.items[0]
    rows = [row for row in answers.get(item.key) or [] if isinstance(row, Mapping)]
    values = [number(item, row.get("score")) for row in rows]
    named = {activity_key(row.get("name")): row for row in rows if activity_key(row.get("name"))}
    each = [
        replace(
            _of_item(definition, item, number(item, row.get("score"))),
            key=f"{definition.code}.{key}",
            label=str(row["name"]).strip(),
        )
        for key, row in named.items()
    ]
    return [_mean_of(definition, values), *each]


def activity_key(name: Any) -> str:
    """The same for 'Walk  to the shop' and 'walk to the shop'."""
    return " ".join(str(name or "").casefold().split())


def _mean_of(definition: Definition, values: Iterable[float | None]) -> Score:
    known = [value for value in values if value is not None]
    return _whole_measure(definition, round(fmean(known), 1) if known else None)


def compared(
    definition: Definition, now: Sequence[Score], before: Sequence[Score] | None
) -> tuple[list[Score], list[Score]]:
    """Both answers, reduced to what can be compared.

    Means of different activities do not compare (stratford1995): the mean is that of the
    activities which both scored, and with fewer than two of them there is none.
    """
    now, before = list(now), list(before or ())
    if not definition.names_activities:
        return now, before
    both = {
        score.key
        for score in _scored_parts(definition, now)
        if score.key in {one.key for one in _scored_parts(definition, before)}
    }
    return _common(definition, now, both), _common(definition, before, both)


def _scored_parts(definition: Definition, scores: Sequence[Score]) -> list[Score]:
    return [one for one in scores if one.key != definition.code and one.value is not None]


def _common(definition: Definition, scores: Sequence[Score], keys: set[str]) -> list[Score]:
    parts = [score for score in scores if score.key in keys]
    mean = [_mean_of(definition, (score.value for score in parts))] if len(parts) > 1 else []
    return [*mean, *parts]


def _chair_stand(definition: Definition, answers: Answers) -> list[Score]:
    """Full stands in 30 s, one more when over half-way up at the end, 0 when the arms helped.

    CDC STEADI 2017 (steadi2017).
    """
    arms, half_way = yes(answers.get("arms_used")), yes(answers.get("over_half_way"))
    stands = number(definition.item("stands"), answers.get("stands"))
    if arms:
        value: float | None = 0.0
    elif arms is None or half_way is None or stands is None:
        value = None
    else:
        value = stands + half_way
    return [_whole_measure(definition, value)]


def _stages(definition: Definition, answers: Answers) -> list[Score]:
    """The highest stage held to the end (0 to 4), and the seconds of each.

    After the first failed stage the test is over: later stages are not scored (steadi2017).
    """
    seconds: dict[Item, float | None] = {}
    over = False
    for item in definition.items:
        value = None if over else number(item, answers.get(item.key))
        seconds[item] = value
        over = over or _is_held(item, value) is False
    highest = _highest([_is_held(item, value) for item, value in seconds.items()])
    stages = [_of_item(definition, item, value) for item, value in seconds.items()]
    return [_whole_measure(definition, highest), *stages]


def _is_held(item: Item, seconds: float | None) -> bool | None:
    return None if seconds is None else seconds >= (item.maximum or 0)


def _highest(held: list[bool | None]) -> float | None:
    """How many were held before the first that was not; None when one before it was left empty."""
    for stage, was_held in enumerate(held):
        if was_held is None:
            return None
        if not was_held:
            return stage
    return len(held)


def _best_of_tries(definition: Definition, answers: Answers) -> list[Score]:
    """The best answered try of each side, in seconds, no more than the definition's maximum.

    Fewer than three tries can only read lower than the best of three.
    """
    result = []
    for side in _sides(definition):
        tries = [item for item in definition.items if item.side == side]
        values = [number(item, answers.get(item.key)) for item in tries]
        known = [value for value in values if value is not None]
        best = max(known) if known else None
        if best is not None and definition.maximum is not None:
            best = min(best, definition.maximum)
        bounds = definition.minimum, definition.maximum, definition.better
        result.append(Score(f"{definition.code}.{side}", f"{side.capitalize()} leg", best, *bounds))
    return result


def _sides(definition: Definition) -> list[str]:
    return list(dict.fromkeys(item.side for item in definition.items))


def _felt(definition: Definition, item: Item, answer: Any) -> float | None:
    """1 for a site that was felt, 0 for a lost one."""
    value = _value(item, answer)
    if value is None:
        return None
    return float(value >= definition.scoring.felt_from)


def _sites_felt(definition: Definition, answers: Answers) -> list[Score]:
    """Sites felt: all, of each foot, and each; sums are None unless all of theirs were tested."""
    felt = {item: _felt(definition, item, answers.get(item.key)) for item in definition.items}
    total = _all(felt.values())
    result = [_whole_measure(definition, sum(total) if total else None)]
    for side in _sides(definition):
        values = [value for item, value in felt.items() if item.side == side]
        known, label = _all(values), f"{side.capitalize()} foot"
        value = sum(known) if known else None
        key = f"{definition.code}.{side}"
        result.append(Score(key, label, value, 0, len(values), definition.better))
    for item, value in felt.items():
        key = f"{definition.code}.{item.key}"
        result.append(Score(key, item.label, value, 0, 1, definition.better))
    return result


def _yes_no_sum(definition: Definition, answers: Answers) -> list[Score]:
    """1 for each yes, of reversed items for each no; None unless every scored item is answered."""
    scoring = definition.scoring
    scored = [item for item in definition.items if item.key not in scoring.unscored]
    said = {item.key: yes(answers.get(item.key)) for item in scored}
    known = _all(
        None if answer is None else float(answer is not (key in scoring.reversed))
        for key, answer in said.items()
    )
    return [_whole_measure(definition, sum(known) if known else None)]


_METHODS: dict[Method, Callable[[Definition, Answers], list[Score]]] = {
    Method.EACH: _each,
    Method.EACH_AND_MEAN: _each_and_mean,
    Method.SINGLE: _single,
    Method.SUM: _sum,
    Method.GRID: _grid,
    Method.ACTIVITIES_MEAN: _activities_mean,
    Method.CHAIR_STAND: _chair_stand,
    Method.STAGES: _stages,
    Method.BEST_OF_TRIES: _best_of_tries,
    Method.SITES_FELT: _sites_felt,
    Method.YES_NO_SUM: _yes_no_sum,
}
