"""'Ask only if': 'pain at least 4', 'fell is yes', 'feels includes burning'."""

import re
from collections.abc import Mapping
from typing import Any

Condition = dict[str, Any]

EXAMPLES = "Such as: pain at least 4; fell is yes; feels includes burning."
_PATTERNS = {
    "at_least": re.compile(r"([a-z]\w*) (?:is )?(?:at least|>=|≥) ?(-?\d+)"),
    "at_most": re.compile(r"([a-z]\w*) (?:is )?(?:at most|<=|≤) ?(-?\d+)"),
    "includes": re.compile(r"([a-z]\w*) includes (.+)"),
    "is": re.compile(r"([a-z]\w*) is (.+)"),
}
_FITS = {
    "at_least": {"scale", "number"},
    "at_most": {"scale", "number"},
    "includes": {"many_of", "foot_map"},
    "is": {"yes_no", "one_of"},
}


def parse(text: str, known: Mapping[str, str]) -> Condition:
    """The condition as data. `known` gives the kind of each named question that came before.

    Raises ValueError with a sentence for the author.
    """
    for test, pattern in _PATTERNS.items():
        if found := pattern.fullmatch(" ".join(text.split())):
            name, value = found.groups()
            if name not in known:
                raise ValueError(f"No question before this one has the name “{name}”.")
            if known[name] not in _FITS[test]:
                raise ValueError(f"“{name}” can't be asked that way. {EXAMPLES}")
            if known[name] == "yes_no" and value.lower() not in {"yes", "no"}:
                raise ValueError(f"“{name}” is answered yes or no.")
            number = int(value) if test in {"at_least", "at_most"} else value
            return {"name": name, "test": test, "value": number}
    raise ValueError(f"“{text}” is not understood. {EXAMPLES}")


def holds(condition: Condition | None, answers: Mapping[str, Any]) -> bool:
    """Whether a question is asked. What was not answered fulfils no condition."""
    if condition is None:
        return True
    answer = answers.get(condition["name"])
    if answer is None:
        return False
    value = condition["value"]
    if condition["test"] == "at_least":
        return bool(answer >= value)
    if condition["test"] == "at_most":
        return bool(answer <= value)
    if condition["test"] == "includes":
        return str(value).lower() in {str(one).lower() for one in answer}
    said = {True: "yes", False: "no"}.get(answer, answer) if isinstance(answer, bool) else answer
    return str(said).lower() == str(value).lower()
