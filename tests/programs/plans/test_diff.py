"""What changed between two versions, for the therapist and for the patient; and as notes."""

import pytest

from programs.actions import discharge, plans, prescriptions
from programs.course.course import Course
from programs.models import Exercise
from programs.plans import diff as plan_diff
from programs.plans import note as plan_note

pytestmark = pytest.mark.django_db


@pytest.fixture
def next_draft(plan, priya):
    return plans.adapt(plan=plan, by=priya, reason="Going well.")


def changes(plan, draft):
    draft.refresh_from_db()
    return plan_diff.compare(plan, draft, plan_diff.rows_of(plan), plan_diff.rows_of(draft))


def row(draft, code, number=1):
    return draft.prescriptions.select_related("exercise", "phase").get(
        exercise__code=code, phase__number=number
    )


def test_lines_phases_and_plans_know_where_they_come_from(plan, episode, django_assert_num_queries):
    """No query each, and what was changed on the loaded plan or episode is what they see."""
    lines, phase = plan_diff.rows_of(plan), plan.phases.filter(number=1).first()
    theirs = list(episode.plans.select_related("program", "clinic", "patient"))
    with django_assert_num_queries(0):
        assert lines
        assert all(line.plan is plan for line in lines)
        assert phase.plan is plan
        assert [one.episode is episode for one in theirs] == [True]


def test_an_unchanged_draft_changes_nothing(plan, next_draft):
    assert changes(plan, next_draft) == []


def test_a_new_dosage(plan, next_draft, priya):
    prescriptions.change(prescription=row(next_draft, "G01"), by=priya, sets=3)
    (one,) = changes(plan, next_draft)
    assert one.phase == 1
    assert "G01 2×10" in one.therapist
    assert "→ 3×10" in one.therapist
    assert one.patient.endswith("is now 3 × 10, right, once a day, 6 days a week "
                                "(it was 2 × 10, right, once a day, 6 days a week)")  # fmt: skip


def test_days_chosen_by_hand(plan, next_draft, priya):
    prescriptions.change(prescription=row(next_draft, "G01"), by=priya, weekdays=[0, 2])
    (one,) = changes(plan, next_draft)
    assert "2 days a week, right on Monday, Wednesday" in one.therapist


def test_added_taken_out_and_moved(plan, next_draft, priya):
    prescriptions.remove(prescription=row(next_draft, "B02"), by=priya)
    prescriptions.add(
        phase=next_draft.phases.get(number=1), exercise=Exercise.objects.get(code="B04"), by=priya
    )
    moved = row(next_draft, "B01")
    prescriptions.add(phase=next_draft.phases.get(number=2), exercise=moved.exercise, by=priya)
    prescriptions.remove(prescription=moved, by=priya)
    words = [one.therapist for one in changes(plan, next_draft)]
    assert any(text.startswith("B04 added (") for text in words)
    assert "B01 moved here from phase 1" in words
    assert "B02 taken out" in words
    assert not any(text.startswith("B01 taken out") for text in words)


def test_what_is_off_is_as_good_as_out(plan, next_draft, priya):
    prescriptions.change(prescription=row(next_draft, "B02"), by=priya, included=False)
    (one,) = changes(plan, next_draft)
    assert one.therapist == "B02 taken out"
    assert one.patient.startswith("left out: “")


def test_order_days_and_note_of_the_plan(plan, next_draft, priya):
    prescriptions.move(prescription=row(next_draft, "B02"), to=0, by=priya)
    plans.change(plan=next_draft, by=priya, weekdays=[0, 2, 4], note="Slowly.")
    words = [one.therapist for one in changes(plan, next_draft)]
    assert "Days: every day → Monday, Wednesday, Friday" in words
    assert "Note: “” → “Slowly.”" in words
    assert any(text.startswith("order G01, G03, B01, B02") for text in words)


def test_a_reason_at_a_gate_is_on_record_and_not_told_to_the_patient(plan, next_draft, priya):
    prescriptions.change(
        prescription=row(next_draft, "G01"), by=priya, gate_reason="Dr. Lee agrees."
    )
    (one,) = changes(plan, next_draft)
    assert one.therapist == "G01 reason at its safety gate: “Dr. Lee agrees.”"
    assert one.patient == ""


def test_a_library_text_that_was_taken_is_a_change(plan, priya):
    Exercise.objects.filter(code="G01").update(cue="A better cue.")
    draft = plans.adapt(plan=plan, by=priya, reason="From the library.")
    prescriptions.take_from_library(prescription=row(draft, "G01"), by=priya)
    (one,) = changes(plan, draft)
    assert "text or movement: Cue:" in one.therapist
    assert one.patient.startswith("the description of “")


def test_the_plan_as_a_paragraph_for_the_notes(plan):
    course = Course.load([plan])[0]
    text = plan_note.plan_paragraph(course, course.phases[0])
    assert text.startswith("P: Home program “Numb feet starter”, version 1, phase 1")
    assert "- G01 Seated sciatic-tibial glide (look up, kick out): 2 × 10, right, once" in text
    assert text.endswith("Before the next phase: Last 3 sessions green; chair stand steady.")


def test_a_change_as_a_paragraph_for_the_notes(plan, next_draft, priya):
    prescriptions.change(prescription=row(next_draft, "G01"), by=priya, sets=3)
    found = changes(plan, next_draft)
    active = plans.activate(plan=next_draft, by=priya)
    text = plan_note.change_paragraph(active, found)
    assert text.startswith("P: Plan changed to version 2 from ")
    assert "Reason: Going well." in text
    assert "- phase 1: G01 2×10" in text


def test_the_discharge_summary_says_what_is_on_record(plan, ana, priya):
    text = discharge.summary_of(plan.episode)
    assert "version 1 of the plan, “Numb feet starter”" in text
    assert ", 0 of " in text
    assert "Falls were not answered." in text
    discharge.finish(
        episode=plan.episode, outcome="improved", summary="Edited.", close=False, by=priya
    )
    plan.refresh_from_db()
    assert (plan.outcome, plan.summary) == ("improved", "Edited.")
    plan.episode.refresh_from_db()
    assert plan.episode.closed_at is None


def test_forms_are_part_of_what_changes(plan, next_draft, priya):
    form = next_draft.forms.first().version.form
    plans.change(plan=next_draft, by=priya, forms=[])
    found = changes(plan, next_draft)
    title = form.version.title
    assert f"form taken out: {title}" in [one.therapist for one in found]
    assert f"no form “{title}” any more" in [one.patient for one in found]


def test_another_pace_is_told_as_such(plan, next_draft, priya):
    prescriptions.change(prescription=row(next_draft, "G01"), by=priya, out_seconds=6)
    (one,) = changes(plan, next_draft)
    assert one.patient == f"the pace of “{row(next_draft, 'G01').shown.plain_title}” is new"


def test_wider_limits_are_not_told_as_smaller(plan, next_draft):
    plan.caps, next_draft.caps = {"hip_max": 60}, {}
    (one,) = changes(plan, next_draft)
    assert (one.therapist, one.patient) == ("Angle limits: hip at most 60° → none", "")
