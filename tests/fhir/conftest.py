"""Ana's record with something of each kind that goes to another clinic."""

import datetime as dt
import json
import uuid

import pytest
from django.utils import timezone

from fhir.record import as_bundle
from patients.actions import consents, earlier_records, episodes
from patients.earlier import Course, Earlier
from programs.actions import (
    check_ins,
    corrections,
    monitoring,
    pauses,
    phases,
    plans,
    restrictions,
    sessions,
    sign_reports,
)
from programs.actions.sessions import Log
from programs.models import Measure, Plan, ProgressForm
from programs.models.restriction import Kind
from programs.models.session import Source
from tests.conftest import form_of, make_patient, make_plan
from tests.fhir.apps import clinic_app, patient_app, patient_token, system_token
from tests.fhir.hospital import open_hospital
from tests.stage import kept

FULL = {
    "pain_before": 3, "pain_after": 4, "effort": 5, "feelings": ["tingling", "cold"],
    "numb_regions": ["L_sole_heel"], "settled": "minute", "skin_before": "fine",
    "skin_check": "fine", "falls": 0, "near_falls": 1, "hands": "one", "new_signs": [],
    "note": "Steadier <today>.",
}  # fmt: skip


def at(ana, days_ago):
    day = ana.clinic.today() - dt.timedelta(days=days_ago)
    return dt.datetime.combine(day, dt.time(9), tzinfo=ana.clinic.zone)


def do(plan, ana, days_ago, by=None, logs=None, **answers):
    rows = plan.phases.first().prescriptions.all()
    done = {row.pk: Log("all") for row in rows} if logs is None else logs
    return sessions.record(
        session_id=uuid.uuid4(), plan=plan, done=done, by=by or ana.user, at=at(ana, days_ago),
        **answers,
    )  # fmt: skip


def measure(ana, priya, code, days_ago, replaces=None, note="", **answers):
    newest = Measure.objects.filter(code=code).order_by("version").last()
    return check_ins.record_measure(
        check_in_id=uuid.uuid4(), patient=ana, measure=newest, answers=answers, note=note,
        answered_with="clinic", by=priya, on=ana.clinic.today() - dt.timedelta(days=days_ago),
        replaces=replaces,
    )  # fmt: skip


def _prescribed(episode, priya):
    """Six weeks ago, asking for two forms."""
    draft = make_plan(episode, priya, active=False)
    forms = ProgressForm.objects.filter(clinic=None, code__in=["weekly", "monthly"])
    plans.change(plan=draft, by=priya, forms=forms)
    return plans.activate(plan=draft, by=priya, at=at(episode.patient, 42))


@kept
def record(ana, episode, priya, mara):
    """Six weeks: two versions of the plan, all kinds of sessions, forms, measures and alerts."""
    type(episode).objects.filter(pk=episode.pk).update(opened_at=at(ana, 43))
    episode.refresh_from_db()
    plan = _prescribed(episode, priya)
    screen = episodes.record_screen(episode=episode, present=["spreading"], by=priya)
    episodes.clear_screen(screen=screen, note="Seen by her doctor.", by=priya)
    consents.accept(patient=ana, by=ana.user)
    _sessions(ana, plan, priya, mara)
    _answers(ana, plan, priya)
    sign_reports.record(report_id=uuid.uuid4(), patient=ana, signs=["dizzy"], by=ana.user)
    restrictions.impose(episode=episode, kind=Kind.STANDING, why="Dizzy on rising.", by=priya)
    pauses.pause(plan=plan, why="holiday", by=priya, first=ana.clinic.today() + dt.timedelta(9))
    type(ana.clinic).objects.filter(pk=ana.clinic_id).update(monitoring=True)
    monitoring.begin(
        episode=episode, by=priya, consent_on=ana.clinic.today() - dt.timedelta(20),
        consent_how="spoken", cost_told=True,
    )  # fmt: skip
    phases.start(phase=plan.phases.get(number=2), by=priya, reason="Steady on the chair")
    draft = plans.adapt(plan=plan, by=priya, reason="The next weeks")
    plans.activate(plan=draft, by=priya, reason="The next weeks", gate_reason="Looked at today.")
    return ana


def _sessions(ana, plan, priya, mara):
    do(plan, ana, 30, **FULL)
    do(plan, ana, 28)  # nothing answered
    rows = list(plan.phases.first().prescriptions.all())
    few = {row.pk: Log("none", why_not="tired") for row in rows} | {rows[0].pk: Log("")}
    do(plan, ana, 27, logs=few, falls=1, fall_injury=False, skin_check="changed")
    do(plan, ana, 25, by=priya, source=Source.PAPER, pain_before=0)
    do(plan, ana, 24, by=mara.user, pain_before=2, new_signs=["numb_area"])
    wrong = do(plan, ana, 20, pain_before=9)
    corrections.correct(
        session=wrong, session_id=uuid.uuid4(), done={rows[0].pk: Log("some", held=2)},
        by=ana.user, pain_before=1,
    )  # fmt: skip
    morning = do(plan, ana, 18, settled="not_yet")
    corrections.add_morning(session=morning, settled="next_morning", by=ana.user)
    do(plan, ana, 16, stopped=True, pain_before=3)


def _answers(ana, plan, priya):
    monthly, weekly = form_of(plan, "monthly"), form_of(plan)
    check_ins.record(
        check_in_id=uuid.uuid4(), plan=plan, form=monthly, by=ana.user, note="Long month.",
        answers={
            "M14": {"change": 2}, "M11": {},
            "questions": _questions(monthly, foot_map=[], yes_no=True, text="The calf stretch."),
        },
    )  # fmt: skip
    named = [{"name": "Walk to the shop", "score": 3}, {"name": "Stairs", "score": None}]
    symptoms = {"numb": 4, "tingling": None, "burning": 0, "stabbing": 1}
    check_ins.record(
        check_in_id=uuid.uuid4(), plan=plan, form=weekly, by=ana.user,
        answers={"M2": symptoms, "M4": {"activities": named}}, at=at(ana, 14),
    )  # fmt: skip
    stands = measure(ana, priya, "M5", 12, stands=8, over_half_way=False, arms_used=False)
    measure(ana, priya, "M5", 12, replaces=stands, note="Miscounted.", stands=9,
            over_half_way=True, arms_used=False)  # fmt: skip


def _questions(form, **by_kind):
    """Answers to the form's own questions, by their kinds."""
    own = {part["name"]: part["kind"] for part in form.parts if part["kind"] != "measure"}
    return {name: by_kind.get(kind) for name, kind in own.items()}


def made(patient):
    """The bundle as another program reads it."""
    return json.loads(as_bundle(patient, made_at=timezone.now()))


def earlier_record(patient, by):
    """Something short that another clinic gave along."""
    content = Earlier(courses=[Course("Numb feet")])
    return earlier_records.bring(
        patient=patient, clinic_name="Elsewhere", made_at="2026-01-02", digest="0" * 64,
        content=content, by=by,
    )  # fmt: skip


@pytest.fixture
def hospital(settings):
    """Another record system, as the tests play it."""
    with open_hospital() as server:
        settings.APP_ORIGINS = [server.origin]
        yield server


@pytest.fixture
def lopez(priya):
    """Whom that hospital has open, in a record here."""
    return make_patient(priya, "Ana", last_name="Lopez", birth_date=dt.date(1958, 4, 2))


@pytest.fixture
def bundle(record):
    return made(record)


def of_kind(bundle, kind):
    every = [entry["resource"] for entry in bundle["entry"]]
    return [one for one in every if one["resourceType"] == kind]


@pytest.fixture
def system(record, ruth):
    return system_token(clinic_app(ruth)).json()["access_token"]


@pytest.fixture
def mine(record, ruth):
    return patient_token(patient_app(ruth), record.user)["access_token"]


@pytest.fixture
def plan_of(record):
    return Plan.objects.filter(patient=record).order_by("version").first()
