"""Whether the audit trail is as it was written, and what is past its time."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from accounts import audit, audit_chain, jobs, wall
from accounts.audit import Action
from accounts.models import AuditEvent, AuditLink
from tests.as_role import WEB, WORKER, as_role
from tests.trail import ask, newest, seal, tamper

pytestmark = pytest.mark.django_db


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
