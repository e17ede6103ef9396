"""Signs that no column, header or XML can hold: never a 500."""

import uuid
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from django.core import mail
from django.db import DataError, transaction

from accounts.models import User
from cms.models import ArticlePage, Author
from config.middleware import RefusedData
from patients.actions import invitations
from patients.models import Patient
from programs.actions.calendar_feeds import renew
from programs.actions.reminders import choose
from programs.course.calendar_feed import build
from programs.models import CheckInDraft, Program, ProgressForm, ReminderChoice
from programs.reminders.letters import email
from tests.config.test_guards import doors
from tests.conftest import client_of, make_patient, prove

pytestmark = pytest.mark.django_db
NUL = "Half\x00way"
NAMES = [
    "q", "page", "day", "phase", "show", "kind", "nerve", "pose", "to", "have", "answer", "article",
    "exercise", "archived", "frame", "paper", "size", "version", "code", "line", "stamp", "do",
    "note", "reason", "text", "wanted", "owner", "shown", "done_at", "apply", "patients", "program",
]  # fmt: skip


def addresses(plan):
    """Of both doors, with the patient's or plan's own ids; a form's id is any."""
    ids = {
        "patient_id": plan.patient_id, "plan_id": plan.pk, "episode_id": plan.episode_id,
        "session_id": uuid.uuid4(), "check_in_id": uuid.uuid4(), "token": "x\x00",
        "form_id": plan.forms.first().pk, "program_id": Program.objects.first().uuid,
    }  # fmt: skip
    for route, _ in doors():
        address = route
        for name, value in ids.items():
            for kind in ("uuid", "str"):
                address = address.replace(f"<{kind}:{name}>", str(value))
        yield "/" + address.replace("\x00", "%00")


@pytest.mark.parametrize("person", ["priya", "ana"])
def test_a_nul_behind_any_address_is_no_500(plan, priya, ana, person):
    client = client_of(priya if person == "priya" else ana.user)
    client.raise_request_exception = False
    asked = urlencode(dict.fromkeys(NAMES, NUL))
    filled = [address for address in addresses(plan) if "<" not in address]
    assert len(filled) > 60
    for address in filled:
        answer = client.get(f"{address}?{asked}")
        assert answer.status_code < 500, address


@pytest.mark.parametrize("person", ["priya", "ana"])
def test_a_nul_in_any_form_is_no_500(plan, priya, ana, person):
    client = client_of(priya if person == "priya" else ana.user)
    client.raise_request_exception = False
    for address in addresses(plan):
        if "<" in address or "leave" in address:
            continue
        with transaction.atomic():  # what the database refused ends the transaction
            answer = client.post(address, dict.fromkeys(NAMES, NUL))
            transaction.set_rollback(True)
        assert answer.status_code < 500, address


def test_what_is_kept_as_it_was_typed_is_refused(as_ana, plan, caplog):
    form = plan.forms.first()
    with transaction.atomic():
        answer = as_ana.post(f"/portal/check-in/{form.pk}/{uuid.uuid4()}/keep/", {"note": NUL})
        transaction.set_rollback(True)
    assert answer.status_code == 400
    assert "Refused by the database" in caplog.text
    assert "Half" not in caplog.text
    assert not CheckInDraft.objects.exists()


def test_a_session_from_a_device_is_told_what_is_wrong(as_ana, plan):
    sent = {"note": NUL, "pain_before": "3", "pain_after": "2", "effort": "4", "settled": "minute"}
    answer = as_ana.post(
        f"/portal/session/{plan.pk}/{uuid.uuid4()}/", sent, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 422
    assert "note" in answer.json()["errors"]


@pytest.mark.parametrize(
    "error", [DataError("x"), UnicodeEncodeError("utf-8", "\ud800", 0, 1, "x")]
)
def test_what_no_column_holds_is_the_senders_fault(rf, error):
    request = rf.post("/")
    request.resolver_match = None
    assert RefusedData(lambda request: None).process_exception(request, error).status_code == 400


def test_what_can_not_be_read_is_answered_with_a_sentence(client):
    answer = client.generic("POST", "/account/login/", b"x", "multipart/form-data; boundary=")
    assert answer.status_code == 400
    assert "nothing of it was kept" in answer.content.decode()


def test_an_address_to_go_on_to_that_is_none_is_the_senders_fault(as_priya, priya):
    body = ProgressForm.objects.get(clinic=None, code="weekly").body
    form = ProgressForm.objects.create(clinic=priya.clinic, code="own", title="Own", body=body)
    history = f"/cms/snippets/programs/progressform/history/{form.pk}/"
    address = f"{history}revisions/{form.save_revision(user=priya).pk}/unschedule/"
    assert as_priya.post(address, {"next": "/cms/"}).status_code == 302
    for odd in ("24:60", NUL):
        assert as_priya.post(address, {"next": odd}).status_code == 400


def test_a_search_that_wagtail_can_not_filter_is_no_500(root):
    asked = {"q": "foot", "usage_count_min": "0", "usage_count_max": "0"}
    assert client_of(root).get("/cms/documents/results/", asked).status_code == 400


@pytest.mark.parametrize(("module", "status"), [("cms.admin", None), ("wagtail.admin", 400)])
@pytest.mark.parametrize("odd", ["{", "[" * 10_000])
def test_what_a_view_called_is_the_fault_of_whose_view_it_is(rf, module, status, odd):
    """JSON that is none, or too deep: `json` raises for whoever called it."""
    names = {"__name__": module}
    exec("import json\ndef ask(text): json.loads(text)", names)
    with pytest.raises((ValueError, RecursionError)) as raised:
        names["ask"](odd)
    request = rf.post("/cms/")
    request.resolver_match = None
    answer = RefusedData(lambda request: None).process_exception(request, raised.value)
    assert getattr(answer, "status_code", None) == status


def test_an_older_version_without_its_name_is_said_beside_the_field(as_priya, priya):
    author = Author.of(priya)
    revision = author.save_revision(user=priya)
    address = f"/cms/snippets/cms/author/history/{author.pk}/revisions/{revision.pk}/revert/"
    answer = as_priya.post(address, {"name": ""})
    assert answer.status_code == 200
    assert "name" in answer.context["form"].errors
    assert author.revisions.count() == 1


def test_other_faults_stay_ours(rf):
    assert RefusedData(lambda request: None).process_exception(rf.get("/"), ValueError()) is None


def test_a_clinic_of_two_lines_can_still_invite(priya, django_capture_on_commit_callbacks):
    priya.clinic.name = "River\r\nBcc: x@x.test"
    priya.clinic.save()
    with django_capture_on_commit_callbacks(execute=True):
        invitations.invite(patient=make_patient(priya, "Dora"), by=priya)
    (sent,) = mail.outbox
    assert sent.subject == "Your invitation from River Bcc: x@x.test"
    assert sent.recipients() == ["dora@patients.test"]


def test_names_with_control_characters_still_make_mails_and_pages(plan, ana, as_ana, as_priya):
    name = "A\n\x07\u202e😀"
    Patient.objects.filter(pk=ana.pk).update(first_name=name, last_name=name)
    User.objects.update(first_name=name, last_name=name)
    choose(patient=ana, by=ana.user, by_email=True)
    letter = email(Patient.objects.get(pk=ana.pk), ReminderChoice.objects.get())
    assert letter.message().as_bytes()
    feed = renew(patient=ana, by=ana.user)
    assert b"BEGIN:VEVENT" in build(feed)
    prove(as_ana)
    for page in ("", "plan/print/", "plan/print/file/", "me/record.json", "me/record.pdf"):
        assert as_ana.get(f"/portal/{page}").status_code == 200, page
    assert as_priya.get(f"/workspace/patients/{ana.pk}/").status_code == 200


def test_a_feed_is_xml_whatever_stands_in_a_title(client):
    article = ArticlePage.objects.live().filter(locale__language_code="en").first()
    article.title = "Numb\x07 feet \ufffe😀"
    article.save_revision().publish()
    feed = client.get("/articles/feed/")
    assert feed.status_code == 200
    assert "Numb feet 😀" in "".join(ET.fromstring(feed.content).itertext())
