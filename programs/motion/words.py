"""The movement in plain words, from the same angles that are drawn."""

from programs.motion.angles import BalanceKeyframe, Motion
from programs.motion.setting import (
    closes_eyes,
    feet_tilt,
    goes_heel_to_toe,
    in_corner,
    is_beside_counter,
    reaches,
    rises,
    uses_strap,
)

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
    "hip-width-foam": "the feet stand hip-width apart on firm foam",
    "feet-together": "the feet come together",
    "semi-tandem": "one foot goes half a step ahead of the other",
    "tandem": "one heel goes straight in front of the other toes",
}
_WEIGHT = {
    "fwd": "forward",
    "back": "back",
    "L": "over the left foot",
    "R": "over the right foot",
    "fwd-L": "forward over the left foot",
    "fwd-R": "forward over the right foot",
    "back-L": "back over the left foot",
    "back-R": "back over the right foot",
    "mid": "to the middle",
}


# From one place of the weight to the opposite one.
_SHIFT = {
    ("fwd", "back"): "from the toes to the heels",
    ("back", "fwd"): "from the heels to the toes",
    ("L", "R"): "from the left foot to the right foot",
    ("R", "L"): "from the right foot to the left foot",
}
ALMOST_STRAIGHT = 15  # degrees a held knee may be bent to be called so (design value)


def describe(motion: Motion) -> str:
    """One sentence: 'Sitting: the knee straightens while the head lifts and the toes come up.'"""
    parts = _balance_parts(motion) if motion.is_balance else _nerve_parts(motion)
    held = "" if motion.is_balance else _held_words(motion)
    return f"{_position(motion)}: {_joined(parts) or 'hold still'}{held}."


def _position(motion: Motion) -> str:
    """How one sits, lies or stands, and what one holds, as it is drawn."""
    if motion.pose == "stand":
        return _standing(motion)
    strap = "a strap round the foot" if uses_strap(motion) else ""
    if motion.pose == "longsit":
        return f"Sitting with your legs out and {strap or 'a roll under the knee'}"
    if motion.pose == "supine":
        return f"Lying on your back with {strap}" if strap else "Lying on your back"
    return "Sitting" if motion.pose == "sit" else "Lying on your side, the moving leg on top"


def _standing(motion: Motion) -> str:
    if motion.is_balance and rises(*motion.balance_ends()):
        return "Sitting at a counter"
    if closes_eyes(motion):
        return "Standing in a corner, a chair in front and a helper beside you"
    if in_corner(motion):
        return "Standing in a corner, a chair in front"
    return f"Standing {'beside' if is_beside_counter(motion) else 'at'} a counter"


def _nerve_parts(motion: Motion) -> list[str]:
    deltas = motion.deltas()
    by_size = sorted(deltas, key=lambda joint: -abs(deltas[joint]))
    return [_joint_words(motion, joint, deltas) for joint in by_size]


def _held_words(motion: Motion) -> str:
    """What is kept as it is and seen to be: a turned foot, an almost straight raised leg."""
    deltas, (start, _) = motion.deltas(), motion.nerve_ends()
    ways = []
    if "ankle" not in deltas and abs(start.ankle) >= 10:
        ways.append("up" if start.ankle > 0 else "down")
    if "ever" not in deltas and abs(start.ever) >= 5:
        ways.append("out" if start.ever > 0 else "in")
    if ways:
        return f", with the foot kept turned {' and '.join(ways)}"
    if "hip" in deltas and "knee" not in deltas and start.knee <= ALMOST_STRAIGHT:
        return ", with the knee kept almost straight"
    return ""


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


def _balance_parts(motion: Motion) -> list[str]:
    start, end = motion.balance_ends()
    if rises(start, end):
        return ["lean forward, then rise from the chair to stand tall"]
    if goes_heel_to_toe(start, end):
        return ["step one foot past the other, heel to toe"]
    if feet_tilt(start, end):
        return ["rise onto the balls of the feet, then lift the toes"]
    parts = ["one hand reaches forward"] if reaches(motion) else []
    parts += [*_head_words(start, end), *_trunk_words(start, end), *_leg_words(start, end)]
    parts += [*_base_words(start, end), *_weight_words(start, end)]
    return [*parts, "the eyes close"] if "closed" in (start.eyes, end.eyes) else parts


def _head_words(start: BalanceKeyframe, end: BalanceKeyframe) -> list[str]:
    if start.neck_rot == end.neck_rot:
        return []
    sides = (
        ("the left", "the right") if end.neck_rot > start.neck_rot else ("the right", "the left")
    )
    across = f"from {sides[0]} " if start.neck_rot * end.neck_rot < 0 else ""
    return [f"the head turns slowly {across}to {sides[1]}"]


def _base_words(start: BalanceKeyframe, end: BalanceKeyframe) -> list[str]:
    if end.base == "wide":
        side = "left" if end.L.hip_abd > end.R.hip_abd else "right"
        return [f"the {side} foot steps out to the side"]
    return [_BASE[end.base]] if start.base != end.base and end.base in _BASE else []


def _weight_words(start: BalanceKeyframe, end: BalanceKeyframe) -> list[str]:
    if start.com == end.com:
        return []
    way = _SHIFT.get((start.com, end.com), _WEIGHT[end.com])
    return [f"the weight goes {way}"]


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
    for name, side, other in (("L", "left", "right"), ("R", "right", "left")):
        before, after = getattr(start, name), getattr(end, name)
        if after.knee - before.knee >= 30 and end.base == "single-leg":
            words.append(f"the {side} foot lifts and you stand on the {other}")
        elif after.hip - before.hip >= 20:
            height = "taps on the step" if after.knee >= 40 else "reaches forward"
            words.append(f"the {side} foot {height}")
    return words
