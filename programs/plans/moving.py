"""What speaks against moving a patient on to a later phase."""

from programs.models import PlanPhase
from programs.progress.next_step import Step
from programs.progress.standing import Standing
from programs.safety import gates
from programs.safety.situation import Situation

_AGAINST = (Step.STOP, Step.REGRESS, Step.HOLD, Step.WAIT)


def asks(situation: Situation, now: Standing | None) -> list[str]:
    """What wants a word: the rules' suggestion, an unmet gate, open alerts, what is held back."""
    found = [finding.message for finding in gates.change_findings(situation)]
    if now is not None and now.suggestion.step in _AGAINST:
        found.insert(0, f"{now.suggestion.step.label}: {now.suggestion.reason}")
    return found


def stops(situation: Situation, before: PlanPhase, after: PlanPhase) -> list[str]:
    """What has to be done first: an open red flag; an old screen before a new kind of exercise."""
    found = [*gates.flag_findings(situation)]
    if not kinds_of(after) <= kinds_of(before):
        found += gates.age_findings(situation)
    return [one.message for one in found if one.level is gates.Level.BLOCKED]


def kinds_of(phase: PlanPhase) -> set[str]:
    """Glide, tension by load, standing or seated balance: of what a frozen phase includes."""
    rows = phase.prescriptions.filter(included=True)
    return {
        "tension" if row.kept.is_tension else f"{row.kept.kind} {row.kept.is_standing}"
        for row in rows
    }
