"""What changed is found by when: nothing that happens to a record is missed by who asks again."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts import staff
from accounts.models import User
from patients.actions import episodes
from patients.actions import patients as patient_actions
from programs.actions import alert_work, monitoring, pauses, phases, restrictions
from programs.models import Alert, CheckIn, MonitoringCare, Plan
from tests.fhir.apps import (
    ask,
    by_name,
    every,
    found,
)
from tests.fhir.conftest import do

pytestmark = pytest.mark.django_db


def changes(record, priya):
    """Everything that can happen to a record, and the kinds that say so."""
    episode = record.episodes.get()
    newest = Plan.objects.filter(patient=record).order_by("version").last()
    alert = Alert.objects.filter(patient=record, acknowledged_at=None, severity="moderate").first()
    care = MonitoringCare.objects.get(patient=record)
    return {
        "name": ("Patient", lambda: patient_actions.change(
            patient=record, by=priya, first_name="Anna")),
        "finding": ("Condition", lambda: episodes.change_episode(
            episode=episode, by=priya, walking_aid="cane")),
        "session": ("Procedure", lambda: do(newest, record, 0)),
        "pause": ("CarePlan", lambda: pauses.pause(
            plan=newest, why="flare", by=priya, last=record.clinic.today() + dt.timedelta(2))),
        "resume": ("CarePlan", lambda: pauses.resume(plan=newest, by=priya)),
        "phase": ("Goal", lambda: phases.start(
            phase=newest.phases.get(number=2), by=priya, reason="Steady")),
        "alert": ("Task", lambda: alert_work.snooze(
            alert=alert, until=timezone.now() + dt.timedelta(hours=1), by=priya,
            words="She is at work until noon.")),
        "restriction": ("Flag", lambda: restrictions.impose(
            episode=episode, kind="standing", why="Dizzy again on rising.", by=priya)),
        "misfit": ("Flag", lambda: misfit(record, episode)),
        "therapist": ("CareTeam", lambda: staff.change(
            user=priya, by=User.objects.get(email__startswith="ruth"), last_name="Nayar")),
        "colleague": ("Practitioner", lambda: staff.change(
            user=priya, by=User.objects.get(email__startswith="ruth"), credentials="PT")),
        "consent": ("Consent", lambda: monitoring.change(
            care=care, by=priya, withdrawn_on=record.clinic.today())),
    }  # fmt: skip


def misfit_first(record):
    """An alert that holds one exercise back already."""
    plan = Plan.objects.filter(patient=record).order_by("version").last()
    alert = Alert.objects.create(
        patient=record, plan=plan, rule="A24", severity="high", message="It no longer fits.",
        raised_at=timezone.now(), due_at=timezone.now(),
    )  # fmt: skip
    restrictions.of_misfits(alert, record.episodes.get(), ["G01"])


def misfit(record, episode):
    """A finding with which exercises no longer fit, and one more."""
    alert = Alert.objects.filter(patient=record, plan__isnull=False).first()
    restrictions.of_misfits(alert, episode, ["G02"])


@pytest.mark.parametrize(
    "what", ["name", "finding", "session", "pause", "phase", "alert", "restriction", "misfit",
             "therapist", "colleague", "consent"],
)  # fmt: skip
def test_what_changed_is_found_by_when(what, record, system, priya):
    kind, change = changes(record, priya)[what]
    if what == "misfit":
        misfit_first(record)
    whose = "" if kind in {"Patient", "Practitioner"} else f"patient={record.pk}&"
    begin = timezone.now() + dt.timedelta(milliseconds=2)  # moments are told to one
    address = f"{kind}?{whose}_lastUpdated=ge{begin.isoformat().replace('+', '%2B')}"
    assert not [one for one in found(ask(system, address)) if one["id"] == str(record.pk)]
    before = by_name(every(system, f"{kind}?{whose}_count=500"))
    assert not [name for name in by_name(found(ask(system, address))) if name in before]
    change()
    after = by_name(every(system, f"{kind}?{whose}_count=500"))
    news = {name for name, one in after.items() if before.get(name) != one}
    assert news
    assert news <= set(by_name(every(system, f"{address}&_count=500")))


def test_a_pause_that_is_taken_back_at_once_is_news_too(record, system, priya):
    known = changes(record, priya)
    pauses.withdraw(
        pause=record.episodes.get().pauses.get(),
        plan=Plan.objects.filter(patient=record).order_by("version").last(), by=priya,
    )  # fmt: skip
    known["pause"][1]()
    paused = found(ask(system, f"CarePlan?patient={record.pk}&status=on-hold"))
    assert len(paused) == 1
    begin = timezone.now().isoformat().replace("+", "%2B")
    known["resume"][1]()
    news = found(ask(system, f"CarePlan?patient={record.pk}&_lastUpdated=ge{begin}"))
    assert paused[0]["id"] in {one["id"] for one in news}


def test_what_comes_late_from_a_device_is_new_when_it_arrives(record, system, plan_of):
    begin = timezone.now().isoformat().replace("+", "%2B")
    late = do(plan_of, record, 3)
    news = found(ask(system, f"Procedure?patient={record.pk}&_lastUpdated=gt{begin}"))
    assert [one["id"] for one in news] == [str(late.pk)]
    assert CheckIn.objects.filter(patient=record, received_at__isnull=False).exists()
