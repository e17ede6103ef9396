"""What an episode's conditions say about an exercise (brief 1.9, 2.4, 3.2)."""

from collections.abc import Collection, Iterable

from patients.conditions import Condition
from patients.models import Episode
from patients.models.episode import Nerve
from programs.models import Exercise
from programs.models.described import Kind
from programs.safety.finding import Finding, Judged, Level
from programs.safety.situation import Situation

# What a nerve movement has to mind whatever the exercise says (brief 2.4).
NERVE_CAUTIONS = {
    Condition.JOINT_REPLACEMENT: "Mind the joint replacement's precautions.",
    Condition.HYPERMOBILE: "Hypermobile: stay well inside the range.",
    Condition.PREGNANT: "Late pregnancy: choose the position with care.",
    Condition.ANTICOAGULATED: "Bruises easily: no strap or firm hold.",
    Condition.LOW_GLUCOSE: "Prone to low blood sugar: quick sugar at hand.",
    Condition.COGNITION: "Needs help to follow the plan.",
}


# Nothing begins while one of these is open (brief 2.4, 'do not start'; 1.9).
STOPS_ALL = {
    Condition.CLOT: "Deep-vein thrombosis, or not yet ruled out: treat it first.",
    Condition.CORD: "Signs of the spinal cord: refer first.",
    Condition.MASS: "Suspected tumor, infection or fracture: clear it first.",
}


def findings(exercise: Exercise, judged: Judged, situation: Situation) -> Iterable[Finding]:
    """The exercise's own structured precautions, then those that hold for all of its sort."""
    present = situation.conditions
    for rule in exercise.precaution_rules.all():
        if rule.condition in present:
            yield Finding(
                Level(rule.effect),
                f"{rule.get_condition_display()}: {rule.words}",
                f"Precaution of {exercise.code}",
            )
    for condition, words in STOPS_ALL.items():
        if condition in present:
            yield Finding(Level.BLOCKED, words, "Brief 2.4")
    if Condition.FOOT_WOUND in present:
        yield from _wound(judged)
    if Condition.CHARCOT in present:
        yield from _charcot(judged)
    if judged.kind != Kind.BALANCE:
        yield from _weak(judged, situation.episode, present)
    if Kind(judged.kind).is_nerve:
        yield from _of_nerve(present)


def _weak(judged: Judged, episode: Episode, present: Collection[str]) -> Iterable[Finding]:
    """What works a weak foot or a nerve: its loss, or an operation, comes first."""
    if Condition.FOOT_DROP in present:
        yield _foot_drop(judged)
    elif Condition.WEAKNESS in present:
        yield Finding(
            Level.REASON, "New or spreading weakness: seen by a physician first?", "Brief 1.9, 2.4"
        )
    if Condition.NERVE_SURGERY in present:
        yield _nerve_surgery(episode)


def _of_nerve(present: Collection[str]) -> Iterable[Finding]:
    for condition, words in NERVE_CAUTIONS.items():
        if condition in present:
            yield Finding(Level.NOTE, words, "Brief 2.4")


def _wound(judged: Judged) -> Iterable[Finding]:
    """Nothing loads, presses or stretches an open wound (brief 1.9, 2.4, 3.2).

    Where on the foot it is, only the therapist knows: what moves the foot needs their word.
    """
    nature = judged.nature
    if judged.is_standing or nature.loads_sole:
        yield Finding(Level.BLOCKED, "No weight on a foot with an open wound.", "Brief 1.9, 3.2")
    elif nature.uses_strap:
        yield Finding(Level.BLOCKED, "No strap round a foot with an open wound.", "Brief 2.4")
    elif nature.moves_foot or "strap" in judged.equipment.lower():
        yield Finding(
            Level.REASON, "Nothing pulls or presses on an open wound: where is it?", "Brief 2.4"
        )


def _charcot(judged: Judged) -> Iterable[Finding]:
    """An active Charcot foot: no weight, and nothing that moves or grips it (brief 1.9, 2.4)."""
    nature = judged.nature
    if judged.is_standing or nature.loads_sole or nature.moves_foot or nature.uses_strap:
        yield Finding(
            Level.BLOCKED,
            "Active Charcot foot: no weight on it, and no movement.",
            "Brief 1.9, 2.4",
        )
    else:
        yield Finding(
            Level.REASON, "Active Charcot foot: what does the foot team say?", "Brief 2.4"
        )


def _nerve_surgery(episode: Episode) -> Finding:
    """The surgeon's go-ahead comes first; a repair is usually protected 3 to 6 weeks."""
    when = ""
    if episode.nerve_surgery_on is not None:
        weeks = (episode.clinic.today() - episode.nerve_surgery_on).days // 7
        when = f" {weeks} week{'' if weeks == 1 else 's'} ago (often protected 3 to 6)"
    return Finding(
        Level.REASON,
        f"Nerve repair or decompression{when}: has the surgeon given the go-ahead?",
        "Brief 2.4",
    )


FIBULAR_NERVES = frozenset({Nerve.COMMON_FIBULAR, Nerve.SUPERFICIAL_FIBULAR, Nerve.DEEP_FIBULAR})


def _foot_drop(judged: Judged) -> Finding:
    """Progressive loss: no nerve movement and no strengthening begins, least of all of the nerve
    that lifts the foot.
    """
    if judged.nerve in FIBULAR_NERVES:
        return Finding(
            Level.BLOCKED, "New or worsening foot drop: stop and refer first.", "Brief 1.9, 2.4"
        )
    return Finding(
        Level.REASON, "New or worsening foot drop: seen by a physician first?", "Brief 1.9, 2.4"
    )
