"""The audit trail: what is in it, who can write it, and whether it is as it was written."""

import datetime as dt
import uuid
from urllib.parse import urlencode

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from accounts import audit, audit_chain, jobs, wall
from accounts.actions import remove_factors
from accounts.audit import Action
from accounts.models import AuditEvent, AuditLink, Clinic, User
from accounts.models.audit import PLATFORM
from accounts.permissions import Role
from tests.as_role import WEB, WORKER, as_role
from tests.conftest import PASSWORD, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(db):
    return User.objects.create_superuser(email="root@platform.test", password=PASSWORD)


def ask(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else None


def seal():
    """What is done as a transaction commits."""
    ask("SET CONSTRAINTS ALL IMMEDIATE")
    ask("SET CONSTRAINTS ALL DEFERRED")


def tamper(sql, *values):
    """By somebody with all rights."""
    seal()
    for table in ("accounts_auditevent", "accounts_auditlink"):
        ask(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    ask(sql, *values)
    for table in ("accounts_auditevent", "accounts_auditlink"):
        ask(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def newest(action):
    return AuditEvent.objects.filter(action=action).first()


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
def test_odd_signs_in_an_address_are_no_500(typed, root, ruth):
    client = client_of(root)
    client.post(f"/cms/collections/add/?{urlencode({'id': typed.encode(errors='replace')})}",
                {"name": "Feet", "parent": 1})  # fmt: skip
    assert newest(Action.CONTENT_CHANGED).detail["page"] == "wagtailadmin_collections:add"
    assert audit_page(ruth, patient=typed.encode(errors="replace").decode()).status_code == 200


def test_a_download_from_wagtails_admin_is_an_event(root):
    assert client_of(root).get("/cms/reports/site-history/?export=csv").status_code == 200
    assert newest(Action.CONTENT_EXPORTED).actor_id == root.uuid


# Whether it is as it was written


def test_a_chain_holds_and_goes_on(priya, ana, olivia):
    seal()
    assert list(audit_chain.broken()) == []
    ends = {anchor.chain: anchor for anchor in audit_chain.anchors()}
    audit.record(action=Action.PATIENT_READ, by=priya, patient=ana)
    seal()
    assert list(audit_chain.broken(ends.values())) == []
    after = {anchor.chain: anchor for anchor in audit_chain.anchors()}
    assert after[ana.clinic_id].number == ends[ana.clinic_id].number + 1
    assert after[olivia.clinic_id] == ends[olivia.clinic_id]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("UPDATE accounts_auditevent SET actor_name = 'Colm' WHERE id = %s",
         "not as it was sealed"),
        ("UPDATE accounts_auditevent SET at = at - interval '1 day' WHERE id = %s",
         "not as it was sealed"),
        ("UPDATE accounts_auditevent SET named = ARRAY[gen_random_uuid()] WHERE id = %s",
         "not as it was sealed"),
        ("DELETE FROM accounts_auditevent WHERE id = %s", "is missing"),
        ("DELETE FROM accounts_auditlink WHERE event = %s", "is missing"),
        ("UPDATE accounts_auditlink SET digest = sha256('x') WHERE event = %s",
         "not as it was sealed"),
    ],
)  # fmt: skip
def test_the_first_broken_link_is_named(what, said, priya, ana):
    seal()
    link = AuditLink.objects.filter(chain=ana.clinic_id).order_by("number")[1]
    tamper(what, link.event)
    [fault] = [line for line in audit_chain.broken() if line.startswith("Chain")]
    assert f"link {link.number}" in fault
    assert said in fault


def test_an_end_that_is_cut_off_is_found_by_the_log(priya, ana):
    seal()
    kept = audit_chain.anchors()
    last = AuditLink.objects.filter(chain=ana.clinic_id).order_by("number").last()
    tamper("DELETE FROM accounts_auditevent WHERE id = %s", last.event)
    ask("ALTER TABLE accounts_auditlink DISABLE TRIGGER USER")
    ask("DELETE FROM accounts_auditlink WHERE event = %s", last.event)
    assert list(audit_chain.broken()) == []
    [fault] = audit_chain.broken(kept)
    assert f"it ended at link {last.number} once" in fault


def test_a_chain_that_was_sealed_anew_is_found_by_the_log(priya, ana):
    seal()
    kept = audit_chain.anchors()
    last = AuditLink.objects.filter(chain=ana.clinic_id).order_by("number").last()
    tamper("UPDATE accounts_auditevent SET actor_name = 'Colm' WHERE id = %s", last.event)
    ask("ALTER TABLE accounts_auditlink DISABLE TRIGGER USER")
    ask("DELETE FROM accounts_auditlink WHERE event = %s", last.event)
    ask(
        "INSERT INTO accounts_auditlink SELECT event.id, %s, %s, sha256(before.digest ||"
        f" convert_to({audit_chain.SEALED.format(row='event')}, 'UTF8'))"
        " FROM accounts_auditevent event, accounts_auditlink before"
        " WHERE event.id = %s AND before.chain = %s AND before.number = %s",
        last.chain, last.number, last.event, last.chain, last.number - 1,
    )  # fmt: skip
    assert list(audit_chain.broken()) == []
    [fault] = audit_chain.broken(kept)
    assert f"link {last.number} is not the one that was anchored" in fault


def test_the_command_says_so_and_reads_the_log(ana, tmp_path, capsys):
    seal()
    log = tmp_path / "worker.log"
    with as_role(WORKER):
        ends = audit_chain.anchors()
    log.write_text("\n".join(["a line", "audit anchor x y z", *map(str, ends)]), "utf-8")
    call_command("verify_audit", str(log))
    assert f"{len(ends)} anchors compared" in capsys.readouterr().out
    tamper("UPDATE accounts_auditevent SET action = 'x' WHERE patient_id = %s", ana.pk)
    with pytest.raises(CommandError, match="not as it was sealed"):
        call_command("verify_audit", str(log))


def test_anchors_go_to_the_log(ana, caplog):
    seal()
    with as_role(WORKER), caplog.at_level("INFO", "footing.audit"):
        jobs.anchor_audit(timestamp=0)
    logged = [audit_chain.Anchor.in_line(line) for line in caplog.messages]
    assert ana.clinic_id in {anchor.chain for anchor in logged}


# Retention


def backdate(chain, upto):
    """Written seven years ago, as far as the chain goes to link `upto`, and sealed then."""
    ask("ALTER TABLE accounts_auditevent DISABLE TRIGGER USER")
    ask("ALTER TABLE accounts_auditlink DISABLE TRIGGER USER")
    links = list(AuditLink.objects.filter(chain=chain).order_by("number"))
    ask("DELETE FROM accounts_auditlink WHERE chain = %s", chain)
    ask(
        "UPDATE accounts_auditevent SET at = at - interval '7 years' WHERE id = ANY(%s)",
        [link.event for link in links[:upto]],
    )
    ask("ALTER TABLE accounts_auditlink ENABLE TRIGGER USER")
    before = b""
    for link in links:
        [(before,)] = ask(
            "INSERT INTO accounts_auditlink SELECT id, clinic_id, %s, sha256(%s || convert_to("
            f"{audit_chain.SEALED.format(row='event')}, 'UTF8'))"
            " FROM accounts_auditevent event WHERE id = %s RETURNING digest",
            link.number, bytes(before), link.event,
        )  # fmt: skip
    ask("ALTER TABLE accounts_auditevent ENABLE TRIGGER USER")


def test_what_is_past_its_time_goes_and_the_chain_still_holds(ana, settings):
    seal()
    chain = ana.clinic_id
    count = AuditLink.objects.filter(chain=chain).count()
    backdate(chain, upto=3)
    assert list(audit_chain.broken()) == []
    settings.AUDIT_KEPT_YEARS = 6
    with as_role(WORKER):
        jobs.anchor_audit(timestamp=0)
    seal()
    assert AuditLink.objects.filter(chain=chain).count() == count - 3 + 1
    assert newest(Action.AUDIT_FORGOTTEN).detail["through"] == 3
    assert list(audit_chain.broken()) == []
    with as_role(WORKER):
        jobs.anchor_audit(timestamp=0)  # nothing more is old
    assert AuditEvent.objects.filter(action=Action.AUDIT_FORGOTTEN).count() == 1


def test_only_the_worker_has_old_events_removed_and_never_younger_ones(ana):
    seal()
    count = AuditLink.objects.count()
    with (
        as_role(WEB),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        ask("SELECT footing_forget_audit(6)")
    for years in (5, 0, -450):
        refused = pytest.raises(DatabaseError, match="six years")
        with as_role(WORKER), refused, transaction.atomic():
            ask("SELECT footing_forget_audit(%s)", years)
    with as_role(WORKER):
        assert ask("SELECT footing_forget_audit(NULL)") == [(None,)]
    seal()
    assert AuditLink.objects.count() == count


def test_what_was_removed_before_its_time_is_found(ana):
    seal()
    backdate(ana.clinic_id, upto=3)
    with as_role(WORKER):
        ask("SELECT footing_forget_audit(6)")
    seal()
    young = "jsonb_set(detail, '{at}', to_jsonb(at - interval '1 day'))"
    tamper(f"UPDATE accounts_auditevent SET detail = {young} WHERE action = 'audit.forgotten'")
    assert any("before their time" in fault for fault in audit_chain.broken())


def test_nobody_writes_that_events_were_forgotten(priya):
    refused = pytest.raises(DatabaseError, match="only forgetting")
    with as_role(WEB), wall.acting(priya), refused, transaction.atomic():
        audit.record(action=Action.AUDIT_FORGOTTEN, by=priya, through="x")


def test_an_act_that_nobody_knows_is_shown_as_it_is(ruth, clinic):
    ask("SELECT footing_append('made.up', NULL, NULL, NULL, %s, 'no uuid', '{}', '{}')", clinic.pk)
    ask(
        "SELECT footing_append('account.x', NULL, NULL, NULL, %s, 'no uuid', '{}', '{}')",
        clinic.pk,
    )
    assert "made.up" in audit_page(ruth).content.decode()


# Looking through it


def audit_page(user, **asked):
    return client_of(user).get(reverse("workspace:audit"), asked)


def test_the_administrator_looks_through_her_clinics_trail(ruth, priya, ana, olivia):
    client_of(priya).get(f"/workspace/patients/{ana.pk}/")
    page = audit_page(ruth)
    assert "Read a page about the patient" in page.content.decode()
    assert "Olivia" not in page.content.decode()
    assert newest(Action.AUDIT_READ).actor_id == ruth.uuid


def acts(page):
    return [row["event"].action for row in page.context["rows"]]


def test_it_is_searched_by_patient_person_act_and_time(ruth, priya, ana, bert, colm):
    client_of(priya).get(f"/workspace/patients/{ana.pk}/")
    client_of(priya).get("/workspace/")
    client_of(colm).get(f"/workspace/patients/{bert.pk}/")
    found = acts(audit_page(ruth, patient="ana reyes"))
    assert {"patient.read", "patients.listed", "patient.added"} <= set(found)
    assert acts(audit_page(ruth, patient="ana", action="patient.read")) == ["patient.read"]
    assert acts(audit_page(ruth, person=colm.pk, action="patient.read")) == ["patient.read"]
    today = ruth.clinic.today()
    assert acts(audit_page(ruth, since=today.isoformat(), action="patient.read"))
    assert acts(audit_page(ruth, until=today.isoformat(), action="patient.read"))
    later = (today + dt.timedelta(days=1)).isoformat()
    assert acts(audit_page(ruth, since=later)) == []
    assert acts(audit_page(ruth, patient="nobody of that name")) == []


@pytest.mark.parametrize(
    "asked",
    [{"since": "x"}, {"person": "9" * 5000}, {"person": "x"}, {"page": "9" * 5000},
     {"patient": "\x00"}, {"action": "x"}, {"page": "-1"}, {"since": "0001-01-01"},
     {"until": "9999-12-31"}],
)  # fmt: skip
def test_a_search_for_nonsense_is_a_page(asked, ruth):
    assert audit_page(ruth, **asked).status_code == 200


def test_the_trail_is_taken_along_as_a_file(ruth, priya, ana):
    priya.first_name = "=HYPERLINK(1)"
    priya.save()
    client_of(priya).get(f"/workspace/patients/{ana.pk}/")
    answer = client_of(ruth).get(reverse("workspace:audit_file"), {"action": "patient.read"})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    lines = answer.content.decode().splitlines()
    assert lines[0].startswith("When (UTC),Who")
    assert "'=HYPERLINK(1) Therapist" in lines[1]
    event = newest(Action.AUDIT_EXPORTED)
    assert event.detail == {"rows": 1, "looked_for": {"action": "patient.read"}}


def test_whom_one_looked_for_is_kept_as_a_patient_and_not_as_typed(ruth, ana):
    audit_page(ruth, patient="ana and a secret")
    assert newest(Action.AUDIT_READ).detail == {}
    audit_page(ruth, patient="ana")
    assert newest(Action.AUDIT_READ).named == [ana.pk]
    assert "ana" not in str(newest(Action.AUDIT_READ).detail)


@pytest.mark.parametrize("name", ["audit", "audit_file"])
def test_only_the_clinics_administrator_reads_the_trail(name, priya, ana, ed, root, ruth):
    address = reverse(f"workspace:{name}")
    for asker, status in [(ruth, 200), (priya, 403), (ana.user, 404), (ed, 404), (root, 404)]:
        assert client_of(asker).get(address).status_code == status
    assert Client().get(address).status_code == 302
