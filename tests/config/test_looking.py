"""What a patient sees, shown to those who treat them: the same words, and nothing that acts."""

import uuid

import pytest

from accounts.models import AuditEvent
from patients.actions import messages
from patients.models import ThreadMark
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


def address(patient, page="today", end="portal/"):
    return f"/workspace/patients/{patient.pk}/sees/{page}/{end}"


@pytest.mark.parametrize("page", ["today", "plan", "progress", "learn"])
def test_it_is_the_portals_own_page_and_runs_nothing(page, as_priya, as_ana, ana, plan):
    frame = as_priya.get(address(ana, page, ""))
    assert "nobody is logged in as Ana" in frame.content.decode()
    shown = as_priya.get(address(ana, page))
    own = as_ana.get("/portal/" if page == "today" else f"/portal/{page}/")
    heading = own.content.decode().split("<h1")[1].split("</h1>")[0]
    assert heading in shown.content.decode()
    policy = shown["Content-Security-Policy"]
    assert "sandbox allow-same-origin" in policy
    assert "allow-scripts" not in policy
    assert shown["X-Frame-Options"] == "SAMEORIGIN"


def test_in_the_patients_language(as_priya, ana, plan):
    ana.language = "es"
    ana.save()
    page = as_priya.get(address(ana)).content.decode()
    assert '<html lang="es"' in page


def test_looking_is_on_record_and_reads_no_message(as_priya, priya, ana, plan):
    messages.send(message_id=uuid.uuid4(), patient=ana, text="Ease off.", by=priya)
    marks = list(ThreadMark.objects.values_list("reader", "up_to"))
    assert b"1 new" in as_priya.get(address(ana)).content
    assert list(ThreadMark.objects.values_list("reader", "up_to")) == marks
    event = AuditEvent.objects.filter(action="patient.read").latest("at")
    assert (event.patient_id, event.actor_id) == (ana.pk, priya.uuid)
    assert event.detail["page"] == "looked_at"


def test_who_does_not_treat_them_sees_nothing(ana, plan, colm, ruth, olive, bert):
    for other, status in ((colm, 404), (olive, 404), (ruth, 403), (bert.user, 404)):
        assert client_of(other).get(address(ana)).status_code == status
        assert client_of(other).get(address(ana, end="")).status_code == status


@pytest.mark.parametrize("page", ["messages", "me", "x"])
def test_other_pages_are_not_shown(as_priya, ana, plan, page):
    assert as_priya.get(address(ana, page)).status_code == 404
    assert as_priya.get(address(ana, page, "")).status_code == 404
