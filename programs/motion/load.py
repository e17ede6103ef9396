"""Which joint movements load which nerve, and what that makes of an exercise (brief 2.1)."""

from dataclasses import dataclass
from typing import Literal

from programs.motion.angles import Motion

Effect = Literal["load", "unload", "neutral"]
Certainty = Literal["high", "medium", "low", "disputed"]

_CERTAINTY: dict[str, Certainty] = {"h": "high", "m": "medium", "l": "low", "?": "disputed"}

# Per nerve and joint: sign of the load when the joint's angle grows (brief 2.1; the knee's angle
# grows as it bends, so + for knee extension in the brief is - here), then the certainty.
# Sources: alshami2007/2008 (tibial, plantar), coppieters2006, boyd2013, lavoie (superficial
# fibular: hip flexion neutral), coppieters2015sural; single cells by convention carry m or l.
# Saphenous ankle: manuals and anatomy disagree, kept neutral and marked disputed.
_TABLE = """
                     neck trunk hip knee ankle ever toe
sciatic              +m   +m    +h  -h   +h    0m   0m
tibial               +m   +m    +h  -h   +h    +h   +h
plantar              +l   +l    +h  -h   +h    +h   +h
common_fibular       +m   +m    +h  -h   -m    -m   0m
superficial_fibular  +l   +l    0h  -m   -h    -h   -l
deep_fibular         +l   +l    +m  -m   -m    0m   -l
sural                +l   +l    +h  -m   +h    -m   0m
saphenous            +l   +l    -m  -l   0?    +l   0l
femoral              +m   +m    -h  +h   0m    0m   0m
"""


def _parsed(table: str) -> dict[str, dict[str, tuple[int, Certainty]]]:
    signs = {"+": 1, "-": -1, "0": 0}
    header, *rows = (line.split() for line in table.strip().splitlines())
    return {
        nerve: {
            joint: (signs[cell[0]], _CERTAINTY[cell[1]])
            for joint, cell in zip(header, cells, strict=True)
        }
        for nerve, *cells in rows
    }


SIGNS = _parsed(_TABLE)
# Keys of the citations that the table rests on.
RULE_SOURCES = (
    "alshami2007",
    "alshami2008",
    "boyd2013",
    "coppieters2006",
    "coppieters2015sural",
    "lavoie",
)
# joint: what it is called, what it does when its angle grows, and when it falls.
_MOVES = {
    "neck": ("Neck", "chin goes down", "head lifts"),
    "trunk": ("Trunk", "rounds", "straightens"),
    "hip": ("Hip", "bends", "straightens"),
    "knee": ("Knee", "bends", "straightens"),
    "ankle": ("Ankle", "toes come up", "toes point away"),
    "ever": ("Sole", "turns out", "turns in"),
    "toe": ("Toes", "bend up", "curl"),
}


@dataclass(frozen=True, slots=True)
class JointLoad:
    """What one joint's movement (degrees from start to end) does to the nerve."""

    joint: str
    delta: float
    effect: Effect
    certainty: Certainty

    @property
    def label(self) -> str:
        return _MOVES[self.joint][0]

    @property
    def movement(self) -> str:
        """'straightens by 60°'."""
        grows, falls = _MOVES[self.joint][1:]
        return f"{grows if self.delta > 0 else falls} by {abs(self.delta):g}°"


def joint_loads(nerve: str | None, motion: Motion) -> list[JointLoad]:
    """One entry a moving joint; none for balance tasks or a nerve without a row ('many')."""
    signs = SIGNS.get(nerve or "")
    if signs is None:
        return []
    return [
        JointLoad(joint, delta, _effect(delta * signs[joint][0]), signs[joint][1])
        for joint, delta in motion.deltas().items()
    ]


def rule(nerve: str | None, motion: Motion) -> Literal["glide", "tension"] | None:
    """Glide: at least one load and one unload. Tension: two or more loads and no unload."""
    effects = [load.effect for load in joint_loads(nerve, motion)]
    loads, unloads = effects.count("load"), effects.count("unload")
    if loads and unloads:
        return "glide"
    return "tension" if loads >= 2 else None


def _effect(load: float) -> Effect:
    if not load:
        return "neutral"
    return "load" if load > 0 else "unload"
