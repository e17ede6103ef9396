"""Courses of care that have ended, read for counting: a fixed number of queries for all of them.

A course of care is an episode. It counts once, in the period in which it was closed, and only if a
plan was ever active in it. It is counted to the program with which its first plan began, whatever
came later: a program is judged by all who began with it. Two combined are a line of their own.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg

from accounts.models import Clinic, User
from patients.models import Episode
from patients.models.episode import Outcome
from programs.course.adherence import Adherence, Band, adherence
from programs.course.course import Course
from programs.measures.definition import Better, Definition, ShownTo
from programs.measures.reading import deciding, reached
from programs.measures.rules import Against, Change
from programs.models import CheckIn, Plan, Session
from programs.models.measure import Versions
from programs.models.program import Visibility
from programs.outcomes.periods import Period, quarter_of
from programs.progress import answered
from programs.progress.answered import Answers, Scored, first_and_last
from programs.timing.week import WEEK

# How long nothing was logged though it was due, until who ended without a result had dropped out:
# four weekly check-ins in a row. A choice of ours; there is no agreed number.
DROPPED_OUT_DAYS = 28
OWN = "own"  # the code of what is no library program, where its words are not to be told


class Verdict(StrEnum):
    """What a change from the first to the last answer is, by the measure's own rules."""

    BETTER = "better"
    WORSE = "worse"
    NEITHER = "neither"  # smaller than what matters
    NO_RULE = "no rule"  # no threshold is agreed on, or none for such a start


@dataclass(frozen=True)
class Answered:
    """One score of a measure: the first answer that has it, and the last, which is another one."""

    first: float
    last: float
    verdict: Verdict

    @property
    def change(self) -> float:
        """In the measure's points; below 0 where the score fell."""
        return round(self.last - self.first, 6)


@dataclass(frozen=True)
class Line:
    """A score that is counted by itself, with the rules by which a change of it matters."""

    key: str
    title: str
    better: Better | None
    rules: tuple[Change, ...]


@dataclass(frozen=True)
class Made:
    """What a course of care began with. `code` names library programs alone."""

    key: str
    title: str
    code: str


NO_PROGRAM = Made("none", "A plan without a program", OWN)
# Somebody's private title may say for whom it was made.
PRIVATE = Made("private", "Therapists’ private programs", OWN)


@dataclass(frozen=True)
class Ended:
    """One course of care. `patient` tells one person from another and no more. `age` in whole years
    on the first day; `weeks` from the day it was opened to the day it was closed. `due`, `done` and
    their `band` are sessions as `programs.course.adherence` counts them.
    """

    patient: int
    quarter: Period
    made: Made
    age: int
    sex: str
    cause: str
    side: str
    outcome: str
    weeks: float
    due: int
    done: int
    band: Band
    has_dropped_out: bool
    wants_erasing: bool
    answers: Mapping[str, Answered]


def has_dropped_out(outcome: str, counted: Adherence) -> bool:
    """Closed as stopped by the patient; or as without a change, after the plan's last
    `DROPPED_OUT_DAYS`, in which something was due and no session was logged.
    """
    if outcome == Outcome.STOPPED:
        return True
    lately = Adherence(counted.days[-DROPPED_OUT_DAYS:])
    is_silent = lately.due > 0 and not any(day.done for day in lately.days)
    return outcome == Outcome.NO_CHANGE and is_silent


DROPPED_OUT = (
    "Dropped out: closed as “Stopped by the patient”; or as “No change” when no session was logged "
    f"in the last {DROPPED_OUT_DAYS} days of the plan though some were due. The "
    f"{DROPPED_OUT_DAYS} days are a choice of ours. Goals met, improved and referred on are not "
    "drop-out."
)


@dataclass(frozen=True)
class Courses:
    """Those of some time, with the lines of what was measured in them, in the measures' order."""

    ended: list[Ended] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def load(user: User, period: Period) -> Courses:
    """Those that `user` may see. What was erased is not there, and of two records that were merged
    the courses are the kept one's.
    """
    clinic = user.clinic
    if clinic is None:
        return Courses()
    episodes = _closed(user, clinic, period)
    plans, courses = _plans(episodes, clinic)
    episodes = [episode for episode in episodes if episode.pk in plans]
    sessions = _sessions(user, clinic, period)
    answers, lines = _answers(episodes)
    people = {pk: number for number, pk in enumerate({one.patient_id for one in episodes})}
    return Courses(
        [
            _ended(
                episode, people[episode.patient_id], clinic, plans[episode.pk][0],
                courses[episode.pk], sessions[episode.pk], answers[episode.pk],
            )
            for episode in episodes
        ],
        lines,
    )  # fmt: skip


def _rows(user: User, clinic: Clinic, period: Period) -> Any:
    """The episodes closed on these days of the clinic's calendar."""
    begin, end = period.moments(clinic.zone)
    seen = Episode.objects.visible_to(user).filter(clinic=clinic)
    return seen.filter(closed_at__gte=begin, closed_at__lt=end)


def _closed(user: User, clinic: Clinic, period: Period) -> list[Episode]:
    wanted = ("clinic", "patient", "patient__birth_date", "patient__sex", "cause", "side",
              "patient__erasure_asked_at", "outcome", "opened_at", "closed_at")  # fmt: skip
    rows = _rows(user, clinic, period).select_related("patient").only(*wanted)
    return list(rows.order_by("opened_at"))


def _plans(
    episodes: Sequence[Episode], clinic: Clinic
) -> tuple[dict[UUID, list[Plan]], dict[UUID, list[Course]]]:
    """By episode, oldest first."""
    rows = Plan.objects.frozen().filter(episode__in=[episode.pk for episode in episodes])
    plans: defaultdict[UUID, list[Plan]] = defaultdict(list)
    programs = ("program", "second_program")
    names = [
        f"{one}__{name}" for one in programs for name in ("code", "title", "clinic", "visibility")
    ]
    kept = ("clinic", "episode", "version", "weekdays", "starts_on", "effective_at", "closed_at")
    for plan in rows.select_related(*programs).only(*programs, *kept, *names).order_by("version"):
        plan.clinic = clinic
        plans[plan.episode_id].append(plan)
    every = [plan for of_one in plans.values() for plan in of_one]
    courses: defaultdict[UUID, list[Course]] = defaultdict(list)
    for course in Course.load(every, to_count=True):
        courses[course.plan.episode_id].append(course)
    return dict(plans), courses


def _sessions(user: User, clinic: Clinic, period: Period) -> defaultdict[UUID, Counter[dt.date]]:
    """By episode, how many sessions count on each day."""
    episodes = _rows(user, clinic, period).order_by().values("pk")
    done = Session.objects.current().filter(plan__episode__in=episodes).with_done()
    days = done.filter(something_done=True).order_by().values("plan__episode")
    rows = days.annotate(days=ArrayAgg("done_on")).values_list("plan__episode", "days")
    return defaultdict(Counter, {episode: Counter(found) for episode, found in rows})


def _ended(
    episode: Episode,
    person: int,
    clinic: Clinic,
    plan: Plan,
    courses: Sequence[Course],
    done: Mapping[dt.date, int],
    answers: Mapping[str, Answered],
) -> Ended:
    patient = episode.patient
    assert episode.closed_at is not None
    opened_on, closed_on = map(clinic.local_date, (episode.opened_at, episode.closed_at))
    counted = _adherence(courses, done)
    return Ended(
        patient=person,
        quarter=quarter_of(closed_on),
        made=_made(plan),
        age=patient.age_on(min(opened_on, courses[0].first)),
        sex=patient.sex,
        cause=episode.cause,
        side=episode.side,
        outcome=episode.outcome,
        weeks=(closed_on - min(opened_on, courses[0].first)).days / WEEK,
        due=counted.due,
        done=counted.done,
        band=counted.band,
        has_dropped_out=has_dropped_out(episode.outcome, counted),
        wants_erasing=patient.erasure_asked_at is not None,
        answers=answers,
    )


def _adherence(courses: Sequence[Course], done: Mapping[dt.date, int]) -> Adherence:
    """From the first plan's first day to the day before the last one was ended."""
    ends = [course.last for course in courses if course.last]
    first, last = min(course.first for course in courses), max(ends, default=None)
    if last is None:
        return Adherence([])
    return adherence(courses, done, first=first, last=last - dt.timedelta(days=1))


def _made(plan: Plan) -> Made:
    programs = plan.programs
    if not programs:
        return NO_PROGRAM
    if any(program.visibility == Visibility.PRIVATE for program in programs):
        return PRIVATE
    is_library = all(program.clinic_id is None for program in programs)
    return Made(
        key=" ".join(str(program.pk) for program in programs),
        title=" + ".join(str(program) for program in programs),
        code=" + ".join(program.code for program in programs) if is_library else OWN,
    )


def _answers(
    episodes: Sequence[Episode],
) -> tuple[dict[UUID, dict[str, Answered]], list[Line]]:
    """Of each episode what was answered at least twice, by score."""
    check_ins = answered.of_episodes(episodes)
    known = answered.versions_of(one for every in check_ins.values() for one in every)
    readable = {key: one for key, one in known.items() if one.change_for is not ShownTo.NOBODY}
    lines: dict[str, Line] = {}
    found: dict[UUID, dict[str, Answered]] = {}
    for episode, every in check_ins.items():
        found[episode] = {}
        scored = _scored(every, known)
        asked = {code for check_in, _ in scored for code in check_in.versions}
        mine = {key: one for key, one in readable.items() if key[0] in asked}
        for definition, answers in answered.by_measure(scored, mine):
            for line, one in _of_measure(definition, answers):
                found[episode][line.key] = one
                lines[line.key] = line
    return found, sorted(lines.values(), key=lambda line: _place(line.key))


def _scored(every: Sequence[CheckIn], known: Versions) -> list[Scored]:
    """Those that hold a first or a last answer; all, where one of these has a gap or a measure
    changed meanwhile, so that another may be the first or the last.
    """
    first = {code: one for one in reversed(every) for code in one.versions}
    last = {code: one for one in every for code in one.versions}
    ends = {one.pk for one in (*first.values(), *last.values())}
    is_one = len({item for one in every for item in one.versions.items()}) == len(first)
    scored = answered.scored([one for one in every if one.pk in ends], known)
    if is_one and all(score.value is not None for _, scores in scored for score in scores):
        return scored
    return answered.scored(every, known)


def _place(key: str) -> tuple[str, int, str]:
    """M2 before M10, M before X."""
    code, _, part = key.partition(".")
    return code[0], int(code[1:]), part


def _of_measure(definition: Definition, answers: Answers) -> Iterator[tuple[Line, Answered]]:
    """The score of the whole where there is one, else of each part; activities that a patient
    named are nobody's to read here.
    """
    if len(answers) < 2:
        return
    first, last = first_and_last(definition, answers)
    scored = [score.key for _, scores in answers for score in scores]
    keys = [definition.code] if definition.code in scored else list(last)
    marks = {
        one.score.key: one
        for one in reached(
            definition, [score for _, score in last.values()], [one for _, one in first.values()]
        )
    }
    for key in keys:
        begun, now = first.get(key), last.get(key)
        if begun is None or now is None or begun[0].pk == now[0].pk:
            continue
        start, end = begun[1].value, now[1].value
        assert start is not None
        assert end is not None
        mark = marks.get(key)
        if mark is not None:
            verdict = Verdict.BETTER if mark.is_better else Verdict.WORSE
        else:
            is_decided = deciding(definition, key, start)
            verdict = Verdict.NEITHER if is_decided else Verdict.NO_RULE
        yield _line(definition, key, now[1].label), Answered(start, end, verdict)


def _line(definition: Definition, key: str, label: str) -> Line:
    rules = (one for one in definition.change if one.against is Against.BEFORE and one.is_for(key))
    title = definition.title if key == definition.code else f"{definition.title}: {label}"
    return Line(key, f"{definition.code} {title}", definition.better, tuple(rules))
