"""A plan that suits one patient, made for another: with the other's gates, without the words."""

from django.db import transaction

from accounts.models import User
from patients.actions.episodes import hold_open
from patients.models import Episode
from programs import gates, plan_content, transitions
from programs.actions import plans, prescriptions
from programs.models import Plan, Prescription
from programs.models.exercise import Kind


@transaction.atomic
def copy_to(*, plan: Plan, episode: Episode, by: User) -> Plan:
    """A draft for `episode` with the phases and dosages of a frozen plan.

    Exercises are the library's of now, side and angle limits the other patient's; what its gates
    hold back starts off. Notes and reasons stay with the patient they were written for.
    """
    episode = hold_open(episode)
    draft = plans.new_draft(
        episode=episode,
        by=by,
        program=plan.program,
        second_program=plan.second_program,
        title=plan.title,
        starts_on=episode.clinic.today(),
        weekdays=plan.weekdays,
        caps=gates.caps_for(episode, *(program.caps for program in plan.programs)),
    )
    plan_content.write(draft, plan_content.read(plan), as_new=True)
    rows = list(
        draft.prescriptions.select_related("exercise").prefetch_related(
            "exercise__precaution_rules"
        )
    )
    for row in rows:
        row.plan = draft
        _fit(row)
    fields = ["snapshot", "note", "gate_reason", "side", "hold_seconds", "included"]
    Prescription.objects.bulk_update(rows, fields)
    transitions.record("draft", draft, by=by, copied_version=plan.version)
    return draft


def _fit(row: Prescription) -> None:
    plan = row.plan
    row.snapshot, row.note, row.gate_reason = None, "", ""
    if row.exercise.kind != Kind.BALANCE:
        row.side = plan.episode.side
        if plan.caps:
            row.hold_seconds = 0  # no hold where the angle decides (brief 2.4)
    # A long hold had its reason with the other patient; here it asks for one of its own.
    findings = prescriptions.line_findings(row)
    row.included = row.included and not gates.blocked_or_unreasoned(findings, "")
