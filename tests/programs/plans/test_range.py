"""Words, figure and gates follow a row's own angles (brief 2.4, 3.2)."""

import pytest
from django.utils import translation

from programs.actions import copying, plans, prescriptions
from programs.models import Exercise, Program
from programs.models.snapshot import ExerciseSnapshot
from programs.motion import Motion
from programs.plans import content as plan_content
from tests.conftest import make_episode

pytestmark = pytest.mark.django_db
SMALL = {"hip_max": 45, "ankle_max": 0, "ever_max": 0}


@pytest.fixture
def p4(episode, priya):
    return plans.assign(episode=episode, program=Program.objects.get(code="P4"), by=priya)


def small(plan):
    return plan.prescriptions.get(phase__number=3, exercise__code="T02")


def test_a_row_limits_its_exercise_and_no_other(p4):
    row = small(p4)
    assert row.angle_limits == SMALL
    end = Motion.from_json(row.kept.motion).end
    assert (end.hip, end.ankle, end.ever) == (45, 0, 0)
    full = p4.prescriptions.get(phase__number=4, exercise__code="T02")
    assert Motion.from_json(full.kept.motion).end.ever == 8


@pytest.mark.parametrize(("language", "out"), [("en", "out"), ("es", "afuera")])
def test_no_word_turns_the_sole_out_where_the_angles_do_not(p4, language, out):
    with translation.override(language):
        shown = small(p4).shown
        text = " ".join([*shown.steps, shown.cue, shown.description])
        assert not shown.is_in_english_instead
        assert f" {out}" not in text
        full = p4.prescriptions.get(phase__number=4, exercise__code="T02").shown
        assert f" {out}" in " ".join(full.steps)


def test_steps_of_a_narrower_movement_are_in_the_readers_language(p4):
    english = small(p4).kept.in_language("en").steps
    spanish = small(p4).kept.in_language("es").steps
    assert english[1] == "Stop at the first mild pull, or before it."
    assert spanish[1] != english[1]


@pytest.mark.parametrize(("caps", "degrees"), [({}, 80), ({"hip_max": 60}, 60)])
def test_how_far_the_thigh_is_held_follows_the_angles(caps, degrees):
    kept = ExerciseSnapshot.of(Exercise.objects.get(code="G02"), caps)
    assert f"about {degrees}°" in kept.starting
    assert ("80" in kept.starting) is (degrees == 80)


def test_a_plans_limits_narrow_a_row_further(ana, episode, p4):
    p4.caps = {"hip_max": 40}
    row = small(p4)
    row.plan = p4
    assert row.limits == SMALL | {"hip_max": 40}
    assert Motion.from_json(row.kept.motion).end.hip == 40


def test_the_range_is_frozen_carried_on_and_copied(p4, episode, priya, bert, ana):
    plans.activate(plan=p4, by=priya)
    row = small(p4)
    assert row.snapshot["narrowed"]
    assert Motion.from_json(row.snapshot["motion"]).end.ever == 0
    draft = plans.adapt(plan=p4, by=priya, reason="Going well so far.")
    assert small(draft).angle_limits == SMALL
    other = make_episode(bert, priya)
    assert small(copying.copy_to(plan=p4, episode=other, by=priya)).angle_limits == SMALL


def test_undo_of_an_older_step_without_a_range(p4):
    content = plan_content.read(p4)
    for phase in content["phases"]:
        for line in phase["lines"]:
            del line["angle_limits"]
    plan_content.write(p4, content, as_new=True)
    assert small(p4).angle_limits == {}


def test_a_range_typed_by_a_therapist(p4, priya):
    row = p4.prescriptions.get(phase__number=1, exercise__code="G02")
    prescriptions.change(prescription=row, by=priya, angle_limits={"hip_max": 60})
    row.refresh_from_db()
    assert "about 60°" in row.kept.starting


@pytest.mark.parametrize(("side", "drawn"), [("left", "left"), ("right", "right")])
def test_a_left_plan_draws_the_left_leg(ana, priya, side, drawn):
    episode = make_episode(ana, priya, side=side)
    plan = plans.assign(episode=episode, program=Program.objects.get(code="P4"), by=priya)
    row = plan.prescriptions.get(phase__number=1, exercise__code="G02")
    assert Motion.from_json(row.shown.motion).side == drawn
    assert ("scale(-1 1)" in row.figure) is (side == "left")


def test_patients_read_plain_titles_in_their_language(p4):
    assert p4.plain_title == "Gentle slides for the sole of the foot"
    with translation.override("es"):
        assert p4.plain_title == "Deslizamientos suaves para la planta del pie"
        assert p4.phases.get(number=3).plain_title == "Un estiramiento pequeño"
        assert small(p4).plain_note == "Movimiento pequeño, sin girar la planta hacia afuera."


def test_two_programs_join_their_plain_titles(episode, priya):
    both = [Program.objects.get(code=code) for code in ("P4", "P6")]
    plan = plans.assign(episode=episode, program=both[0], second_program=both[1], by=priya)
    with translation.override("es"):
        assert plan.plain_title.endswith(" + Más firmeza al estar de pie")
