"""A plan that suits one patient, made for another: with the other's gates, without the words."""

from django.db import transaction

from accounts.models import User
from patients.actions.episodes import hold_open
from patients.models import Episode
from programs.actions import plans, prescriptions, transitions
from programs.models import Plan, Prescription, ProgramExercise
from programs.models.described import Kind
from programs.notation import angle_limits
from programs.plans import content as plan_content
from programs.safety import gates
from programs.safety.lines import line_findings
from programs.safety.situation import Situation


@transaction.atomic
def copy_to(*, plan: Plan, episode: Episode, by: User) -> Plan:
    """A draft for `episode` with the phases and dosages of a frozen plan.

    Exercises are the library's of now, side and angle limits the other patient's; what its gates
    hold back starts off. A program's own notes come along; what was written for the first patient,
    and reasons, stay with that patient.
    """
    episode = hold_open(episode)
    draft = plans.new_draft(
        episode=episode,
        by=by,
        program=plan.program,
        second_program=plan.second_program,
        title=plan.title,
        patient_title=plan.patient_title,
        starts_on=episode.clinic.today(),
        weekdays=plan.weekdays,
        program_caps=angle_limits.strictest(*(program.caps for program in plan.programs)),
    )
    plan_content.write(draft, plan_content.read(plan), as_new=True)
    prescriptions.drop_holds(draft)
    notes = _notes_of_programs(plan)
    rows = list(
        draft.prescriptions.select_related("exercise").prefetch_related(
            "exercise__precaution_rules"
        )
    )
    situation = Situation.of(draft)
    for row in rows:
        _fit(row, notes, situation)
    fields = ["snapshot", "note", "gate_reason", "reason_for", "side", "included"]
    Prescription.objects.bulk_update(rows, fields)
    transitions.record("draft", draft, by=by, copied_from=str(plan.pk))
    return draft


def _notes_of_programs(plan: Plan) -> set[tuple[int, str]]:
    """What the programs say beside an exercise, to whoever does it ('small, no eversion')."""
    rows = ProgramExercise.objects.filter(phase__program__in=plan.programs)
    return set(rows.values_list("exercise_id", "note"))


def _fit(row: Prescription, notes: set[tuple[int, str]], situation: Situation) -> None:
    plan = row.plan
    if (row.exercise_id, row.note) not in notes:
        row.note = ""
    row.snapshot, row.gate_reason, row.reason_for = None, "", []
    if Kind(row.exercise.kind).is_nerve:
        row.side = plan.episode.side
    # A long hold had its reason with the other patient; here it asks for one of its own.
    findings = line_findings(row, situation)
    row.included = row.included and not gates.blocked_or_unreasoned(findings, row)
