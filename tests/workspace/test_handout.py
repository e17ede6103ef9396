"""A patient's plan on paper, from the therapist's door. Who may open it: test_access.py."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from accounts.models import AuditEvent
from patients.actions import invitations
from programs.actions import plans
from programs.handout import words
from tests.conftest import OF_THE_WALL, client_of, give_login, make_episode, make_patient, make_plan

pytestmark = pytest.mark.django_db


def url(plan, name="print/"):
    return f"/workspace/patients/{plan.patient_id}/plan/{plan.pk}/{name}"


@pytest.mark.parametrize(("name", "page"), [("print/", "plan_print"), ("print/file/", "plan_file")])
def test_a_download_is_a_reading_on_record(name, page, as_priya, plan, priya):
    assert as_priya.get(url(plan, name)).status_code == 200
    event = AuditEvent.objects.filter(action="patient.read").latest("pk")
    assert (event.patient_id, event.actor_id) == (plan.patient_id, priya.uuid)
    assert event.detail == {"page": page}


def test_the_file_is_private_and_named_after_nobody(as_priya, plan):
    answer = as_priya.get(url(plan, "print/file/"))
    assert len(PdfReader(BytesIO(answer.content)).pages) <= 4
    assert "no-store" in answer["Cache-Control"]
    today = plan.clinic.today().isoformat()
    assert answer["Content-Disposition"] == f'inline; filename="plan-{today}.pdf"'


def test_another_patients_plan_under_this_patients_address_is_404(as_priya, plan, bert, colm):
    theirs = make_plan(make_episode(bert, colm), colm)
    assert as_priya.get(url(plan).replace(str(plan.pk), str(theirs.pk))).status_code == 404


def test_a_draft_is_for_those_who_work_on_it_and_says_so(as_priya, draft, ruth):
    page = as_priya.get(url(draft)).content.decode()
    assert str(words.DRAFT) in page
    assert f'href="/workspace/plans/{draft.pk}/"' in page
    for name in ("print/", "print/file/"):
        assert client_of(ruth).get(url(draft, name)).status_code == 403


def test_an_older_version_says_so_and_the_one_in_force_does_not(as_priya, plan, priya):
    assert "handout__mark" not in as_priya.get(url(plan)).content.decode()
    plans.activate(plan=plans.adapt(plan=plan, by=priya, reason="A step further."), by=priya)
    assert str(words.OLD) in as_priya.get(url(plan)).content.decode()


def test_the_plan_the_version_and_the_draft_lead_to_it(as_priya, plan, priya):
    draft = plans.adapt(plan=plan, by=priya, reason="A step further.")
    base = f"/workspace/patients/{plan.patient_id}/plan/"
    for page, leads_to in (
        (base, plan), (f"{base}{plan.pk}/", plan), (f"/workspace/plans/{draft.pk}/", draft)
    ):  # fmt: skip
        assert f'href="{url(leads_to)}"' in as_priya.get(page).content.decode(), page


def test_a_fixed_number_of_queries(as_priya, plan, django_assert_num_queries):
    # Four of them keep the login's session.
    with django_assert_num_queries(16 + OF_THE_WALL):
        as_priya.get(url(plan))


# The way in on paper, for a patient without a login


@pytest.fixture
def dora_plan(priya):
    return make_plan(make_episode(make_patient(priya, "Dora"), priya), priya)


def words_of(answer):
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    return " ".join(text.split())


def test_an_open_invitation_is_printed_with_its_code(as_priya, dora_plan, priya):
    invitation = invitations.make(patient=dora_plan.patient, by=priya)
    page = as_priya.get(url(dora_plan))
    for text in (page.content.decode(), words_of(as_priya.get(url(dora_plan, "print/file/")))):
        assert invitation.code in text
        assert "1956" not in text  # the other half of the key
        assert "/portal/join/ and type" in text
    handout = page.context["handout"]
    assert handout.address.endswith("/portal/join/")  # scanned, it tells no code to any log


def test_printing_makes_no_invitation_and_says_what_to_do(as_priya, dora_plan):
    page = as_priya.get(url(dora_plan))
    assert "Invite Dora first" in page.content.decode()
    assert page.context["handout"].join_code == ""
    assert not dora_plan.patient.invitations.exists()


@pytest.mark.parametrize("why", ["login", "used", "draft"])
def test_no_code_where_it_has_no_place(why, as_priya, plan, dora_plan, priya):
    shown = dora_plan
    if why == "login":
        shown = plan
    elif why == "used":
        give_login(dora_plan.patient, priya)
    else:
        invitations.make(patient=dora_plan.patient, by=priya)
        shown = plans.adapt(plan=dora_plan, by=priya, reason="A step further.")
    page = as_priya.get(url(shown))
    assert page.context["handout"].join_code == ""
    assert "handout__join" not in page.content.decode()


def test_the_invitations_sheet_can_be_scanned(as_priya, dora_plan, priya):
    invitations.make(patient=dora_plan.patient, by=priya)
    page = as_priya.get(f"/workspace/patients/{dora_plan.patient_id}/invitation/")
    assert b"<svg" in page.content
    assert b"/portal/join/ on a phone" in page.content
