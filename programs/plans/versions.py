"""A version of a plan and the one before it."""

from programs.models import Plan


def phase_to_start(plan: Plan, before: Plan | None) -> int:
    """A new version of the same programs goes on where the patient is."""
    if before is None or not plan.is_made_like(before):
        return 1
    newest = before.phase_starts.order_by("-on", "-at").select_related("phase").first()
    return newest.phase.number if newest else 1
