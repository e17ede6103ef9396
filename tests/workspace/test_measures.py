"""Taking a measure in the clinic, and what the page of measures says."""

import uuid

import pytest

from programs.actions import check_ins
from programs.models import CheckIn, Measure
from tests.conftest import form_of

pytestmark = pytest.mark.django_db


def url(patient, code="M5", check_in_id=None):
    return f"/workspace/patients/{patient.pk}/measures/{code}/{check_in_id or uuid.uuid4()}/"


def test_every_measure_has_a_form(as_priya, ana):
    page = as_priya.get(f"/workspace/patients/{ana.pk}/measures/").content.decode()
    for measure in Measure.objects.all():
        assert measure.title in page.replace("&amp;", "&")
        answer = as_priya.get(url(ana, measure.code))
        assert answer.status_code == 200
        assert b"Save this measure" in answer.content


def test_a_chair_stand_is_stored_once_scored_and_read_against_its_norm(as_priya, ana, plan):
    ana.sex = "female"
    ana.save()
    one = uuid.uuid4()
    data = {"M5-stands": "8", "M5-over_half_way": "no", "M5-arms_used": "no"}
    data |= {"answered_with": "clinic", "note": "Tired today."}
    for _ in range(2):
        as_priya.post(url(ana, "M5", one), data)
    stored = CheckIn.objects.get()
    assert (stored.plan, stored.form, stored.answered_with) == (plan, None, "clinic")
    assert stored.answers == {"M5": {"stands": 8, "over_half_way": False, "arms_used": False}}
    page = as_priya.get(f"/workspace/patients/{ana.pk}/check-ins/").content.decode()
    assert "Below the norm" in page
    assert "women aged" in page
    assert "Tired today." in page


def test_a_total_is_recorded_without_item_text(as_priya, ana):
    as_priya.post(url(ana, "X2"), {"X2-total": "61", "answered_with": "clinic"})
    assert CheckIn.objects.get().answers == {"X2": {"total": 61}}
    answer = as_priya.post(url(ana, "X2"), {"X2-total": "99", "answered_with": "clinic"})
    assert "less than or equal to 80" in answer.content.decode()
    assert CheckIn.objects.count() == 1


@pytest.mark.parametrize(
    ("code", "offered"), [("M6", ["clinic"]), ("M5", ["clinic", "helper"]), ("M2", ["alone"])]
)
def test_only_safe_ways_are_offered(as_priya, ana, code, offered):
    page = as_priya.get(url(ana, code)).content.decode()
    for way in offered:
        assert f'value="{way}"' in page
    if code == "M6":
        refused = as_priya.post(url(ana, code), {"M6-side_by_side": "10", "answered_with": "alone"})
        assert "not one of the available choices" in refused.content.decode()
        assert not CheckIn.objects.exists()


def test_what_can_not_be_scored_yet_is_said(as_priya, ana):
    data = {"M5-stands": "8", "answered_with": "clinic"}
    page = as_priya.post(url(ana, "M5"), data, follow=True).content.decode()
    assert "saved but has no score" in page


def test_nothing_entered_is_not_stored(as_priya, ana):
    page = as_priya.post(url(ana), {"answered_with": "clinic"}).content.decode()
    assert "Nothing was entered yet." in page
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize("code", ["M99", "x", "M5%00"])
def test_an_unknown_measure_does_not_exist(as_priya, ana, code):
    assert as_priya.get(url(ana, code)).status_code == 404


def test_anothers_id_is_not_overwritten(as_priya, ana, bert, plan):
    stored = check_ins.record(
        check_in_id=uuid.uuid4(), plan=plan, form=form_of(plan), answers={"M2": {}}, by=ana.user
    )
    other = CheckIn(
        id=uuid.uuid4(),
        patient=bert,
        answered_at=stored.answered_at,
        answered_on=stored.answered_on,
        answers={},
        versions={},
    )
    other.save(force_insert=True)
    data = {"M5-stands": "8", "answered_with": "clinic"}
    assert as_priya.post(url(ana, "M5", other.pk), data).status_code == 404
