"""Raising what time raises, once."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts import wall
from accounts.models import Clinic
from patients.models import Patient
from programs.actions import raising
from programs.alerts import of_time
from programs.alerts.due import due_at
from programs.alerts.of_time import WINDOW_DAYS, Found
from programs.course import red_flags, silence
from programs.course.course import Course
from programs.models import Alert, Plan, Session
from programs.models.alert import Code
from programs.progress import answered

if TYPE_CHECKING:
    from programs.course.red_flags import PlanWithFlagsOverTime


def of_clinic(clinic: Clinic) -> list[Alert]:
    """Look at each patient with a plan in force. Safe to run twice, and at the same time.

    Each patient in a transaction of their own, so that nobody's session waits for all the others.
    """
    with wall.in_clinic(clinic.pk):
        in_force = Plan.objects.as_of(timezone.now()).filter(clinic=clinic)
        held = Patient.objects.filter(pk__in=in_force.values("patient"))
        patients = list(held.select_related("clinic"))
    raised = []
    for patient in patients:
        with wall.in_clinic(clinic.pk):
            raised += of_patient(patient)
    return raised


@transaction.atomic
def of_patient(patient: Patient) -> list[Alert]:
    """The alerts that are new. The patient is held: two workers look one after the other."""
    Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    in_force = Plan.objects.as_of(timezone.now()).filter(patient=patient)
    plan = red_flags.with_flags_over_time(in_force.select_related("episode", "clinic")).first()
    if plan is None:
        return []
    return [_raised(plan, one) for one in _found(plan, patient) if _is_new(plan, one)]


def _found(plan: "PlanWithFlagsOverTime", patient: Patient) -> list[Found]:
    date = patient.clinic.today()
    plans = Plan.objects.frozen().filter(episode=plan.episode).select_related("clinic")
    courses = Course.load(plans)
    course = next(one for one in courses if one.plan == plan)
    check_ins = answered.of_episode(plan.episode)
    known = answered.versions_of(check_ins)
    scored = answered.scored(check_ins, known)
    begun = min(one.first for one in courses)
    days = [begun + dt.timedelta(days=ahead) for ahead in range((date - begun).days)]
    found: list[Found | None] = [
        *of_time.worse_reviews(scored, known, date),
        of_time.no_change(
            scored,
            known,
            date,
            days_of_care=sum(course.pause_on(day) is None for day in days),
            begun=begun,
        ),
        *of_time.weaker_or_slower(scored, known, date),
    ]
    if not silence.is_kept_from_all(course, plan, date):
        found += _about_sessions(plan, patient, courses, course)
    return [one for one in found if one is not None]


def _about_sessions(
    plan: "PlanWithFlagsOverTime", patient: Patient, courses: list[Course], course: Course
) -> list[Found | None]:
    date = patient.clinic.today()
    sessions = Session.objects.current().filter(patient=patient, plan__episode=plan.episode)
    last_log = sessions.aggregate(last=Max("done_on"))["last"]
    recent = sessions.filter(done_on__gte=date - dt.timedelta(days=WINDOW_DAYS))
    held = [one for one in courses if one.first <= date]
    return [
        of_time.silent(silence.silence(course, plan, last_log, date)),
        of_time.low_adherence(
            held, recent.done_by_day(), date, free_since=silence.freed_on(course, plan)
        )
        if held
        else None,
    ]


def _is_new(plan: Plan, found: Found) -> bool:
    """Not raised before for the same day, none of its kind open, and no window told twice."""
    same = Alert.objects.filter(
        rule=found.rule, patient=plan.patient_id, plan__episode=plan.episode
    )
    since = found.since
    if found.rule == Code.A16:  # its days move on with the calendar: the next 14 are another matter
        since -= dt.timedelta(days=WINDOW_DAYS - 1)
        told = same.filter(since__gte=since)
    else:
        told = same.filter(since=since)
    return not (told.exists() or same.open().exists())


def _raised(plan: Plan, found: Found) -> Alert:
    alert: Alert = Alert.objects.create(
        patient_id=plan.patient_id,
        clinic_id=plan.clinic_id,
        plan=plan,
        rule=found.rule,
        severity=found.severity,
        message=found.message,
        since=found.since,
        raised_at=timezone.now(),
        due_at=due_at(found.severity, timezone.now(), plan.clinic),
        owner=raising.first_owner(plan.patient),
    )
    raising.record([alert])
    raising.tell([alert])
    return alert
