"""With what alerts close: emergencies and new signs need more than a word."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from patients.actions import episodes, proposals
from patients.models import ProposedFinding
from patients.red_flags import RED_FLAGS
from programs.actions import alerts, sessions, sign_reports
from programs.alerts import closing
from programs.models import Alert
from programs.models.alert import Code, Ending
from tests.conftest import make_episode

pytestmark = pytest.mark.django_db
WORDS = "Examined her this morning."


@pytest.fixture
def weakness(plan):
    """A4, told a moment ago."""
    at = timezone.now() - dt.timedelta(minutes=5)
    sign_reports.record(
        report_id=uuid.uuid4(),
        patient=plan.patient,
        signs=["weakness"],
        by=plan.patient.user,
        at=at,
    )
    return Alert.objects.get(rule="A4")


def close(alert, by, ending, **fields):
    return alerts.acknowledge(alert=alert, response=WORDS, by=by, ending=ending, **fields)


@pytest.mark.parametrize(
    "code", ["A1", "A2", "A3", "A4", "A5", "A6", "A9", "A20", "1.9.1", "1.9.4", "1.9.5", "CORD"]
)
def test_an_emergency_is_not_just_done(code):
    assert Ending.DONE not in closing.endings(Code(code))
    assert {Ending.SCREEN, Ending.REFERRAL, Ending.NOT_SO} <= set(closing.endings(Code(code)))


def test_others_are(plan):
    assert closing.endings(Code.A10)[0] is Ending.DONE


def test_done_is_refused(weakness, priya):
    with pytest.raises(ValidationError, match="red-flag screen"):
        close(weakness, priya, Ending.DONE)


@pytest.mark.parametrize("words", ["", "ok", "1", "x", "fine"])
def test_one_word_is_no_sentence(weakness, priya, words):
    with pytest.raises(ValidationError, match="in a sentence"):
        alerts.acknowledge(alert=weakness, response=words, ending=Ending.NOT_SO, by=priya)


def test_a_new_screen_closes_it(weakness, plan, priya):
    plan.episode.screens.update(screened_at=timezone.now() - dt.timedelta(hours=1))
    with pytest.raises(ValidationError, match="Ask the red-flag questions"):
        close(weakness, priya, Ending.SCREEN)  # the one before the alert does not count
    episodes.record_screen(episode=plan.episode, present=["new_weakness"], by=priya)
    assert close(weakness, priya, Ending.SCREEN).ending == Ending.SCREEN


def test_a_finding_closes_it(weakness, plan, priya):
    with pytest.raises(ValidationError, match="foot drop or weakness"):
        close(weakness, priya, Ending.FINDING)
    episodes.change_episode(episode=plan.episode, by=priya, conditions=["foot_drop"])
    assert close(weakness, priya, Ending.FINDING).ending == Ending.FINDING


def test_what_was_known_before_is_no_new_finding(plan, priya):
    episodes.change_episode(episode=plan.episode, by=priya, conditions=["foot_wound"])
    sign_reports.record(
        report_id=uuid.uuid4(), patient=plan.patient, signs=[], skin_changed=True,
        by=plan.patient.user,
    )  # fmt: skip
    alert = Alert.objects.get(rule="A5")
    with pytest.raises(ValidationError, match="on record first"):
        close(alert, priya, Ending.FINDING)
    episodes.change_episode(episode=plan.episode, by=priya, irritability="moderate")
    with pytest.raises(ValidationError, match="on record first"):
        close(alert, priya, Ending.FINDING)
    found = ["foot_wound", "charcot"]
    episodes.change_episode(episode=plan.episode, by=priya, conditions=found)
    close(alert, priya, Ending.FINDING)


def test_a_proposed_fall_is_a_finding_once_it_is_confirmed(plan, priya):
    sessions.record(
        session_id=uuid.uuid4(), plan=plan, done={}, by=plan.patient.user, falls=1,
        fall_injury=True,
    )  # fmt: skip
    alert = Alert.objects.get(rule="A6")
    with pytest.raises(ValidationError, match="on record first"):
        close(alert, priya, Ending.FINDING)
    proposals.confirm(proposal=ProposedFinding.objects.get(field="falls_12_months"), by=priya)
    close(alert, priya, Ending.FINDING)


def test_a_referral_says_to_whom_and_when(weakness, plan, priya):
    today = plan.clinic.today()
    for fields in (
        {},
        {"referred_to": "Dr. Low"},
        {"referred_on": today},
        {"referred_to": "1", "referred_on": today},
        {"referred_to": "Dr. Low", "referred_on": today - dt.timedelta(days=30)},
        {"referred_to": "Dr. Low", "referred_on": today + dt.timedelta(days=400)},
    ):
        with pytest.raises(ValidationError):
            close(weakness, priya, Ending.REFERRAL, **fields)
    closed = close(weakness, priya, Ending.REFERRAL, referred_to="Dr. Low", referred_on=today)
    assert closed.referred_to == "Dr. Low"


def test_not_so_with_words(weakness, priya):
    assert close(weakness, priya, Ending.NOT_SO).acknowledged_by == priya


def test_the_page_offers_what_it_needs(weakness, as_priya, plan):
    page = as_priya.get(f"/workspace/alerts/{weakness.pk}/").content.decode()
    assert "Ask the red-flag questions" in page
    assert "Change findings" in page
    assert "New weakness, or my foot drops or trips" in page
    data = {"ending": "done", "response": WORDS}
    refused = as_priya.post(f"/workspace/alerts/{weakness.pk}/", data)
    assert refused.status_code == 200
    data = {"ending": "not_so", "response": WORDS}
    assert as_priya.post(f"/workspace/alerts/{weakness.pk}/", data).status_code == 302


# ── what is known of somebody else, or was known before, answers nothing ──


def test_anothers_screen_closes_nothing(weakness, plan, priya, bert, colm):
    plan.episode.screens.update(screened_at=timezone.now() - dt.timedelta(hours=1))
    episodes.record_screen(episode=make_episode(bert, colm), present=[], by=colm)
    assert closing.missing(weakness, Ending.SCREEN, plan.episode)
    episodes.record_screen(episode=plan.episode, present=[], by=priya)
    assert closing.missing(weakness, Ending.SCREEN, plan.episode) == ""
    assert closing.missing(weakness, Ending.REFERRAL, plan.episode) == ""


def test_anothers_change_of_findings_closes_nothing(weakness, plan, bert, colm):
    plan.episode.conditions = ["foot_drop"]  # known before, and not put there since
    plan.episode.save()
    theirs = make_episode(bert, colm)
    episodes.change_episode(episode=theirs, by=colm, conditions=["foot_drop"])
    assert closing.missing(weakness, Ending.FINDING, plan.episode)


@pytest.fixture
def fall(plan):
    """A6, with the falls that it proposed."""
    sessions.record(
        session_id=uuid.uuid4(), plan=plan, done={}, by=plan.patient.user, falls=1, fall_injury=True
    )
    plan.episode.refresh_from_db()
    return Alert.objects.get(rule="A6")


def test_a_proposed_fall_has_to_be_confirmed_since_and_be_about_falls(fall, plan, priya):
    falls = plan.episode.proposals.get(field=ProposedFinding.Field.FALLS)
    risk = plan.episode.proposals.get(field=ProposedFinding.Field.FALL_RISK)
    proposals.confirm(proposal=risk, by=priya)
    assert closing.missing(fall, Ending.FINDING, plan.episode)
    Alert.objects.filter(pk=fall.pk).update(raised_at=timezone.now() + dt.timedelta(minutes=5))
    fall.refresh_from_db()
    proposals.confirm(proposal=falls, by=priya)
    assert closing.missing(fall, Ending.FINDING, plan.episode)  # decided before the alert
    Alert.objects.filter(pk=fall.pk).update(raised_at=timezone.now() - dt.timedelta(minutes=5))
    fall.refresh_from_db()
    assert closing.missing(fall, Ending.FINDING, plan.episode) == ""


def test_a_refused_fall_or_another_change_is_no_finding(fall, plan, priya):
    falls = plan.episode.proposals.get(field=ProposedFinding.Field.FALLS)
    proposals.refuse(proposal=falls, reason="It was a slip onto the bed.", by=priya)
    plan.episode.refresh_from_db()
    episodes.change_episode(episode=plan.episode, by=priya, walking_aid="cane")
    plan.episode.falls_12_months = 1
    assert closing.missing(fall, Ending.FINDING, plan.episode)


def test_one_tick_closes_no_emergency(weakness, plan, priya, as_priya):
    plan.episode.screens.update(screened_at=timezone.now() - dt.timedelta(hours=1))
    episodes.record_screen(episode=plan.episode, present=[], summed_up=True, by=priya)
    assert closing.missing(weakness, Ending.SCREEN, plan.episode)
    address = f"/workspace/patients/{plan.patient_id}/red-flags/"
    page = as_priya.get(address).content.decode()
    assert "I asked each" not in page
    assert "needs its own answer" in page
    assert b"Answer yes or no" in as_priya.post(address, {"asked_all": "on"}).content
    as_priya.post(address, {flag.code: "no" for flag in RED_FLAGS})
    assert plan.episode.screens.first().summed_up is False
    close(weakness, priya, Ending.SCREEN)
    assert "I asked each" in as_priya.get(address).content.decode()
