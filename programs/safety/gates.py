"""Safety gates: what a patient's findings say about an exercise or a plan.

Rules advise; the therapist decides. `BLOCKED` can't be activated, `REASON` needs typed words,
`NOTE` is told. Each names its source. Checked here, shown in both doors.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from patients.conditions import Condition
from patients.models import Episode, RedFlagScreen
from patients.models.episode import Irritability, Nerve, Sensation
from programs.models import Exercise, Plan, PlanPhase, Prescription, Program
from programs.models.exercise import Kind
from programs.motion.setting import moves_foot, uses_strap
from programs.notation import allowed, angle_limits
from programs.timing.schedule import most_in_a_day

# Degrees. With protective feeling lost the angle decides, not the feeling (brief 2.4, boyd2010).
INSENSATE_CAPS = {"hip_max": 60, "knee_min": 10, "ankle_max": 5}
# More than this lowers adherence (brief 2.3, bachmann2018).
MOST_EXERCISES_A_DAY = 4
# Seconds at the end of a nerve movement (brief 1.5, medium certainty).
LONGEST_NERVE_HOLD = 5


class Level(StrEnum):
    BLOCKED = "blocked"
    REASON = "reason"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One thing a gate has to say, with where the rule comes from."""

    level: Level
    message: str
    source: str


def caps_for(episode: Episode, program_caps: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The angle limits of a plan: its programs' and, always, those of lost protective feeling."""
    return angle_limits.strictest(
        program_caps or {}, INSENSATE_CAPS if episode.sensation == Sensation.LOST else {}
    )


def exercise_findings(
    exercise: Exercise,
    episode: Episode,
    *,
    caps: dict[str, Any],
    screen: RedFlagScreen | None,
    no_tension: bool = False,
) -> list[Finding]:
    """What this patient's findings say about one exercise, worst first."""
    found = [
        *_home(exercise),
        *_precautions(exercise, episode),
        *_tension(exercise, episode, screen, no_tension),
        *_angles(exercise, caps),
        *_helper(exercise, episode),
    ]
    return sorted(found, key=lambda finding: list(Level).index(finding.level))


def _home(exercise: Exercise) -> Iterable[Finding]:
    if not exercise.home_use:
        yield Finding(
            Level.BLOCKED,
            "Only in the clinic. It is off for home use in the library.",
            "Brief 2.6, B16",
        )


# What a nerve movement has to mind whatever the exercise says (brief 2.4).
NERVE_CAUTIONS = {
    Condition.JOINT_REPLACEMENT: "Mind the joint replacement's precautions.",
    Condition.HYPERMOBILE: "Hypermobile: stay well inside the range.",
    Condition.PREGNANT: "Late pregnancy: choose the position with care.",
    Condition.ANTICOAGULATED: "Bruises easily: no strap or firm hold.",
    Condition.LOW_GLUCOSE: "Prone to low blood sugar: quick sugar at hand.",
    Condition.COGNITION: "Needs help to follow the plan.",
}


def _precautions(exercise: Exercise, episode: Episode) -> Iterable[Finding]:
    """The exercise's own structured precautions, then those that hold for all of its sort."""
    present = episode.all_conditions
    for rule in exercise.precaution_rules.all():
        if rule.condition in present:
            yield Finding(
                Level(rule.effect),
                f"{rule.get_condition_display()}: {rule.words}",
                f"Precaution of {exercise.code}",
            )
    if Condition.FOOT_WOUND in present:
        yield from _wound(exercise)
    if Condition.FOOT_DROP in present and exercise.kind != Kind.BALANCE:
        yield _foot_drop(exercise)
    if exercise.kind != Kind.BALANCE:
        for condition, words in NERVE_CAUTIONS.items():
            if condition in present:
                yield Finding(Level.NOTE, words, "Brief 2.4")


def _wound(exercise: Exercise) -> Iterable[Finding]:
    """Nothing loads, presses or stretches an open wound (brief 1.9, 2.4, 3.2).

    Where on the foot it is, only the therapist knows: what moves the foot needs their word.
    """
    motion = exercise.motion
    if exercise.is_standing or motion.is_balance:
        yield Finding(Level.BLOCKED, "No weight on a foot with an open wound.", "Brief 1.9, 3.2")
    elif uses_strap(motion):
        yield Finding(Level.BLOCKED, "No strap round a foot with an open wound.", "Brief 2.4")
    elif moves_foot(motion) or "strap" in exercise.equipment.lower():
        yield Finding(
            Level.REASON, "Nothing pulls or presses on an open wound: where is it?", "Brief 2.4"
        )


FIBULAR_NERVES = frozenset({Nerve.COMMON_FIBULAR, Nerve.SUPERFICIAL_FIBULAR, Nerve.DEEP_FIBULAR})


def _foot_drop(exercise: Exercise) -> Finding:
    """Progressive loss: no nerve movement begins, least of all of the nerve that lifts the foot."""
    if exercise.nerve in FIBULAR_NERVES:
        return Finding(
            Level.BLOCKED, "New or worsening foot drop: stop and refer first.", "Brief 1.9, 2.4"
        )
    return Finding(
        Level.REASON, "New or worsening foot drop: seen by a physician first?", "Brief 1.9, 2.4"
    )


def dosage_findings(exercise: Exercise, dosage: dict[str, Any]) -> list[Finding]:
    """A dosage beyond what the exercise allows (brief 2.5); a long hold needs a reason (1.5)."""
    beyond = allowed.outside(exercise.allowed_dosage, dosage)
    found = []
    if exercise.kind != Kind.BALANCE and dosage["hold_seconds"] > LONGEST_NERVE_HOLD:
        found.append(
            Finding(
                Level.REASON,
                f"A hold of {dosage['hold_seconds']} s is long: 2 to 5 s is the ceiling.",
                "Brief 1.5",
            )
        )
    if beyond:
        words = f"More or less than the library allows: {', '.join(beyond)}."
        found.append(Finding(Level.NOTE, words, f"Dosage of {exercise.code}"))
    return found


def _tension(
    exercise: Exercise, episode: Episode, screen: RedFlagScreen | None, no_tension: bool
) -> Iterable[Finding]:
    if exercise.kind != Kind.TENSION:
        return
    if episode.sensation == Sensation.LOST:
        yield Finding(
            Level.REASON,
            "Protective feeling is lost: overstretching may not be felt.",
            "Brief 2.4, A18; boyd2010",
        )
    if episode.irritability == Irritability.HIGH:
        yield Finding(Level.REASON, "Irritability is high: no tension yet.", "Brief 3.1, A18")
    if screen is not None and screen.is_open:
        yield Finding(Level.REASON, "A red flag is open.", "Brief A18")
    if no_tension:
        yield Finding(Level.REASON, "This program leaves tension out.", "Brief 3.2")


def _angles(exercise: Exercise, caps: dict[str, Any]) -> Iterable[Finding]:
    if not caps or exercise.kind == Kind.BALANCE:
        return
    capped = exercise.motion.capped(caps)
    if capped.uncappable:
        yield Finding(
            Level.REASON,
            f"The position holds the {' and '.join(capped.uncappable)} beyond its limit; "
            "choose a lying version.",
            "Brief 2.4",
        )
    if capped.changed:
        yield Finding(
            Level.NOTE,
            f"Angles are limited ({angle_limits.say(caps)}): {', '.join(capped.changed)}.",
            "Brief 2.4, boyd2010",
        )
    if exercise.hold_seconds:
        yield Finding(Level.NOTE, "No hold: it is set to 0 s.", "Brief 2.4")


def _helper(exercise: Exercise, episode: Episode) -> Iterable[Finding]:
    if exercise.is_standing and episode.falls_12_months is None:
        yield Finding(
            Level.NOTE, "Falls in 12 months are not known: ask first.", "Brief 1.6, point 3"
        )
    if not exercise.is_standing or not (exercise.needs_helper or episode.falls_or_aid):
        return
    why = "this task needs one" if exercise.needs_helper else "a fall in 12 months or a walking aid"
    if episode.helper_at_home:
        yield Finding(Level.NOTE, f"With the helper standing by ({why}).", "Brief 1.6, point 3")
    else:
        yield Finding(Level.REASON, f"No helper at home, and {why}.", "Brief 1.6, point 3")


def plan_findings(
    plan: Plan,
    *,
    phases: Iterable[PlanPhase],
    prescriptions: Iterable[Prescription],
    screen: RedFlagScreen | None,
) -> list[Finding]:
    """What stands in the way of the plan as a whole."""
    rows = [row for row in prescriptions if row.included]
    found = plan_findings_of_screen(screen)
    for phase in phases:
        in_phase = [row for row in rows if row.phase_id == phase.pk]
        if not in_phase:
            found.append(Finding(Level.BLOCKED, f"Phase {phase.number} has no exercise.", ""))
        most = most_in_a_day(in_phase, plan.weekdays)
        if most > MOST_EXERCISES_A_DAY:
            found.append(
                Finding(
                    Level.NOTE,
                    f"Phase {phase.number} has {most} exercises on one day. "
                    "People keep up best with 2 to 4.",
                    "Brief 2.3, bachmann2018",
                )
            )
    present = plan.episode.all_conditions
    for program in plan.programs:
        found += _entry(program, present)
    return found


def _entry(program: Program, present: set[str]) -> Iterable[Finding]:
    """What has to be true before a program begins: conditions stop it, words are told."""
    for condition in program.entry_excludes:
        if condition in present:
            words = f"{program.code} is not for: {Condition(condition).label.lower()}."
            yield Finding(Level.BLOCKED, words, "Brief 3.2")
    if program.entry_gate:
        yield Finding(Level.NOTE, f"Before {program.code}: {program.entry_gate}", "Brief 3.2")


def plan_findings_of_screen(screen: RedFlagScreen | None) -> list[Finding]:
    """What the red-flag screen says about any plan (brief 2.4)."""
    return list(_screened(screen))


def _screened(screen: RedFlagScreen | None) -> Iterable[Finding]:
    if screen is None:
        yield Finding(Level.BLOCKED, "The red-flag screen has not been answered yet.", "Brief 2.4")
    elif screen.stops_exercise:
        yield Finding(
            Level.BLOCKED,
            "A red flag that stops exercise is open. Clear it first, with who and why.",
            "Brief 2.4",
        )
    elif screen.is_open:
        yield Finding(Level.NOTE, "A red flag is open: see a physician within days.", "Brief 1.9")


def blocked_or_unreasoned(findings: Iterable[Finding], row: Prescription) -> list[Finding]:
    """The findings that stand in the way of including an exercise. A typed reason answers those
    that stood there when it was typed, no later ones.
    """
    answered = row.reason_for if is_reason(row.gate_reason) else []
    return [
        finding
        for finding in findings
        if finding.level is Level.BLOCKED
        or (finding.level is Level.REASON and finding.message not in answered)
    ]


def asks_for_reason(findings: Iterable[Finding]) -> list[str]:
    """The messages that a typed reason answers."""
    return [finding.message for finding in findings if finding.level is Level.REASON]


def is_reason(text: str) -> bool:
    """Words, not blanks: at least a letter or a digit."""
    return any(sign.isalnum() for sign in text)
