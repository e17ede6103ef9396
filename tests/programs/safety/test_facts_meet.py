"""Two facts that meet: the stricter one binds, whichever came first."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from patients.actions import episodes
from patients.models import Episode
from patients.models.episode import Sensation
from programs.actions import check_ins, clock_alerts, plans, prescriptions, programs, restrictions
from programs.documents.content import ProgramContent
from programs.models import Alert, Exercise, Measure, Program, Restriction
from programs.models.restriction import Kind
from programs.motion import Motion
from programs.plans import diff
from programs.progress import answered, overview
from programs.safety import gates, holding, measuring
from programs.safety.lines import line_findings
from programs.safety.situation import Situation
from tests.conftest import make_episode, make_patient

pytestmark = pytest.mark.django_db


def assigned(ana, priya, code="P4", **findings):
    episode = make_episode(ana, priya, **findings)
    return plans.assign(episode=episode, program=Program.objects.get(code=code), by=priya)


def row_of(plan, code, phase=1):
    return plan.prescriptions.get(phase__number=phase, exercise__code=code)


def measured(patient, by, measure, on=None, replaces=None, note="", **answers):
    """`measure` is a code, or one of several versions."""
    if isinstance(measure, str):
        measure = Measure.objects.get(code=measure)
    return check_ins.record_measure(
        check_in_id=uuid.uuid4(),
        patient=patient,
        measure=measure,
        answers=answers,
        answered_with="clinic",
        by=by,
        on=on,
        note=note,
        replaces=replaces,
    )


# a row's range and what a finding limits


def test_no_range_of_a_row_goes_beyond_what_lost_feeling_limits(ana, priya):
    plan = assigned(ana, priya, "P3", sensation=Sensation.LOST)
    row = row_of(plan, "G06")
    prescriptions.change(prescription=row, by=priya, angle_limits={"knee_max": 0, "hip_max": 90})
    row.refresh_from_db()
    assert row.limits["knee_max"] == row.limits["knee_min"] == 10
    assert row.limits["hip_max"] == 60
    plans.change(plan=plan, by=priya)
    plans.activate(plan=plan, by=priya)
    row = row_of(plan, "G06")
    assert min(end.knee for end in Motion.from_json(row.kept.motion).nerve_ends()) >= 10


def test_a_range_lets_no_draft_of_the_library_through(ana, priya):
    plan = assigned(ana, priya)
    row = row_of(plan, "G02")
    Exercise.objects.filter(pk=row.exercise_id).update(live=False)
    row.exercise.refresh_from_db()
    for limits in ({}, {"hip_max": 70}):
        row.angle_limits = limits
        messages = [one.message for one in line_findings(row, Situation.of(plan))]
        assert "A draft in the library: publish it first." in messages


@pytest.mark.parametrize("limits", [{"ankle_max": -1}, {"knee_min": 31}])
def test_a_smaller_movement_takes_no_strap_off_a_wound(ana, priya, limits):
    plan = assigned(ana, priya, conditions=["foot_wound"])
    row = row_of(plan, "T02", phase=3)
    row.angle_limits = limits
    found = line_findings(row, Situation.of(plan))
    assert any("No strap round a foot" in one.message for one in found)
    assert gates.Level.BLOCKED in {one.level for one in found}


def test_another_exercise_does_not_take_over_the_range(ana, priya):
    row = row_of(assigned(ana, priya), "T02", phase=3)
    assert row.angle_limits
    other = Exercise.objects.get(code="T03")
    assert prescriptions.swap(prescription=row, exercise=other, by=priya).angle_limits == {}


def test_a_balance_exercise_has_no_range(ana, priya):
    row = row_of(assigned(ana, priya), "B02")
    with pytest.raises(ValidationError, match="slides and stretches"):
        prescriptions.change(prescription=row, by=priya, angle_limits={"hip_max": 20})
    rows = [{"exercise": "B01", "dosage": "2x10, hip at most 20"}]
    data = {"title": "One", "phases": [{"title": "A", "weeks": 1, "exercises": rows}]}
    with pytest.raises(ValidationError, match="no angles to limit"):
        programs.write(Program(code="X"), ProgramContent.from_json(data), by=None)


def test_a_new_range_is_no_new_pace(ana, priya):
    plan = assigned(ana, priya)
    plans.activate(plan=plan, by=priya)
    draft = plans.adapt(plan=plan, by=priya, reason="A little less of it.")
    row = row_of(draft, "G02")
    prescriptions.change(prescription=row, by=priya, angle_limits={"hip_max": 60})
    rows = [list(one.prescriptions.all()) for one in (plan, draft)]
    told = [change.patient for change in diff.compare(plan, draft, *rows)]
    assert not any("pace" in words for words in told)
    assert any("description" in words for words in told)


# measures on their day


@pytest.fixture
def episode(ana, priya):
    """Opened yesterday afternoon."""
    made = make_episode(ana, priya)
    day = ana.clinic.today() - dt.timedelta(days=1)
    opened = dt.datetime.combine(day, dt.time(15), tzinfo=ana.clinic.zone)
    Episode.objects.filter(pk=made.pk).update(opened_at=opened)
    made.refresh_from_db()
    return made


def test_a_test_of_the_first_day_is_of_the_episode(ana, priya, episode):
    yesterday = ana.clinic.today() - dt.timedelta(days=1)
    one = measured(ana, priya, "M7", on=yesterday, seconds=10)
    assert answered.of_episode(episode) == [one]
    right = measured(ana, priya, "M7", on=yesterday, replaces=one, seconds=11)
    assert answered.of_episode(episode) == [right]
    assert right.answered_at == one.answered_at


def test_a_fall_of_long_ago_stops_nobody_today(ana, priya, episode):
    measured(
        ana, priya, "M13", on=ana.clinic.today() - dt.timedelta(days=500), falls=1, injury=True
    )
    assert not Alert.objects.exists()
    assert not Restriction.objects.exists()


def test_what_is_entered_later_holds_from_now_on_and_is_told_once(ana, priya, episode):
    day = ana.clinic.today() - dt.timedelta(days=3)
    one = measured(ana, priya, "M13", on=day, falls=2, near_falls=0, injury=True)
    assert Restriction.objects.get().first == ana.clinic.today()
    measured(ana, priya, "M13", on=day, replaces=one, falls=1, near_falls=0, injury=True)
    assert Alert.objects.count() == Restriction.objects.count() == 1


def older_version(code, **changed):
    newest = Measure.objects.get(code=code)
    return Measure.objects.create(
        code=code,
        version=1,
        title=newest.title,
        shipped=True,
        definition=newest.definition | changed,
    )


def test_a_version_that_asks_the_same_continues_the_old_one(ana, priya, episode):
    measured(ana, priya, older_version("M7", note="Older words."), seconds=10)
    measured(ana, priya, Measure.objects.get(code="M7", version=3), seconds=20)
    [newest] = overview.check_in_history(ana).newest
    assert newest.definition.version == 3
    assert "change_worse" in [reading.level for reading in newest.readings]


def test_a_version_that_asks_something_else_does_not(ana, priya, episode):
    items = [{"key": "total", "label": "Total", "answer": "seconds"}]
    old = older_version("M7", items=items)
    newest = Measure.objects.get(code="M7", version=3).parsed
    assert not newest.continues(old.parsed)


# what does not compare is not known


def test_other_activities_are_no_lack_of_change(ana, priya, monkeypatch):
    plan = assigned(ana, priya)
    plans.activate(plan=plan, by=priya)
    now = timezone.now
    measured(ana, priya, "M4", activities=[{"name": "walk", "score": 2}])
    monkeypatch.setattr(timezone, "now", lambda: now() + dt.timedelta(days=44))
    measured(ana, priya, "M4", activities=[{"name": "knit", "score": 3}])
    assert "A14" not in {one.rule for one in clock_alerts.of_patient(ana)}
    assert not Alert.objects.filter(rule="A14").exists()


def test_strength_that_loads_a_nerve_is_refused_and_held_back_with_the_nerves(ana, priya):
    one = Exercise.objects.get(code="F02")
    one.motion_data = {
        "pose": "sit",
        "A": {"hip": 85, "knee": 90, "ankle": -20, "ever": 0, "toe": 0},
        "B": {"hip": 85, "knee": 90, "ankle": 15, "ever": 8, "toe": 20},
    }
    assert one.is_tension
    with pytest.raises(ValidationError, match="tension exercise"):
        one.full_clean()
    assert holding.Held(Kind.NERVE, ana.clinic.today()).leaves_out(one)


def test_a_form_leaves_out_tests_on_the_feet_while_these_wait(ana, priya):
    definitions = [Measure.objects.get(code=code).parsed for code in ("M2", "M5", "M7")]
    episode = make_episode(ana, priya)
    assert measuring.waiting(definitions, ana) == set()
    for condition in ("foot_wound", "charcot", "clot", "cord", "mass"):
        episode.conditions = [condition]
        episode.save()
        assert measuring.waiting(definitions, ana) == {"M5", "M7"}
    episode.conditions = []
    episode.save()
    assert measuring.waiting(definitions, ana) == set()
    episodes.record_screen(episode=episode, present=["new_weakness"], by=priya)
    assert measuring.waiting(definitions, ana) == {"M5", "M7"}
    assert measuring.waiting(definitions[:1], make_patient(priya, "Bo")) == set()


def test_tests_on_the_feet_wait_by_the_patients_own_findings_and_restrictions_alone(
    ana, bert, episode, priya, colm
):
    """Not by another patient's, by those of an episode that was closed, or by one for nerves."""
    standing = [Measure.objects.get(code="M5").parsed]
    wound = make_episode(bert, colm)
    wound.conditions = ["foot_wound"]
    wound.save()
    restrictions.impose(episode=wound, kind=Kind.STANDING, why="A sore is seen.", by=colm)
    assert measuring.waiting(standing, ana) == set()
    before = make_episode(make_patient(priya, "Dora"), priya)
    before.conditions = ["charcot"]
    before.save()
    episodes.close_episode(episode=before, outcome="improved", summary="Fine.", by=priya)
    assert measuring.waiting(standing, before.patient) == set()
    restrictions.impose(episode=episode, kind=Kind.NERVE, why="The nerve is sore.", by=priya)
    assert measuring.waiting(standing, ana) == set()
    restrictions.impose(episode=episode, kind=Kind.STANDING, why="They are dizzy.", by=priya)
    assert measuring.waiting(standing, ana) == {"M5"}


@pytest.mark.parametrize("kind", Kind)
def test_why_a_test_on_the_feet_waits_is_said_and_no_more(kind, ana):
    held = [Restriction(kind=kind), Restriction(kind=Kind.TENSION)]
    standing, lying = (Measure.objects.get(code=code).parsed for code in ("M5", "M2"))
    stops = kind in {Kind.ALL, Kind.STANDING, Kind.TODAY}
    words = f"Not now: held back are {kind.label}." if stops else ""
    assert measuring.waits(standing, None, None, held) == words
    assert measuring.waits(lying, None, None, held) == ""
