"""Every row that belongs to a patient, found by its ownership key: no table can be forgotten."""

from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Field, ForeignKey, Model, QuerySet

from patients.models import Patient
from programs.models import DraftStep, Plan
from programs.models.plan import PlanStatus

# Not the patient's: how a draft came to be, before anything was prescribed.
LEFT_OUT: tuple[type[Model], ...] = (DraftStep,)
# Keys to something, not facts about anybody.
SECRET_NAMES = ("digest", "secret", "token")


def owned_models() -> list[type[Model]]:
    """Every model with a foreign key `patient`, those of `patients` first."""
    return [
        model
        for model in apps.get_models()
        if model not in LEFT_OUT and _owner(model) is not None and model._meta.managed
    ]


def _owner(model: type[Model]) -> Field | None:
    for field in model._meta.concrete_fields:
        if field.name == "patient" and field.related_model is Patient:
            return field
    return None


def rows_of(model: type[Model], patient: Patient) -> QuerySet[Any]:
    """In the model's own order; without plans that were never prescribed."""
    rows = model._default_manager.filter(patient=patient)
    if model is Plan:
        rows = rows.exclude(status=PlanStatus.DRAFT)
    elif "plan" in {field.name for field in model._meta.concrete_fields}:
        rows = rows.exclude(plan__status=PlanStatus.DRAFT)
    people = [field.name for field in shown_fields(model) if is_person(field)]
    return rows.select_related(*people) if people else rows.select_related(None)


def shown_fields(model: type[Model]) -> list[Field]:
    """All but whom it belongs to, and secrets."""
    return [
        field
        for field in model._meta.concrete_fields
        if field.name not in {"clinic", "patient"}
        and not any(name in field.name for name in SECRET_NAMES)
    ]


def is_person(field: Field) -> bool:
    return isinstance(field, ForeignKey) and field.related_model is get_user_model()


def person_words(person: Any) -> str:
    return str(person.name_with_credentials) if person else ""
