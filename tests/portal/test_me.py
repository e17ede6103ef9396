"""My data: wishes, who looked, downloads, leaving."""

import json
import re
from io import BytesIO

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from pypdf import PdfReader

from accounts.models import AuditEvent
from patients.actions import invitations, leaving
from patients.models import Invitation
from patients.models.patient import ShownPerson
from programs.export.rows import owned_models
from programs.motion import people
from tests.conftest import OF_THE_WALL, PASSWORD, client_of, page_of, prove

pytestmark = pytest.mark.django_db
FILES = ["me/record.json", "me/record.pdf", "me/record-fhir.json"]
PAGES = ["me/", "me/looks/", "me/leave/", *FILES]
JSON, PDF = "/portal/me/record.json", "/portal/me/record.pdf"


@pytest.mark.parametrize("page", PAGES)
def test_only_the_patient_enters_and_nothing_is_kept(page, plan, ana, priya, colm, olive, ruth, ed):
    address = f"/portal/{page}"
    answer = prove(client_of(ana.user)).get(address)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert client_of(None).get(address).url.startswith("/account/login/")
    for staff in (priya, colm, olive, ruth, ed):
        assert client_of(staff).get(address).status_code == 404
        assert client_of(staff).post(address).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_each_meets_only_themselves(page, plan, ana, bert, priya, colm):
    client_of(colm).get(f"/workspace/patients/{bert.pk}/")
    content = client_of(bert.user).get(f"/portal/{page}").content
    for word in ("Ana", "Priya", str(ana.pk), plan.title):
        assert word.encode() not in content


# Wishes


def test_wishes_are_kept_and_hold_at_once(as_ana, ana):
    wishes = {
        "language": "es", "text_size": "very-large", "shown_person": "woman_80",
        "phone": "555-0199",
    }  # fmt: skip
    assert as_ana.post("/portal/me/", page_of(as_ana, "/portal/me/") | wishes).url == "/portal/me/"
    ana.refresh_from_db()
    assert {name: getattr(ana, name) for name in wishes} == wishes
    prove(as_ana)
    for page in ("/portal/", "/portal/me/", "/account/email/"):
        content = as_ana.get(page).content.decode()
        assert '<html lang="es" data-text="very-large">' in content, page
    event = AuditEvent.objects.filter(patient_id=ana.pk).latest("at")
    assert event.action == "patient.changed"
    assert event.detail == {"fields": ["language", "text_size", "shown_person", "phone"]}


def test_the_text_size_is_the_papers_too(as_ana, ana, plan):
    as_ana.post("/portal/me/", page_of(as_ana, "/portal/me/") | {"text_size": "large"})
    assert "handout--large" in as_ana.get("/portal/plan/print/").content.decode()
    assert "handout--normal" in as_ana.get("/portal/plan/print/?size=normal").content.decode()


def test_who_shows_the_exercises_does_so_everywhere(as_ana, ana, plan, as_priya):
    as_ana.post("/portal/me/", page_of(as_ana, "/portal/me/") | {"shown_person": "man_68"})
    theirs = f"/workspace/patients/{ana.pk}/plan/{plan.pk}/print/"
    for browser, page in (
        (as_ana, "/portal/plan/"), (as_ana, "/portal/plan/print/"), (as_priya, theirs)
    ):  # fmt: skip
        assert shown_on(browser, page) == {"s3 blue white"}, page


def shown_on(browser, page):
    looks = r'<svg [^>]*class="(?:figure__moving |print-figure )?(s\d \w+ \w+)"'
    return set(re.findall(looks, browser.get(page).content.decode()))


def test_everybody_who_can_be_chosen_is_drawn():
    assert {code for code in ShownPerson.values if code} == {one.name for one in people.PEOPLE}


@pytest.mark.parametrize(
    "wrong",
    [{"language": "xx"}, {"text_size": "huge"}, {"shown_person": "me"}, {"phone": "5" * 41}],
)
def test_wrong_wishes_change_nothing(as_ana, ana, wrong):
    assert as_ana.post("/portal/me/", page_of(as_ana, "/portal/me/") | wrong).status_code == 200
    before = (ana.language, ana.text_size, ana.phone)
    ana.refresh_from_db()
    assert (ana.language, ana.text_size, ana.phone) == before


def test_a_patient_stays_reachable(as_ana, ana):
    ana.email, ana.phone = "", "555"
    ana.save()
    wishes = page_of(as_ana, "/portal/me/") | {"phone": ""}
    assert b"Enter an email address or a phone" in as_ana.post("/portal/me/", wishes).content


@pytest.mark.parametrize("where", ["here", "on another device"])
def test_a_new_address_is_confirmed_told_to_the_old_one_and_kept_in_the_record(as_ana, ana, where):
    prove(as_ana).post("/account/email/", {"email": "new@patients.test", "action_add": ""})
    ana.refresh_from_db()
    assert ana.email == "ana@patients.test"
    link = re.search(r"/account/confirm-email/\S+", mail.outbox[-1].body)[0]
    (as_ana if where == "here" else Client()).post(link)
    ana.refresh_from_db()
    assert (ana.email, ana.user.email) == ("new@patients.test", "new@patients.test")
    assert mail.outbox[-1].to == ["ana@patients.test"]
    assert "new@patients.test" in mail.outbox[-1].body


def test_an_address_that_the_clinic_set_on_purpose_stays(as_ana, ana):
    ana.email = "daughter@patients.test"
    ana.save()
    prove(as_ana).post("/account/email/", {"email": "new@patients.test", "action_add": ""})
    as_ana.post(re.search(r"/account/confirm-email/\S+", mail.outbox[-1].body)[0])
    ana.refresh_from_db()
    assert ana.email == "daughter@patients.test"


# Who looked


def test_who_looked_is_said_by_name_role_and_page(as_ana, ana, as_priya, ruth):
    for page in ("", "", "sessions/"):
        as_priya.get(f"/workspace/patients/{ana.pk}/{page}")
    client_of(ruth).get(f"/workspace/patients/{ana.pk}/record/")
    page = as_ana.get("/portal/me/looks/")
    text = " ".join(page.content.decode().split())
    assert "<strong>Priya Therapist</strong>, therapist" in text
    assert "3 times that day" in text
    assert "overview, your sessions" in text
    assert "<strong>Ruth Clinic administrator</strong>, clinic administrator" in text
    assert "your details" in text


def test_own_visits_and_downloads_are_no_looks(as_ana):
    prove(as_ana).get(JSON)
    assert b"Nobody has opened" in as_ana.get("/portal/me/looks/").content


@pytest.mark.parametrize("looks", [1, 3])
def test_looks_cost_the_same_however_many(as_ana, ana, clinic, looks, django_assert_num_queries):
    for number in range(looks):
        AuditEvent.objects.create(
            clinic_id=clinic.pk, patient_id=ana.pk, actor_id=ana.pk, actor_name=f"P{number}",
            actor_role="therapist", action="patient.read", detail={"page": "patient"},
        )  # fmt: skip
    as_ana.get("/portal/me/looks/")
    with django_assert_num_queries(6 + OF_THE_WALL):
        as_ana.get("/portal/me/looks/")


@pytest.mark.parametrize("number", ["0", "-1", "99", "x", ""])
def test_a_page_that_is_not_there_is_the_nearest(as_ana, number):
    assert as_ana.get(f"/portal/me/looks/?page={number}").status_code == 200


# Downloads


def test_the_data_holds_every_kind_of_record(as_ana, ana, plan, priya):
    record = json.loads(prove(as_ana).get(JSON).content)
    assert record["format"] == "footing-record/1"
    assert record["patient"]["birth_date"] == "1956-03-14"
    kinds = {str(model._meta.verbose_name_plural) for model in owned_models()}
    assert set(record["records"]) == kinds
    assert len(kinds) >= 15
    assert record["records"]["plans"][0]["title"] == plan.title
    assert len(record["records"]["prescriptions"]) == plan.prescriptions.count()
    assert record["records"]["episodes"][0]["opened_by"] == "Priya Therapist, PT, DPT"


def test_the_data_holds_no_key_and_no_draft(as_ana, ana, draft):
    content = prove(as_ana).get(JSON).content.decode()
    invitation = Invitation.objects.get(patient=ana)
    for secret in (invitation.code_digest, invitation.code, ana.user.password):
        assert secret not in content
    assert str(draft.pk) not in content


def test_the_paper_says_the_same_in_words(as_ana, ana, plan, as_priya):
    as_priya.get(f"/workspace/patients/{ana.pk}/")
    text = "".join(
        page.extract_text() for page in PdfReader(BytesIO(prove(as_ana).get(PDF).content)).pages
    )
    text = " ".join(text.split())
    shown = plan.prescriptions.filter(phase__number=1).first()
    for words in (
        "Your record", "Ana Reyes", "March 14, 1956", "Nerve entrapment", plan.title,
        shown.shown.plain_title, "Who looked at your record", "Priya Therapist",
    ):  # fmt: skip
        assert words in text, words
    assert str(plan.pk) not in text


def test_nothing_typed_is_run_by_the_typesetter(as_ana, ana, plan, priya):
    ana.record_number = '#panic("x") $ \\ [ ] *'
    ana.save()
    assert prove(as_ana).get(PDF).content.startswith(b"%PDF")


@pytest.mark.parametrize(("address", "ending"), [(JSON, "json"), (PDF, "pdf")])
def test_a_download_is_on_record_and_named_after_nobody(as_ana, ana, address, ending):
    answer = prove(as_ana).get(address)
    name = f"footing-record-{ana.clinic.today().isoformat()}.{ending}"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    event = AuditEvent.objects.filter(action="patient.downloaded").get()
    assert (event.patient_id, event.actor_id) == (ana.pk, ana.user.uuid)
    assert event.detail == {"format": ending}


@pytest.mark.parametrize("address", [JSON, PDF])
def test_a_download_asks_who_it_is_and_leads_back_to_its_link(as_ana, address):
    asked = as_ana.get(address)
    assert asked.url == "/account/reauthenticate/?next=%2Fportal%2Fme%2F"
    question = as_ana.get(asked.url).content.decode()
    assert "Then press the download again." in question
    back = as_ana.post(asked.url, {"password": PASSWORD, "next": "/portal/me/"})
    assert back.url == "/portal/me/"
    assert as_ana.get(address).headers["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.filter(action="patient.downloaded").count() == 1


# Leaving


def test_looking_at_leaving_leaves_nothing(as_ana, ana):
    page = prove(as_ana).get("/portal/me/leave/").content
    assert b"keeps your record" in page
    ana.refresh_from_db()
    assert ana.user is not None


def test_leaving_ends_every_session_keeps_the_record_and_tells_the_team(
    as_ana, ana, plan, django_capture_on_commit_callbacks
):
    elsewhere = client_of(ana.user)
    user = ana.user
    with django_capture_on_commit_callbacks(execute=True):
        page = prove(as_ana).post("/portal/me/leave/")
    assert b"Your account is closed" in page.content
    for client in (as_ana, elsewhere):
        assert client.get("/portal/").status_code == 302
    ana.refresh_from_db()
    user.refresh_from_db()
    assert ana.user is None
    assert (user.is_active, user.has_usable_password()) == (False, False)
    assert "ana" not in user.email
    assert not EmailAddress.objects.filter(user=user).exists()
    assert plan.prescriptions.exists()
    event = AuditEvent.objects.filter(patient_id=ana.pk).latest("at")
    assert (event.action, event.actor_name) == ("patient.left", "Ana Reyes")
    (sent,) = mail.outbox
    assert sent.to == ["priya@riverside.test"]
    assert f"/workspace/patients/{ana.pk}/record/" in sent.body
    assert "Reyes" not in sent.body + sent.subject


def test_the_team_sees_it_and_can_invite_again(as_ana, ana, as_priya, priya):
    prove(as_ana).post("/portal/me/leave/")
    record = as_priya.get(f"/workspace/patients/{ana.pk}/record/").content
    assert b"has closed the account" in record
    ana.refresh_from_db()
    again = invitations.make(patient=ana, by=priya)
    user = invitations.accept(invitation=again, email="ana@patients.test", password=None)
    assert client_of(user).get("/portal/").status_code == 200


def test_nobody_leaves_for_somebody_else(ana, bert, priya):
    for other in (bert.user, priya):
        with pytest.raises(ValidationError):
            leaving.leave(patient=ana, by=other)
    ana.refresh_from_db()
    assert ana.user.is_active


def test_leaving_is_whole_or_not_at_all(ana, monkeypatch):
    def fails(**_):
        raise RuntimeError

    monkeypatch.setattr("patients.actions.leaving.accounts.close", fails)
    with pytest.raises(RuntimeError):
        leaving.leave(patient=ana, by=ana.user)
    ana.refresh_from_db()
    assert ana.user is not None
    assert not AuditEvent.objects.filter(action="patient.left").exists()


def test_the_record_is_read_in_the_patients_language(plan, ana, as_ana):
    ana.language = "es"
    ana.save(update_fields=["language"])
    pages = PdfReader(BytesIO(prove(as_ana).get(PDF).content)).pages
    text = " ".join(" ".join(page.extract_text().split()) for page in pages)
    for words in ("Nombre", "Fecha de nacimiento", "Sensibilidad protectora", "Conservada"):
        assert words in text
    for words in ("First name", "Birth date", "Protective sensation", "Intact"):
        assert words not in text
