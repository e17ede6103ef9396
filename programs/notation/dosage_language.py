"""Dosage as a therapist types it: '2x10 hold 3 daily, both', understood and shown back.

What is not mentioned stays as it was, with one exception: whoever types a new amount ('2x10')
without a hold or a rest means that there is none. The range belongs to it ('hip at most 45'):
whoever mentions a limit mentions all of them.
"""

import re
from collections.abc import Mapping
from typing import Any

from programs.notation import angle_limits
from programs.notation.side import Side

Dosage = dict[str, Any]

DEFAULTS: Dosage = {
    "sets": 1,
    "reps": 1,
    "hold_seconds": 0,
    "rest_seconds": None,
    "out_seconds": None,
    "back_seconds": None,
    "times_per_day": 1,
    "days_per_week": 7,
    "side": Side.NONE.value,
    "angle_limits": {},
}
# Also those of the columns and of the constraint in the database: a change needs a migration.
LIMITS = {
    "sets": (1, 10),
    "reps": (1, 50),
    "hold_seconds": (0, 120),
    "rest_seconds": (0, 300),
    "out_seconds": (1, 10),
    "back_seconds": (1, 10),
    "times_per_day": (1, 6),
    "days_per_week": (1, 7),
}
_NAMES = {
    "sets": "sets",
    "reps": "reps",
    "hold_seconds": "hold in seconds",
    "rest_seconds": "rest in seconds",
    "out_seconds": "seconds out",
    "back_seconds": "seconds back",
    "times_per_day": "times a day",
    "days_per_week": "days a week",
}
EXAMPLE = "2x10 hold 3 s, twice a day, 5 days a week, left"

_S = r"(?:s|sec|secs|seconds?)?\b"
_WORDS = {"once": 1, "twice": 2, "thrice": 3}
_TIMES = r"(\d+|once|twice|thrice)"

# Each pattern with the fields its groups set. Longer forms stand before those they begin with.
_PATTERNS: list[tuple[str, tuple[str, ...]]] = [
    (r"(\d+)\s*[x×]\s*(\d+)\s*(?:s|sec|secs|seconds)\b", ("sets", "hold_seconds")),
    (r"(\d+)\s*sets?\s*(?:of|x|×)\s*(\d+)(?:\s*reps?\b)?", ("sets", "reps")),
    (r"(\d+)\s*[x×]\s*(\d+)(?:\s*reps?\b)?", ("sets", "reps")),
    (r"(\d+)\s*sets?\b", ("sets",)),
    (r"(\d+)\s*reps?\b", ("reps",)),
    (rf"hold(?:\s*for)?\s*(\d+)\s*{_S}", ("hold_seconds",)),
    (rf"rest(?:\s*for)?\s*(\d+)\s*{_S}", ("rest_seconds",)),
    (r"tempo\s*(\d+)\s*[-–/]\s*(\d+)", ("out_seconds", "back_seconds")),
    (rf"(?:out|up)\s*(\d+)\s*{_S}", ("out_seconds",)),
    (rf"(?:back|down)\s*(\d+)\s*{_S}", ("back_seconds",)),
    (r"(\d+)\s*(?:s|sec|secs|seconds)\s*(?:out|up|in)\b", ("out_seconds",)),
    (r"(\d+)\s*(?:s|sec|secs|seconds)\s*(?:back|down)\b", ("back_seconds",)),
    (rf"{_TIMES}\s*(?:[x×]|times)?\s*(?:/|a|per|each)\s*(?:d|day)\b", ("times_per_day",)),
    (rf"{_TIMES}\s*(?:[x×]|times)?\s*daily\b", ("times_per_day",)),
    (
        rf"{_TIMES}\s*(?:[x×]|times|days?|d)?\s*(?:/|a|per|each)\s*(?:w|wk|week)\b",
        ("days_per_week",),
    ),
    (rf"{_TIMES}\s*(?:[x×]|times|days?)?\s*weekly\b", ("days_per_week",)),
]
_FIXED: list[tuple[str, Dosage]] = [
    (r"no\s+hold\b", {"hold_seconds": 0}),
    (r"no\s+rest\b", {"rest_seconds": None}),
    (r"no\s+tempo\b", {"out_seconds": None, "back_seconds": None}),
    (r"every\s+day\b", {"days_per_week": 7}),
    (r"daily\b", {"times_per_day": 1}),
    (r"no\s+(?:angle\s+)?limits?\b", {"angle_limits": {}}),
    (r"no\s+side\b", {"side": Side.NONE.value}),
    (r"left(?:\s+side)?\b", {"side": Side.LEFT.value}),
    (r"right(?:\s+side)?\b", {"side": Side.RIGHT.value}),
    (r"both(?:\s+sides)?\b", {"side": Side.BOTH.value}),
]
_MATCHERS = [(re.compile(pattern), fields) for pattern, fields in _PATTERNS]
_FIXED_MATCHERS = [(re.compile(pattern), values) for pattern, values in _FIXED]
_LIMIT = re.compile(angle_limits.ONE)
_BETWEEN = re.compile(r"[\s,;.·]+|and\b|then\b")


def parse(text: str, base: Mapping[str, Any] = DEFAULTS) -> Dosage:
    """The dosage that the words mean, over `base`.

    Raises ValueError that names the words it does not understand, what was said twice, or the
    number out of range; its text is for the person who typed it.
    """
    said = _said(text)
    if "sets" in said and ("reps" in said or "hold_seconds" in said):
        said = {"hold_seconds": 0, "rest_seconds": None} | said
    for name, (low, high) in LIMITS.items():
        value = said.get(name)
        if value is not None and not low <= value <= high:
            raise ValueError(f"{value} is out of range: {_NAMES[name]} go from {low} to {high}.")
    return {**{name: base.get(name, usual) for name, usual in DEFAULTS.items()}, **said}


def _said(text: str) -> Dosage:
    rest, said = text.lower().strip(), Dosage()
    while rest:
        if gap := _BETWEEN.match(rest):
            rest = rest[gap.end() :]
            continue
        if limit := _LIMIT.match(rest):
            said["angle_limits"] = said.get("angle_limits", {}) | angle_limits.parse(limit[0])
            rest = rest[limit.end() :]
            continue
        length, values = _next(rest)
        if not length:
            raise ValueError(f"“{rest.split(',')[0]}” is not understood. Write it like: {EXAMPLE}.")
        if twice := [name for name in values if name in said and said[name] != values[name]]:
            raise ValueError(f"The {_NAMES.get(twice[0], twice[0])} are said twice.")
        said |= values
        rest = rest[length:]
    if re.search(r"\bdaily\b", text.lower()) and "days_per_week" not in said:
        said["days_per_week"] = 7
    if not said:
        raise ValueError(f"Write a dosage like: {EXAMPLE}.")
    return said


def _next(text: str) -> tuple[int, Dosage]:
    """How many letters the next phrase takes and what it sets; (0, {}) when none fits."""
    for pattern, values in _FIXED_MATCHERS:
        if found := pattern.match(text):
            return found.end(), values
    for pattern, names in _MATCHERS:
        if found := pattern.match(text):
            numbers = [_WORDS.get(group) or int(group) for group in found.groups()]
            values = dict(zip(names, numbers, strict=True))
            # '3x20 s' is three holds of 20 seconds.
            return found.end(), values | ({"reps": 1} if names == ("sets", "hold_seconds") else {})
    return 0, {}


def say(dosage: Mapping[str, Any]) -> str:
    """The whole dosage in the words that `parse` takes: parse(say(d)) == d."""
    sets, reps, hold = dosage["sets"], dosage["reps"], dosage["hold_seconds"]
    parts = [f"{sets}×{hold} s" if reps == 1 and hold else f"{sets}×{reps}"]
    if hold and reps != 1:
        parts.append(f"hold {hold} s")
    if dosage["rest_seconds"] is not None:
        parts.append(f"rest {dosage['rest_seconds']} s")
    parts += [
        f"{word} {dosage[name]} s"
        for word, name in (("out", "out_seconds"), ("back", "back_seconds"))
        if dosage[name] is not None
    ]
    times, days = dosage["times_per_day"], dosage["days_per_week"]
    parts.append({1: "once a day", 2: "twice a day"}.get(times, f"{times} times a day"))
    parts.append("every day" if days == 7 else f"{days} day{'s' if days > 1 else ''} a week")
    if dosage["side"] != Side.NONE:
        parts.append({"both": "both sides"}.get(dosage["side"], dosage["side"]))
    if limits := dosage.get("angle_limits"):
        parts.append(angle_limits.say(limits))
    return ", ".join(parts)
