"""A paper sheet's week as a grid: which exercises were ticked on which day, to enter later."""

import datetime as dt
import uuid
from dataclasses import dataclass

from patients.models import Patient
from programs.course.course import Course
from programs.models import Plan, Prescription, Session

DAYS = 7
FURTHEST = dt.timedelta(days=60)  # longer ago, memory and paper are no log any more


@dataclass(frozen=True)
class PaperDay:
    """One column: what could be ticked on the day, and what is stored already."""

    date: dt.date
    plan: Plan | None
    prescriptions: list[Prescription]
    stored: list[Session]
    times_due: int = 0  # sessions that the day asked for

    @property
    def is_open(self) -> bool:
        return bool(self.prescriptions)


@dataclass(frozen=True)
class Grid:
    """Seven days to `last`. `rows` are the exercises of any of the days, each once."""

    days: list[PaperDay]
    rows: list[tuple[str, str]]

    @property
    def asks_times(self) -> bool:
        """Some day asks for more than one session, so how many were done has to be asked."""
        return any(day.times_due > 1 for day in self.days)

    @property
    def first(self) -> dt.date:
        return self.days[0].date

    @property
    def last(self) -> dt.date:
        return self.days[-1].date


@dataclass(frozen=True)
class Entry:
    """What the paper says of one day. The id is the page's, so that sending twice stores once."""

    session_id: uuid.UUID
    date: dt.date
    done: frozenset[str]  # exercise codes
    times: int = 1
    pain_after: int | None = None
    falls: int | None = None


def grid(patient: Patient, last: dt.date) -> Grid:
    """What was on the patient's plan in the week to `last`; a fixed number of queries."""
    today = patient.clinic.today()
    last = min(max(last, today - FURTHEST + dt.timedelta(days=DAYS)), today)
    first = last - dt.timedelta(days=DAYS - 1)
    plans = Plan.objects.frozen().filter(patient=patient).select_related("clinic", "patient")
    courses = Course.load(plans)
    stored = list(
        Session.objects.current()
        .filter(patient=patient, done_on__range=(first, last))
        .order_by("done_at")
    )
    dates = [first + dt.timedelta(days=offset) for offset in range(DAYS)]
    days = [_day(date, courses, stored) for date in dates]
    rows = {row.shown.code: row.shown.plain_title for day in days for row in day.prescriptions}
    return Grid(days, list(rows.items()))


def _day(date: dt.date, courses: list[Course], stored: list[Session]) -> PaperDay:
    course = _on_paper(date, courses)
    phase = course.phase_on(date) if course else None
    rows = course.in_phase(phase) if course and phase else []
    asked = course.asked_on(date, phase) if course and phase else []
    return PaperDay(
        date=date,
        plan=course.plan if course else None,
        prescriptions=rows,
        stored=[session for session in stored if session.done_on == date],
        times_due=max((row.times_per_day for row in asked), default=0),
    )


def _on_paper(date: dt.date, courses: list[Course]) -> Course | None:
    """What was in force at noon; else, on a day of change, what was in force at all."""
    at_noon = [one for one in courses if _noon(date, one) and one.first <= date]
    all_day = [one for one in courses if one.first <= date and (not one.last or date <= one.last)]
    return next(iter(at_noon or reversed(all_day)), None)


def _noon(date: dt.date, course: Course) -> bool:
    noon = dt.datetime.combine(date, dt.time(12), tzinfo=course.plan.clinic.zone)
    plan = course.plan
    assert plan.effective_at is not None
    return plan.effective_at <= noon and (plan.closed_at is None or plan.closed_at > noon)
