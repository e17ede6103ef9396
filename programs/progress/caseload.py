"""A therapist's list of patients: who needs them, who went silent, who is calm."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Clinic, User
from patients.models import Patient, with_unread
from programs.course import red_flags, response
from programs.course.course import Course
from programs.course.silence import SILENT_DAYS_FIRST_PHASE, Silence, silence
from programs.models import Alert, Pause, PhaseStart, Plan, Session
from programs.models.alert import Code, Severity

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

SILENCE_RULES = {Code.A15, Code.A16}  # no log, and with it too few
STRIP_DAYS = 14


class InPlan(TypedDict):
    """What `patients_with_plan` adds; all of it None without a plan, a session or a pause."""

    plan_title: str | None
    plan_starts_on: dt.date | None
    phase_title: str | None
    last_session_on: dt.date | None
    paused_until: dt.date | None


if TYPE_CHECKING:
    PatientInPlan = WithAnnotations[Patient, InPlan]


@dataclass
class Row:
    """One patient in the list. `strip` is the color of each of the last 14 days, oldest first."""

    patient: "PatientInPlan"
    alerts: list[Alert] = field(default_factory=list)
    strip: list[str] = field(default_factory=list)
    last_pain: int | None = None
    silence: Silence | None = None

    @property
    def is_paused(self) -> bool:
        until = self.patient.paused_until
        return until is not None and until >= self.patient.clinic.today()

    @property
    def may_be_silent(self) -> bool:
        """Without a look at the plan's days: long enough without a log."""
        known = (self.patient.last_session_on, self.patient.plan_starts_on)
        last = max((day for day in known if day is not None), default=None)
        days = (self.patient.clinic.today() - last).days if last else 0
        return self.has_plan and not self.is_paused and days >= SILENT_DAYS_FIRST_PHASE

    @property
    def is_only_silent(self) -> bool:
        """Silent, and nothing else than the alerts that follow from it."""
        return self.silence is not None and all(
            alert.rule in SILENCE_RULES for alert in self.alerts
        )

    @property
    def has_plan(self) -> bool:
        return bool(self.patient.plan_title)


@dataclass(frozen=True)
class Caseload:
    rows: list[Row]

    @property
    def needs_me(self) -> list[Row]:
        """With open alerts, the worst first; who is only silent has a list of their own."""
        rows = [row for row in self.rows if row.alerts and not row.is_only_silent]
        return sorted(rows, key=lambda row: Severity(row.alerts[0].severity).rank)

    @property
    def silent(self) -> list[Row]:
        return [row for row in self.rows if row.is_only_silent]


def patients_with_plan(patients: QuerySet[Patient], today: dt.date) -> "QuerySet[PatientInPlan]":
    """Annotated with the title, phase and start of the plan in force, the last session's date, and
    the last paused day: today or later while a pause runs.
    """
    pauses = Pause.objects.filter(
        patient=OuterRef("pk"), episode__closed_at=None, first__lte=today
    ).annotate(until=Coalesce("last", Value(today)))
    now = timezone.now()
    in_force = Plan.objects.as_of(now).filter(patient=OuterRef("pk"))
    phase = PhaseStart.objects.filter(
        plan__in=Plan.objects.as_of(now), plan__patient=OuterRef("pk"), on__lte=today
    ).order_by("-on", "-at")
    last = Session.objects.current().filter(patient=OuterRef("pk")).order_by("-done_at")
    return patients.annotate(
        plan_title=Subquery(in_force.values("title")[:1]),
        plan_starts_on=Subquery(in_force.values("starts_on")[:1]),
        phase_title=Subquery(phase.values("phase__title")[:1]),
        last_session_on=Subquery(last.values("done_on")[:1]),
        paused_until=Subquery(pauses.order_by("-until").values("until")[:1]),
    )


def caseload(user: User, *, search: str = "") -> Caseload:
    """All that the list shows, in six queries whatever its length."""
    visible = Patient.objects.visible_to(user).named(search)
    if user.clinic is None:  # a platform administrator sees no patient
        return Caseload([])
    patients = list(patients_with_plan(with_unread(visible, user), user.clinic.today()))
    for patient in patients:
        # All of one clinic: the user's, which is loaded.
        patient.clinic = user.clinic
    rows = {patient.pk: Row(patient) for patient in patients}
    for alert in Alert.objects.filter(patient__in=rows).open().worst_first():
        rows[alert.patient_id].alerts.append(alert)
    _add_strips(list(rows.values()), user)
    _add_silence([row for row in rows.values() if row.may_be_silent], user.clinic)
    return Caseload(list(rows.values()))


def _add_silence(rows: Sequence[Row], clinic: Clinic) -> None:
    """By the plan in force of each; three queries, none without rows."""
    by_patient = {row.patient.pk: row for row in rows}
    if not by_patient:
        return
    in_force = Plan.objects.as_of(timezone.now()).filter(patient__in=by_patient)
    plans = {plan.pk: plan for plan in red_flags.with_flags_over_time(in_force)}
    for plan in plans.values():
        plan.clinic = clinic
    for course in Course.load(plans.values()):
        row = by_patient[course.plan.patient_id]
        row.silence = silence(
            course, plans[course.plan.pk], row.patient.last_session_on, clinic.today()
        )


def _add_strips(rows: Sequence[Row], user: User) -> None:
    if user.clinic is None:
        return
    today = user.clinic.today()
    first = today - dt.timedelta(days=STRIP_DAYS - 1)
    by_patient: defaultdict[object, list[Session]] = defaultdict(list)
    by_day: defaultdict[tuple[object, dt.date], list[response.Color]] = defaultdict(list)
    recent = Session.objects.current().filter(
        patient__in=[row.patient.pk for row in rows], done_on__gte=first
    )
    for session in recent.annotate(feeling=F("plan__episode__sensation")).order_by("done_at"):
        by_patient[session.patient_id].append(session)
        by_day[session.patient_id, session.done_on].append(
            response.color(session, feeling=session.feeling)
        )
    days = [first + dt.timedelta(days=offset) for offset in range(STRIP_DAYS)]
    for row in rows:
        sessions = by_patient[row.patient.pk]
        row.strip = [_worst(by_day[row.patient.pk, day]) for day in days]
        pains = [worst for one in sessions if (worst := response.worst_pain(one)) is not None]
        row.last_pain = pains[-1] if pains else None


_WORST_FIRST = [
    response.Color.RED,
    response.Color.AMBER,
    response.Color.UNKNOWN,
    response.Color.GREEN,
]


def _worst(of_a_day: Sequence[response.Color]) -> str:
    """The worst color of a day's sessions, 'none' for a day without a log."""
    return min(of_a_day, key=_WORST_FIRST.index).value if of_a_day else "none"
