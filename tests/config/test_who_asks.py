"""Who asks is told to the database once a transaction, and forgotten with it."""

import datetime as dt
import uuid
from unittest.mock import Mock

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts import wall
from accounts.models import User
from accounts.permissions import Role
from patients.actions import invitations
from patients.models import Invitation, Message, Patient
from programs import jobs
from programs.models import Alert, CalendarFeed, ReminderChoice
from tests.as_role import WEB, WORKER, as_role
from tests.conftest import make_clinic, make_episode, make_patient, make_plan, make_user


def ask(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def names():
    return sorted(Patient.objects.values_list("first_name", flat=True))


def test_who_asks_is_forgotten_after_it(priya, olive, ana, olivia):
    with as_role(WEB):
        with wall.acting(priya):
            assert names() == ["Ana"]
            with wall.acting(olive):
                assert names() == ["Olivia"]
            assert names() == ["Ana"]
            with pytest.raises(ZeroDivisionError), wall.acting(olive):
                raise ZeroDivisionError
            assert names() == ["Ana"]
            with pytest.raises(DatabaseError), wall.acting(olive):
                ask("SELECT 1 / 0")
            assert names() == ["Ana"]
            with transaction.atomic():  # a savepoint of an action
                assert names() == ["Ana"]
                transaction.set_rollback(True)
            assert names() == ["Ana"]
        assert names() == []
        with wall.acting(olive):
            assert names() == ["Olivia"]
        assert names() == []


def test_a_connection_that_is_used_again_knows_nobody(committed):
    """Real transactions, one after the other, as on a connection of a pool."""
    askers = {}
    for clinic, name in [("Riverside", "Ana"), ("Elsewhere", "Olivia")]:
        therapist = make_user(make_clinic(clinic), name, Role.THERAPIST, f"{clinic.lower()}.test")
        make_patient(therapist, name)
        askers[name] = therapist
    with as_role(WEB):
        for name in ["Ana", "Olivia", "Ana"]:
            with wall.acting(askers[name]):
                assert names() == [name]
            assert names() == []
            with pytest.raises(ZeroDivisionError), wall.acting(askers[name]):
                raise ZeroDivisionError
            assert names() == []
        assert ask("SELECT coalesce(current_setting('footing.clinic', true), '')") == [("",)]


def test_a_login_without_a_patient_sees_nobody(clinic, ana):
    lost = User.objects.create(email="lost@x.test", clinic=clinic, role=Role.PATIENT)
    with as_role(WEB), wall.acting(lost):
        assert not Patient.objects.exists()


@pytest.mark.parametrize(
    ("model", "column", "key"),
    [
        (Invitation, "id", uuid.UUID(int=7)),
        (Invitation, "code_digest", ""),
        (CalendarFeed, "id", uuid.UUID(int=7)),
        (ReminderChoice, "id", uuid.UUID(int=7)),
    ],
)
def test_a_key_that_is_none_tells_nobody(model, column, key, ana):
    with as_role(WEB), wall.holding(model, key, column=column):
        assert not Patient.objects.exists()


def test_who_holds_a_key_sees_that_patient_alone(ana, bert, olivia, priya):
    invitation = invitations.invite(patient=make_patient(priya, "Dora"), by=priya)
    with as_role(WEB), wall.holding(Invitation, invitation.pk):
        assert names() == ["Dora"]


def test_a_view_that_raises_takes_back_all_it_wrote(as_priya, ana, monkeypatch):
    as_priya.raise_request_exception = False
    address = f"/workspace/patients/{ana.pk}/messages/"
    message = {"text": "See you on Monday."}
    monkeypatch.setattr("workspace.access.audit_if_shown", Mock(side_effect=RuntimeError))
    assert as_priya.post(address, message | {"message_id": uuid.uuid4()}).status_code == 500
    assert not Message.objects.exists()
    monkeypatch.undo()
    assert as_priya.post(address, message | {"message_id": uuid.uuid4()}).status_code == 302
    assert Message.objects.count() == 1


def test_the_hourly_rules_work_as_the_worker(plan, ana, olivia, olive, monkeypatch):
    """For each clinic on its own; nothing is due before the plan has begun for some days."""
    make_plan(make_episode(olivia, olive), olive)
    later = timezone.now() + dt.timedelta(days=9)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    with as_role(WORKER):
        jobs.queue_alerts(timestamp=0)
        for clinic_id in (ana.clinic_id, olivia.clinic_id):
            jobs.raise_alerts(str(clinic_id))
        assert not Alert.objects.exists()
    silent = Alert.objects.filter(rule="A15").values_list("patient", flat=True)
    assert set(silent) == {ana.pk, olivia.pk}


def test_a_function_that_looks_behind_the_wall_leaves_it_standing(ana):
    ask("SELECT set_config('footing.whole', '', true)")
    with wall.acting(ana.user):
        assert ask("SELECT current_setting('footing.whole', true)") == [("",)]
        assert Patient.objects.get() == ana
