"""Words and color after a session are decided in one place (brief 3.1 and 5)."""

import uuid

import pytest

from patients.models.episode import Sensation
from programs.actions import restrictions, sessions, sign_reports
from programs.alerts import advice
from programs.alerts.advice import Words
from programs.alerts.rules import RULES
from programs.course.response import Color
from programs.models.alert import Code, Severity
from programs.models.restriction import Kind
from programs.models.session import NewSign

pytestmark = pytest.mark.django_db
FINE = {
    "pain_before": 3,
    "pain_after": 3,
    "settled": "minute",
    "skin_check": "fine",
    "effort": 4,
    "falls": 0,
    "near_falls": 0,
}


def outcome(plan, feeling=Sensation.INTACT, done=(), **answers):
    session = sessions.record(
        session_id=uuid.uuid4(),
        plan=plan,
        done=dict.fromkeys(done, "all"),
        by=plan.patient.user,
        **(FINE | answers),
    )
    return advice.outcome(session, plan.clinic, feeling=feeling)


def said(found, *words):
    return [str(one).format(emergency="911", phone="555-0134") for one in words] == found.lines


@pytest.mark.parametrize(
    ("feeling", "answers", "color", "words"),
    [
        (Sensation.INTACT, {}, Color.GREEN, [Words.GREEN]),
        (Sensation.LOST, {}, Color.GREEN, [Words.GREEN_UNFELT]),
        (Sensation.REDUCED, {"skin_check": "not_done"}, Color.UNKNOWN, [Words.LOOK]),
        (Sensation.LOST, {"skin_check": "not_done"}, Color.UNKNOWN, [Words.LOOK]),
        (Sensation.INTACT, {"settled": "not_yet"}, Color.UNKNOWN, [Words.UNKNOWN]),
        (Sensation.INTACT, {"near_falls": 1}, Color.AMBER, [Words.NEAR_FALL]),
        (Sensation.INTACT, {"effort": 8}, Color.AMBER, [Words.HARD]),
        (
            Sensation.INTACT,
            {"effort": 9, "near_falls": 1},
            Color.AMBER,
            [Words.NEAR_FALL, Words.HARD],
        ),
        (Sensation.INTACT, {"pain_after": 6}, Color.AMBER, [Words.MUCH]),
    ],
)
def test_words_and_color(plan, feeling, answers, color, words):
    found = outcome(plan, feeling, **answers)
    assert found.color is color
    assert said(found, *words)
    assert found.advice == []


def test_less_pain_than_before_is_said_first(plan):
    found = outcome(plan, pain_before=8, pain_after=3)
    assert found.lines[0] == str(Words.BETTER)


def test_advice_says_all_where_there_is_some(plan):
    found = outcome(plan, pain_before=1, pain_after=7)
    assert found.color is Color.RED
    assert found.lines == []
    assert len(found.advice) == 1


def test_a_look_at_the_feet_is_asked_for_beside_advice(plan):
    found = outcome(plan, Sensation.LOST, skin_check="not_done", stopped=True)
    assert found.advice
    assert said(found, Words.LOOK)


def test_two_signs_with_the_same_advice_say_it_once(plan):
    one = outcome(plan, new_signs=[NewSign.STROKE])
    both = outcome(plan, new_signs=[NewSign.STROKE, NewSign.CHEST])
    assert [line.text for line in both.advice] == [line.text for line in one.advice]
    assert "911" in one.advice[0].text


def test_doing_what_was_held_back_is_told(plan, priya):
    restrictions.impose(
        episode=plan.episode, kind=Kind.STANDING, why="Dizzy on standing today.", by=priya
    )
    standing = plan.prescriptions.get(phase__number=1, exercise__code="B02", included=True)
    found = outcome(plan, done=[standing.pk])
    assert len(found.advice) == 1
    free = plan.prescriptions.get(phase__number=1, exercise__code="G01", included=True)
    assert outcome(plan, done=[free.pk]).advice == []


def test_what_a_report_is_answered_with(ana, plan):
    report = sign_reports.record(
        report_id=uuid.uuid4(), patient=ana, signs=[NewSign.STROKE], by=ana.user
    )
    [line] = advice.about(report, plan.clinic)
    assert "911" in line.text


@pytest.mark.parametrize("of", [advice.of_each_sign, advice.on_the_spot])
def test_what_a_device_says_by_itself_comes_worst_first(clinic, of):
    ranks = [one.line.severity.rank for one in of(clinic)]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) > 1


def test_a_device_knows_what_it_holds_back_and_for_how_long(clinic):
    held = {(one.field, one.value): one.holds for one in advice.on_the_spot(clinic)}
    assert held["settled", "next_morning"] == "nerve@day tension"
    assert held["falls", "1"] == held["falls", "5"] == "standing"
    assert held["rise", "4"] == "nerve"
    assert ("falls", "0") not in held
    assert ("falls", "6") not in held


@pytest.mark.parametrize("severity", Severity)
def test_how_loud_a_line_is_follows_from_its_severity_alone(severity):
    line = advice.AdviceLine("Call.", severity)
    assert line.is_emergency is (severity is Severity.CRITICAL)
    assert line.is_urgent is (severity is Severity.URGENT)


def test_what_a_patient_read_of_a_rule_names_the_clinics_telephone(clinic):
    clinic.phone = "555-0134"
    assert "555-0134" in advice.of_rule(RULES[Code.A5], clinic)
    assert "911" in advice.of_rule(RULES[Code.A1], clinic)
    assert advice.of_rule(RULES[Code.A15], clinic) == ""
