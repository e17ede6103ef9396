"""The audit trail: what is in it, who can write it, and whether it is as it was written."""

import datetime as dt
import uuid
from urllib.parse import urlencode

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from wagtail.models import Page

from accounts import audit, wall
from accounts.actions import remove_factors
from accounts.audit import Action
from accounts.models import AuditEvent, Clinic
from accounts.models.audit import PLATFORM
from accounts.permissions import Role
from tests.as_role import WEB, WORKER, as_role
from tests.conftest import PASSWORD, client_of
from tests.trail import ask, newest, seal

pytestmark = pytest.mark.django_db


# Who can write it


@pytest.mark.parametrize("role", [WEB, WORKER])
def test_nobody_writes_but_by_the_one_function(role, priya, ana):
    seal()
    event = AuditEvent.objects.filter(patient_id=ana.pk).first()
    values = "(gen_random_uuid(), now() - interval '1 year', %s, %s, '{}', 'Me', '', 'x', '', '{}')"
    columns = (
        "id, at, clinic_id, patient_id, named, actor_name, actor_role, action, subject_id, detail"
    )
    with as_role(role), wall.acting(priya):
        for sql, given in [
            (f"INSERT INTO accounts_auditevent ({columns}) VALUES {values}",
             [ana.clinic_id, ana.pk]),
            ("UPDATE accounts_auditevent SET at = now() WHERE id = %s", [event.pk]),
            ("DELETE FROM accounts_auditevent WHERE id = %s", [event.pk]),
            ("INSERT INTO accounts_auditlink SELECT * FROM accounts_auditlink", []),
            ("UPDATE accounts_auditlink SET digest = ''", []),
            ("DELETE FROM accounts_auditlink", []),
            ("TRUNCATE accounts_auditlink", []),
            ("ALTER TABLE accounts_auditevent DISABLE TRIGGER accounts_audit_sealed", []),
            ("DROP TRIGGER accounts_audit_sealed ON accounts_auditevent", []),
            ("CREATE OR REPLACE FUNCTION accounts_audit_seal() RETURNS trigger"
             " LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'", []),
        ]:  # fmt: skip
            with pytest.raises(DatabaseError) as error, transaction.atomic():
                ask(sql, *given)
            words = str(error.value)
            assert "permission denied" in words or "must be owner" in words, sql


def test_an_event_is_of_now_and_named_by_the_database(priya, ana):
    with as_role(WEB), wall.acting(priya):
        audit.record(action=Action.PATIENT_READ, by=priya, patient=ana)
    event = newest(Action.PATIENT_READ)
    assert abs(event.at - timezone.now()) < dt.timedelta(minutes=1)
    assert (event.actor_name, event.actor_role) == ("Priya Therapist", Role.THERAPIST)
    assert (event.clinic_id, event.patient_id) == (ana.clinic_id, ana.pk)


@pytest.mark.parametrize("whole", ["", "on"])
def test_no_event_is_forged(whole, priya, colm, ana, olive, olivia):
    forged = [
        {"by": colm, "patient": ana},
        {"by": priya, "patient": olivia},
        {"by": priya, "patient": uuid.uuid4()},
        {"by": priya, "clinic_id": olive.clinic_id},
    ]
    for event in forged:
        with as_role(WEB), wall.acting(priya):
            ask("SELECT set_config('footing.whole', %s, true)", whole)
            with pytest.raises(DatabaseError, match="an event"), transaction.atomic():
                audit.record(action=Action.PATIENT_READ, **event)
    assert newest(Action.PATIENT_READ) is None
    with as_role(WEB), pytest.raises(DatabaseError, match="an event"), transaction.atomic():
        audit.record(action=Action.CONTENT_CHANGED, by=priya)  # by whom nobody was told


def test_the_platforms_own_part_is_read_by_nobody_else(root, priya, ed):
    audit.record(action=Action.CONTENT_CHANGED, by=root)
    with as_role(WEB):
        for asker, sees in [(root, True), (priya, False), (ed, False)]:
            with wall.acting(asker):
                assert AuditEvent.objects.filter(clinic_id=PLATFORM).exists() is sees


# What is in it


def test_each_way_of_signing_in_and_out_is_an_event(client, priya):
    client.post("/account/login/", {"login": priya.email, "password": PASSWORD})
    event = newest(Action.SIGNED_IN)
    assert (event.actor_id, event.clinic_id) == (priya.uuid, priya.clinic_id)
    assert event.detail == {"methods": ["password"], "address": "127.0.0.1"}
    client.post("/account/logout/")
    assert newest(Action.SIGNED_OUT).actor_id == priya.uuid


def test_a_failure_names_whose_account_was_tried_and_never_what_was_typed(client, priya):
    client.post("/account/login/", {"login": priya.email.upper(), "password": "Hunter2-hunter2"})
    event = newest(Action.SIGN_IN_FAILED)
    assert (event.actor_id, event.actor_role) == (None, "stranger")
    assert (event.subject_id, event.clinic_id) == (str(priya.uuid), priya.clinic_id)
    client.post("/account/login/", {"login": "my-password@typed.test", "password": "x"})
    event = AuditEvent.objects.filter(action=Action.SIGN_IN_FAILED, clinic_id=PLATFORM).get()
    assert event.subject_id == ""
    for event in AuditEvent.objects.filter(action=Action.SIGN_IN_FAILED):
        assert "unter2" not in str(event.detail)
        assert "typed" not in str(event.detail)


def test_being_locked_out_is_an_event(client, priya):
    for _ in range(7):
        client.post("/account/login/", {"login": priya.email, "password": "wrong-wrong"})
    assert newest(Action.SIGN_IN_LOCKED).subject_id == str(priya.uuid)


def test_a_wrong_password_of_somebody_logged_in_is_theirs(as_priya, priya):
    as_priya.post("/account/reauthenticate/", {"password": "wrong-wrong"})
    event = newest(Action.SIGN_IN_FAILED)
    assert (event.actor_id, event.subject_id) == (priya.uuid, str(priya.uuid))


def test_a_new_password_is_an_event(client, priya):
    client.post("/account/login/", {"login": priya.email, "password": PASSWORD})
    new = "seven-quiet-otters-swim"
    client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert newest(Action.PASSWORD_CHANGED).actor_id == priya.uuid


def test_accounts_are_followed_however_they_are_changed(priya, clinic):
    event = AuditEvent.objects.get(action=Action.ACCOUNT_ADDED, subject_id=str(priya.uuid))
    assert (event.actor_name, event.detail["role"]) == ("A command", "therapist")
    ask("UPDATE accounts_user SET role = 'clinic_admin' WHERE id = %s", priya.pk)
    changed = newest(Action.ACCOUNT_CHANGED)
    assert changed.detail == {"changed": {"role": ["therapist", "clinic_admin"]}}
    assert changed.clinic_id == clinic.pk
    ask("UPDATE accounts_user SET last_login = now() WHERE id = %s", priya.pk)
    assert newest(Action.ACCOUNT_CHANGED) == changed


def test_of_a_patients_address_only_that_it_changed_is_kept(ana):
    ask("UPDATE accounts_user SET email = 'new@patients.test' WHERE id = %s", ana.user.pk)
    assert newest(Action.ACCOUNT_CHANGED).detail == {"changed": {"email": None}}


def test_settings_are_followed_with_before_and_after(priya, clinic):
    with as_role(WEB), wall.acting(priya):
        ask("UPDATE accounts_clinic SET phone = '555 0199' WHERE id = %s", clinic.pk)
    event = newest(Action.CLINIC_CHANGED)
    assert event.detail == {"changed": {"phone": [clinic.phone, "555 0199"]}}
    assert (event.actor_id, event.clinic_id) == (priya.uuid, clinic.pk)


def test_passkeys_that_a_command_removed_are_an_event(priya):
    remove_factors(user=priya)
    assert newest(Action.FACTOR_REMOVED) is None
    priya.authenticator_set.create(type="webauthn", data={})
    remove_factors(user=priya)
    assert newest(Action.FACTOR_REMOVED).actor_name == "A command"


@pytest.mark.parametrize("who", ["colm", "olive", "ana", "ed"])
def test_a_refused_page_about_a_patient_is_an_event(who, bert, ana, colm, olive, ed, priya):
    """A colleague's try is on the patient's record; another clinic's is on its own alone."""
    asker = {"colm": colm, "olive": olive, "ana": ana.user, "ed": ed}[who]
    assert client_of(asker).get(f"/workspace/patients/{ana.pk}/record/").status_code == 404
    event = newest(Action.ACCESS_REFUSED)
    assert (event.actor_id, event.clinic_id) == (asker.uuid, asker.clinic_id)
    assert event.detail == {"page": "workspace:patient_record", "status": 404}
    assert event.subject_id == str(ana.pk)
    assert event.patient_id == (None if who in ("olive", "ed") else ana.pk)


def test_a_forbidden_act_is_an_event(ana, ruth):
    assert client_of(ruth).get(f"/workspace/patients/{ana.pk}/episode/").status_code == 403
    event = newest(Action.ACCESS_REFUSED)
    assert (event.patient_id, event.detail["status"]) == (ana.pk, 403)


def test_each_act_in_wagtails_admin_is_an_event(root):
    client = client_of(root)
    added = client.post("/cms/collections/add/", {"name": "Feet", "parent": 1})
    assert added.status_code == 302, added.content
    event = newest(Action.CONTENT_CHANGED)
    assert (event.actor_id, event.actor_role) == (root.uuid, "platform")
    assert event.clinic_id == PLATFORM
    assert event.detail["page"] == "wagtailadmin_collections:add"
    client.post("/cms/collections/add/", {"name": ""})
    assert AuditEvent.objects.filter(action=Action.CONTENT_CHANGED).count() == 1


def test_what_wagtail_refuses_is_no_change(olive, priya):
    """It leads home with a message; that is a refusal, too."""
    assert Clinic.objects.exclude(pk=olive.clinic_id).exists()
    assert client_of(olive).post("/cms/sources/import/").status_code == 302
    page = Page.objects.get(slug="numb-feet")
    for ask_by in (client_of(olive).get, client_of(olive).post):
        ask_by(f"/cms/pages/{page.pk}/edit/")
    assert newest(Action.CONTENT_CHANGED) is None
    assert AuditEvent.objects.filter(action=Action.ACCESS_REFUSED).count() == 3


def test_whoever_tries_addresses_fills_no_table(as_ana, ana, monkeypatch):
    monkeypatch.setattr("accounts.witness.MOST_REFUSALS", 3)
    for _ in range(5):
        as_ana.get(f"/portal/session/{uuid.uuid4()}/done/")
    assert AuditEvent.objects.filter(action=Action.ACCESS_REFUSED).count() == 3


@pytest.mark.parametrize("typed", ["\x00", r"\u0000", "\ud800", "9" * 5000])
def test_odd_signs_in_an_address_are_no_500(typed, root):
    client = client_of(root)
    client.post(f"/cms/collections/add/?{urlencode({'id': typed.encode(errors='replace')})}",
                {"name": "Feet", "parent": 1})  # fmt: skip
    assert newest(Action.CONTENT_CHANGED).detail["page"] == "wagtailadmin_collections:add"


def test_a_download_from_wagtails_admin_is_an_event(root):
    assert client_of(root).get("/cms/reports/site-history/?export=csv").status_code == 200
    assert newest(Action.CONTENT_EXPORTED).actor_id == root.uuid
