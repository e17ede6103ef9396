"""Limits for who is logged in and for searches: what is counted, what is said, what never is."""

import ast
import uuid
from pathlib import Path

import pytest
from allauth.core.internal.ratelimit import parse_rates
from django.conf import settings
from django.db import connection
from django.test import Client

from accounts import limits
from accounts.models import AuditEvent
from cms import lookup
from cms.models import ArticlePage
from patients.models import Invitation, Message
from programs.models import CheckIn, Question, Session, SignReport
from tests.conftest import client_of, prove
from tests.patients.test_pictures import photo
from tests.portal.test_portal import ANSWERS, check_in_url, session_url

pytestmark = pytest.mark.django_db
WAIT = "That was a lot in a short time. Wait"


@pytest.fixture
def only(monkeypatch):
    """Makes a limit smaller, so that a test comes to its end."""

    def say(action, rates):
        assert action in limits.LIMITS
        monkeypatch.setitem(limits.LIMITS, action, rates)

    return say


def write(client, address, text="Is a warm foot normal?", **data):
    return client.post(address, {"message_id": uuid.uuid4(), "text": text, **data})


def refused(answer):
    """A 429 with the words and the time; returns its page."""
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600
    page = answer.content.decode()
    assert WAIT in page
    return page


# The table


def test_each_limit_is_one_that_the_cache_keeps_for_its_time():
    for action, rates in limits.LIMITS.items():
        parsed = parse_rates(rates)
        assert parsed, action
        for rate in parsed:
            assert rate.amount > 0, action
            assert 0 < rate.duration <= 3600, action
            assert rate.per in {"user", "key"}, action


def names_in_code():
    """Each text that the code gives to a function of `accounts.limits`."""
    for app in ("accounts", "cms", "config", "fhir", "patients", "portal", "programs", "workspace"):
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if ("limits" in text or "take(" in text) and path.name != "limits.py":
                for node in ast.walk(ast.parse(text)):
                    if isinstance(node, ast.Constant) and node.value in limits.LIMITS:
                        yield node.value


def test_no_limit_stands_in_the_table_alone():
    assert set(names_in_code()) == set(limits.LIMITS)


def test_a_name_that_is_no_limit_is_a_fault(rf):
    with pytest.raises(AssertionError):
        limits.take(rf.get("/"), "sesion")


# Messages


@pytest.fixture
def threads(ana, priya):
    return {
        "patient_message": (client_of(ana.user), "/portal/messages/"),
        "staff_message": (client_of(priya), f"/workspace/patients/{ana.pk}/messages/"),
    }


@pytest.mark.parametrize("action", ["patient_message", "staff_message"])
def test_messages_end_and_what_was_typed_stays(action, threads, only):
    only(action, "2/h/user")
    client, address = threads[action]
    assert [write(client, address).status_code for _ in range(2)] == [302, 302]
    page = refused(write(client, address, "My left heel is cold"))
    assert "My left heel is cold</textarea>" in page
    assert Message.objects.count() == 2


@pytest.mark.parametrize("action", ["patient_message", "staff_message"])
def test_pictures_have_fewer_and_words_go_on(action, threads, only):
    only("picture", "1/h/user")
    client, address = threads[action]
    assert write(client, address, picture=photo()).status_code == 302
    refused(write(client, address, picture=photo()))
    assert write(client, address).status_code == 302
    assert Message.objects.count() == 2


def test_each_login_has_its_own_count(threads, only, bert):
    only("patient_message", "1/h/user")
    client, address = threads["patient_message"]
    assert write(client, address).status_code == 302
    refused(write(client, address))
    assert write(client_of(bert.user), address).status_code == 302


def test_what_is_no_message_is_not_counted(threads, only):
    only("patient_message", "1/h/user")
    client, address = threads["patient_message"]
    assert write(client, address, " ").status_code == 200
    assert [client.get(address).status_code for _ in range(3)] == [200, 200, 200]
    assert write(client, address, "x" * 10_000).status_code == 200


def test_there_is_room_again_after_the_time(threads, only, monkeypatch):
    only("patient_message", "1/h/user")
    client, address = threads["patient_message"]
    write(client, address)
    answer = write(client, address)
    later = limits.time.time() + int(answer["Retry-After"])
    monkeypatch.setattr("time.time", lambda: later)
    assert write(client, address).status_code == 302


def test_the_wait_is_no_longer_than_it_has_to_be(threads, only, monkeypatch):
    only("patient_message", "1/h/user")
    client, address = threads["patient_message"]
    write(client, address)
    later = limits.time.time() + 3600 - 90
    monkeypatch.setattr("time.time", lambda: later)
    answer = write(client, address)
    assert int(answer["Retry-After"]) == 90
    assert "Wait 2 minutes" in answer.content.decode()


def test_a_thread_shown_with_a_refusal_is_a_read(threads, only):
    """It is the whole page, with what the patient wrote."""
    only("staff_message", "0/h/user")
    client, address = threads["staff_message"]
    refused(write(client, address))
    assert AuditEvent.objects.filter(action="patient.read").count() == 1


def test_eighty_patients_are_answered_in_a_morning(threads):
    client, address = threads["staff_message"]
    assert {write(client, address).status_code for _ in range(80)} == {302}


# Questions, invitations


def test_questions_end_and_what_was_typed_stays(ana, only):
    only("question", "1/h/user")
    client = client_of(ana.user)
    key = ArticlePage.objects.get(slug="numb-feet").translation_key
    address = f"/portal/ask/{key}/"
    assert client.post(address, {"text": "Why?"}).status_code == 302
    page = refused(client.post(address, {"text": "Why at night?"}))
    assert "Why at night?</textarea>" in page
    assert Question.objects.count() == 1


@pytest.mark.parametrize("rates", ["1/h/user,9/h/key", "9/h/user,1/h/key"])
def test_invitations_end(rates, olivia, olive, only):
    only("invitation", rates)
    client, address = client_of(olive), f"/workspace/patients/{olivia.pk}/invite/"
    before = AuditEvent.objects.filter(action="patient.read").count()
    assert client.post(address).status_code == 302
    refused(client.post(address))
    assert Invitation.objects.count() == 1
    assert AuditEvent.objects.filter(action="patient.read").count() == before  # nothing was shown


def test_one_patient_is_not_mailed_again_and_again_by_all(ana, priya, ruth, only):
    only("invitation", "9/h/user,1/h/key")
    address = f"/workspace/patients/{ana.pk}/invite/"
    client_of(priya).post(address)
    refused(client_of(ruth).post(address))


# Paper and files


def test_paper_is_made_so_often(plan, ana, priya, only, monkeypatch):
    monkeypatch.setattr("programs.handout.answer.pdf", lambda *args, **kwargs: b"%PDF")
    only("patient_paper", "1/h/user")
    only("staff_paper", "1/h/user")
    for client, address in (
        (client_of(ana.user), "/portal/plan/print/file/"),
        (client_of(priya), f"/workspace/patients/{ana.pk}/plan/{plan.pk}/print/file/"),
    ):
        assert client.get(address).status_code == 200
        answer = client.get(address)
        assert "Nothing that was saved before is lost" in refused(answer)
        assert "no-store" in answer["Cache-Control"]
        assert client.head(address).status_code == 429


def test_a_refused_paper_is_no_read(plan, ana, priya, only):
    only("staff_paper", "0/h/user")
    address = f"/workspace/patients/{ana.pk}/plan/{plan.pk}/print/file/"
    refused(client_of(priya).get(address))
    assert not AuditEvent.objects.filter(action="patient.read").exists()


def test_a_record_is_taken_along_so_often(ana, only):
    only("record", "1/h/user")
    client = prove(client_of(ana.user))
    assert client.get("/portal/me/record.json").status_code == 200
    for name in ("json", "pdf"):
        refused(client.get(f"/portal/me/record.{name}"))
    assert AuditEvent.objects.filter(action="patient.downloaded").count() == 1


def test_who_has_not_shown_who_they_are_uses_nothing_up(ana, only):
    only("record", "1/h/user")
    client = client_of(ana.user)
    assert [client.get("/portal/me/record.json").status_code for _ in range(3)] == [302] * 3
    assert prove(client).get("/portal/me/record.json").status_code == 200


def test_the_trail_is_taken_along_so_often(ruth, only):
    only("audit_file", "1/h/user")
    client = prove(client_of(ruth))
    assert client.get("/workspace/audit/file/").status_code == 200
    refused(client.get("/workspace/audit/file/"))
    assert AuditEvent.objects.filter(action="audit.exported").count() == 1


# Searches and lookups


def search(client, words="numb"):
    return client.get("/search/", {"q": words})


def test_searches_of_one_address_end(only):
    only("search", "2/m/key")
    here, there = Client(REMOTE_ADDR="198.51.100.7"), Client(REMOTE_ADDR="198.51.100.8")
    assert [search(here).status_code for _ in range(2)] == [200, 200]
    assert "numb" not in refused(search(here, "numbness"))
    assert search(there).status_code == 200
    assert here.get("/search/").status_code == 200


def test_a_network_of_ipv6_is_one_address(only):
    only("search", "1/m/key")
    assert search(Client(REMOTE_ADDR="2001:db8:0:1::7")).status_code == 200
    refused(search(Client(REMOTE_ADDR="2001:db8:0:1:ffff::8")))
    assert search(Client(REMOTE_ADDR="2001:db8:0:2::7")).status_code == 200


def test_no_network_address_is_kept():
    search(Client(REMOTE_ADDR="198.51.100.7"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM footing_cache")
        kept = [key for (key,) in cursor.fetchall()]
    assert any(":search:" in key for key in kept)
    assert not any("198.51.100.7" in key for key in kept)


def test_lookups_end_in_words_of_json(ed, only, monkeypatch):
    monkeypatch.setattr(
        lookup, "by_doi", lambda doi: (_ for _ in ()).throw(lookup.LookupProblem("?"))
    )
    only("source_lookup", "1/h/user")
    client, address = client_of(ed), "/cms/sources/fill/"
    assert client.post(address, {"doi": "10.1000/1"}).status_code == 200
    answer = client.post(address, {"doi": "10.1000/1"})
    assert WAIT in refused(answer)
    assert answer.json()["problem"].startswith(WAIT)


# What has no limit


def test_how_the_feet_are_is_never_refused(ana, plan, as_ana, only):
    """Whatever the table says: a queue that waited on a device is sent at once."""
    for action, rates in list(limits.LIMITS.items()):
        only(action, f"0/h/{'key' if rates.endswith('key') else 'user'}")
    waited = {"headers": {"Accept": "application/json"}}
    for _ in range(12):
        sign = {"signs": ["calf"], "report": str(uuid.uuid4())}
        assert as_ana.post("/portal/wrong/", sign, **waited).status_code == 200
        answered = as_ana.post(session_url(plan, uuid.uuid4()), ANSWERS, **waited)
        assert answered.status_code == 200
    assert as_ana.post(check_in_url(plan), {"M2-numb": "5"}).status_code == 302
    assert (Session.objects.count(), SignReport.objects.count()) == (12, 12)
    assert CheckIn.objects.count() == 1


def test_tries_to_log_in_say_when_to_come_again(priya):
    client = Client(REMOTE_ADDR="198.51.100.7")
    answers = [client.post("/account/password/reset/", {"email": priya.email}) for _ in range(8)]
    late = answers[-1]
    assert late.status_code == 429
    assert late["Retry-After"] == "600"
    assert "Too many tries" in late.content.decode()
