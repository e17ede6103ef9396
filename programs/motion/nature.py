"""What an exercise is, by its movement: what the gates judge, whatever it is called.

A therapist's declaration can only make it stricter (brief 1.6, 2.1, 2.4).
"""

from dataclasses import dataclass
from functools import lru_cache

from programs.motion.angles import Motion
from programs.motion.load import SIGNS, rule
from programs.motion.setting import closes_eyes, moves_foot, on_foam, uses_strap

# For a nerve without a row of its own ('many'): the nerves that reach the sole.
_SOLE = ("sciatic", "tibial", "plantar")


@dataclass(frozen=True, slots=True)
class Nature:
    """Of one movement. `raises_load`: the nerve is loaded at two or more joints and nowhere freed,
    so it counts as tension.
    """

    is_standing: bool
    is_single_leg: bool
    is_tandem: bool
    closes_eyes: bool
    is_on_foam: bool
    uses_strap: bool
    loads_sole: bool
    moves_foot: bool
    raises_load: bool

    @property
    def needs_helper(self) -> bool:
        """Single-leg, foam or eyes-closed tasks while standing (brief 1.6, point 3)."""
        narrow = self.is_single_leg or self.is_on_foam or self.closes_eyes
        return self.is_standing and narrow

    @property
    def is_for_clinic(self) -> bool:
        """Eyes closed while standing: supervised only (brief 2.6, B16)."""
        return self.is_standing and self.closes_eyes


@lru_cache(maxsize=512)
def nature(nerve: str, motion: Motion) -> Nature:
    """Of a movement of `nerve` ('' for balance tasks)."""
    bases = {end.base for end in motion.balance_ends()} if motion.is_balance else set()
    standing = motion.pose == "stand"
    return Nature(
        is_standing=standing,
        is_single_leg="single-leg" in bases,
        is_tandem="tandem" in bases,
        closes_eyes=closes_eyes(motion),
        is_on_foam=on_foam(motion),
        uses_strap=uses_strap(motion),
        loads_sole=standing or motion.is_balance,
        moves_foot=moves_foot(motion),
        raises_load=_raises_load(nerve, motion),
    )


def _raises_load(nerve: str, motion: Motion) -> bool:
    nerves = (nerve,) if nerve in SIGNS else _SOLE
    return any(rule(one, motion) == "tension" for one in nerves)
