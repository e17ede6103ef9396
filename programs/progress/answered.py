"""The scores of stored check-ins, and what they say."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from accounts.compiled import compiled
from patients.models import Episode, Patient
from programs.measures.definition import Definition
from programs.measures.item import AnswerKind
from programs.measures.reading import Reading, readings
from programs.measures.scale import Scale, scale_of
from programs.measures.scoring import Score, answer_words, compared, scores
from programs.measures.spoken import said
from programs.models import CheckIn, Measure
from programs.models.measure import Versions

Scored = tuple[CheckIn, list[Score]]


def of_episode(episode: Episode) -> list[CheckIn]:
    """Of the episode's plans, and those that a therapist took without one while it was open; oldest
    first.

    Without what a newer record has put right.
    """
    return list(_of_episode(episode.pk, episode.patient_id, episode.opened_at, episode.closed_at))


@compiled
def _of_episode(
    episode: UUID, patient: UUID, opened: dt.datetime, closed: dt.datetime | None
) -> QuerySet[CheckIn]:
    before = Q(plan=None, patient_id=patient, answered_at__gte=opened)
    if closed is not None:  # from then on they are the next one's
        before &= Q(answered_at__lte=closed)
    found: QuerySet[CheckIn] = CheckIn.objects.current().filter(Q(plan__episode=episode) | before)
    return found.select_related("form").order_by("answered_at")


def of_episodes(episodes: Sequence[Episode]) -> dict[UUID, list[CheckIn]]:
    """The same of many, by the episode's key, in one query and without their forms.

    What a therapist took without a plan is that episode's which was open then.
    """
    of_patient: defaultdict[UUID, list[Episode]] = defaultdict(list)
    for episode in episodes:
        of_patient[episode.patient_id].append(episode)
    keys = [episode.pk for episode in episodes]
    before = Q(plan=None, patient__in=list(of_patient))
    found = (
        CheckIn.objects.current()
        .filter(Q(plan__episode__in=keys) | before)
        .annotate(of_plan=F("plan__episode"))
        .only("patient", "answered_at", "answered_on", "answers", "versions")
        .order_by("answered_at")
    )
    answers: dict[UUID, list[CheckIn]] = {key: [] for key in keys}
    for check_in in found:
        key = check_in.of_plan or _open_then(of_patient[check_in.patient_id], check_in)
        if key in answers:
            answers[key].append(check_in)
    return answers


def _open_then(episodes: Iterable[Episode], check_in: CheckIn) -> UUID | None:
    for episode in episodes:
        is_before_end = episode.closed_at is None or check_in.answered_at <= episode.closed_at
        if episode.opened_at <= check_in.answered_at and is_before_end:
            return UUID(str(episode.pk))
    return None


def versions_of(check_ins: Iterable[CheckIn]) -> Versions:
    """What check-ins were answered on. One query, none without check-ins."""
    return Measure.objects.versions(code for check_in in check_ins for code in check_in.versions)


def newest(key: str, known: Versions) -> Definition | None:
    """The newest of the known definitions of a score's measure."""
    code = key.split(".", maxsplit=1)[0]
    return next((known[one] for one in sorted(known, reverse=True) if one[0] == code), None)


def scored(check_ins: Sequence[CheckIn], known: Versions | None = None) -> list[Scored]:
    """Each check-in with its scores, by the versions it was answered on, in the same order.

    Asks for the versions when they are not given. Raises KeyError for one that is not stored.
    """
    if known is None:
        known = versions_of(check_ins)
    return [(check_in, _scores(check_in, known)) for check_in in check_ins]


def _scores(check_in: CheckIn, known: Versions) -> list[Score]:
    return [
        score
        for code, answers in check_in.measures.items()
        for score in scores(known[code, check_in.versions[code]], answers)
    ]


def in_words(found: Iterable[Score], known: Versions) -> list[str]:
    """'Chair stand: 9', 'Pain: 7 of 10' where the scale has an end, 'Were you hurt: yes'; without
    what was not answered.
    """
    kinds = {
        f"{definition.code}.{item.key}": item.answer
        for definition in known.values()
        for item in definition.items
    }
    return [
        f"{said(one.label).rstrip('.:?')}: {_said(one, one.value, kinds.get(one.key))}"
        for one in found
        if one.value is not None
    ]


def _said(score: Score, value: float, kind: AnswerKind | None) -> str:
    if kind is AnswerKind.YES_NO:
        return "yes" if value else "no"
    # The most that may be counted is the end of no scale.
    has_end = score.maximum is not None and kind is not AnswerKind.COUNT
    return f"{value:g}" + (f" of {score.maximum:g}" if has_end else "")


Answers = list[tuple[CheckIn, list[Score]]]


def by_measure(
    scored_oldest_first: Sequence[Scored], known: Versions
) -> list[tuple[Definition, Answers]]:
    """Each measure's answers that compare, oldest first, under the newest of their definitions."""
    groups: list[list[Definition]] = []
    for _, definition in sorted(known.items(), reverse=True):
        group = next((one for one in groups if one[0].continues(definition)), None)
        if group is None:
            groups.append([definition])
        else:
            group.append(definition)
    return [
        (group[0], _answers_to(group, scored_oldest_first))
        for group in sorted(groups, key=lambda one: (one[0].code, one[0].version))
    ]


def _answers_to(group: Sequence[Definition], scored: Sequence[Scored]) -> Answers:
    code, versions = group[0].code, {one.version for one in group}
    return [
        (check_in, [score for score in scores if score.key.split(".")[0] == code])
        for check_in, scores in scored
        if check_in.versions.get(code) in versions
    ]


Found = dict[str, tuple[CheckIn, Score]]


def first_and_last(definition: Definition, answers: Answers) -> tuple[Found, Found]:
    """Of each score of a measure the first answer that has it, which is the baseline, and the last;
    `answers` as `by_measure` has them. The mean of named activities is that of those which both the
    first and the last answer scored.
    """
    first, last = _first_known(answers), _first_known(answers[::-1])
    if definition.names_activities:
        last.pop(definition.code, None)  # only a mean of the same activities compares
        new, old = compared(definition, answers[-1][1], answers[0][1])
        last |= _first_known([(answers[-1][0], new)])
        first |= _first_known([(answers[0][0], old)])
    return first, last


def _first_known(answers: Answers) -> Found:
    """Of each score the first of these answers that has it."""
    found: Found = {}
    for check_in, given in answers:
        for score in given:
            if score.value is not None:
                found.setdefault(score.key, (check_in, score))
    return found


def partial(check_in: CheckIn, known: Versions) -> list[tuple[str, str]]:
    """What was answered where an answer that is missing leaves no score: (question, answer)."""
    return [
        found
        for code, answers in check_in.measures.items()
        for found in _partial(known[code, check_in.versions[code]], answers)
    ]


def _partial(definition: Definition, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    by_key = {score.key: score.value for score in scores(definition, answers)}
    if by_key.get(definition.code, 0) is not None:
        return []
    return [
        (item.label, words)
        for item in definition.items
        if f"{definition.code}.{item.key}" not in by_key
        and (words := answer_words(item, answers.get(item.key)))
    ]


@dataclass(frozen=True)
class Newest:
    """The newest answer to one measure: its picture, and what it says."""

    definition: Definition
    check_in: CheckIn
    readings: list[Reading]
    scale: Scale | None


def newest_answers(
    scored_oldest_first: Sequence[Scored], known: Versions, patient: Patient
) -> list[Newest]:
    """To each measure, read against the first answer that compares; the newest first."""
    found = []
    for definition, answers in by_measure(scored_oldest_first, known):
        if answers:
            (_, first), (check_in, last) = answers[0], answers[-1]
            before = first if len(answers) > 1 else None
            age, sex = patient.age_on(check_in.answered_on), patient.sex
            read = readings(definition, last, age=age, sex=sex, before=before)
            picture = scale_of(definition, last, age=age, sex=sex)
            found.append(Newest(definition, check_in, read, picture))
    return sorted(found, key=lambda one: one.check_in.answered_at, reverse=True)
