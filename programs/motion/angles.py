"""Joints, human ranges and the two keyframes of a movement. All angles are degrees.

Signs follow brief 2.1: neck + chin down, trunk + slump, hip + flexion, knee 0 straight and + bent,
ankle + dorsiflexion, ever + eversion, toe + extension; trunk_side and neck_rot + to the right.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, Self

Range = tuple[float, float]
Side = Literal["left", "right"]

POSES = ("sit", "supine", "sidelying", "longsit", "stand")

# Normal active range in degrees, after the American Academy of Orthopaedic Surgeons (1965) as
# tabulated in Norkin & White, Measurement of Joint Motion; rounded outwards to the next 5 (design
# value) so that a supple person's normal movement is not refused. Knee hyperextension is.
RANGES: dict[str, Range] = {
    "neck": (-60, 50),
    "trunk": (-25, 80),
    "hip": (-30, 120),
    "knee": (0, 140),
    "ankle": (-50, 25),
    "ever": (-35, 20),
    "toe": (-45, 70),
    "hip_abd": (-30, 45),
    "trunk_side": (-35, 35),
    "neck_rot": (-80, 80),
}
BASES = (
    "hip-width",
    "hip-width-foam",
    "feet-together",
    "semi-tandem",
    "tandem",
    "single-leg",
    "wide",
)
COM_PLACES = ("mid", "fwd", "back", "L", "R", "fwd-L", "fwd-R", "back-L", "back-R")
EYES = ("open", "closed")

FOOT_JOINTS = {"ankle", "ever", "toe"}
# The joint whose angle is the position itself: a chair or a long-sit holds the hip (brief 2.4).
HELD_BY_POSE = {"sit": "hip", "longsit": "hip"}


@dataclass(frozen=True, slots=True)
class Keyframe:
    """One end of a nerve movement: the working leg, the trunk and the neck, in degrees."""

    neck: float = 0
    trunk: float = 0
    hip: float = 0
    knee: float = 0
    ankle: float = 0
    ever: float = 0
    toe: float = 0


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg of a balance task, in degrees; `hip_abd` + is away from the middle."""

    hip: float = 0
    hip_abd: float = 0
    knee: float = 0
    ankle: float = 0


@dataclass(frozen=True, slots=True)
class BalanceKeyframe:
    """One end of a balance task: both legs, base of support and where the weight is."""

    L: Leg = Leg()
    R: Leg = Leg()
    trunk: float = 0
    trunk_side: float = 0
    neck: float = 0
    neck_rot: float = 0
    base: str = "hip-width"
    com: str = "mid"
    eyes: str = "open"

    def mirrored(self) -> Self:
        """The same task done by the other side."""
        swap = str.maketrans("LR", "RL")
        return replace(
            self,
            L=self.R,
            R=self.L,
            trunk_side=-self.trunk_side or 0,
            neck_rot=-self.neck_rot or 0,
            com=self.com.translate(swap),
        )


AnyKeyframe = Keyframe | BalanceKeyframe
_CHOICES = {"base": BASES, "com": COM_PLACES, "eyes": EYES}


@dataclass(frozen=True, slots=True)
class Motion:
    """A movement from `start` (A) to `end` (B) and back. Hashable; two equal motions look alike."""

    pose: str
    start: AnyKeyframe
    end: AnyKeyframe
    side: Side = "right"

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """From {"pose", "A", "B", "side"?}; a joint left out is 0.

        Raises ValueError for an unknown pose, joint or word, for an angle outside its joint's
        range, and for two ends of different shapes.
        """
        pose, side = data["pose"], data.get("side", "right")
        if pose not in POSES:
            raise ValueError(f"pose: {pose!r} is not one of {', '.join(POSES)}")
        if side not in ("left", "right"):
            raise ValueError(f"side: {side!r} is not left or right")
        start, end = _keyframe(data["A"]), _keyframe(data["B"])
        if type(start) is not type(end):
            raise ValueError("A and B must both be nerve movements or both be balance tasks")
        if isinstance(start, BalanceKeyframe) and pose not in ("sit", "stand"):
            raise ValueError(f"pose: a balance task is done sitting or standing, not {pose}")
        return cls(pose, start, end, side)

    def to_json(self) -> dict[str, Any]:
        """What `from_json` takes."""
        data = {"pose": self.pose, "A": _as_json(self.start), "B": _as_json(self.end)}
        return data | ({"side": self.side} if self.side != "right" else {})

    @property
    def is_balance(self) -> bool:
        return isinstance(self.start, BalanceKeyframe)

    def mirrored(self) -> Self:
        """Left and right swapped."""
        if self.is_balance:
            start, end = self.balance_ends()
            return replace(self, start=start.mirrored(), end=end.mirrored())
        return replace(self, side="left" if self.side == "right" else "right")

    def nerve_ends(self) -> tuple[Keyframe, Keyframe]:
        """Start and end of a nerve movement. Raises TypeError for a balance task."""
        if isinstance(self.start, Keyframe) and isinstance(self.end, Keyframe):
            return self.start, self.end
        raise TypeError("a balance task has no nerve keyframes")

    def balance_ends(self) -> tuple[BalanceKeyframe, BalanceKeyframe]:
        """Start and end of a balance task. Raises TypeError for a nerve movement."""
        if isinstance(self.start, BalanceKeyframe) and isinstance(self.end, BalanceKeyframe):
            return self.start, self.end
        raise TypeError("a nerve movement has no balance keyframes")

    def nerve_at(self, t: float) -> Keyframe:
        """The keyframe a share `t` (0 to 1) of the way. Raises TypeError for a balance task."""
        return _between(*self.nerve_ends(), t)

    def balance_at(self, t: float) -> BalanceKeyframe:
        """The same for a balance task; its words (base, weight, eyes) change half-way."""
        return _between(*self.balance_ends(), t)

    def deltas(self) -> dict[str, float]:
        """Degrees from start to end of the joints that move; empty for balance tasks."""
        if self.is_balance:
            return {}
        start, end = self.nerve_ends()
        moved = {name: getattr(end, name) - getattr(start, name) for name in _NERVE}
        return {name: delta for name, delta in moved.items() if delta}

    def capped(self, caps: Mapping[str, Range | float]) -> "Capped":
        """With angle limits in degrees: {"hip_max": 60, "knee_min": 10} or {"ankle": (-20, 5)}.

        The angle that the position itself holds (the hip on a chair) is reported when it is beyond
        its limit, not drawn otherwise. Balance tasks are returned as they are: the limits of
        brief 2.4 are for nerve movements. Raises ValueError for an unknown joint.
        """
        limits = _limits(caps)
        if self.is_balance:
            return Capped(self, (), ())
        ends = self.nerve_ends()
        beyond = [
            joint
            for joint, limit in limits.items()
            if any(_clamp(getattr(end, joint), limit) != getattr(end, joint) for end in ends)
        ]
        held = HELD_BY_POSE.get(self.pose)
        changed = tuple(joint for joint in beyond if joint != held)
        start, end = (
            replace(end, **{joint: _clamp(getattr(end, joint), limits[joint]) for joint in changed})
            for end in ends
        )
        return Capped(
            replace(self, start=start, end=end),
            changed,
            tuple(joint for joint in beyond if joint == held),
        )


@dataclass(frozen=True, slots=True)
class Capped:
    """A motion within its limits, the joints that changed, and those the position holds beyond."""

    motion: Motion
    changed: tuple[str, ...]
    uncappable: tuple[str, ...]


_NERVE = tuple(field.name for field in fields(Keyframe))
_BALANCE = tuple(field.name for field in fields(BalanceKeyframe))
_LEG = tuple(field.name for field in fields(Leg))


def _keyframe(data: Mapping[str, Any]) -> AnyKeyframe:
    if "L" in data or "R" in data:
        return BalanceKeyframe(**dict(_checked(data, _BALANCE)))
    return Keyframe(**dict(_checked(data, _NERVE)))


def _checked(data: Mapping[str, Any], known: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    if not isinstance(data, Mapping):
        raise ValueError(f"{data!r} is not an object of joints and their angles")
    for name, value in data.items():
        if name not in known:
            raise ValueError(f"{name}: not a joint here; known are {', '.join(known)}")
        if name in ("L", "R"):
            yield name, Leg(**dict(_checked(value, _LEG)))
        elif name in _CHOICES:
            yield name, _word(name, value)
        else:
            yield name, _angle(name, value)


def _word(name: str, value: Any) -> str:
    if value not in _CHOICES[name]:
        raise ValueError(f"{name}: {value!r} is not one of {', '.join(_CHOICES[name])}")
    return str(value)


def _angle(name: str, value: Any) -> float:
    low, high = RANGES[name]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError(f"{name}: {value!r} is not an angle in degrees ({low} to {high})")
    if not low <= value <= high:
        raise ValueError(f"{name}: {value}° is outside its range, {low}° to {high}°")
    return value


def _as_json(frame: AnyKeyframe) -> dict[str, Any]:
    if isinstance(frame, Keyframe):
        return {name: getattr(frame, name) for name in _NERVE}
    data = {name: getattr(frame, name) for name in _BALANCE}
    for side in ("L", "R"):
        data[side] = {name: getattr(data[side], name) for name in _LEG}
    if frame.eyes == "open":
        del data["eyes"]
    return data


def _between(start: Any, end: Any, t: float) -> Any:
    """Numbers in a straight line, words half-way, records field by field."""
    if isinstance(start, str):
        return start if t < 0.5 else end
    if isinstance(start, int | float):
        return start + (end - start) * t
    names = (field.name for field in fields(start))
    return type(start)(*(_between(getattr(start, n), getattr(end, n), t) for n in names))


def _limits(caps: Mapping[str, Range | float]) -> dict[str, Range]:
    limits = dict.fromkeys((_joint_of(name) for name in caps), (-math.inf, math.inf))
    for name, value in caps.items():
        joint = _joint_of(name)
        low, high = limits[joint]
        if isinstance(value, tuple | list):
            limits[joint] = (max(low, value[0]), min(high, value[1]))
        elif name.endswith("_min"):
            limits[joint] = (max(low, value), high)
        else:
            limits[joint] = (low, min(high, value))
    return limits


def _joint_of(name: str) -> str:
    joint = name.removesuffix("_min").removesuffix("_max")
    if joint not in _NERVE:
        raise ValueError(f"{name}: not a joint with a limit; known are {', '.join(_NERVE)}")
    return joint


def _clamp(value: float, limit: Range) -> float:
    return min(max(value, limit[0]), limit[1])


def capped_motion(data: dict[str, Any], caps: dict[str, Any]) -> dict[str, Any]:
    """The motion's data with the plan's angle limits applied; drawn and frozen like that."""
    return Motion.from_json(data).capped(caps).motion.to_json() if caps else data
