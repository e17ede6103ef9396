"""An exercise as plain data, as files and the starter library carry it."""

from typing import Any

from programs.models import Exercise
from programs.models.dosage import DOSAGE_FIELDS
from programs.models.exercise_text import texts_json

EXERCISE_FIELDS = (
    "title",
    "patient_title",
    "kind",
    "nerve",
    "pose",
    "level",
    "start",
    "steps",
    "cue",
    "precautions",
    "patient_care",
    "equipment",
    "safety_setup",
    "needs_helper",
    "home_use",
    "allowed_dosage",
    "easier",
    "harder",
    "certainty",
    "rule_reason",
    *DOSAGE_FIELDS,
)


def exercise_json(exercise: Exercise) -> dict[str, Any]:
    """An exercise as plain data; what `_made` takes."""
    return {
        "code": exercise.code,
        **{name: getattr(exercise, name) for name in EXERCISE_FIELDS},
        "motion": exercise.motion_data,
        "precaution_rules": [
            {"condition": row.condition, "effect": row.effect, "words": row.words}
            for row in exercise.precaution_rules.all()
        ],
        "citations": sorted(source.key for source in exercise.citations.all()),
        "texts": texts_json(exercise.texts.all()),
    }
