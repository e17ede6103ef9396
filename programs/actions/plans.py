"""Every write to a plan as a whole; its lines are written in `prescriptions`.

Which writes are allowed when, and to whom, is in `programs.actions.transitions`.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation

from accounts.models import User
from patients.actions.episodes import hold_open
from patients.models import Episode
from patients.models.episode import Outcome
from patients.sentences import is_sentence
from programs.actions import alerts, drafts, pauses, prescriptions, transitions
from programs.models import (
    PhaseStart,
    Plan,
    PlanForm,
    PlanPhase,
    Prescription,
    Program,
    ProgramExercise,
    ProgressForm,
)
from programs.models.plan import PhaseMove, PlanStatus
from programs.notation import angle_limits
from programs.plans import combining
from programs.plans import content as plan_content
from programs.plans import diff as plan_diff
from programs.plans.versions import phase_to_start
from programs.safety import fit, gates
from programs.safety.lines import asked_of_plan, blocking, needs_reason
from programs.safety.situation import Situation
from programs.timing.week import WEEK


@transaction.atomic
def assign(
    *,
    program: Program,
    episode: Episode,
    by: User,
    second_program: Program | None = None,
    starts_on: dt.date | None = None,
) -> Plan:
    """A draft plan from a program, or from two combined, with the episode's gates applied.

    Raises ValidationError while another draft of the episode exists or the episode is closed.
    """
    episode = hold_open(episode)
    programs = [one for one in (program, second_program) if one is not None]
    plan = new_draft(
        episode=episode,
        by=by,
        program=program,
        second_program=second_program,
        title=" + ".join(one.title for one in programs)[:120],
        patient_title=" + ".join(one.patient_title or one.title for one in programs)[:120],
        starts_on=starts_on or episode.clinic.today(),
        program_caps=angle_limits.strictest(*(one.caps for one in programs)),
    )
    situation = Situation.of(plan)
    for number, stretch in enumerate(combining.stretches(programs), start=1):
        _copy_phase(plan=plan, number=number, stretch=stretch, situation=situation)
    transitions.record("draft", plan, by=by, programs=[one.code for one in programs])
    return plan


def new_draft(*, episode: Episode, by: User, **fields: Any) -> Plan:
    """An empty draft of the next version; versions of an episode count up without gaps."""
    transitions.require("draft", None, by=by)
    if episode.plans.drafts().exists():
        raise ValidationError("A draft of the next plan exists already. Continue or discard it.")
    newest = episode.plans.aggregate(newest=Max("version"))["newest"] or 0
    plan = Plan(
        patient=episode.patient,
        clinic_id=episode.clinic_id,
        episode=episode,
        version=newest + 1,
        created_by=by,
        changed_by=by,
        **fields,
    )
    plan.caps = gates.caps_for(episode, plan.program_caps)
    plan.full_clean(exclude=["program", "second_program"])
    plan.save()
    return plan


def _copy_phase(
    *, plan: Plan, number: int, stretch: combining.Stretch, situation: Situation
) -> None:
    copied = PlanPhase.objects.create(
        patient=plan.patient,
        plan=plan,
        number=number,
        title=stretch.title,
        goal=stretch.goal,
        weeks_text=stretch.weeks_text,
        gate=stretch.gate,
    )
    for due in stretch.forms:
        PlanForm.objects.create(
            patient=plan.patient,
            plan=plan,
            phase=copied,
            version=due.form.version,
            every_days=due.every_days,
        )
    for order, rows in enumerate(stretch.choices, start=1):
        first = next((one for one in rows if not needs_reason(one.exercise, situation)), rows[0])
        others = [other.exercise.code for other in rows if other is not first]
        wanted = not first.optional or first.exercise_id in stretch.required
        wanted = wanted and not needs_reason(first.exercise, situation)
        _prescribe_row(
            plan=plan, phase=copied, order=order, row=first, included=wanted, alternatives=others
        )


def _prescribe_row(
    *,
    plan: Plan,
    phase: PlanPhase,
    order: int,
    row: ProgramExercise,
    included: bool,
    alternatives: list[str],
) -> Prescription:
    return prescriptions.prescribe(
        plan=plan,
        phase=phase,
        exercise=row.exercise,
        order=order,
        included=included,
        note=row.note,
        alternative_codes=alternatives,
        **row.dosage,
    )


def change(
    *,
    plan: Plan,
    by: User,
    stamp: int | None = None,
    forms: Iterable[ProgressForm] | None = None,
    **fields: Any,
) -> Plan:
    """New start date, weekdays, reason, note or progress forms of a draft.

    A form that is new is asked for weekly in each phase; those not named are taken out.
    """
    with drafts.editing(plan, by=by, stamp=stamp, words="the plan's settings"):
        for name, value in fields.items():
            setattr(plan, name, value)
        plan.full_clean(exclude=["program", "second_program"])
        plan.save(update_fields=list(fields))
        if "weekdays" in fields:
            _keep_days_within(plan)
        if forms is not None:
            _choose_forms(plan, list(forms))
        transitions.record("change", plan, by=by, fields=sorted(fields))
    return plan


def _keep_days_within(plan: Plan) -> None:
    """Days chosen by hand that the plan no longer has are spread anew."""
    by_hand = plan.prescriptions.exclude(weekdays=None)
    by_hand.exclude(weekdays__contained_by=plan.weekdays).update(weekdays=None)


def _choose_forms(plan: Plan, wanted: list[ProgressForm]) -> None:
    plan.forms.exclude(version__form__in=wanted).delete()
    there = set(plan.forms.values_list("version__form_id", flat=True))
    for phase in plan.phases.all():
        for form in wanted:
            if form.pk not in there:
                PlanForm.objects.create(
                    patient=plan.patient,
                    plan=plan,
                    phase=phase,
                    version=form.version,
                    every_days=WEEK,  # unless the program says otherwise
                )


@transaction.atomic
def discard(*, plan: Plan, by: User) -> None:
    """Throw a draft away; nobody but therapists has seen it."""
    held = Plan.objects.select_for_update(of=("self",), no_key=True).filter(pk=plan.pk).first()
    if held is None:
        raise ValidationError("This draft was discarded.")
    transitions.require("discard", held, by=by)
    transitions.record("discard", plan, by=by)
    held.delete()


@transaction.atomic
def activate(
    *,
    plan: Plan,
    by: User,
    reason: str = "",
    gate_reason: str = "",
    at: dt.datetime | None = None,
    stamp: int | None = None,
) -> Plan:
    """Freeze the draft and make it what the patient sees from its first day on.

    The version before is kept, and holds until then. `gate_reason` answers what the gates ask of
    the plan as a whole: open alerts, what is held back. Raises ValidationError when a gate stands
    open, the reason of a change is missing, or somebody was faster.
    """
    moment = at or timezone.now()
    plan = transitions.hold("activate", plan, by=by)
    episode = plan.episode
    drafts.require_stamp(plan, by=by, stamp=stamp)
    # The findings may have changed since the draft was made; an angle limit is never lost.
    plan.caps = gates.caps_for(episode, plan.program_caps)
    day = plan.clinic.local_date(moment)
    if gate_reason:
        _answer(plan, gate_reason, day)
    if stops := blocking(plan, on=day):
        raise ValidationError([stop.message for stop in stops])
    plan.change_reason = reason or plan.change_reason
    before = episode.plans.active().first()
    if before is not None and not is_sentence(plan.change_reason):
        raise ValidationError({"change_reason": "Say why the plan changes, in a sentence."})
    phase_number = phase_to_start(plan, before)
    _freeze(plan)
    plan.effective_at = _effective_at(plan, before, moment)
    with translation.override(plan.patient.language):
        plan.change_words = plan_diff.for_patient(_until(plan, before), plan, phase_number)
    _give_way(episode, plan.effective_at, by=by)
    plan.status, plan.activated_at, plan.activated_by = PlanStatus.ACTIVE, moment, by
    plan.save()
    plan.steps.all().delete()
    _start_at(plan, phase_number, carried=before is not None and plan.is_made_like(before), by=by)
    reasons = plan.prescriptions.filter(included=True).exclude(gate_reason="")
    codes = list(reasons.values_list("exercise__code", flat=True))
    transitions.record("activate", plan, by=by, reasons=codes)
    return plan


def _answer(plan: Plan, reason: str, day: dt.date) -> None:
    """It answers what stands there now, and nothing that comes later."""
    if not is_sentence(reason):
        raise ValidationError({"gate_reason": "Say why it may begin all the same, in a sentence."})
    plan.gate_reason, plan.reason_for = reason, []
    plan.reason_for = gates.asks_for_reason(asked_of_plan(plan, Situation.of(plan, on=day)))


def _effective_at(plan: Plan, before: Plan | None, moment: dt.datetime) -> dt.datetime:
    """A first plan shows at once; a change shows on its first day, in the clinic's zone."""
    first_day = dt.datetime.combine(plan.starts_on, dt.time(), tzinfo=plan.clinic.zone)
    return first_day if before is not None and first_day > moment else moment


def _until(plan: Plan, before: Plan | None) -> Plan | None:
    """What the patient has until then: not a version that waits and will never hold."""
    assert plan.effective_at is not None
    held: Plan | None = plan.episode.plans.as_of(plan.effective_at).exclude(pk=plan.pk).first()
    return held or before


def _give_way(episode: Episode, moment: dt.datetime, *, by: User) -> None:
    """Earlier versions hold until `moment`; one that would begin later never holds."""
    for other in episode.plans.not_over(moment):
        if other.is_active:
            _close(other, "replace", by=by, at=moment)
        else:
            _hold_until(other, moment)
        if moment <= timezone.now():
            _settle(other, "A new version took its place.", by=by)


def _hold_until(plan: Plan, moment: dt.datetime) -> None:
    """Of a version that was replaced: until then, or never when it would begin later."""
    assert plan.effective_at is not None
    plan.closed_at = max(moment, plan.effective_at)
    plan.save(update_fields=["closed_at"])


def _close(plan: Plan, name: str, *, by: User, at: dt.datetime, **fields: Any) -> None:
    transition = transitions.require(name, plan, by=by)
    assert transition.target is not None
    assert plan.effective_at is not None
    plan.status = transition.target
    plan.closed_at, plan.closed_by = max(at, plan.effective_at), by
    for field, value in fields.items():
        setattr(plan, field, value)
    plan.save(update_fields=["status", "closed_at", "closed_by", *fields])
    transitions.record(name, plan, by=by)


def _freeze(plan: Plan) -> None:
    prescriptions.drop_holds(plan)
    rows = list(
        plan.prescriptions.select_related("exercise").prefetch_related(
            "exercise__citations", "exercise__texts"
        )
    )
    for row in rows:
        frozen = replace(row.kept.limited(row.limits), ranged=row.angle_limits)
        row.snapshot = frozen.to_json()
    Prescription.objects.bulk_update(rows, ["snapshot"])


def _start_at(plan: Plan, number: int, *, carried: bool, by: User) -> None:
    phases = list(plan.phases.order_by("number"))
    phase = next((one for one in phases if one.number == number), phases[0])
    assert plan.effective_at is not None
    assert plan.activated_at is not None
    PhaseStart.objects.create(
        patient=plan.patient,
        plan=plan,
        phase=phase,
        on=max(plan.clinic.local_date(plan.effective_at), plan.starts_on),
        at=plan.activated_at,
        move=PhaseMove.CARRIED if carried else PhaseMove.START,
        by=by,
    )


@transaction.atomic
def adapt(*, plan: Plan, by: User, reason: str = "") -> Plan:
    """A draft of the next version: the same as the active one until it is changed.

    Frozen copies come along, so a library edited meanwhile changes nothing by itself.
    """
    plan = transitions.hold("adapt", plan, by=by)
    episode = plan.episode
    draft = new_draft(
        episode=episode,
        by=by,
        program=plan.program,
        second_program=plan.second_program,
        title=plan.title,
        patient_title=plan.patient_title,
        # Not before the version that waits, or that one would never hold.
        starts_on=max(episode.clinic.today(), plan.starts_on),
        weekdays=plan.weekdays,
        note=plan.note,
        change_reason=reason,
        program_caps=plan.program_caps,
    )
    plan_content.write(draft, plan_content.read(plan), as_new=True)
    prescriptions.drop_holds(draft)
    transitions.record("adapt", draft, by=by)
    return draft


@transaction.atomic
def end(
    *,
    plan: Plan,
    by: User,
    outcome: Outcome | str = "",
    summary: str = "",
    at: dt.datetime | None = None,
) -> Plan:
    """The patient sees no exercises any more; the plan, its sessions and the summary stay."""
    moment = at or timezone.now()
    plan = transitions.hold("end", plan, by=by)
    _close(plan, "end", by=by, at=moment, outcome=outcome, summary=summary)
    # A version that only waited for its successor ends with it, and so does one that has not begun.
    waiting = plan.episode.plans.frozen().filter(closed_at__gt=moment)
    for other in waiting.exclude(pk=plan.pk):
        _hold_until(other, moment)
        _settle(other, "The plan ended.", by=by)
    _settle(plan, "The plan ended.", by=by)
    pauses.close_open(episode=plan.episode)
    return plan


def _settle(plan: Plan, response: str, *, by: User) -> None:
    """What was raised about its fit needs no answer any more."""
    alerts.settle(plan=plan, rule=fit.RULE, response=response, by=by)
