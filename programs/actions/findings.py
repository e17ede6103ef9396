"""What follows when findings change, for drafts and for plans that no longer fit."""

from django.utils import timezone

from patients.models import Episode
from programs.actions import prescriptions, raising, restrictions
from programs.alerts.due import due_at
from programs.alerts.rules import RULES
from programs.models import Alert, Plan, Prescription
from programs.safety import gates
from programs.safety.fit import RULE, misfits


def after_findings(episode: Episode) -> list[Alert]:
    """Drafts get the angle limits of now; a frozen plan that no longer fits raises one alert.

    High, not urgent: an urgent one would stop the whole plan, and the therapist who entered the
    findings sees it at once. Called within the transaction that changed the findings.
    """
    for draft in episode.plans.drafts():
        draft.caps = gates.caps_for(episode, draft.program_caps)
        draft.save(update_fields=["caps"])
        prescriptions.drop_holds(draft)
    # Also a version that only waits for its successor: the patient does it until then.
    plans = episode.plans.not_over(timezone.now()).select_related(
        "program", "second_program", "clinic", "patient"
    )
    raised = []
    for plan in plans:
        found = misfits(plan)
        if found and (alert := _alert(plan, found)):
            raised.append(alert)
    return raised


def _alert(plan: Plan, found: list[tuple[Prescription, gates.Finding]]) -> Alert | None:
    """A new one, or the open one with what came new; None where all of it was raised before."""
    about = list(dict.fromkeys(f"{row.shown.code}: {finding.message}" for row, finding in found))
    newest = plan.alerts.filter(rule=RULE).order_by("-raised_at").first()
    if newest is not None and set(about) <= set(newest.about):
        return None
    codes = ", ".join(dict.fromkeys(row.shown.code for row, _ in found))
    alert = newest if newest is not None and newest.acknowledged_at is None else None
    alert = alert or Alert(
        patient=plan.patient, plan=plan, rule=RULE, severity=RULES[RULE].severity
    )
    alert.message = f"The plan no longer fits the findings: {codes}. {found[0][1].message}"[:200]
    alert.about, alert.raised_at = about, timezone.now()
    alert.due_at = due_at(alert.severity, alert.raised_at, plan.clinic)
    if alert._state.adding:
        alert.owner = raising.first_owner(plan.patient)
    alert.save()
    raising.record([alert])  # whoever changed the findings sees it at once
    restrictions.of_misfits(alert, plan.episode, (row.shown.code for row, _ in found))
    return alert
