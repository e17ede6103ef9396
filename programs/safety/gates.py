"""Safety gates: what a patient's findings say about an exercise or a plan.

Rules advise; the therapist decides. `BLOCKED` can't be activated, `REASON` needs typed words,
`NOTE` is told. Each names its source. Checked here, shown in both doors.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from patients.conditions import Condition
from patients.models import Episode
from patients.models.episode import Irritability, Sensation
from patients.sentences import is_sentence
from programs.models import Exercise, Plan, PlanPhase, Prescription, Program
from programs.models.described import Kind
from programs.models.snapshot import ExerciseSnapshot
from programs.motion import Motion
from programs.notation import allowed, angle_limits
from programs.safety import conditions, helping
from programs.safety.finding import Finding, Judged, Level
from programs.safety.situation import Situation
from programs.timing.schedule import most_in_a_day

# Degrees. With protective feeling lost the angle decides, not the feeling (brief 2.4, boyd2010).
INSENSATE_CAPS = {"hip_max": 60, "knee_min": 10, "ankle_max": 5}
# More than this lowers adherence (brief 2.3, bachmann2018).
MOST_EXERCISES_A_DAY = 4
# Seconds at the end of a nerve movement (brief 1.5, medium certainty).
LONGEST_NERVE_HOLD = 5


def caps_for(episode: Episode, program_caps: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The angle limits of a plan: its programs' and, always, those of lost protective feeling."""
    return angle_limits.strictest(
        program_caps or {}, INSENSATE_CAPS if episode.sensation == Sensation.LOST else {}
    )


def exercise_findings(
    exercise: Exercise,
    situation: Situation,
    *,
    kept: ExerciseSnapshot | None = None,
    is_frozen: bool = False,
) -> list[Finding]:
    """What this patient's findings say about one exercise, worst first.

    `kept` is what the patient does, where that is not the library's: a copy, or one with a range
    of its own. It `is_frozen` in a plan. Precautions and home use are the library's, which may
    have become stricter since.
    """
    judged: Judged = kept or exercise
    episode = situation.episode
    found = [
        *_published(exercise, is_frozen),
        *_home(exercise, judged),
        *conditions.findings(exercise, judged, situation),
        *_tension(judged, situation),
        *_irritable(judged, situation),
        *_angles(exercise, kept, situation.caps),
        *_helper(judged, episode),
        *_held(judged, situation),
    ]
    return sorted(found, key=lambda finding: list(Level).index(finding.level))


def _published(exercise: Exercise, is_frozen: bool) -> Iterable[Finding]:
    """A draft, such as out of a file, is looked at by a person before anybody does it."""
    if not is_frozen and not exercise.live:
        yield Finding(Level.BLOCKED, "A draft in the library: publish it first.", "")


def _home(exercise: Exercise, judged: Judged) -> Iterable[Finding]:
    if not exercise.home_use:
        yield Finding(
            Level.BLOCKED,
            "Only in the clinic. It is off for home use in the library.",
            "Brief 2.6, B16",
        )
    elif judged.nature.is_for_clinic:
        yield Finding(
            Level.BLOCKED, "Standing with the eyes closed: only in the clinic.", "Brief 2.6, B16"
        )


def dosage_findings(exercise: Exercise, dosage: dict[str, Any]) -> list[Finding]:
    """A dosage beyond what the exercise allows (brief 2.5); a long hold needs a reason (1.5)."""
    beyond = allowed.outside(exercise.allowed_dosage, dosage)
    found = []
    if Kind(exercise.kind).is_nerve and dosage["hold_seconds"] > LONGEST_NERVE_HOLD:
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


def _tension(judged: Judged, situation: Situation) -> Iterable[Finding]:
    """What loads the nerve counts as tension, whatever it is called."""
    if not judged.is_tension:
        return
    episode, screen = situation.episode, situation.screen
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
    if situation.no_tension:
        yield Finding(Level.REASON, "This program leaves tension out.", "Brief 3.2")


def _irritable(judged: Judged, situation: Situation) -> Iterable[Finding]:
    """High irritability: glides far from the sore site (brief 3.1). A program made for it brings
    them nearer phase by phase (brief 3.2, P2): there it is told what that depends on.
    """
    if situation.episode.irritability != Irritability.HIGH or judged.kind == Kind.BALANCE:
        return
    if judged.nature.moves_foot and not judged.is_tension:
        if situation.is_calming:
            words = (
                "Irritability is high, and this moves near the sore site: is the gate before met?"
            )
            yield Finding(Level.NOTE, words, "Brief 3.1")
        else:
            words = "Irritability is high: only movements far from the sore site."
            yield Finding(Level.REASON, words, "Brief 3.1")


def _angles(
    exercise: Exercise, kept: ExerciseSnapshot | None, caps: Mapping[str, Any]
) -> Iterable[Finding]:
    kind = kept.kind if kept else exercise.kind
    if not caps or kind == Kind.BALANCE:
        return
    motion = Motion.from_json(kept.motion) if kept else exercise.motion
    capped = motion.capped(caps)
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
            f"Angles are limited ({angle_limits.say(dict(caps))}): {', '.join(capped.changed)}.",
            "Brief 2.4, boyd2010",
        )
    if exercise.hold_seconds and Kind(kind).is_nerve:
        yield Finding(Level.NOTE, "No hold: it is set to 0 s.", "Brief 2.4")


def _helper(judged: Judged, episode: Episode) -> Iterable[Finding]:
    if judged.is_standing and episode.falls_12_months is None:
        yield Finding(
            Level.NOTE, "Falls in 12 months are not known: ask first.", "Brief 1.6, point 3"
        )
    if not helping.is_needed(judged, episode):
        return
    why = "this task needs one" if judged.asks_helper else "a fall in 12 months or a walking aid"
    if episode.helper_at_home:
        yield Finding(Level.NOTE, f"With the helper standing by ({why}).", "Brief 1.6, point 3")
    else:
        yield Finding(Level.REASON, f"No helper at home, and {why}.", "Brief 1.6, point 3")


def _held(judged: Judged, situation: Situation) -> Iterable[Finding]:
    """Told beside the line; the plan as a whole asks why it changes meanwhile."""
    held = [one for one in situation.held if one.leaves_out(judged)]
    if held:
        labels = ", ".join(sorted({str(one.kind.label) for one in held}))
        yield Finding(Level.NOTE, f"Held back now ({labels}): it stays left out.", "Brief 5")


def plan_findings(
    plan: Plan,
    situation: Situation,
    *,
    phases: Iterable[PlanPhase],
    prescriptions: Iterable[Prescription],
) -> list[Finding]:
    """What stands in the way of the plan as a whole."""
    rows = [row for row in prescriptions if row.included]
    found = [*screen_findings(situation), *change_findings(situation)]
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
    present = situation.conditions
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


def screen_findings(situation: Situation) -> list[Finding]:
    """What the red-flag screen says about any plan (brief 2.4)."""
    return [*flag_findings(situation), *age_findings(situation)]


def flag_findings(situation: Situation) -> Iterable[Finding]:
    """Its answers."""
    screen = situation.screen
    if screen is None:
        yield Finding(Level.BLOCKED, "The red-flag screen has not been answered yet.", "Brief 2.4")
        return
    if screen.stops_exercise:
        yield Finding(
            Level.BLOCKED,
            "A red flag that stops exercise is open. Clear it first, with who and why.",
            "Brief 2.4",
        )
    elif screen.is_open:
        yield Finding(Level.NOTE, "A red flag is open: see a physician within days.", "Brief 1.9")


def age_findings(situation: Situation) -> Iterable[Finding]:
    """Answers say little about feet that were asked about long ago."""
    if situation.is_screen_old:
        yield Finding(
            Level.BLOCKED,
            f"The red-flag screen is {situation.screen_age} days old: ask it again "
            f"(after {situation.screen_days} days, by the clinic's setting).",
            "Brief 2.4",
        )


def change_findings(situation: Situation) -> list[Finding]:
    """What asks for a word before a plan or its phase changes: open alerts, what is held back."""
    alerts = [
        Finding(
            Level.REASON,
            f"An alert is open: {alert.message.rstrip('.')}.",
            "Brief 5",
        )
        for alert in situation.alerts
    ]
    held = [
        Finding(Level.REASON, f"Held back ({one.get_kind_display()}): {one.why}", "By a therapist")
        for one in situation.by_therapists
    ]
    return alerts + held


def unanswered(
    findings: Iterable[Finding], *, reason: str, answered: Iterable[str]
) -> list[Finding]:
    """Those that stand in the way. A reason answers those that stood there when it was typed, no
    later ones.
    """
    known = set(answered) if is_sentence(reason) else set()
    return [
        finding
        for finding in findings
        if finding.level is Level.BLOCKED
        or (finding.level is Level.REASON and finding.message not in known)
    ]


def blocked_or_unreasoned(findings: Iterable[Finding], row: Prescription) -> list[Finding]:
    """The findings that stand in the way of including an exercise."""
    return unanswered(findings, reason=row.gate_reason, answered=row.reason_for)


def asks_for_reason(findings: Iterable[Finding]) -> list[str]:
    """The messages that a typed reason answers."""
    return [finding.message for finding in findings if finding.level is Level.REASON]
