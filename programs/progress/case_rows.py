"""What a list shows of each of its patients: the rows of one page, in a fixed number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from accounts.compiled import compiled
from accounts.models import Clinic, User
from patients.models import CareTeamMember, Episode, Patient
from programs.course import red_flags, response
from programs.course.course import Course, in_force
from programs.course.silence import Silence, silence
from programs.models import Alert, Pause, Plan, PlanPhase, Session
from programs.progress.fortnight import Fortnight, first_day, fortnight

if TYPE_CHECKING:
    from programs.course.red_flags import PlanWithFlagsOverTime
    from programs.models.session import CountedSession

SPARK_WIDTH, SPARK_HEIGHT = 84, 20


@dataclass(frozen=True)
class Spark:
    """Worst pain of each session of the last 14 days as a line, 0 to 10, in the drawing's units."""

    points: list[tuple[float, float]]

    @property
    def line(self) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.points)

    @property
    def last(self) -> tuple[float, float]:
        return self.points[-1]


@dataclass(frozen=True)
class Row:
    """One patient in the list; `last_on` is the day of the last session ever, `course` the plan
    in force, `asks` whether something that was written waits for an answer.
    """

    patient: Patient
    episode: Episode | None
    course: Course | None
    alerts: list[Alert]
    fortnight: Fortnight
    pain: list[tuple[dt.date, int]]
    last_on: dt.date | None
    silence: Silence | None
    team: list[User]
    asks: bool
    today: dt.date

    @property
    def plan(self) -> Plan | None:
        return self.course.plan if self.course else None

    @property
    def phase(self) -> PlanPhase | None:
        return self.course.phase_on(self.today) if self.course else None

    @property
    def pause(self) -> Pause | None:
        return self.course.pause_on(self.today) if self.course else None

    @property
    def last_pain(self) -> int | None:
        return self.pain[-1][1] if self.pain else None

    @property
    def spark(self) -> Spark | None:
        """None where there is no line to draw."""
        if len(self.pain) < 2:
            return None
        begin = first_day(self.today)
        span = (self.today - begin).days
        inner = SPARK_HEIGHT - 6
        return Spark(
            [
                (3 + (SPARK_WIDTH - 6) * (day - begin).days / span, 3 + inner * (1 - value / 10))
                for day, value in self.pain
            ]
        )

    @property
    def worst(self) -> Alert | None:
        return self.alerts[0] if self.alerts else None


def with_last_session(patients: QuerySet[Any]) -> QuerySet[Any]:
    """Annotated with `last_session_on`, the day of the last session, or None."""
    done = Session.objects.current().filter(patient=OuterRef("pk")).order_by("-done_at")
    return patients.annotate(last_session_on=Subquery(done.values("done_on")[:1]))


def load(patients: Sequence[Any], clinic: Clinic, asking: Collection[UUID]) -> list[Row]:
    """A row for each, in their order. All are of one clinic, and come `with_last_session`; those
    in `asking` wait for an answer.
    """
    today, ids = clinic.today(), [patient.pk for patient in patients]
    for patient in patients:
        patient.clinic = clinic
    episodes = {one.patient_id: one for one in _newest_last(ids)}
    plans = _plans(ids, clinic, today)
    loaded = Course.load(plans.values(), to_count=True)
    courses = _grouped(loaded, lambda course: course.plan.patient_id)
    sessions = _grouped(_sessions(ids, first_day(today)), lambda one: one.patient_id)
    alerts = _grouped(_alerts(ids), lambda alert: alert.patient_id)
    teams = _grouped(_teams(ids), lambda member: member.patient_id)
    return [
        _row(
            patient,
            episodes.get(patient.pk),
            courses[patient.pk],
            plans,
            sessions[patient.pk],
            alerts[patient.pk],
            [member.therapist for member in teams[patient.pk]],
            patient.pk in asking,
            today,
        )
        for patient in patients
    ]


def _row(
    patient: Any,
    episode: Episode | None,
    courses: list[Course],
    plans: "dict[UUID, PlanWithFlagsOverTime]",
    sessions: "list[CountedSession]",
    alerts: list[Alert],
    team: list[User],
    asks: bool,
    today: dt.date,
) -> Row:
    now = in_force(courses, today)
    feeling = episode.sensation if episode else ""
    pains = [(one.done_on, response.worst_pain(one)) for one in sessions]
    return Row(
        patient,
        episode,
        now,
        alerts,
        fortnight(courses, sessions, feeling=feeling, today=today),
        [(day, value) for day, value in pains if value is not None],
        patient.last_session_on,
        silence(now, plans[now.plan.pk], patient.last_session_on, today) if now else None,
        team,
        asks,
        today,
    )


@compiled
def _alerts(ids: list[UUID]) -> QuerySet[Alert]:
    waiting: QuerySet[Alert] = Alert.objects.filter(patient__any_of=ids).open().worst_first()
    return waiting.select_related("owner")


@compiled
def _teams(ids: list[UUID]) -> QuerySet[CareTeamMember]:
    found = CareTeamMember.objects.filter(patient__any_of=ids, ended_at=None)
    return found.select_related("therapist")


@compiled
def _newest_last(ids: list[UUID]) -> QuerySet[Episode]:
    """The open episode of each comes last, else the one that was closed last."""
    found: QuerySet[Episode] = Episode.objects.filter(patient__any_of=ids)
    return found.order_by(F("closed_at").asc(nulls_last=True))


def _plans(ids: list[UUID], clinic: Clinic, today: dt.date) -> "dict[UUID, PlanWithFlagsOverTime]":
    """The versions that held at some time of these days, with the flags of their episodes."""
    begin = dt.datetime.combine(first_day(today), dt.time.min, clinic.zone)
    plans = {plan.pk: plan for plan in _held_since(ids, begin)}
    for plan in plans.values():
        plan.clinic = clinic
    return plans


@compiled
def _held_since(ids: list[UUID], begin: dt.datetime) -> "QuerySet[PlanWithFlagsOverTime]":
    lately = Plan.objects.frozen().filter(patient__any_of=ids)
    lately = lately.filter(Q(closed_at=None) | Q(closed_at__gte=begin))
    return red_flags.with_flags_over_time(lately)


@compiled
def _sessions(ids: list[UUID], first: dt.date) -> "QuerySet[CountedSession]":
    recent = Session.objects.current().filter(patient__any_of=ids, done_on__gte=first)
    found: QuerySet[CountedSession] = recent.with_done().order_by("done_at")
    return found


def _grouped(rows: Iterable[Any], key: Any) -> defaultdict[UUID, list[Any]]:
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found
