"""'Ask only if': 'pain at least 4', 'fell is yes', 'feels includes burning'."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from programs.notation.question_kinds import QuestionKind

Condition = dict[str, Any]


class Comparison(StrEnum):
    """How an earlier answer decides; kept with the form's version and read by the browser."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    INCLUDES = "includes"
    IS = "is"


EXAMPLES = "Such as: pain at least 4; fell is yes; feels includes burning."
_PATTERNS = {
    Comparison.AT_LEAST: re.compile(r"([a-z]\w*) (?:is )?(?:at least|>=|≥) ?(-?\d+)"),
    Comparison.AT_MOST: re.compile(r"([a-z]\w*) (?:is )?(?:at most|<=|≤) ?(-?\d+)"),
    Comparison.INCLUDES: re.compile(r"([a-z]\w*) includes (.+)"),
    Comparison.IS: re.compile(r"([a-z]\w*) is (.+)"),
}
_FITS = {
    Comparison.AT_LEAST: {QuestionKind.SCALE, QuestionKind.NUMBER},
    Comparison.AT_MOST: {QuestionKind.SCALE, QuestionKind.NUMBER},
    Comparison.INCLUDES: {QuestionKind.MANY_OF, QuestionKind.FOOT_MAP},
    Comparison.IS: {QuestionKind.YES_NO, QuestionKind.ONE_OF},
}


def parse(text: str, known: Mapping[str, QuestionKind]) -> Condition:
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
            if known[name] == QuestionKind.YES_NO and value.lower() not in {"yes", "no"}:
                raise ValueError(f"“{name}” is answered yes or no.")
            number = int(value) if test in {Comparison.AT_LEAST, Comparison.AT_MOST} else value
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
    if condition["test"] == Comparison.AT_LEAST:
        return bool(answer >= value)
    if condition["test"] == Comparison.AT_MOST:
        return bool(answer <= value)
    if condition["test"] == Comparison.INCLUDES:
        return str(value).lower() in {str(one).lower() for one in answer}
    said = {True: "yes", False: "no"}.get(answer, answer) if isinstance(answer, bool) else answer
    return str(said).lower() == str(value).lower()
