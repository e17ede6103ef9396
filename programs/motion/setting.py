"""What a motion's angles and words tell of the task and its surroundings.

The drawing and its text alternative both ask here, so that they show and say the same.
"""

from typing import Literal

from programs.motion.angles import FOOT_JOINTS, BalanceKeyframe, Motion
from programs.motion.feet import Worn

Hand = Literal["rest", "grip", "tips", "fist"]


def uses_strap(motion: Motion) -> bool:
    """A strap or towel round the foot: a nearly straight leg whose foot or toes are pulled up.

    Lying, a foot that is only kept level counts, too: a limit of the ankle takes no strap away.
    """
    if motion.pose not in ("longsit", "supine"):
        return False
    ends = motion.nerve_ends()
    if motion.pose == "longsit":
        return max(end.toe for end in ends) > 0
    return max(end.ankle for end in ends) >= 0 and max(end.knee for end in ends) <= 30


def wears(motion: Motion, *, kind: str) -> Worn:
    """Shoes to stand and for balance, always; a sock under a strap and where a foot works on the
    floor; else bare, where the foot is what is looked at.
    """
    if motion.is_balance or motion.pose == "stand":
        return "shoe"
    return "sock" if kind == "strength" or uses_strap(motion) else "bare"


def hands_of(motion: Motion) -> tuple[Hand, Hand]:
    """What the near and the far hand do, seen from the side."""
    if motion.pose == "stand":
        if is_beside_counter(motion):
            return "rest", "grip"
        return ("tips", "tips") if on_one_leg(motion) else ("grip", "grip")
    return ("fist", "fist") if uses_strap(motion) else ("rest", "rest")


def on_one_leg(motion: Motion) -> bool:
    return motion.is_balance and motion.balance_ends()[1].base == "single-leg"


def moves_foot(motion: Motion) -> bool:
    """A nerve movement that bends the ankle or the toes, or turns the sole."""
    return not motion.deltas().keys().isdisjoint(FOOT_JOINTS)


def has_roll(motion: Motion) -> bool:
    """A rolled towel under the knee: legs out, and the towel is not round the foot."""
    return motion.pose == "longsit" and not uses_strap(motion)


def reaches(motion: Motion) -> bool:
    """Who leans forward on a chair reaches out with a hand (brief 2.6, B01)."""
    if not motion.is_balance or motion.pose != "sit":
        return False
    start, end = motion.balance_ends()
    return end.trunk - start.trunk >= 10


def is_beside_counter(motion: Motion) -> bool:
    """Tandem tasks and steps forward are done beside the counter (brief 2.6, B08, B11, B13)."""
    return steps_forward(motion) or (
        motion.is_balance and motion.balance_ends()[1].base == "tandem"
    )


def steps_forward(motion: Motion) -> bool:
    """One foot ends up well ahead: a step tap or a reach."""
    if not motion.is_balance:
        return False
    end = motion.balance_ends()[1]
    ahead = max(end.L.hip, end.R.hip) >= 20 and end.L.hip != end.R.hip
    return ahead and end.base != "single-leg"


def in_corner(motion: Motion) -> bool:
    """Foam and eyes-closed tasks: corner behind, chair in front (brief 2.6, B15 and B16)."""
    return on_foam(motion) or closes_eyes(motion)


def closes_eyes(motion: Motion) -> bool:
    return motion.is_balance and motion.balance_ends()[1].eyes == "closed"


def on_foam(motion: Motion) -> bool:
    return motion.is_balance and motion.balance_ends()[1].base == "hip-width-foam"


def rises(start: BalanceKeyframe, end: BalanceKeyframe) -> bool:
    """Sit to stand: both hips and knees go from a seat's angles to about straight."""
    legs = ((start.L, end.L), (start.R, end.R))
    return all(a.knee >= 60 and a.hip >= 60 and b.knee <= 20 and b.hip <= 20 for a, b in legs)


def goes_heel_to_toe(start: BalanceKeyframe, end: BalanceKeyframe) -> bool:
    """A tandem step: in tandem at both ends, the other foot in front."""
    in_front = [frame.L.hip > frame.R.hip for frame in (start, end)]
    return start.base == end.base == "tandem" and in_front[0] != in_front[1]


def feet_tilt(start: BalanceKeyframe, end: BalanceKeyframe) -> bool:
    """Heel raises, then toe raises."""
    return tilts_feet(start) and tilts_feet(end) and start.L.ankle < 0 < end.L.ankle


def tilts_feet(frame: BalanceKeyframe) -> bool:
    """Ankles move the feet, not the body: the weight stays mid and both ankles do the same."""
    return frame.com == "mid" and frame.L.ankle == frame.R.ankle != 0
