"""A plan for another patient, and one change for several."""

import datetime as dt

import pytest

from programs.actions import bulk, copying, plans, prescriptions
from programs.actions.bulk import BulkChange, What
from programs.models import Exercise, Plan, Program
from tests.conftest import make_episode, make_patient, make_plan
from tests.stage import kept

pytestmark = pytest.mark.django_db


def exercise(code):
    return Exercise.objects.get(code=code, clinic=None)


def test_a_copy_has_the_other_patients_side_limits_and_gates(plan, priya):
    other = make_patient(priya, "Cleo")
    episode = make_episode(other, priya, side="left", sensation="lost")
    draft = copying.copy_to(plan=plan, episode=episode, by=priya)
    assert draft.patient == other
    assert draft.caps["hip_max"] == 60
    rows = {row.exercise.code: row for row in draft.prescriptions.select_related("exercise")}
    assert rows["G03"].side == "left"
    assert rows["T01"].included is False
    assert rows["T01"].hold_seconds == 0
    assert all(row.snapshot is None for row in rows.values())
    assert plan.prescriptions.filter(side="right").exists()


def test_words_stay_with_the_patient_they_were_written_for(episode, priya):
    draft = make_plan(episode, priya, active=False)
    row = draft.prescriptions.first()
    prescriptions.change(
        prescription=row, by=priya, note="Mind your cat, Ana.", gate_reason="Her own reason."
    )
    plans.change(plan=draft, by=priya, note="Dear Ana")
    plan = plans.activate(plan=draft, by=priya)
    other = make_episode(make_patient(priya, "Cleo"), priya)
    copied = copying.copy_to(plan=plan, episode=other, by=priya)
    assert copied.note == ""
    assert not copied.prescriptions.exclude(gate_reason="", reason_for=[]).exists()
    assert not copied.prescriptions.filter(note__contains="cat").exists()


def test_a_programs_own_notes_come_along(plan, priya):
    """'Small, no eversion' holds for whoever does the exercise."""
    theirs = Program.objects.get(code="P1").phases.first().exercises.first()
    theirs.note = "Small range."
    theirs.save()
    draft = plans.adapt(plan=plan, by=priya, reason="As the program says.")
    row = draft.prescriptions.get(exercise=theirs.exercise, phase__number=1)
    prescriptions.change(prescription=row, by=priya, note="Small range.")
    plan = plans.activate(plan=draft, by=priya)
    other = make_episode(make_patient(priya, "Cleo"), priya)
    copied = copying.copy_to(plan=plan, episode=other, by=priya)
    assert copied.prescriptions.filter(note="Small range.").count() == 1


def test_a_change_that_would_do_something_else_by_now_is_not_made(three, priya):
    change = BulkChange(exercise=exercise("B01"), **DOSE)
    found = bulk.apply(three, change, by=priya, previewed={str(three[0].pk): ["something else"]})
    assert [result.is_possible for result in found] == [False, False, False]
    assert "look again" in found[0].problems[0]
    assert set(Plan.objects.values_list("version", flat=True)) == {1}


def test_a_version_that_waits_is_left_to_its_therapist(plan, priya):
    draft = plans.adapt(plan=plan, by=priya, reason="Later, as agreed.")
    plans.change(plan=draft, by=priya, starts_on=plan.clinic.today() + dt.timedelta(days=3))
    waiting = plans.activate(plan=draft, by=priya)
    (found,) = bulk.preview([waiting], BulkChange(exercise=exercise("B01"), **DOSE), by=priya)
    assert "waits for" in found.problems[0]


def test_what_was_off_stays_off_in_the_copy(episode, priya):
    draft = make_plan(episode, priya, active=False)
    row = draft.prescriptions.get(exercise__code="B02")
    prescriptions.change(prescription=row, by=priya, included=False)
    plan = plans.activate(plan=draft, by=priya)
    other = make_episode(make_patient(priya, "Cleo"), priya)
    copied = copying.copy_to(plan=plan, episode=other, by=priya)
    assert not copied.prescriptions.get(exercise__code="B02").included


@kept
def three(plan, priya):
    """Ana's plan, Cleo's, and Dan's, whose feeling is lost by now."""
    cleo = make_plan(make_episode(make_patient(priya, "Cleo"), priya), priya)
    dan = make_plan(make_episode(make_patient(priya, "Dan"), priya, sensation="lost"), priya)
    return list(
        Plan.objects.filter(pk__in=[plan.pk, cleo.pk, dan.pk])
        .select_related("patient", "episode", "clinic", "program", "second_program")
        .order_by("patient__first_name")
    )


def apply(active, change, priya):
    """What a therapist does who looks at the preview and says yes to it."""
    seen = {str(one.plan.pk): one.words for one in bulk.preview(active, change, by=priya)}
    return bulk.apply(active, change, by=priya, previewed=seen)


DOSE = {"what": What.DOSAGE, "dosage": "3x10", "reason": "All are steady."}


def test_a_preview_stores_nothing(three, priya):
    change = BulkChange(exercise=exercise("B01"), **DOSE)
    found = bulk.preview(three, change, by=priya)
    assert [result.is_possible for result in found] == [True, True, True]
    assert "→ 3×10" in found[0].changes[0].therapist
    assert not Plan.objects.drafts().exists()
    assert Plan.objects.count() == 3


def test_the_change_is_made_for_each_as_a_new_version(three, priya):
    change = BulkChange(exercise=exercise("B01"), **DOSE)
    apply(three, change, priya)
    for plan in Plan.objects.active():
        assert plan.version == 2
        assert plan.change_reason == "All are steady."
        assert set(plan.prescriptions.filter(exercise__code="B01").values_list("sets")) == {(3,)}


def test_where_a_gate_stands_open_the_plan_stays_as_it_is(three, priya):
    change = BulkChange(what=What.ADD, exercise=exercise("T02"), reason="More, as agreed.", phase=2)
    found = apply(three, change, priya)
    assert [result.is_possible for result in found] == [True, True, False]
    assert "Protective feeling is lost" in found[2].problems[0]
    assert Plan.objects.active().get(patient=three[2].patient).version == 1
    assert not Plan.objects.drafts().exists()


def test_a_draft_of_a_colleague_is_not_touched(three, priya):
    waiting = plans.adapt(plan=three[0], by=priya, reason="Thinking about it.")
    change = BulkChange(exercise=exercise("B01"), **DOSE)
    found = apply(three, change, priya)
    assert not found[0].is_possible
    assert "draft" in found[0].problems[0]
    waiting.refresh_from_db()
    assert waiting.is_draft


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"what": What.DOSAGE, "dosage": "sometimes"}, "not understood"),
        ({"what": What.SWAP}, "in its place"),
        ({"what": What.ADD, "phase": 9}, "no phase 9"),
        ({"what": What.REMOVE, "code": "B15"}, "Nothing changes"),
    ],
)
def test_what_can_not_be_done_is_said(three, priya, change, words):
    code = change.pop("code", "B01")
    found = bulk.preview(
        three, BulkChange(exercise=exercise(code), reason="A step further.", **change), by=priya
    )
    assert all(words in result.problems[0] for result in found)


def test_swap_and_remove(three, priya):
    swap = BulkChange(
        what=What.SWAP, exercise=exercise("B01"), other=exercise("B04"), reason="Fits better."
    )
    assert bulk.preview(three[:1], swap, by=priya)[0].is_possible
    remove = BulkChange(what=What.REMOVE, exercise=exercise("B02"), reason="A step further.")
    apply(three[:1], remove, priya)
    now = Plan.objects.active().get(patient=three[0].patient)
    assert not now.prescriptions.filter(exercise__code="B02").exists()


def test_a_swap_into_what_a_gate_holds_back_is_not_made(plan, priya):
    """It would only take the exercise out."""
    dora = make_patient(priya, "Dora")
    theirs = make_plan(make_episode(dora, priya, helper_at_home=False), priya)
    change = BulkChange(
        what=What.SWAP, exercise=exercise("B01"), other=exercise("B09"), reason="Next step."
    )
    (found,) = apply([theirs], change, priya)
    assert not found.is_possible
    assert "helper" in found.problems[0]
    assert Plan.objects.active().get(patient=dora).version == 1
