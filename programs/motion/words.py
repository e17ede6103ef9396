"""The movement in plain words, from the same angles that are drawn."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from programs.motion.angles import BalanceKeyframe, Motion
from programs.motion.nature import nature
from programs.motion.setting import (
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
    "neck": (gettext_lazy("the chin goes down"), gettext_lazy("the head lifts")),
    "trunk": (gettext_lazy("the back rounds"), gettext_lazy("the back straightens up")),
    "hip": (gettext_lazy("the leg lifts"), gettext_lazy("the leg lowers")),
    "knee": (gettext_lazy("the knee bends"), gettext_lazy("the knee straightens")),
    "ankle": (gettext_lazy("the toes come up"), gettext_lazy("the toes point away")),
    "ever": (gettext_lazy("the sole turns out"), gettext_lazy("the sole turns in")),
    "toe": (gettext_lazy("the toes bend back"), gettext_lazy("the toes curl")),
}
_OTHERWISE = {
    ("supine", "neck"): (gettext_lazy("the chin nods down"), gettext_lazy("the head lies back")),
    ("sidelying", "hip"): (
        gettext_lazy("the thigh comes forward"),
        gettext_lazy("the thigh goes back"),
    ),
    ("stand", "hip"): (gettext_lazy("the leg comes forward"), gettext_lazy("the leg goes back")),
}
_BASE = {
    "hip-width": gettext_lazy("the feet stand hip-width apart"),
    "hip-width-foam": gettext_lazy("the feet stand hip-width apart on firm foam"),
    "feet-together": gettext_lazy("the feet come together"),
    "semi-tandem": gettext_lazy("one foot goes half a step ahead of the other"),
    "tandem": gettext_lazy("one heel goes straight in front of the other toes"),
}
_WEIGHT: dict[str, Promise] = {
    "fwd": gettext_lazy("forward"),
    "back": gettext_lazy("back"),
    "L": gettext_lazy("over the left foot"),
    "R": gettext_lazy("over the right foot"),
    "fwd-L": gettext_lazy("forward over the left foot"),
    "fwd-R": gettext_lazy("forward over the right foot"),
    "back-L": gettext_lazy("back over the left foot"),
    "back-R": gettext_lazy("back over the right foot"),
    "mid": gettext_lazy("to the middle"),
}


# From one place of the weight to the opposite one.
_SHIFT = {
    ("fwd", "back"): gettext_lazy("from the toes to the heels"),
    ("back", "fwd"): gettext_lazy("from the heels to the toes"),
    ("L", "R"): gettext_lazy("from the left foot to the right foot"),
    ("R", "L"): gettext_lazy("from the right foot to the left foot"),
}
_LIFTS = {
    "L": gettext_lazy("the left foot lifts and you stand on the right"),
    "R": gettext_lazy("the right foot lifts and you stand on the left"),
}
_TAPS = {
    "L": gettext_lazy("the left foot taps on the step"),
    "R": gettext_lazy("the right foot taps on the step"),
}
_STEPS = {
    "L": gettext_lazy("the left foot reaches forward"),
    "R": gettext_lazy("the right foot reaches forward"),
}
LIFTED = 30  # degrees of the hip from which a held thigh is told (design value)
ALMOST_STRAIGHT = 15  # degrees a held knee may be bent to be called so (design value)


def describe(motion: Motion, *, has_helper: bool = False) -> str:
    """One sentence, in the reader's language: 'Sitting: the knee bends while the head lifts.'

    With `has_helper` somebody stands by, whatever the movement.
    """
    parts = _balance_parts(motion) if motion.is_balance else _nerve_parts(motion)
    held = "" if motion.is_balance else _held_words(motion)
    moves = _joined(parts) or _("hold still")
    return f"{_position(motion, has_helper=has_helper)}: {moves}{held}."


def kept_bent(motion: Motion) -> str:
    """How far the hip stays bent while one lies, or '': no drawing says that exactly enough."""
    if motion.is_balance or motion.pose != "supine" or "hip" in motion.deltas():
        return ""
    hip = motion.nerve_ends()[0].hip
    if hip < LIFTED:
        return ""
    return _("Hold the thigh so that the hip is bent to about %(degrees)s°.") % {
        "degrees": f"{hip:g}"
    }


def steps(motion: Motion) -> list[str]:
    """What to do, from the angles alone: for a movement that is not the one that was written
    about, as some of its angles are limited.
    """
    moves = _joined(_nerve_parts(motion)) or _("hold still")
    return [
        _("Slowly, only as far as the picture shows: %(moves)s%(held)s.")
        % {"moves": moves, "held": _held_words(motion)},
        _("Stop at the first mild pull, or before it."),
        _("Go back slowly to where you began."),
    ]


def cue() -> str:
    """What one thinks of meanwhile, for such a movement."""
    return _("Small and slow. Stop at the first pull.")


def _position(motion: Motion, *, has_helper: bool) -> str:
    """How one sits, lies or stands, and what one holds, as it is drawn."""
    if motion.pose == "stand":
        return _standing(motion, has_helper=has_helper)
    strap = uses_strap(motion)
    if motion.pose == "longsit":
        if strap:
            return _("Sitting with your legs out and a strap round the foot")
        return _("Sitting with your legs out and a roll under the knee")
    if motion.pose == "supine":
        return (
            _("Lying on your back with a strap round the foot")
            if strap
            else _("Lying on your back")
        )
    return _("Sitting") if motion.pose == "sit" else _("Lying on your side, the moving leg on top")


def _standing(motion: Motion, *, has_helper: bool) -> str:
    if motion.is_balance and rises(*motion.balance_ends()):
        return _("Sitting at a counter")
    if in_corner(motion):
        return _("Standing in a corner, a chair in front and a helper beside you")
    if has_helper or nature("", motion).needs_helper:
        if is_beside_counter(motion):
            return _("Standing beside a counter, a helper with you")
        return _("Standing at a counter, a helper with you")
    beside, at = _("Standing beside a counter"), _("Standing at a counter")
    return beside if is_beside_counter(motion) else at


def _nerve_parts(motion: Motion) -> list[str]:
    deltas = motion.deltas()
    by_size = sorted(deltas, key=lambda joint: -abs(deltas[joint]))
    return [_joint_words(motion, joint, deltas) for joint in by_size]


def _held_words(motion: Motion) -> str:
    """What is kept as it is and seen to be: a turned foot, an almost straight raised leg."""
    deltas, start = motion.deltas(), motion.nerve_ends()[0]
    ways = []
    if "ankle" not in deltas and abs(start.ankle) >= 10:
        ways.append(pgettext("foot", "up") if start.ankle > 0 else pgettext("foot", "down"))
    if "ever" not in deltas and abs(start.ever) >= 5:
        ways.append(pgettext("foot", "out") if start.ever > 0 else pgettext("foot", "in"))
    if ways:
        return _(", with the foot kept turned %(ways)s") % {"ways": _and(ways)}
    if "hip" in deltas and "knee" not in deltas and start.knee <= ALMOST_STRAIGHT:
        return _(", with the knee kept almost straight")
    return ""


def _joint_words(motion: Motion, joint: str, deltas: dict[str, float]) -> str:
    grows = deltas[joint] > 0
    end = getattr(motion.end, joint)
    if joint == "ever" and not end:
        return _("the sole turns back to level")
    if joint == "toe" and not end:
        return _("the toes relax")
    if joint == "ankle" and not end and not grows:
        return _("the foot relaxes")
    if joint == "ankle" and "toe" in deltas:
        return _("the foot comes up") if grows else _("the foot points away")
    words = _OTHERWISE.get((motion.pose, joint), _JOINT[joint])
    return str(words[0] if grows else words[1])


def _joined(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s while %(rest)s") % {"first": parts[0], "rest": _and(parts[1:])}


def _and(parts: list[str]) -> str:
    *others, last = parts
    if not others:
        return last
    return _("%(others)s and %(last)s") % {"others": ", ".join(others), "last": last}


def _balance_parts(motion: Motion) -> list[str]:
    start, end = motion.balance_ends()
    if rises(start, end):
        return [_("lean forward, then rise from the chair to stand tall")]
    if goes_heel_to_toe(start, end):
        return [_("step one foot past the other, heel to toe")]
    if feet_tilt(start, end):
        return [_("rise onto the balls of the feet, then lift the toes")]
    parts = [_("one hand reaches forward")] if reaches(motion) else []
    parts += [*_head_words(start, end), *_trunk_words(start, end), *_leg_words(start, end)]
    parts += [*_base_words(start, end), *_weight_words(start, end)]
    return [*parts, _("the eyes close")] if "closed" in (start.eyes, end.eyes) else parts


def _head_words(start: BalanceKeyframe, end: BalanceKeyframe) -> list[str]:
    if start.neck_rot == end.neck_rot:
        return []
    is_right, is_across = end.neck_rot > start.neck_rot, start.neck_rot * end.neck_rot < 0
    if is_across:
        across = _("the head turns slowly from the left to the right")
        return [across if is_right else _("the head turns slowly from the right to the left")]
    right, left = _("the head turns slowly to the right"), _("the head turns slowly to the left")
    return [right if is_right else left]


def _base_words(start: BalanceKeyframe, end: BalanceKeyframe) -> list[str]:
    if end.base == "wide":
        left = _("the left foot steps out to the side")
        is_left = end.L.hip_abd > end.R.hip_abd
        return [left if is_left else _("the right foot steps out to the side")]
    return [str(_BASE[end.base])] if start.base != end.base and end.base in _BASE else []


def _weight_words(start: BalanceKeyframe, end: BalanceKeyframe) -> list[str]:
    if start.com == end.com:
        return []
    way = _SHIFT.get((start.com, end.com), _WEIGHT[end.com])
    return [_("the weight goes %(way)s") % {"way": way}]


def _trunk_words(start: BalanceKeyframe, end: BalanceKeyframe) -> list[str]:
    leans = []
    if abs(end.trunk - start.trunk) >= 10:
        leans.append(_("forward") if end.trunk > start.trunk else _("back"))
    if abs(end.trunk_side - start.trunk_side) >= 5:
        leans.append(_("to the right") if end.trunk_side > start.trunk_side else _("to the left"))
    return [_("the body leans %(ways)s") % {"ways": _and(leans)}] if leans else []


def _leg_words(start: BalanceKeyframe, end: BalanceKeyframe) -> list[str]:
    """A foot that is lifted or steps forward; the base of support says the rest."""
    words = []
    for name in ("L", "R"):
        before, after = getattr(start, name), getattr(end, name)
        if after.knee - before.knee >= 30 and end.base == "single-leg":
            words.append(str(_LIFTS[name]))
        elif after.hip - before.hip >= 20:
            words.append(str((_TAPS if after.knee >= 40 else _STEPS)[name]))
    return words
