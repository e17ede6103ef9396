import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Clinic
from patients.models import Episode, RedFlagScreen
from programs.models import Exercise, Plan, PlanPhase, Prescription, Program, Restriction
from programs.safety import gates
from programs.safety.gates import INSENSATE_CAPS, Level
from programs.safety.situation import Situation
from tests.conftest import FINDINGS

pytestmark = pytest.mark.django_db


def findings(code, caps=None, screen=None, no_tension=False, **changed):
    episode = Episode(**(FINDINGS | changed))
    situation = Situation(
        episode=episode,
        today=dt.date(2026, 11, 23),
        caps=caps if caps is not None else gates.caps_for(episode),
        screen=screen or RedFlagScreen(present=[]),
        no_tension=no_tension,
    )
    return gates.exercise_findings(Exercise.objects.get(code=code), situation)


def levels(*args, **kwargs):
    return [finding.level for finding in findings(*args, **kwargs)]


def test_calm_findings_ask_nothing():
    assert levels("T01") == []
    assert levels("G01") == []
    assert levels("B08") == []


@pytest.mark.parametrize(
    "changed", [{"sensation": "lost"}, {"irritability": "high"}, {"no_tension": True}]
)
def test_tension_needs_a_reason(changed):
    assert Level.REASON in levels("T02", **changed)


def test_tension_needs_a_reason_while_any_red_flag_is_open():
    open_screen = RedFlagScreen(present=["spreading"])
    assert levels("T02", screen=open_screen) == [Level.REASON]
    assert levels("G02", screen=open_screen) == []


def test_eyes_closed_stand_is_blocked_at_home():
    assert levels("B16")[0] is Level.BLOCKED


def test_foam_is_for_the_clinic_without_protective_feeling():
    assert Level.REASON in levels("B15", sensation="lost")
    assert Level.REASON not in levels("B15", sensation="reduced")


def test_lost_feeling_limits_lying_slides_and_stops_seated_ones():
    lying = findings("G06", sensation="lost")
    assert [one.level for one in lying] == [Level.NOTE]
    assert "hip at most 60°" in lying[0].message
    seated = findings("G01", sensation="lost")
    assert seated[0].level is Level.REASON
    assert "hip" in seated[0].message


def test_caps_come_from_lost_feeling_and_from_the_program():
    assert gates.caps_for(Episode(sensation="intact")) == {}
    assert gates.caps_for(Episode(sensation="lost")) == INSENSATE_CAPS
    assert gates.caps_for(Episode(sensation="intact"), {"hip_max": 45}) == {"hip_max": 45}


@pytest.mark.parametrize(
    ("code", "changed", "level"),
    [
        ("B02", {"falls_12_months": 1}, Level.REASON),
        ("B02", {"walking_aid": "cane"}, Level.REASON),
        ("B09", {}, Level.REASON),
        ("T07", {"falls_12_months": 1}, Level.REASON),
    ],
)
def test_standing_work_that_wants_a_helper(code, changed, level):
    assert level in levels(code, helper_at_home=False, **changed)
    assert level not in levels(code, helper_at_home=True, **changed)


def test_a_standing_movement_counts_as_standing_whatever_its_position_says():
    exercise = Exercise.objects.get(clinic=None, code="B09")
    exercise.pose = "sit"
    assert exercise.is_standing


def test_seated_balance_needs_no_helper():
    assert levels("B01", falls_12_months=2, helper_at_home=False) == []


def test_a_note_is_shown_when_the_helper_is_there():
    assert levels("B09", helper_at_home=True) == [Level.NOTE]


def test_screen_findings():
    def found(present, days_ago=0):
        screen = None
        if present is not None:
            at = timezone.now() - dt.timedelta(days=days_ago)
            screen = RedFlagScreen(present=present, screened_at=at)
        episode = Episode(**FINDINGS, clinic=Clinic(time_zone="UTC"))
        situation = Situation(episode=episode, today=timezone.now().date(), screen=screen)
        return [one.level for one in gates.screen_findings(situation)]

    assert found(None) == [Level.BLOCKED]
    assert found(["foot_lesion"]) == [Level.BLOCKED]
    assert found(["spreading"]) == [Level.NOTE]
    assert found([]) == found([], days_ago=30) == []
    assert found([], days_ago=31) == [Level.BLOCKED]


def test_a_reason_opens_only_what_asks_for_one():
    blocked = gates.Finding(Level.BLOCKED, "no", "")
    ask = gates.Finding(Level.REASON, "why", "")
    note = gates.Finding(Level.NOTE, "by the way", "")
    found = [blocked, ask, note]
    row = Prescription(gate_reason="because she asked", reason_for=gates.asks_for_reason(found))
    assert gates.blocked_or_unreasoned(found, row) == [blocked]
    later = gates.Finding(Level.REASON, "and now this", "")
    assert gates.blocked_or_unreasoned([*found, later], row) == [blocked, later]
    for empty in ("  ", "\u200b", "...", "\xa0"):
        row.gate_reason = empty
        assert gates.blocked_or_unreasoned(found, row) == [blocked, ask]


def test_the_stricter_limit_counts():
    lost = Episode(sensation="lost")
    strict = gates.caps_for(lost, {"hip_max": 45, "knee_min": 20, "ankle_max": 9})
    assert strict == {"hip_max": 45, "knee_min": 20, "ankle_max": 5}


def test_unknown_falls_are_not_no_falls():
    assert levels("B02", falls_12_months=None) == [Level.NOTE]


def test_high_irritability_asks_once_and_only_near_the_sore_site():
    near = [one.message for one in findings("T02", irritability="high")]
    assert near == ["Irritability is high: no tension yet."]
    assert levels("G05", irritability="high") == []
    assert levels("G02", irritability="high") == [Level.REASON]


def test_why_a_helper_is_needed_is_said():
    by_task = findings("B09", helper_at_home=False)[0].message
    by_person = findings("B02", helper_at_home=False, falls_12_months=1)[0].message
    assert by_task == "No helper at home, and this task needs one."
    assert by_person == "No helper at home, and a fall in 12 months or a walking aid."


def test_only_what_is_left_out_is_said_to_be_held_back():
    held = Restriction(kind="tension", first=dt.date(2026, 11, 1))
    episode = Episode(**FINDINGS)
    situation = Situation(
        episode=episode, today=dt.date(2026, 11, 23), screen=RedFlagScreen(present=[]),
        restrictions=(held,),
    )  # fmt: skip

    def told(code):
        return gates.exercise_findings(Exercise.objects.get(code=code), situation)

    assert [one.message for one in told("T02")] == ["Held back now (stretches): it stays left out."]
    assert told("G02") == []


def of_plan(counts, *, excluded=0, program=None):
    """What is said of a plan with so many exercises in each phase, all due each day."""
    phases = [PlanPhase(number=number) for number in range(1, len(counts) + 1)]
    rows = [
        Prescription(phase=phase, days_per_week=7, included=number >= excluded)
        for phase, count in zip(phases, counts, strict=True)
        for number in range(count)
    ]
    at = timezone.now()
    situation = Situation(
        episode=Episode(**FINDINGS, clinic=Clinic(time_zone="UTC")), today=at.date(),
        screen=RedFlagScreen(present=[], screened_at=at),
    )  # fmt: skip
    plan = Plan(weekdays=[0, 1, 2, 3, 4, 5, 6], program=program)
    return gates.plan_findings(plan, situation, phases=phases, prescriptions=rows)


def test_more_than_four_exercises_on_one_day_are_told_of():
    assert of_plan([4, 4]) == []
    (found,) = of_plan([4, 5])
    assert found.level is Level.NOTE
    assert found.message.startswith("Phase 2 has 5 exercises on one day.")


def test_what_is_not_included_does_not_count():
    assert of_plan([5], excluded=1) == []
    assert [one.message for one in of_plan([2], excluded=2)] == ["Phase 1 has no exercise."]


def test_a_phase_without_an_exercise_is_blocked():
    assert [(one.level, one.message) for one in of_plan([0, 1])] == [
        (Level.BLOCKED, "Phase 1 has no exercise.")
    ]


@pytest.mark.parametrize(("code", "is_told"), [("P1", False), ("P2", True)])
def test_what_a_program_asks_for_before_it_begins_is_told(code, is_told):
    program = Program.objects.get(clinic=None, code=code)
    told = [one.message for one in of_plan([1], program=program)]
    assert told == ([f"Before {code}: {program.entry_gate}"] if is_told else [])


def test_a_reason_is_asked_for_by_what_asks_for_one():
    found = [gates.Finding(level, level.name, "") for level in Level]
    assert gates.asks_for_reason(found) == ["REASON"]
