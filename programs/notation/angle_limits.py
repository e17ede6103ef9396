"""Angle limits of a program or plan in words: 'hip at most 60°, knee at least 10°'."""

import re
from collections.abc import Mapping
from typing import Any

from programs.motion.angles import RANGES, Keyframe

Caps = dict[str, float]

EXAMPLE = "hip at most 60, knee at least 10, ankle at most 5"
JOINTS = tuple(Keyframe.__dataclass_fields__)
# One of them, as a pattern: the joint, the end and the degrees.
ONE = (
    rf"({'|'.join(JOINTS)}) (?:is )?(at most|at least|<=|>=|≤|≥) ?"
    r"(-?\d+(?:\.\d+)?)(?: ?(?:°|deg(?:rees)?\b))?"
)
_PART = re.compile(r"(\w+)" + ONE.partition(")")[2])
_ENDS = {"at most": "max", "<=": "max", "≤": "max", "at least": "min", ">=": "min", "≥": "min"}


def parse(text: str) -> Caps:
    """The limits as data: {"hip_max": 60}. Empty for an empty text.

    Raises ValueError with a sentence for the person who typed it.
    """
    caps: Caps = {}
    for part in filter(None, (" ".join(part.split()) for part in text.lower().split(","))):
        found = _PART.fullmatch(part)
        if not found or found[1] not in JOINTS:
            raise ValueError(
                f"“{part}” is not understood. Write it like: {EXAMPLE}. "
                f"Joints are {', '.join(JOINTS)}."
            )
        low, high = RANGES[found[1]]
        degrees = float(found[3])
        if not low <= degrees <= high:
            raise ValueError(f"The {found[1]} goes from {low}° to {high}°, not to {degrees:g}°.")
        caps[f"{found[1]}_{_ENDS[found[2]]}"] = degrees
    return caps


def say(caps: Mapping[str, float]) -> str:
    """In words; what `parse` takes."""
    words = {"max": "at most", "min": "at least"}
    parts = (name.rsplit("_", 1) for name in caps)
    return ", ".join(f"{joint} {words[end]} {caps[f'{joint}_{end}']:g}°" for joint, end in parts)


def within(caps: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The narrower of both; where they leave no angle between them, `caps` stand."""
    opposite = {"max": "min", "min": "max"}
    bounded = {}
    for name, value in own.items():
        joint, end = name.rsplit("_", 1)
        other = caps.get(f"{joint}_{opposite[end]}", value)
        bounded[name] = max(value, other) if end == "max" else min(value, other)
    return strictest(caps, bounded)


def strictest(*all_limits: Mapping[str, Any]) -> dict[str, Any]:
    """The narrowest of several angle limits, joint by joint."""
    caps: dict[str, Any] = {}
    for limits in all_limits:
        for name, limit in limits.items():
            stricter = min if name.endswith("_max") else max
            caps[name] = stricter(limit, caps.get(name, limit))
    return caps
