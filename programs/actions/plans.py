"""Every write to a plan as a whole; its lines are written in `prescriptions`.

Who may call them is the doors' matter; what holds is checked here.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from patients.actions import audit
from patients.actions.episodes import close_episode, hold_open
from patients.models import Episode
from patients.models.episode import Outcome
from programs import gates
from programs.actions import prescriptions
from programs.models import (
    PhaseStart,
    Plan,
    PlanForm,
    PlanPhase,
    Prescription,
    Program,
    ProgramExercise,
    ProgramPhase,
    ProgressForm,
)
from programs.models.exercise import Kind
from programs.models.plan import PlanStatus

WEEK = 7  # days between answers, unless the program says otherwise


@transaction.atomic
def assign(
    *, program: Program, episode: Episode, by: User, starts_on: dt.date | None = None
) -> Plan:
    """A draft plan from a program, with the episode's safety gates applied.

    Raises ValidationError while another draft of the episode exists or the episode is closed.
    """
    episode = hold_open(episode)
    plan = _new_draft(
        episode=episode,
        by=by,
        program=program,
        title=program.title,
        starts_on=starts_on or episode.clinic.today(),
        caps=gates.caps_for(episode, program.caps),
    )
    for phase in program.phases.prefetch_related(
        "exercises__exercise__precaution_rules", "forms__form"
    ):
        _copy_phase(plan=plan, phase=phase)
    audit.record(
        action="plan.drafted",
        patient=plan.patient,
        by=by,
        subject=plan,
        program=program.code,
        version=plan.version,
    )
    return plan


def _new_draft(*, episode: Episode, by: User, **fields: Any) -> Plan:
    if episode.plans.drafts().exists():
        raise ValidationError("A draft of the next plan exists already. Continue or discard it.")
    newest = episode.plans.aggregate(newest=Max("version"))["newest"] or 0
    plan = Plan(
        patient=episode.patient,
        clinic_id=episode.clinic_id,
        episode=episode,
        version=newest + 1,
        created_by=by,
        **fields,
    )
    plan.full_clean(exclude=["program"])
    plan.save()
    return plan


def _copy_phase(*, plan: Plan, phase: ProgramPhase) -> None:
    copied = PlanPhase.objects.create(
        patient=plan.patient,
        plan=plan,
        number=phase.number,
        title=phase.title,
        goal=phase.goal,
        weeks_text=phase.weeks_text,
        gate=phase.gate,
    )
    for due in phase.forms.all():
        PlanForm.objects.create(
            patient=plan.patient,
            plan=plan,
            phase=copied,
            version=due.form.version,
            every_days=due.every_days,
        )
    rows = list(phase.exercises.all())
    seen: set[int] = set()
    for row in rows:
        if row.alternates is None:
            _prescribe_row(plan=plan, phase=copied, row=row, alternatives=[])
        elif row.alternates not in seen:
            seen.add(row.alternates)
            choice = [other for other in rows if other.alternates == row.alternates]
            first = next(
                (one for one in choice if not prescriptions.needs_reason(one.exercise, plan)), row
            )
            _prescribe_row(
                plan=plan,
                phase=copied,
                row=first,
                alternatives=[other.exercise.code for other in choice if other is not first],
            )


def _prescribe_row(
    *, plan: Plan, phase: PlanPhase, row: ProgramExercise, alternatives: list[str]
) -> Prescription:
    return prescriptions.prescribe(
        plan=plan,
        phase=phase,
        exercise=row.exercise,
        order=row.order,
        included=not row.optional and not prescriptions.needs_reason(row.exercise, plan),
        note=row.note,
        alternative_codes=alternatives,
        **row.dosage,
    )


@transaction.atomic
def change(*, plan: Plan, by: User, **fields: Any) -> Plan:
    """New start date, weekdays, check-in or note of a draft."""
    prescriptions.require_draft(plan)
    for name, value in fields.items():
        setattr(plan, name, value)
    plan.full_clean(exclude=["program"])
    plan.save(update_fields=list(fields))
    audit.record(
        action="plan.changed", patient=plan.patient, by=by, subject=plan, fields=sorted(fields)
    )
    return plan


@transaction.atomic
def choose_forms(*, plan: Plan, forms: Iterable[ProgressForm], by: User) -> Plan:
    """Which progress forms a draft asks for: new ones weekly in each phase, others left as they
    are, those not named taken out.
    """
    prescriptions.require_draft(plan)
    wanted = {form.pk: form for form in forms}
    plan.forms.exclude(version__form__in=wanted).delete()
    for phase in plan.phases.prefetch_related("forms__version"):
        there = {due.version.form_id for due in phase.forms.all()}
        for form in wanted.values():
            if form.pk not in there:
                PlanForm.objects.create(
                    patient=plan.patient,
                    plan=plan,
                    phase=phase,
                    version=form.version,
                    every_days=WEEK,
                )
    audit.record(
        action="plan.forms_chosen",
        patient=plan.patient,
        by=by,
        subject=plan,
        forms=sorted(form.code for form in wanted.values()),
    )
    return plan


@transaction.atomic
def discard(*, plan: Plan, by: User) -> None:
    """Throw a draft away; nobody but therapists has seen it."""
    prescriptions.require_draft(plan)
    audit.record(
        action="plan.discarded", patient=plan.patient, by=by, subject=plan, version=plan.version
    )
    plan.delete()


def blocking(plan: Plan) -> list[gates.Finding]:
    """All that stands between a draft and its activation; empty when it may go."""
    rows = list(
        plan.prescriptions.select_related("exercise").prefetch_related("exercise__precaution_rules")
    )
    for row in rows:
        row.plan = plan
    whole = gates.plan_findings(
        plan,
        phases=plan.phases.all(),
        prescriptions=rows,
        screen=plan.episode.latest_screen,
    )
    found = [finding for finding in whole if finding.level is gates.Level.BLOCKED]
    for row in rows:
        if row.included:
            found += gates.blocked_or_unreasoned(prescriptions.line_findings(row), row.gate_reason)
    return found


@transaction.atomic
def activate(*, plan: Plan, by: User, at: dt.datetime | None = None) -> Plan:
    """Freeze the draft and make it what the patient sees; the version before is kept.

    Raises ValidationError when a gate stands open or somebody was faster.
    """
    moment = at or timezone.now()
    episode = hold_open(plan.episode)
    plan = Plan.objects.select_for_update(of=("self",)).select_related("program").get(pk=plan.pk)
    plan.episode, plan.patient, plan.clinic = episode, episode.patient, episode.clinic
    prescriptions.require_draft(plan)
    # The findings may have changed since the draft was made; an angle limit is never lost.
    plan.caps = gates.caps_for(episode, plan.caps)
    if stops := blocking(plan):
        raise ValidationError([stop.message for stop in stops])
    before = episode.plans.active().first()
    phase_number = _current_phase_number(before)
    if before is not None:
        _close(before, status=PlanStatus.REPLACED, by=by, at=moment)
    _freeze(plan)
    plan.status, plan.activated_at, plan.activated_by = PlanStatus.ACTIVE, moment, by
    plan.save()
    _start_at(plan, phase_number, by=by, on=episode.clinic.local_date(moment))
    audit.record(
        action="plan.activated",
        patient=plan.patient,
        by=by,
        subject=plan,
        version=plan.version,
        reasons=list(
            plan.prescriptions.filter(included=True)
            .exclude(gate_reason="")
            .values_list("exercise__code", flat=True)
        ),
    )
    return plan


def _freeze(plan: Plan) -> None:
    rows = list(
        plan.prescriptions.select_related("exercise").prefetch_related("exercise__citations")
    )
    for row in rows:
        row.plan = plan
        limited = row.shown.limited(plan.caps)
        row.snapshot = limited.to_json()
        if plan.caps and limited.kind != Kind.BALANCE:
            row.hold_seconds = 0
    Prescription.objects.bulk_update(rows, ["snapshot", "hold_seconds"])


def _current_phase_number(before: Plan | None) -> int:
    """A new version of the same program goes on where the patient is."""
    if before is None:
        return 1
    newest = before.phase_starts.order_by("-on", "-at").select_related("phase").first()
    return newest.phase.number if newest else 1


def _start_at(plan: Plan, number: int, *, by: User, on: dt.date) -> None:
    phases = {phase.number: phase for phase in plan.phases.all()}
    same_program = plan.version > 1 and number in phases and _continues(plan)
    phase = phases[number] if same_program else plan.phases.order_by("number")[0]
    PhaseStart.objects.create(
        patient=plan.patient, plan=plan, phase=phase, on=max(on, plan.starts_on), by=by
    )


def _continues(plan: Plan) -> bool:
    previous = plan.episode.plans.filter(version__lt=plan.version).order_by("-version").first()
    return previous is not None and previous.program_id == plan.program_id


def _close(plan: Plan, *, status: PlanStatus, by: User, at: dt.datetime) -> None:
    plan.status, plan.closed_at, plan.closed_by = status, at, by
    plan.save(update_fields=["status", "closed_at", "closed_by"])


@transaction.atomic
def adapt(*, plan: Plan, by: User) -> Plan:
    """A draft of the next version: the same as the active one until it is changed.

    Frozen copies come along, so a library edited meanwhile changes nothing by itself.
    """
    if not plan.is_active:
        raise ValidationError("Only the active plan can be adapted.")
    episode = hold_open(plan.episode)
    draft = _new_draft(
        episode=episode,
        by=by,
        program=plan.program,
        title=plan.title,
        starts_on=episode.clinic.today(),
        weekdays=plan.weekdays,
        note=plan.note,
        caps=gates.caps_for(episode, plan.caps),
    )
    for phase in plan.phases.prefetch_related("prescriptions", "forms"):
        rows = list(phase.prescriptions.all())
        copied = PlanPhase.objects.create(
            patient=plan.patient,
            plan=draft,
            number=phase.number,
            title=phase.title,
            goal=phase.goal,
            weeks_text=phase.weeks_text,
            gate=phase.gate,
        )
        PlanForm.objects.bulk_create(
            PlanForm(
                patient=plan.patient,
                clinic_id=plan.clinic_id,
                plan=draft,
                phase=copied,
                version_id=due.version_id,
                every_days=due.every_days,
            )
            for due in phase.forms.all()
        )
        for row in rows:
            Prescription.objects.create(
                patient=plan.patient,
                plan=draft,
                phase=copied,
                exercise_id=row.exercise_id,
                order=row.order,
                included=row.included,
                gate_reason=row.gate_reason,
                note=row.note,
                alternative_codes=row.alternative_codes,
                snapshot=row.snapshot,
                **row.dosage,
            )
    audit.record(
        action="plan.adapting", patient=plan.patient, by=by, subject=draft, version=draft.version
    )
    return draft


@transaction.atomic
def start_phase(*, phase: PlanPhase, by: User, on: dt.date | None = None) -> PhaseStart:
    """Put the patient into a phase, forward or back. Only a therapist does; nothing moves alone."""
    plan = phase.plan
    if not plan.is_active:
        raise ValidationError("Only the active plan has a current phase.")
    start = PhaseStart.objects.create(
        patient=plan.patient, plan=plan, phase=phase, on=on or plan.clinic.today(), by=by
    )
    audit.record(
        action="plan.phase_started",
        patient=plan.patient,
        by=by,
        subject=plan,
        phase=phase.number,
    )
    return start


@transaction.atomic
def end(*, plan: Plan, by: User, at: dt.datetime | None = None) -> Plan:
    """The patient sees no exercises any more; the plan and its sessions stay."""
    plan = Plan.objects.select_for_update(of=("self",)).select_related("patient").get(pk=plan.pk)
    if not plan.is_active:
        raise ValidationError("This plan is not active.")
    _close(plan, status=PlanStatus.ENDED, by=by, at=at or timezone.now())
    audit.record(
        action="plan.ended", patient=plan.patient, by=by, subject=plan, version=plan.version
    )
    return plan


@transaction.atomic
def discharge(
    *, episode: Episode, outcome: Outcome, by: User, at: dt.datetime | None = None
) -> Episode:
    """End the active plan, throw away a draft, and close the episode."""
    for draft in episode.plans.drafts().select_related("patient"):
        discard(plan=draft, by=by)
    for active in episode.plans.active():
        end(plan=active, by=by, at=at)
    return close_episode(episode=episode, outcome=outcome, by=by)
