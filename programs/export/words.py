"""Names of fields and of their choices, as the readable record says them: `make messages` takes
them into the catalog of translations. Needs the models.
"""

from collections.abc import Iterator

from django.db.models import Field, ForeignKey, JSONField, Model, UUIDField
from django.utils.functional import Promise

from patients.models import Patient
from programs.export.rows import is_person, owned_models, shown_fields

# Said in other words, or not for people.
NOT_SHOWN = {
    "user", "stamp", "order",
    "sets", "reps", "hold_seconds", "rest_seconds", "out_seconds", "back_seconds", "tempo",
    "times_per_day", "days_per_week",
}  # fmt: skip


def fields_of(model: type[Model]) -> list[Field]:
    """Those that are read as a label and words."""
    return [field for field in shown_fields(model) if field.name not in NOT_SHOWN]


def is_silent(field: Field) -> bool:
    """What it holds is said elsewhere, or is for machines."""
    return not is_person(field) and isinstance(field, ForeignKey | UUIDField | JSONField)


def texts() -> list[str]:
    """Each once. What is translated where it is defined is in the catalog by itself."""
    plain = (text for text in _texts() if not isinstance(text, Promise))
    return list(dict.fromkeys(text for text in plain if text))


def _texts() -> Iterator[str | Promise]:
    models: list[type[Model]] = [Patient, *owned_models()]
    for model in models:
        for field in fields_of(model):
            if not is_silent(field):
                yield field.verbose_name
                yield from (label for _, label in getattr(field, "base_field", field).flatchoices)
