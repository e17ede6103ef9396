import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from accounts.models import AuditEvent
from patients.actions import episodes
from patients.models import Episode
from programs.actions import discharge, drafts, phases, plans, prescriptions
from programs.models import (
    Exercise,
    PhaseStart,
    Plan,
    PlanForm,
    Prescription,
    Program,
    ProgressForm,
)
from programs.models.plan import PlanStatus
from programs.plans.library_changes import library_changes
from tests.conftest import make_episode, make_patient, make_plan

pytestmark = pytest.mark.django_db


def rows(plan, number=1):
    return list(plan.prescriptions.filter(phase__number=number).select_related("exercise"))


def codes(plan, number=1, included=True):
    return [row.exercise.code for row in rows(plan, number) if row.included is included]


def test_assign_copies_the_program_with_alternates_and_the_episodes_side(draft):
    assert draft.is_draft
    assert codes(draft) == ["G01", "G03", "B01", "B02"]
    first = rows(draft)[0]
    assert first.alternative_codes == ["G06"]
    assert first.side == "right"
    assert first.days_per_week == 6
    assert first.snapshot is None


def test_assign_for_lost_feeling_caps_angles_and_leaves_tension_off(ana, priya):
    episode = make_episode(ana, priya, sensation="lost")
    plan = make_plan(episode, priya, "P1", active=False)
    assert plan.caps["hip_max"] == 60
    # The lying slide is chosen over the seated one, whose hip can't be limited.
    assert codes(plan)[0] == "G06"
    tension = [row for row in rows(plan, 3) if row.exercise.kind == "tension"]
    assert tension
    assert not any(row.included for row in tension)
    assert all(row.hold_seconds == 0 for row in tension)


def test_optional_exercises_start_off(ana, priya):
    plan = make_plan(make_episode(ana, priya, sensation="lost"), priya, "P3", active=False)
    assert codes(plan, included=False) == ["G06"]


@pytest.mark.parametrize("code", ["P1", "P2", "P3", "P4", "P5", "P6"])
def test_each_starter_program_can_be_assigned_and_activated(ana, priya, code):
    plan = make_plan(make_episode(ana, priya), priya, code)
    assert plan.is_active


def test_one_draft_at_a_time(draft, episode, priya):
    with pytest.raises(ValidationError, match="draft"):
        make_plan(episode, priya, active=False)


def test_tension_without_a_reason_is_refused_and_with_one_is_kept(ana, priya):
    plan = make_plan(make_episode(ana, priya, irritability="high"), priya, active=False)
    tension = next(row for row in rows(plan, 3) if row.exercise.kind == "tension")
    with pytest.raises(ValidationError) as refused:
        prescriptions.change(prescription=tension, by=priya, included=True)
    assert "gate_reason" in refused.value.message_dict
    tension.refresh_from_db()
    assert not tension.included
    prescriptions.change(
        prescription=tension, by=priya, included=True, gate_reason="Settled since Monday."
    )
    tension.refresh_from_db()
    assert tension.included
    event = AuditEvent.objects.filter(action="prescription.changed").first()
    assert event.detail["reason_given"] is True


def test_clinic_only_exercise_is_refused_whatever_the_reason(draft, priya):
    added = prescriptions.add(
        phase=draft.phases.first(), exercise=Exercise.objects.get(code="B16"), by=priya
    )
    assert not added.included
    with pytest.raises(ValidationError, match="Only in the clinic"):
        prescriptions.change(
            prescription=added, by=priya, included=True, gate_reason="I want to try it"
        )


def test_hold_is_refused_while_angles_are_limited(ana, priya):
    plan = make_plan(make_episode(ana, priya, sensation="lost"), priya, active=False)
    slide = rows(plan)[0]
    with pytest.raises(ValidationError, match="No hold"):
        prescriptions.change(prescription=slide, by=priya, hold_seconds=3)


def test_activation_needs_a_red_flag_screen(ana, priya):
    plan = make_plan(make_episode(ana, priya, screened=False), priya, active=False)
    with pytest.raises(ValidationError, match="red-flag screen"):
        plans.activate(plan=plan, by=priya)


def test_activation_is_blocked_by_an_open_red_flag_until_it_is_cleared(draft, episode, priya):
    screen = episodes.record_screen(episode=episode, present=["foot_lesion"], by=priya)
    with pytest.raises(ValidationError, match="red flag"):
        plans.activate(plan=draft, by=priya)
    episodes.clear_screen(screen=screen, note="Dr. Lee: healed, may train.", by=priya)
    assert plans.activate(plan=draft, by=priya).is_active


def test_activation_evaluates_the_gates_again(draft, episode, priya):
    """Feeling was lost after the draft was made: its tension asks for a reason now."""
    episodes.change_episode(episode=episode, by=priya, sensation="lost")
    with pytest.raises(ValidationError, match="Protective feeling is lost"):
        plans.activate(plan=draft, by=priya)


def test_activation_freezes_what_the_patient_sees(plan):
    row = rows(plan)[0]
    assert row.snapshot["title"] == row.exercise.title
    Exercise.objects.filter(pk=row.exercise_id).update(title="Edited later", cue="Different")
    fresh = Prescription.objects.get(pk=row.pk)
    assert fresh.shown.title == row.snapshot["title"]
    assert "Edited" not in fresh.shown.title


def test_activation_freezes_limited_angles(ana, priya):
    plan = make_plan(make_episode(ana, priya, sensation="lost"), priya)
    motion = rows(plan)[0].snapshot["motion"]
    assert motion["A"]["hip"] == 60
    assert motion["B"]["knee"] == 10


def loses_feeling(episode, priya):
    episodes.change_episode(episode=episode, by=priya, sensation="lost")


def lost_feeling_all_along(episode, priya):
    """As rows say it of which nothing was told, and no draft was mended."""
    Episode.objects.filter(pk=episode.pk).update(sensation="lost")


@pytest.mark.parametrize("happens", [loses_feeling, lost_feeling_all_along])
def test_activation_freezes_the_angle_limits_of_findings_that_came_after_the_draft(
    episode, priya, happens
):
    """Hip at most 60°, knee at least 10°, ankle at most 5° (brief 2.4)."""
    plan = make_plan(episode, priya, "P4")
    limits = {"hip": (0, 60), "knee": (10, 180), "ankle": (-90, 5)}

    def beyond(version):
        nerve = version.prescriptions.filter(included=True).exclude(exercise__kind="balance")
        return {
            joint
            for row in nerve
            for position in ("A", "B")
            for joint, (least, most) in limits.items()
            if not least <= row.snapshot["motion"][position].get(joint, least) <= most
        }

    assert beyond(plan) == set(limits)  # before, each of them has something to limit
    draft = plans.adapt(plan=plan, by=priya, reason="Feeling is lost.")
    happens(draft.episode, priya)
    blocked = Q(exercise__kind="tension") | Q(exercise__pose="sit")  # a seat holds the hip
    draft.prescriptions.filter(blocked).update(included=False)
    activated = plans.activate(plan=Plan.objects.get(pk=draft.pk), by=priya)
    assert beyond(activated) == set()
    left = activated.prescriptions.filter(included=True)
    assert left.filter(exercise__code__in=["G02", "G06"]).count() >= 2  # beyond all


def test_actions_refuse_to_change_a_frozen_plan(plan, priya):
    with pytest.raises(ValidationError, match="frozen"):
        prescriptions.change(prescription=rows(plan)[0], by=priya, sets=9)


def test_a_new_version_replaces_the_old_which_stays(plan, priya):
    draft = plans.adapt(plan=plan, by=priya, reason="Going well.")
    row = rows(draft)[0]
    prescriptions.change(prescription=row, by=priya, sets=3)
    plans.activate(plan=draft, by=priya)
    plan.refresh_from_db()
    assert plan.status == PlanStatus.REPLACED
    assert plan.closed_by == priya
    assert rows(plan)[0].sets == 2
    assert rows(draft)[0].sets == 3
    assert draft.version == plan.version + 1


def test_a_new_version_goes_on_in_the_same_phase(plan, priya):
    phases.start(phase=plan.phases.get(number=2), by=priya, reason="Steady in the clinic.")
    draft = plans.adapt(plan=plan, by=priya, reason="Going well.")
    plans.activate(plan=draft, by=priya)
    assert PhaseStart.objects.get(plan=draft).phase.number == 2


def test_adapting_keeps_the_frozen_copy_until_the_library_is_taken(plan, priya):
    exercise = rows(plan)[0].exercise
    exercise.cue = "A better cue."
    exercise.save()
    draft = plans.adapt(plan=plan, by=priya, reason="Going well.")
    row = rows(draft)[0]
    row.plan = draft
    assert row.shown.cue != "A better cue."
    assert library_changes(row)
    prescriptions.take_from_library(prescription=row, by=priya)
    fresh = rows(draft)[0]
    assert fresh.shown.cue == "A better cue."
    assert not library_changes(fresh)


def test_adapting_after_feeling_was_lost_limits_the_carried_copy(plan, episode, priya):
    episodes.change_episode(episode=episode, by=priya, sensation="lost")
    draft = plans.adapt(plan=plan, by=priya, reason="Going well.")
    for row in draft.prescriptions.exclude(exercise__kind="balance"):
        row.included = False
        row.save()
    lying = prescriptions.add(
        phase=draft.phases.get(number=1), exercise=Exercise.objects.get(code="G06"), by=priya
    )
    assert lying.included
    plans.activate(plan=draft, by=priya)
    lying.refresh_from_db()
    assert lying.snapshot["motion"]["A"]["hip"] == 60


def test_activation_is_one_whole(draft, priya, monkeypatch):
    """When the last write fails, the first is gone: no plan without its audit event."""

    def broken(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(plans.transitions, "record", broken)
    with pytest.raises(RuntimeError):
        plans.activate(plan=draft, by=priya)
    draft.refresh_from_db()
    assert draft.is_draft
    assert not PhaseStart.objects.filter(plan=draft).exists()
    assert rows(draft)[0].snapshot is None


def test_discarding_leaves_the_active_plan(plan, priya):
    draft = plans.adapt(plan=plan, by=priya, reason="Going well.")
    plans.discard(plan=draft, by=priya)
    assert not Plan.objects.filter(pk=draft.pk).exists()
    assert Plan.objects.get(pk=plan.pk).is_active


def test_a_frozen_plan_is_not_discarded(plan, priya):
    with pytest.raises(ValidationError):
        plans.discard(plan=plan, by=priya)


def test_swap_takes_an_alternative_of_the_program_only(draft, priya):
    row = rows(draft)[0]
    prescriptions.swap(prescription=row, exercise=Exercise.objects.get(code="G06"), by=priya)
    row.refresh_from_db()
    assert row.exercise.code == "G06"
    assert row.alternative_codes == ["G01"]
    with pytest.raises(ValidationError):
        prescriptions.swap(prescription=row, exercise=Exercise.objects.get(code="T01"), by=priya)


def test_no_version_that_has_not_begun_comes_after_the_end(plan, priya):
    """Two changes for later days, one after the other, and then the end: nothing comes back."""
    today_ = plan.clinic.today()
    for days in (1, 4):
        draft = plans.adapt(plan=plan.episode.plans.active().get(), by=priya)
        draft.starts_on = today_ + dt.timedelta(days=days)
        draft.save(update_fields=["starts_on"])
        plans.activate(plan=draft, by=priya, reason="Later, and a little more.")
    plans.end(plan=plan.episode.plans.active().get(), by=priya)
    for days in range(8):
        moment = timezone.now() + dt.timedelta(days=days)
        assert not plan.episode.plans.as_of(moment).exists(), days


def test_discharge_ends_the_plan_and_closes_the_episode(plan, episode, priya):
    plans.adapt(plan=plan, by=priya, reason="Going well.")
    discharge.end_care(episode=episode, outcome="goals_met", by=priya)
    assert {one.status for one in Plan.objects.filter(episode=episode)} == {PlanStatus.ENDED}
    episode.refresh_from_db()
    assert episode.outcome == "goals_met"


def test_a_closed_episode_takes_no_plan(plan, episode, priya):
    discharge.end_care(episode=episode, outcome="improved", by=priya)
    with pytest.raises(ValidationError, match="closed"):
        make_plan(episode, priya, active=False)


def test_program_edits_do_not_touch_plans(plan):
    before = [row.snapshot for row in rows(plan)]
    Program.objects.get(code="P1").phases.all().delete()
    assert [row.snapshot for row in rows(plan)] == before


def test_plans_of_other_patients_are_not_touched(plan, priya):
    other = make_patient(priya, "Cleo")
    make_plan(make_episode(other, priya), priya)
    plan.refresh_from_db()
    assert plan.is_active


def test_an_undo_that_needs_what_the_library_deleted_says_so(episode, priya):
    draft = make_plan(episode, priya, active=False)
    gone = Exercise.objects.get(code="B16")
    gone.pk, gone.uuid, gone.code, gone._state.adding = None, uuid.uuid4(), "X99", True
    gone.save()
    phase = draft.phases.first()
    phase.plan = draft
    row = prescriptions.add(phase=phase, exercise=gone, by=priya)
    row.plan = draft
    prescriptions.remove(prescription=row, by=priya)
    gone.delete()
    with pytest.raises(ValidationError, match="no longer has"):
        drafts.undo(plan=draft, by=priya)


def test_settings_are_one_change_to_take_back(episode, priya):
    draft = make_plan(episode, priya, active=False)
    row = draft.prescriptions.first()
    prescriptions.change(prescription=row, by=priya, weekdays=[0, 6])
    kept = draft.prescriptions.last()
    prescriptions.change(prescription=kept, by=priya, weekdays=[0, 2])
    steps = draft.steps.count()
    plans.change(plan=draft, by=priya, weekdays=[0, 1, 2, 3, 4], forms=[], note="Well done.")
    assert draft.steps.count() == steps + 1
    row.refresh_from_db()
    kept.refresh_from_db()
    assert (row.weekdays, kept.weekdays) == (None, [0, 2])  # Sunday is no day of the plan now
    drafts.undo(plan=draft, by=priya)
    assert draft.prescriptions.get(pk=row.pk).weekdays == [0, 6]
    assert draft.note == ""


def test_a_form_of_one_phase_stays_in_that_phase(episode, priya):
    draft = make_plan(episode, priya, active=False)
    draft.forms.all().delete()
    one, other = ProgressForm.objects.order_by("pk")[:2]
    PlanForm.objects.create(patient=draft.patient, plan=draft, phase=draft.phases.first(),
                            version=one.version, every_days=14)  # fmt: skip
    plans.change(plan=draft, by=priya, forms=[one, other])
    assert draft.forms.filter(version__form=one).count() == 1
    assert draft.forms.filter(version__form=other).count() == draft.phases.count()


def test_what_one_program_requires_is_in_though_the_other_leaves_it_open(episode, priya):
    first, second = Program.objects.get(code="P1"), Program.objects.get(code="P6")
    row = first.phases.first().exercises.filter(exercise__kind="balance").first()
    row.optional = True
    row.save()
    theirs = second.phases.first()
    theirs.exercises.exclude(exercise=row.exercise).delete()
    if not theirs.exercises.filter(exercise=row.exercise).exists():
        theirs.exercises.create(exercise=row.exercise, order=99, **row.dosage)
    draft = plans.assign(program=first, second_program=second, episode=episode, by=priya)
    assert draft.prescriptions.get(exercise=row.exercise, phase__number=1).included


def test_what_a_version_that_never_held_said_is_not_told(plan, priya):
    """The patient's sentence is against what was on the screen."""
    waiting = plans.adapt(plan=plan, by=priya, reason="Later, as agreed.")
    prescriptions.change(prescription=waiting.prescriptions.first(), by=priya, sets=5)
    plans.change(plan=waiting, by=priya, starts_on=plan.clinic.today() + dt.timedelta(days=5))
    waiting = plans.activate(plan=waiting, by=priya)
    sooner = plans.adapt(plan=waiting, by=priya, reason="No: as before.")
    prescriptions.change(prescription=sooner.prescriptions.first(), by=priya, sets=2)
    plans.change(plan=sooner, by=priya, starts_on=plan.clinic.today())
    assert plans.activate(plan=sooner, by=priya).change_words == ""


def test_a_phase_is_not_decided_while_the_version_waits(plan, priya):
    waiting = plans.adapt(plan=plan, by=priya, reason="Later, as agreed.")
    plans.change(plan=waiting, by=priya, starts_on=plan.clinic.today() + dt.timedelta(days=5))
    waiting = plans.activate(plan=waiting, by=priya)
    for version in (plan, waiting):
        with pytest.raises(ValidationError):
            phases.start(phase=version.phases.last(), by=priya, reason="Steady in the clinic.")


def test_a_draft_that_was_discarded_is_not_activated(episode, priya):
    draft = make_plan(episode, priya, active=False)
    plans.discard(plan=Plan.objects.get(pk=draft.pk), by=priya)
    with pytest.raises(ValidationError, match="discarded"):
        plans.activate(plan=draft, by=priya)
