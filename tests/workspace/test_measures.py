"""Taking a measure in the clinic, and what the page of measures says."""

import datetime as dt
import re
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.models import AuditEvent
from patients.actions import patients
from programs.actions import check_ins, restrictions
from programs.models import CheckIn, Measure
from programs.progress import overview
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


# ── what is seldom, when it was, and what was wrong ──


def tug(patient, by, seconds, **given):
    return check_ins.record_measure(
        check_in_id=uuid.uuid4(),
        patient=patient,
        measure=Measure.objects.get(code="M7"),
        answers={"seconds": seconds},
        answered_with="clinic",
        by=by,
        **given,
    )


def correct_url(patient, wrong):
    return f"/workspace/patients/{patient.pk}/measures/correct/{wrong.pk}/{uuid.uuid4()}/"


@pytest.mark.parametrize("seconds", ["9999", "1", "-3"])
def test_what_can_not_be_is_refused(as_priya, ana, seconds):
    as_priya.post(url(ana, "M7"), {"M7-seconds": seconds, "answered_with": "clinic"})
    assert not CheckIn.objects.exists()


def test_what_is_seldom_is_asked_about_and_a_yes_holds_for_that_number_alone(as_priya, ana):
    data = {"M7-seconds": "75", "answered_with": "clinic"}
    page = as_priya.post(url(ana, "M7"), data).content.decode()
    assert "How long did it take? (s): 75" in page
    assert not CheckIn.objects.exists()
    as_priya.post(url(ana, "M7"), data | {"M7-seconds": "85", "sure": "seconds=75"})
    assert not CheckIn.objects.exists()
    as_priya.post(url(ana, "M7"), data | {"sure": "seconds=75"})
    assert CheckIn.objects.get().answers == {"M7": {"seconds": 75}}


def test_a_measure_of_an_earlier_day(as_priya, ana, plan):
    day = ana.clinic.today() - dt.timedelta(days=3)
    data = {"M7-seconds": "14", "answered_with": "clinic", "done_on": day.isoformat()}
    as_priya.post(url(ana, "M7"), data)
    assert CheckIn.objects.get().answered_on == day
    to_come = ana.clinic.today() + dt.timedelta(days=1)
    page = as_priya.post(url(ana, "M7"), data | {"done_on": to_come.isoformat()}).content.decode()
    assert "still to come" in page
    assert CheckIn.objects.count() == 1


def test_a_part_of_a_chair_stand_is_kept_and_shown(as_priya, ana):
    as_priya.post(url(ana, "M5"), {"M5-stands": "9", "answered_with": "clinic"})
    page = as_priya.get(f"/workspace/patients/{ana.pk}/check-ins/").content.decode()
    assert "Full stands in 30 seconds</span> 9" in page


def test_a_wrong_measure_is_put_right_by_a_new_record(as_priya, ana, plan, priya):
    wrong = tug(ana, priya, 80)
    history = as_priya.get(f"/workspace/patients/{ana.pk}/check-ins/").content.decode()
    assert f"/measures/correct/{wrong.pk}/" in history
    page = as_priya.get(correct_url(ana, wrong)).content.decode()
    assert 'value="80"' in page
    as_priya.post(correct_url(ana, wrong), {"M7-seconds": "8", "answered_with": "clinic"})
    newer = CheckIn.objects.current().get()
    assert newer.replaces == wrong
    assert newer.answers == {"M7": {"seconds": 8}}
    assert overview.check_in_history(ana).rows[0].check_in == newer
    assert AuditEvent.objects.filter(action="check_in.corrected", patient_id=ana.pk).count() == 1
    page = as_priya.post(
        correct_url(ana, wrong), {"M7-seconds": "9", "answered_with": "clinic"}
    ).content.decode()
    assert "put right already" in page
    assert CheckIn.objects.count() == 2


def test_a_measure_of_somebody_else_is_taken_back_with_a_note(as_priya, ana, plan, priya):
    wrong = tug(ana, priya, 80)
    data = {"M7-seconds": "", "answered_with": "clinic"}
    page = as_priya.post(correct_url(ana, wrong), data).content.decode()
    assert "Say in the note how it came about" in page
    as_priya.post(correct_url(ana, wrong), data | {"note": "This was another patient's test."})
    assert CheckIn.objects.current().get().versions == {}
    assert overview.check_in_history(ana).newest == []
    assert "Nothing was measured." in (
        as_priya.get(f"/workspace/patients/{ana.pk}/check-ins/").content.decode()
    )


def test_what_a_patient_answered_stays(ana, plan, priya):
    form = check_ins.record(
        check_in_id=uuid.uuid4(), plan=plan, form=form_of(plan), answers={"M2": {}}, by=ana.user
    )
    with pytest.raises(ValidationError, match="stays as it is"):
        tug(ana, priya, 9, replaces=form)


@pytest.mark.parametrize("made", ["wound", "held"])
def test_a_test_on_the_feet_waits_while_standing_does(as_priya, ana, episode, plan, priya, made):
    if made == "wound":
        episode.conditions = ["foot_wound"]
        episode.save()
    else:
        restrictions.impose(
            episode=episode, kind="standing", why="Dizzy on standing today.", by=priya
        )
    assert "Not now" in as_priya.get(url(ana, "M7")).content.decode()
    assert "Not now" not in as_priya.get(url(ana, "M9")).content.decode()
    assert "Not now" in as_priya.get(f"/workspace/patients/{ana.pk}/measures/").content.decode()


# ── timed, by whom, against which norm ──


@pytest.mark.parametrize("code", ["M5", "M6", "M7", "M8"])
def test_what_is_timed_has_a_timer_with_its_safety_in_sight(as_priya, ana, code):
    page = as_priya.get(url(ana, code)).content.decode()
    assert "data-timer" in page
    assert page.count("Stand close") == 2
    assert ("Stop and save" in page) is True
    assert ("data-saves-itself" in page) is (code == "M7")
    assert ("data-stops-at-first" in page) is (code == "M6")


def test_there_is_no_timer_for_what_waits_or_is_put_right(as_priya, ana, episode, priya):
    assert "data-timer" not in as_priya.get(url(ana, "M9")).content.decode()
    wrong = tug(ana, priya, 80)
    assert "data-timer" not in as_priya.get(correct_url(ana, wrong)).content.decode()
    restrictions.impose(episode=episode, kind="standing", why="Dizzy on standing today.", by=priya)
    page = as_priya.get(url(ana, "M7")).content.decode()
    assert "data-timer" not in page
    assert "there is no timer" in page


def test_who_measured_is_shown_kept_and_told(as_priya, ana, priya, colm):
    patients.join_care_team(patient=ana, therapist=colm, by=priya)
    form = as_priya.get(url(ana, "M7")).context["about"]
    assert form["taken_by"].value() == priya.pk
    assert [key for key, _ in form.fields["taken_by"].choices] == [str(priya.pk), str(colm.pk)]
    data = {"M7-seconds": "9", "answered_with": "clinic"}
    as_priya.post(url(ana, "M7"), data)
    as_priya.post(url(ana, "M7"), data | {"taken_by": str(colm.pk)})
    assert [one.taken_by for one in CheckIn.objects.order_by("answered_at")] == [priya, colm]
    told = AuditEvent.objects.filter(action="check_in.recorded").order_by("at")
    assert [event.detail.get("taken_by") for event in told] == [None, colm.pk]
    page = as_priya.get(f"/workspace/patients/{ana.pk}/check-ins/").content.decode()
    assert "by Colm Therapist" in page


def test_only_the_care_team_measures(as_priya, ana, priya, colm, olive):
    data = {"M7-seconds": "9", "answered_with": "clinic"}
    for other in (colm, olive):
        as_priya.post(url(ana, "M7"), data | {"taken_by": str(other.pk)})
        with pytest.raises(ValidationError, match="care team"):
            tug(ana, priya, 9, taken_by=other)
    assert not CheckIn.objects.exists()


def test_who_left_the_team_still_measured_what_is_put_right(as_priya, ana, priya, colm):
    member = patients.join_care_team(patient=ana, therapist=colm, by=priya)
    wrong = tug(ana, priya, 80, taken_by=colm)
    patients.leave_care_team(member=member, by=priya)
    form = as_priya.get(correct_url(ana, wrong)).context["about"]
    assert form["taken_by"].value() == colm.pk
    tug(ana, priya, 8, taken_by=colm, replaces=wrong)
    assert CheckIn.objects.current().get().taken_by == colm


def test_a_form_is_the_patients_own(ana, plan, priya):
    form = form_of(plan)
    stored = check_ins.record(
        check_in_id=uuid.uuid4(), plan=plan, form=form, answers={"M2": {}}, by=ana.user
    )
    assert stored.taken_by is None
    stored.pk, stored.taken_by = uuid.uuid4(), priya
    with pytest.raises(IntegrityError, match="check_in_form_is_the_patients"):
        stored.save(force_insert=True)


def test_the_norm_is_in_sight_before_and_the_value_in_it_after(as_priya, ana):
    ana.sex = "female"
    ana.save()
    page = as_priya.get(url(ana, "M5")).content.decode()
    assert "under 10" in page
    assert "norm__zone--below_average" in page
    assert "Centers for Disease Control and Prevention 2017" in page
    assert "norm__mark" not in page
    data = {"M5-stands": "8", "M5-over_half_way": "no", "M5-arms_used": "no"}
    page = as_priya.post(url(ana, "M5"), data | {"answered_with": "clinic"}, follow=True)
    words = " ".join(page.content.decode().split())
    assert "30-second chair stand is saved: 8." in words
    assert "lies in “under 10”: below the norm." in words
    assert "norm__mark" in words


def test_a_norm_that_says_nothing_says_why(as_priya, ana):
    page = as_priya.get(url(ana, "M5")).content.decode()
    assert "The norm needs age and sex" in page


def test_the_norm_is_that_of_the_age_on_the_day(as_priya, ana, priya):
    """Ana was born on 14 March 1956: 69 until then, 70 from then on."""
    ana.sex = "female"
    ana.save()
    answers = {"stands": 10, "over_half_way": False, "arms_used": False}
    measure = Measure.objects.get(code="M5")
    for day in (dt.date(2026, 3, 13), dt.date(2026, 3, 14)):
        check_ins.record_measure(
            check_in_id=uuid.uuid4(),
            patient=ana,
            measure=measure,
            answers=answers,
            answered_with="clinic",
            by=priya,
            on=day,
        )
        [newest] = overview.check_in_history(ana).newest
        age = "65 to 69" if day.day == 13 else "70 to 74"
        assert age in newest.scale.zones[0].sayings[0].words
        page = as_priya.get(correct_url(ana, newest.check_in))  # and to put it right
        assert age in page.context["scale"].zones[0].sayings[0].words


def test_a_page_stores_one_measure_and_never_loses_another(as_priya, ana):
    one = uuid.uuid4()
    data = {"M7-seconds": "9", "answered_with": "clinic"}
    as_priya.post(url(ana, "M7", one), data)
    again = as_priya.post(url(ana, "M7", one), data | {"M7-seconds": "11"}).content.decode()
    assert "has saved another measure already" in again
    assert CheckIn.objects.get().answers == {"M7": {"seconds": 9}}


def test_what_is_due_is_one_press_away(as_priya, ana, episode, priya):
    address = f"/workspace/patients/{ana.pk}/"
    page = as_priya.get(address).content.decode()
    links = re.findall(r'href="([^"]+/measures/(\w+)/[^"#]+/)#timer"', page)
    assert {code for _, code in links} == {"M5", "M6", "M7", "M8", "M9", "M10", "M15"}
    assert len({link.split("/")[-2] for link, _ in links}) == len(links)
    for link, _ in links:
        assert as_priya.get(link).status_code == 200
    tug(ana, priya, 9)
    page = as_priya.get(address).content.decode()
    assert "To come" in page
    assert page.index("To come") < page.rindex("Timed Up &amp; Go")


def test_both_legs_share_a_chart_with_the_tests_name(as_priya, ana, priya):
    for _ in range(2):
        check_ins.record_measure(
            check_in_id=uuid.uuid4(),
            patient=ana,
            measure=Measure.objects.get(code="M8"),
            answers={"right_1": 12, "left_1": 20},
            answered_with="clinic",
            by=priya,
        )
    assert [chart.title for chart in overview.check_in_history(ana).charts] == ["One-leg stand"]
