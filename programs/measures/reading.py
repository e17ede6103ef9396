"""What scores say in words, for a therapist: each with its source and how certain it is.

Nothing here says why a score is as it is, and nothing claims healing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from programs.measures.definition import Better, Definition
from programs.measures.rules import Against, Certainty, Change, Level, NormKind, Norms
from programs.measures.scoring import Score, compared
from programs.measures.spoken import said


@dataclass(frozen=True)
class Reading:
    """`source` is a citation's key, or where else the number is from. `key` is that of the score
    that a norm is about, and `beside` what is said beside its number.
    """

    level: Level
    words: str
    source: str
    certainty: Certainty
    key: str = ""
    beside: str = ""


def readings(
    definition: Definition,
    scores: Sequence[Score],
    *,
    age: int | None,
    sex: str | None,
    before: Sequence[Score] | None,
) -> list[Reading]:
    """Risks first, then norms, then changes since `before`.

    `age` in years on the day of the answers; `sex` is "female" or "male", anything else is
    unknown. A norm that needs what is not known says so instead of guessing.
    """
    return [
        *risks(definition, scores),
        *norms(definition, scores, age=age, sex=sex),
        *changes(definition, scores, before),
    ]


def risks(definition: Definition, scores: Sequence[Score]) -> list[Reading]:
    """Limits that the answered scores pass, also when other answers are missing."""
    values = {score.key: score.value for score in scores}
    return [
        Reading(risk.level, said(risk.words), risk.source, risk.certainty)
        for risk in definition.risks
        if risk.stands(values)
    ]


def norms(
    definition: Definition, scores: Sequence[Score], *, age: int | None, sex: str | None
) -> list[Reading]:
    """Each answered score that has a norm, against its band of age (and sex)."""
    table = definition.norms
    if table is None:
        return []
    answered = [score for score in scores if score.key in table.keys and score.value is not None]
    if not answered:
        return []
    norm = table.of(age, sex)
    if norm is None:
        return [_note(table, said(table.why_none(age, sex)))]
    return [_against_norm(table, norm, score) for score in answered]


def _note(table: Norms, words: str) -> Reading:
    return Reading(Level.NOTE, words, table.source, table.certainty)


def _against_norm(table: Norms, found: tuple[float, str], score: Score) -> Reading:
    value, (norm, who) = score.value or 0.0, found
    # A mean of people who were timed for longer than this test lasts: its end is as good.
    reachable = norm if score.maximum is None else min(norm, score.maximum)
    is_below = value < reachable
    limit = _("cut-off %(value)s") if table.kind is NormKind.CUT_OFF else _("mean %(value)s")
    about = said(table.below if is_below else table.average)
    beside = f"{about} ({who}: {limit % {'value': f'{norm:g}'}})"
    return Reading(
        level=Level.BELOW_AVERAGE if is_below else Level.AVERAGE,
        words=f"{said(score.label)}: {value:g}. {beside}",
        source=table.source,
        certainty=table.certainty,
        key=score.key,
        beside=beside,
    )


@dataclass(frozen=True)
class Reached:
    """A change that matters, by one rule; `size` names it where the rule has sizes."""

    rule: Change
    score: Score
    start: float
    now: float
    is_better: bool

    @property
    def size(self) -> str:
        return self.rule.size_of(self.start, self.now)


def reached(
    definition: Definition, scores: Sequence[Score], before: Sequence[Score] | None
) -> list[Reached]:
    """Changes that matter, from `before` to now; a smaller change is none."""
    scores, before = compared(definition, scores, before)
    earlier = {score.key: score.value for score in before}
    return [
        change
        for rule in definition.change
        for score in scores
        if rule.is_for(score.key)
        for change in _changed(rule, score, earlier.get(score.key))
    ]


def deciding(definition: Definition, key: str, start: float | None) -> list[Change]:
    """The rules by which a score that began at `start` has changed or has not, either way. One that
    is for a betterment only decides nothing where it is not reached.
    """
    return [
        rule
        for rule in definition.change
        if rule.against is Against.BEFORE
        and not rule.only_better
        and rule.is_for(key)
        and start is not None
        and rule.least(start) is not None
    ]


def matters(definition: Definition, key: str, start: float, now: float, better: str | None) -> bool:
    """Whether a rule says of one score that it has changed, as `reached` of all."""
    is_better = better is not None and (now > start) is (better == Better.HIGHER)
    return any(
        rule.against is Against.BEFORE
        and rule.is_for(key)
        and rule.is_reached(start, now)
        and (is_better or not rule.only_better)
        for rule in definition.change
    )


def changes(
    definition: Definition, scores: Sequence[Score], before: Sequence[Score] | None
) -> list[Reading]:
    """The same in words, for a therapist."""
    return [
        Reading(
            level=Level.CHANGE_BETTER if one.is_better else Level.CHANGE_WORSE,
            words=_change_words(one),
            source=one.rule.source,
            certainty=one.rule.certainty,
        )
        for one in reached(definition, scores, before)
    ]


def _changed(rule: Change, score: Score, before: float | None) -> Iterator[Reached]:
    start = 0.0 if rule.against is Against.ZERO else before
    if start is None or score.value is None or not rule.is_reached(start, score.value):
        return
    is_better = (score.value > start) is (score.better == Better.HIGHER)
    if rule.only_better and not is_better:
        return
    yield Reached(rule, score, start, score.value, is_better)


def _change_words(one: Reached) -> str:
    is_from_zero = one.rule.against is Against.ZERO
    amount = f"{one.now:g}" if is_from_zero else f"{one.start:g} to {one.now:g}"
    direction = "better" if one.is_better else "worse"
    named = f"{direction}, a {one.size} change" if one.size else direction
    return f"{one.score.label}: {amount}, {named} ({one.rule.words})"
