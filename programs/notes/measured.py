"""What was measured, with what the house says of it: norms, risks, and changes that matter."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.measures.definition import Definition, ShownTo
from programs.measures.reading import Reached, deciding, norms, reached, risks
from programs.measures.rules import Certainty, lowest
from programs.measures.scoring import Score
from programs.measures.spoken import said
from programs.models import CheckIn
from programs.notes.known import Known
from programs.notes.wording import Part, Rows, Section, Sentence, Source, day, joined, say
from programs.progress.answered import Answers, Found, first_and_last

_CERTAINTIES = {
    Certainty.HIGH: gettext_lazy("high certainty"),
    Certainty.MEDIUM_HIGH: gettext_lazy("medium to high certainty"),
    Certainty.MEDIUM: gettext_lazy("medium certainty"),
    Certainty.MEDIUM_LOW: gettext_lazy("medium to low certainty"),
    Certainty.LOW: gettext_lazy("low certainty"),
}
# Of the words by which a rule names a bigger change.
_SIZES = {
    "small": gettext_lazy("of small size"),
    "medium": gettext_lazy("of medium size"),
    "large": gettext_lazy("of large size"),
}


def certain(certainty: Certainty) -> str:
    return str(_CERTAINTIES[certainty])


def at_start(known: Known) -> Section:
    """The first answer to each measure, against its norm; named activities are the goals."""
    items = [
        item
        for definition, answers in known.measures()
        if not definition.names_activities
        for item in _standing(definition, answers[0], known)
    ]
    return _section(_("Measures at the start"), items)


def changes(known: Known) -> Section:
    """The newest answer to each measure on these days, against the first one of the episode."""
    items = [
        item
        for definition, answers in known.measures()
        if known.is_within(answers[-1][0].answered_on)
        for item in _changed(definition, answers, known)
    ]
    return _section(_("Measures"), items)


def _section(title: str, items: list[Sentence]) -> Section:
    return Section(title, [] if items else [say(_("No measure was taken."))], items)


def _value(check_in: CheckIn, score: Score) -> Part:
    """'7', or '7 of 10' where the scale has an end."""
    shown = f"{score.value:g}"
    if score.maximum is not None:
        shown = _("%(value)s of %(most)s") % {"value": shown, "most": f"{score.maximum:g}"}
    return Part(shown, Source.row(Rows.CHECK_IN, check_in.pk))


def _standing(
    definition: Definition, answer: tuple[CheckIn, list[Score]], known: Known
) -> Iterator[Sentence]:
    """One a score that was answered, then the limits that are passed."""
    check_in, scores = answer
    beside = _norms(definition, answer, known)
    for score in scores:
        if score.value is not None:
            told = say(
                "%(label)s: %(value)s, %(day)s.",
                label=_label(score),
                value=_value(check_in, score),
                day=day(check_in.answered_on),
            )
            yield joined([told, *beside.get(score.key, [])])
    yield from _risks(definition, scores)


def _label(score: Score) -> str:
    return said(score.label).rstrip(".:?")


def _norms(
    definition: Definition, answer: tuple[CheckIn, list[Score]], known: Known
) -> dict[str, list[Sentence]]:
    """Against whoever was as old as they were on the day of the answers."""
    (check_in, scores), patient = answer, known.episode.patient
    age = patient.age_on(check_in.answered_on)
    found: dict[str, list[Sentence]] = {}
    for one in norms(definition, scores, age=age, sex=patient.sex):
        key = one.key or next(score.key for score in scores if score.value is not None)
        words = (one.beside or one.words).rstrip(".")
        told = say(_("%(words)s; %(certainty)s."), words=words, certainty=certain(one.certainty))
        found.setdefault(key, []).append(told)
    return found


def _risks(definition: Definition, scores: list[Score]) -> Iterator[Sentence]:
    for one in risks(definition, scores):
        yield say(
            "%(title)s: %(words)s (%(certainty)s).",
            title=said(definition.title),
            words=one.words.rstrip("."),
            certainty=certain(one.certainty),
        )


def _changed(definition: Definition, answers: Answers, known: Known) -> Iterator[Sentence]:
    newest = answers[-1]
    if len(answers) == 1 or definition.change_for is ShownTo.NOBODY:
        yield from _standing(definition, newest, known)
        return
    first, last = first_and_last(definition, answers)
    marks = _reached(definition, first, last)
    for key, (check_in, score) in last.items():
        begun = first.get(key)
        if begun is None or begun[0].pk == check_in.pk:
            begun = None
        yield _from_to(definition, begun, (check_in, score), marks.get(key))
    yield from _risks(definition, newest[1])


def _reached(definition: Definition, first: Found, last: Found) -> dict[str, Reached]:
    """The changes that matter, by score."""
    now = [score for _row, score in last.values()]
    before = [score for _row, score in first.values()]
    return {one.score.key: one for one in reached(definition, now, before)}


def _from_to(
    definition: Definition,
    begun: tuple[CheckIn, Score] | None,
    now: tuple[CheckIn, Score],
    mark: Reached | None,
) -> Sentence:
    check_in, score = now
    values = {"label": _label(score), "now": _value(*now), "later": day(check_in.answered_on)}
    if begun is None:
        return say("%(label)s: %(now)s, %(later)s.", **values)
    told = say(
        _("%(label)s: %(start)s on %(day)s, %(now)s on %(later)s."),
        **values,
        start=_value(*begun),
        day=day(begun[0].answered_on),
    )
    judged = _judged(definition, score, begun[1].value, mark)
    return told + judged if judged else told


def _judged(
    definition: Definition, score: Score, start: float | None, mark: Reached | None
) -> Sentence | None:
    """Whether it is a change that matters; nothing where no rule of the measure says so."""
    if mark is None:
        rules = deciding(definition, score.key, start)
        if not rules:
            return None
        words = _("No change that matters (%(certainty)s).")
        return say(words, certainty=certain(lowest(one.certainty for one in rules)))
    if mark.is_better:
        words = _("Better, a change that matters (%(certainty)s).")
    else:
        words = _("Worse, a change that matters (%(certainty)s).")
    certainty = certain(mark.rule.certainty)
    if mark.size in _SIZES:
        certainty = f"{_SIZES[mark.size]}, {certainty}"
    return say(words, certainty=certainty)
