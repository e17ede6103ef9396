"""Scores of a check-in, from its stored answers and the versioned definitions (brief 4.1, 4.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from programs.models import CheckIn


@dataclass(frozen=True)
class Score:
    """One line of a chart: `key` stays the same over time, `value` is None when not answered."""

    key: str
    label: str
    value: float | None
    maximum: float
    better: str


M2_ITEMS = {"numb": "Numb", "tingling": "Tingling", "burning": "Burning", "stabbing": "Stabbing"}
M3_ITEMS = {
    "stabbing": "Stabbing pain",
    "burning": "Burning",
    "tingling": "Tingling",
    "numbness": "Numbness",
}
# Rows: how often. Columns: how strong. Brief 4.2, standard in the ALADIN and SYDNEY trials.
M3_GRID = {
    "occasional": {"none": 0.0, "mild": 1.00, "moderate": 2.00, "severe": 3.00},
    "frequent": {"none": 0.0, "mild": 1.33, "moderate": 2.33, "severe": 3.33},
    "almost_continuous": {"none": 0.0, "mild": 1.66, "moderate": 2.66, "severe": 3.66},
}
M3_MAX = 14.64


def score_m2(answers: Mapping[str, Any]) -> list[Score]:
    """Each feeling on its own, 0 to 10, lower is better."""
    return [
        Score(f"M2.{key}", label, answers.get(key), 10, "lower") for key, label in M2_ITEMS.items()
    ]


def symptom_points(answer: Mapping[str, str | None] | None) -> float | None:
    """One symptom of M3, 0 to 3.66: strength by how often. 'none' needs no frequency."""
    if not answer or not answer.get("strength"):
        return None
    if answer["strength"] == "none":
        return 0.0
    frequency = answer.get("frequency")
    return M3_GRID[frequency][str(answer["strength"])] if frequency else None


def score_m3(answers: Mapping[str, Any]) -> list[Score]:
    """Sum of the four, 0 to 14.64; None unless all four are answered."""
    points = [symptom_points(answers.get(key)) for key in M3_ITEMS]
    known = [value for value in points if value is not None]
    total = round(sum(known), 2) if len(known) == len(points) else None
    return [Score("M3", "Four-symptom foot score (TSS-type)", total, M3_MAX, "lower")]


def score_m4(answers: Mapping[str, Any]) -> list[Score]:
    """Mean of the patient's own activities, 0 to 10, higher is better."""
    values = [row["score"] for row in answers.get("activities", []) if row["score"] is not None]
    mean = round(fmean(values), 1) if values else None
    return [Score("M4", "My activities", mean, 10, "higher")]


_SCORERS = {("M2", 1): score_m2, ("M3", 1): score_m3, ("M4", 1): score_m4}


def scores(check_in: CheckIn) -> list[Score]:
    """All scores of a check-in, each by the version of the definition that it answered."""
    return [
        score
        for code, answers in check_in.measures.items()
        for score in _SCORERS[code, check_in.versions[code]](answers)
    ]
