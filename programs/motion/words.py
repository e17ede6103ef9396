"""The movement in plain words, from the same angles that are drawn."""

from programs.motion.angles import BalanceKeyframe, Motion

_POSITION = {
    "sit": "Sitting",
    "supine": "Lying on your back",
    "sidelying": "Lying on your side",
    "longsit": "Sitting with your legs out",
    "stand": "Standing",
}

# joint: (words when its angle grows, words when it falls)
_JOINT = {
    "neck": ("the chin goes down", "the head lifts"),
    "trunk": ("the back rounds", "the back straightens up"),
    "hip": ("the leg lifts", "the leg lowers"),
    "knee": ("the knee bends", "the knee straightens"),
    "ankle": ("the toes come up", "the toes point away"),
    "ever": ("the sole turns out", "the sole turns in"),
    "toe": ("the toes bend back", "the toes curl"),
}
_OTHERWISE = {
    ("supine", "neck"): ("the chin nods down", "the head lies back"),
    ("sidelying", "hip"): ("the thigh comes forward", "the thigh goes back"),
    ("stand", "hip"): ("the leg comes forward", "the leg goes back"),
}
_BASE = {
    "hip-width": "the feet stand hip-width apart",
    "hip-width-foam": "the feet stay on the firm foam",
    "feet-together": "the feet come together",
    "semi-tandem": "one foot goes half a step ahead of the other",
    "tandem": "one heel goes straight in front of the other toes",
}
_WEIGHT = {
    "fwd": "toward the toes",
    "back": "toward the heels",
    "L": "over the left foot",
    "R": "over the right foot",
    "fwd-L": "forward over the left foot",
    "fwd-R": "forward over the right foot",
    "back-L": "back over the left foot",
    "back-R": "back over the right foot",
    "mid": "to the middle",
}


def describe(motion: Motion) -> str:
    """One sentence: 'Sitting: the knee straightens while the head lifts and the toes come up.'"""
    parts = _balance_parts(*motion.balance_ends()) if motion.is_balance else _nerve_parts(motion)
    return f"{_POSITION[motion.pose]}: {_joined(parts) or 'hold still'}."


def _nerve_parts(motion: Motion) -> list[str]:
    deltas = motion.deltas()
    by_size = sorted(deltas, key=lambda joint: -abs(deltas[joint]))
    return [_joint_words(motion, joint, deltas) for joint in by_size]


def _joint_words(motion: Motion, joint: str, deltas: dict[str, float]) -> str:
    grows = deltas[joint] > 0
    end = getattr(motion.end, joint)
    if joint == "ever" and not end:
        return "the sole turns back to level"
    if joint == "toe" and not end:
        return "the toes relax"
    if joint == "ankle" and not end and not grows:
        return "the foot relaxes"
    if joint == "ankle" and "toe" in deltas:
        return "the foot comes up" if grows else "the foot points away"
    words = _OTHERWISE.get((motion.pose, joint), _JOINT[joint])
    return words[0] if grows else words[1]


def _joined(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    *others, last = parts[1:]
    rest = f"{', '.join(others)} and {last}" if others else last
    return f"{parts[0]} while {rest}"


def _balance_parts(start: BalanceKeyframe, end: BalanceKeyframe) -> list[str]:
    if rises(start, end):
        return ["lean forward and rise from the chair to stand tall"]
    if goes_heel_to_toe(start, end):
        return ["step one foot past the other, heel to toe"]
    if _feet_tilt(start, end):
        return ["rise onto the balls of the feet, then lift the toes"]
    parts = [*_trunk_words(start, end), *_leg_words(start, end)]
    if end.base == "wide":
        side = "left" if end.L.hip_abd > end.R.hip_abd else "right"
        parts.append(f"the {side} foot steps out to the side")
    elif start.base != end.base and end.base in _BASE:
        parts.append(_BASE[end.base])
    if start.com != end.com:
        parts.append(f"the weight goes {_WEIGHT[end.com]}")
    if start.neck_rot != end.neck_rot:
        way = "right" if end.neck_rot > start.neck_rot else "left"
        parts.insert(0, f"the head turns slowly to the {way}")
    if "closed" in (start.eyes, end.eyes):
        parts.append("the eyes close")
    return parts


def _trunk_words(start: BalanceKeyframe, end: BalanceKeyframe) -> list[str]:
    leans = []
    if abs(end.trunk - start.trunk) >= 10:
        leans.append("forward" if end.trunk > start.trunk else "back")
    if abs(end.trunk_side - start.trunk_side) >= 5:
        leans.append("to the right" if end.trunk_side > start.trunk_side else "to the left")
    return [f"the body leans {' and '.join(leans)}"] if leans else []


def _leg_words(start: BalanceKeyframe, end: BalanceKeyframe) -> list[str]:
    """A foot that is lifted or steps forward; the base of support says the rest."""
    words = []
    for name, side in (("L", "left"), ("R", "right")):
        before, after = getattr(start, name), getattr(end, name)
        if after.knee - before.knee >= 30 and end.base == "single-leg":
            words.append(f"the {side} foot lifts")
        elif after.hip - before.hip >= 20:
            height = "taps on the step" if after.knee >= 40 else "reaches forward"
            words.append(f"the {side} foot {height}")
    return words


def rises(start: BalanceKeyframe, end: BalanceKeyframe) -> bool:
    """Sit to stand: both hips and knees go from a seat's angles to about straight."""
    legs = ((start.L, end.L), (start.R, end.R))
    return all(a.knee >= 60 and a.hip >= 60 and b.knee <= 20 and b.hip <= 20 for a, b in legs)


def goes_heel_to_toe(start: BalanceKeyframe, end: BalanceKeyframe) -> bool:
    """A tandem step: in tandem at both ends, the other foot in front."""
    in_front = [frame.L.hip > frame.R.hip for frame in (start, end)]
    return start.base == end.base == "tandem" and in_front[0] != in_front[1]


def _feet_tilt(start: BalanceKeyframe, end: BalanceKeyframe) -> bool:
    return tilts_feet(start) and tilts_feet(end) and start.L.ankle < 0 < end.L.ankle


def tilts_feet(frame: BalanceKeyframe) -> bool:
    """Ankles move the feet, not the body: the weight stays mid and both ankles do the same."""
    return frame.com == "mid" and frame.L.ankle == frame.R.ankle != 0
