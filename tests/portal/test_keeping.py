"""A check-in is saved as it is typed, and gone on with another time."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from programs.models import CheckIn, CheckInDraft
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(plan):
    return plan.forms.select_related("version").first()


def address(due, check_in_id=None, *, keep=False):
    page = f"/portal/check-in/{due.pk}/{check_in_id or uuid.uuid4()}/"
    return f"{page}keep/" if keep else page


def test_what_was_typed_is_there_on_the_next_visit(as_ana, due):
    typed = {"note": "My left foot again", "M2-numb": "", "csrfmiddlewaretoken": "x"}
    assert as_ana.post(address(due, keep=True), typed).status_code == 204
    assert CheckInDraft.objects.get().fields == {"note": ["My left foot again"]}
    page = as_ana.get(address(due)).content.decode()
    assert "You began this" in page
    assert "My left foot again" in page
    assert not CheckIn.objects.exists()


def test_sending_the_form_ends_what_was_begun(as_ana, due):
    sent = uuid.uuid4()
    as_ana.post(address(due, sent, keep=True), {"note": "Half"})
    page = as_ana.get(address(due, sent))
    name = next(field.html_name for part in page.context["forms"].parts for field in part.form
                if field.html_name.endswith("numb"))  # fmt: skip
    as_ana.post(address(due, sent), {name: "3", "note": "Whole"})
    assert CheckIn.objects.get().note == "Whole"
    assert not CheckInDraft.objects.exists()
    # A save that was under way arrives after the form itself.
    as_ana.post(address(due, sent, keep=True), {"note": "Half"})
    assert not CheckInDraft.objects.exists()


def test_what_was_emptied_is_no_draft(as_ana, due):
    as_ana.post(address(due, keep=True), {"note": "x"})
    as_ana.post(address(due, keep=True), {"note": ""})
    assert not CheckInDraft.objects.exists()


def test_answers_of_last_week_do_not_come_back(as_ana, due):
    as_ana.post(address(due, keep=True), {"note": "Old"})
    CheckInDraft.objects.update(saved_at=timezone.now() - dt.timedelta(days=4))
    assert "Old" not in as_ana.get(address(due)).content.decode()


def test_more_than_a_form_can_hold(as_ana, due):
    assert as_ana.post(address(due, keep=True), {"note": "x" * 20_001}).status_code == 413
    assert not CheckInDraft.objects.exists()


def test_only_the_patient_keeps_and_sees_it(as_ana, due, bert, colm, priya):
    as_ana.post(address(due, keep=True), {"note": "Mine alone"})
    for client, status in ((client_of(bert.user), 404), (client_of(priya), 404)):
        assert client.post(address(due, keep=True), {"note": "x"}).status_code == status
    assert CheckInDraft.objects.get().fields == {"note": ["Mine alone"]}
