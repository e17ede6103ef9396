"""A measure or a log proposes a finding: it holds at once, and a therapist decides."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import AuditEvent
from patients.actions import episodes, proposals
from patients.models import Episode, Patient, ProposedFinding
from programs.actions import check_ins, sessions
from programs.course import today
from programs.models import Alert, Measure
from programs.models.check_in import AnsweredWith
from programs.safety import gates
from programs.safety.situation import Situation
from tests.conftest import make_episode, make_plan

pytestmark = pytest.mark.django_db


def measured(patient, by, code, on=None, **answers):
    measure = Measure.objects.filter(code=code).order_by("-version").first()
    return check_ins.record_measure(
        check_in_id=uuid.uuid4(),
        patient=patient,
        measure=measure,
        answers=answers,
        answered_with=AnsweredWith.CLINIC,
        by=by,
        on=on,
    )


def log(plan, **answers):
    return sessions.record(
        session_id=uuid.uuid4(), plan=plan, done={}, by=plan.patient.user, **answers
    )


SITES = ["big_toe", "first_met", "fifth_met"]
FILAMENT = {f"{side}_{site}": 3 for side in ("right", "left") for site in SITES}
TOES = {f"{side}_toe_{n}": True for side in ("right", "left") for n in (1, 3, 5)}


def feeling(patient):
    return Episode.objects.get(patient=patient).sensation


def test_a_lost_site_of_the_filament_holds_tension_back_at_once(ana, episode, priya):
    plan = make_plan(episode, priya, "P4")
    tension = plan.prescriptions.filter(included=True, exercise__code="T02")
    assert tension.exists()
    measured(ana, priya, "M9", **FILAMENT | {"left_big_toe": 1})
    assert feeling(ana) == "lost"
    assert Alert.objects.filter(rule="A18", plan=plan).exists()
    course = today.load(ana)
    assert "T02" in {code for held in course.held for code in held.codes}
    episode.refresh_from_db()
    assert gates.caps_for(episode) == gates.INSENSATE_CAPS


@pytest.mark.parametrize(
    ("code", "answers", "is_lost"),
    [
        ("M9", FILAMENT, False),
        ("M9", FILAMENT | {"right_big_toe": 2}, False),
        ("M9", FILAMENT | {"right_big_toe": None}, False),  # not answered is not lost
        ("M9", dict.fromkeys(FILAMENT, 0), True),
        ("M10", TOES, False),
        ("M10", TOES | {"left_toe_1": False}, False),
        ("M10", TOES | {"left_toe_1": False, "left_toe_3": False}, True),
    ],
)
def test_which_tests_of_feeling_propose(ana, episode, priya, code, answers, is_lost):
    measured(ana, priya, code, **answers)
    assert (feeling(ana) == "lost") is is_lost
    assert ProposedFinding.objects.exists() is is_lost


@pytest.mark.parametrize(
    ("code", "answers", "is_risk"),
    [
        ("M7", {"seconds": 30}, True),
        ("M7", {"seconds": 12}, True),
        ("M7", {"seconds": 11.9}, False),
        ("M6", {"side_by_side": 10, "semi_tandem": 10, "tandem": 9, "one_leg": 0}, True),
        ("M6", {"side_by_side": 10, "semi_tandem": 10, "tandem": 10, "one_leg": 2}, False),
    ],
)
def test_which_tests_of_balance_propose(ana, episode, priya, code, answers, is_risk):
    measured(ana, priya, code, **answers)
    assert Episode.objects.get(patient=ana).fall_risk == ("moderate" if is_risk else "low")


def test_a_fall_in_a_session_counts_and_the_helper_gate_speaks(ana, priya):
    episode = make_episode(ana, priya, helper_at_home=False)
    plan = make_plan(episode, priya, "P6")
    log(plan, falls=1)
    episode.refresh_from_db()
    assert (episode.falls_12_months, episode.fall_risk) == (1, "moderate")
    standing = plan.prescriptions.filter(exercise__code="B02").first()
    found = gates.exercise_findings(standing.exercise, Situation.of(plan))
    assert "No helper at home" in found[0].message


def test_falls_that_hurt_or_come_again_are_a_high_risk(ana, plan):
    log(plan, falls=1, fall_injury=True)
    assert Episode.objects.get(patient=ana).fall_risk == "high"


def test_falls_add_up(ana, plan):
    for _ in range(3):
        log(plan, falls=1)
    episode = Episode.objects.get(patient=ana)
    assert (episode.falls_12_months, episode.fall_risk) == (3, "high")
    [proposal] = ProposedFinding.objects.filter(field="falls_12_months")
    assert (proposal.was, proposal.value) == ("0", "3")


def test_a_form_with_falls_raises_and_proposes_in_its_own_transaction(ana, plan, priya):
    measured(ana, priya, "M13", falls=3, near_falls=0, injury=True)
    [alert] = Alert.objects.all()
    assert (alert.rule, alert.severity) == ("A6", "urgent")
    assert today.load(ana).state == today.State.STOPPED
    episode = Episode.objects.get(patient=ana)
    assert (episode.falls_12_months, episode.fall_risk) == (3, "high")


@pytest.mark.parametrize(
    ("answers", "rules"),
    [
        ({"falls": 1, "near_falls": 0, "injury": False}, ["A7"]),
        ({"falls": 0, "near_falls": 2, "injury": None}, ["A7"]),
        ({"falls": 0, "near_falls": 1, "injury": None}, []),
        ({"falls": 0, "near_falls": None, "injury": None}, []),
        ({"falls": None, "near_falls": None, "injury": True}, ["A6"]),
    ],
)
def test_falls_of_a_form(ana, plan, priya, answers, rules):
    measured(ana, priya, "M13", **answers)
    found = Alert.objects.filter(check_in__isnull=False)
    assert list(found.values_list("rule", flat=True)) == rules


def test_falls_told_before_any_episode_are_an_alert_too(ana, priya):
    measured(ana, priya, "M13", falls=1, near_falls=0, injury=True)
    assert Alert.objects.get().rule == "A6"


def test_much_worse_twice_is_told(ana, plan, priya):
    measure = Measure.objects.get(code="M14")
    Episode.objects.update(opened_at=timezone.now() - dt.timedelta(days=9))
    for days_ago in (7, 1):
        check_ins.record_measure(
            check_in_id=uuid.uuid4(),
            patient=ana,
            measure=measure,
            answers={"change": -4},
            answered_with=AnsweredWith.CLINIC,
            by=priya,
            on=ana.clinic.today() - dt.timedelta(days=days_ago),
        )
    assert Alert.objects.filter(rule="A14").count() == 1


# A therapist decides


@pytest.fixture
def proposal(ana, episode, priya):
    measured(ana, priya, "M9", **dict.fromkeys(FILAMENT, 0))
    return ProposedFinding.objects.get()


def test_confirmed_it_stays(proposal, ana, priya):
    proposals.confirm(proposal=proposal, by=priya)
    assert feeling(ana) == "lost"
    with pytest.raises(ValidationError, match="already"):
        proposals.refuse(proposal=proposal, reason="She was not listening.", by=priya)
    assert AuditEvent.objects.filter(action="finding.confirmed").exists()


def test_refused_with_a_reason_it_is_as_before(proposal, ana, priya):
    for reason in ("", "no", "1"):
        with pytest.raises(ValidationError):
            proposals.refuse(proposal=proposal, reason=reason, by=priya)
    proposals.refuse(proposal=proposal, reason="She had thick socks on.", by=priya)
    assert feeling(ana) == "intact"


def test_it_is_not_typed_over(proposal, ana, episode, priya):
    with pytest.raises(ValidationError, match="confirm or refuse"):
        episodes.change_episode(episode=episode, by=priya, sensation="intact")
    episodes.change_episode(episode=episode, by=priya, irritability="moderate")
    assert feeling(ana) == "lost"


def test_what_is_known_is_not_proposed_again(ana, priya):
    make_episode(ana, priya, sensation="lost")
    measured(ana, priya, "M9", **dict.fromkeys(FILAMENT, 0))
    assert not ProposedFinding.objects.exists()


def test_the_overview_asks_and_one_press_confirms(proposal, as_priya, ana):
    page = as_priya.get(f"/workspace/patients/{ana.pk}/").content.decode()
    assert "Protective sensation: lost" in page
    address = f"/workspace/proposals/{proposal.pk}/"
    assert as_priya.get(address).status_code == 200
    refused = as_priya.post(address, {"do": "refuse", "reason": "no"})
    assert "in a sentence" in refused.content.decode()
    assert as_priya.post(address, {"do": "confirm"}).status_code == 302
    proposal.refresh_from_db()
    assert proposal.accepted


def test_the_cut_off_is_that_of_the_age_on_the_day_of_the_test(ana, episode, priya):
    today = ana.clinic.today()
    Patient.objects.filter(pk=ana.pk).update(
        sex="female", birth_date=dt.date(today.year - 71, 1, 1)
    )
    ana.refresh_from_db()
    then = today - dt.timedelta(days=1096)
    stood = {"stands": 10, "over_half_way": False, "arms_used": False}  # from 70 on enough
    measured(ana, priya, "M5", on=then, **stood)
    assert (ana.age_on(then) < 70, ana.age) == (True, 71)
    assert ProposedFinding.objects.filter(episode=episode, field="fall_risk").exists()
