"""A patient's own progress, as pictures and plain numbers. No claim of healing, no countdown."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from uuid import UUID

from django.db.models import QuerySet

from accounts.compiled import compiled
from patients.models import Patient
from programs.course.adherence import Adherence, adherence, done_by_day
from programs.course.course import Course
from programs.course.today import Today
from programs.measures.definition import Better, ShownTo
from programs.models import Plan, PlanForm, Prescription
from programs.notation.question_kinds import QuestionKind
from programs.progress import answered, change_words, feet_over_time, overview, series
from programs.progress.feet_over_time import FeetOverTime
from programs.progress.logged import Line, Logged
from programs.timing.week import WEEK

WEEKS_SHOWN = 12
LINES_SHOWN = 4
PAIN = "M1"


@dataclass(frozen=True)
class Week:
    """Sessions of seven days, counted from the first day of the episode's first plan."""

    number: int
    first: dt.date
    adherence: Adherence
    falls: int | None  # None where no session said

    @property
    def bar_width(self) -> int:
        """Of a bar that is 118 wide when all was done."""
        return round(118 * (self.adherence.percent or 0) / 100)


@dataclass(frozen=True)
class Progress:
    weeks: list[Week]
    pain: series.Chart
    charts: list[series.Chart]
    feet: list[FeetOverTime]

    @property
    def said(self) -> list[str]:
        """What changed, one sentence a score that was answered more than once."""
        return [chart.sentence for chart in self.charts if chart.sentence]

    @property
    def is_empty(self) -> bool:
        return self.pain.is_empty and all(chart.is_empty for chart in self.charts)


def load(patient: Patient) -> Progress:
    """The current or last episode's sessions and check-ins, in a fixed number of queries."""
    episode = overview.current_episode(patient)
    plans = list(_plans(episode.pk)) if episode else []
    courses = Course.load(plans)
    sessions = Logged.load([plan.pk for plan in plans])
    check_ins = answered.of_episode(episode) if episode else []
    known = answered.versions_of(check_ins)
    start = min((course.first for course in courses), default=patient.clinic.today())
    pain = series.pain_chart(sessions)
    scored = answered.scored(check_ins, known)
    charts = series.check_in_charts(scored, known, reader=ShownTo.PATIENT)
    if not pain.is_empty:  # the pain of sessions is one line, and says it better than a form
        charts = [chart for chart in charts if chart.code != PAIN]
    lines = what_matters(charts, _asked(plans), room=LINES_SHOWN - (not pain.is_empty))
    return Progress(
        weeks=_weeks(courses, sessions.lines, patient.clinic.today()),
        pain=series.framed(pain, series.PHONE),
        charts=[
            series.framed(change_words.told(chart, known, start), series.PHONE) for chart in lines
        ],
        feet=feet_over_time.load(check_ins, sessions.maps),
    )


@compiled
def _plans(episode: UUID) -> QuerySet[Plan]:
    return Plan.objects.frozen().filter(episode=episode).select_related("clinic")


@compiled
def _forms(plan: UUID) -> QuerySet[PlanForm]:
    return PlanForm.objects.filter(plan=plan).select_related("version").order_by("pk")


def _asked(plans: Sequence[Plan]) -> list[str]:
    """The measures that the newest plan's forms ask for, in their order."""
    if not plans:
        return []
    newest = max(plans, key=lambda plan: plan.version)
    return [
        part["measure"]
        for form in _forms(newest.pk)
        for part in form.version.parts
        if part["kind"] == QuestionKind.MEASURE
    ]


def what_matters(
    charts: Sequence[series.Chart], asked: Sequence[str], *, room: int
) -> list[series.Chart]:
    """At most `room` lines: what the plan asks for first, and of it what was worst at the start.

    Each measure gives its worst line before any gives a second one.
    """
    order = {code: place for place, code in enumerate(asked)}
    known = sorted(charts, key=lambda chart: order.get(chart.code, len(order)))
    rounds = zip_longest(*(_worst_first(chart) for chart in known))
    lines = [line for one in rounds for line in one if line is not None]
    return sorted(lines, key=lambda one: len(one.lines[0].known) == 1)[:room]


def _worst_first(chart: series.Chart) -> list[series.Chart]:
    """Those that were answered once come last: there is no line yet."""
    sign = -1 if chart.better == Better.LOWER else 1

    def place(one: series.Chart) -> tuple[bool, float]:
        return len(one.lines[0].known) == 1, sign * one.lines[0].first_value

    return sorted(series.lines_of(chart), key=place)


def _weeks(courses: list[Course], sessions: list[Line], today: dt.date) -> list[Week]:
    if not courses:
        return []
    start = min(course.first for course in courses)
    count = max(0, (today - start).days // WEEK + 1)
    done = done_by_day(sessions)
    weeks = []
    for number in range(max(0, count - WEEKS_SHOWN), count):
        first = start + dt.timedelta(days=number * WEEK)
        last = min(first + dt.timedelta(days=WEEK - 1), today)
        counted = adherence(courses, done, first=first, last=last)
        weeks.append(Week(number + 1, first, counted, _falls(sessions, first, last)))
    return weeks


def _falls(sessions: Sequence[Line], first: dt.date, last: dt.date) -> int | None:
    said = [
        session.falls
        for session in sessions
        if first <= session.done_on <= last and session.falls is not None
    ]
    return sum(said) if said else None


def phase_prescriptions(today: Today) -> list[Prescription]:
    """All of the current phase, also what is not due today."""
    if today.course is None or today.phase is None:
        return []
    return today.course.in_phase(today.phase)
