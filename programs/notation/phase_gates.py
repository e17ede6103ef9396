"""The gate of a phase: conditions for the next one, typed a line each and kept as data.

'80 % of sessions in 14 days' is understood and can be computed from the log; what is not
understood is a question to the therapist, shown as such. The therapist decides in any case.
Starter conditions are those of brief 3.1 and 3.2.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Condition = dict[str, Any]

EXAMPLES = (
    "80 % of sessions in 14 days",
    "last 3 sessions green",
    "green for 7 days",
    "B06 held 20 s",
    "settles within 30 minutes",
    "no fall or near-fall",
    "skin intact",
    "M5 at least 12",
    "chair stand looks steady",
)


@dataclass(frozen=True)
class Kind:
    """One kind of condition: how it is typed, and how it is shown back."""

    pattern: re.Pattern[str]
    names: tuple[str, ...]
    words: Callable[[Mapping[str, Any]], str]
    limits: Mapping[str, tuple[float, float]]


def _kind(pattern: str, names: str, words: Promise, **limits: tuple[float, float]) -> Kind:
    return Kind(
        re.compile(pattern, re.IGNORECASE),
        tuple(names.split()),
        lambda condition: str(words).format(**condition),
        limits,
    )


KINDS: dict[str, Kind] = {
    "sessions_done": _kind(
        r"(?:at least |>= ?|≥ ?)?(\d+) ?% of (?:the )?sessions"
        r"(?: in| over| for)?(?: the last)? (\d+) days",
        "percent days",
        _("at least {percent} % of sessions in {days} days"),
        percent=(1, 100),
        days=(1, 84),
    ),
    "last_green": _kind(
        r"(?:the )?last (\d+)(?: sessions)?(?: are)? green",
        "count",
        _("last {count} sessions green"),
        count=(1, 20),
    ),
    "green_days": _kind(r"green for (\d+) days", "days", _("green for {days} days"), days=(1, 84)),
    "hold_met": _kind(
        r"([A-Z]\w{0,19}(?:-\d+)?) held (\d+) ?s(?:econds)?",
        "exercise seconds",
        _("{exercise} held {seconds} s"),
        seconds=(1, 120),
    ),
    "settles": _kind(
        r"settles within (\d+) min(?:utes)?",
        "minutes",
        _("settles within {minutes} minutes"),
        minutes=(1, 30),
    ),
    "no_falls": _kind(r"no falls?(?: or near-?falls?)?", "", _("no fall or near-fall")),
    "skin_intact": _kind(r"skin (?:is )?intact", "", _("skin intact")),
    "measure_least": _kind(
        r"(M\d+) (?:at least|>=|≥) ?(\d+(?:\.\d+)?)",
        "measure value",
        _("{measure} at least {value:g}"),
        value=(-5, 500),
    ),
    "measure_most": _kind(
        r"(M\d+) (?:at most|<=|≤) ?(\d+(?:\.\d+)?)",
        "measure value",
        _("{measure} at most {value:g}"),
        value=(-5, 500),
    ),
}
JUDGMENT = "judgment"
_TEXTS = {"exercise", "measure"}


def parse_line(line: str) -> Condition:
    """One condition. Raises ValueError for a number out of range, with a sentence."""
    text = " ".join(line.split()).rstrip(".")
    for name, kind in KINDS.items():
        if found := kind.pattern.fullmatch(text):
            values = [
                group.upper() if key in _TEXTS else _number(key, group)
                for key, group in zip(kind.names, found.groups(), strict=True)
            ]
            condition = {"kind": name, **dict(zip(kind.names, values, strict=True))}
            check(condition)
            return condition
    return {"kind": JUDGMENT, "words": text}


def _number(key: str, text: str) -> float | int:
    return float(text) if key == "value" else int(text)


def parse(text: str) -> list[Condition]:
    """One condition a line; empty lines don't count. Raises ValueError naming the line."""
    return [parse_line(line) for line in text.splitlines() if line.strip()]


def check(condition: Mapping[str, Any]) -> None:
    """Raises ValueError for a condition that is not of a known shape, or a number out of range."""
    name = condition.get("kind")
    if name == JUDGMENT:
        if not str(condition.get("words", "")).strip():
            raise ValueError("A gate's condition needs words.")
        return
    kind = KINDS.get(str(name))
    if kind is None or set(condition) != {"kind", *kind.names}:
        raise ValueError(f"{name!r} is not a gate's condition with {condition}.")
    for key, (low, high) in kind.limits.items():
        value = condition[key]
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"{key} of a gate is a number, not {value!r}.")
        if not low <= value <= high:
            raise ValueError(f"{value:g} is out of range: {key} goes from {low} to {high}.")


def say_one(condition: Mapping[str, Any]) -> str:
    """In plain words; in English what `parse_line` takes."""
    if condition["kind"] == JUDGMENT:
        return gettext(str(condition["words"]))
    return KINDS[condition["kind"]].words(condition)


def say(conditions: list[Condition]) -> str:
    """A line each; what `parse` takes."""
    return "\n".join(map(say_one, conditions))


def sentence(conditions: list[Condition]) -> str:
    """All of them as one sentence."""
    text = "; ".join(map(say_one, conditions))
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def is_judgment(condition: Mapping[str, Any]) -> bool:
    """The therapist's word; nothing in the log answers it."""
    return condition["kind"] == JUDGMENT
