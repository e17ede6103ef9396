"""Who looked at a patient's record, day by day, from the read audit."""

from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Max, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import TruncDate

from accounts.models.audit import Action
from accounts.permissions import Role
from patients import trail
from patients.models import Patient


def looks_at(patient: Patient) -> QuerySet[Any]:
    """One row for each person and day of the clinic's calendar, newest first.

    Rows are {day, actor_name, actor_role, times, last, pages}; `pages` are address names.
    """
    reads = trail.about(patient).filter(action=Action.PATIENT_READ)
    return (
        reads.exclude(actor_role=Role.PATIENT)
        .annotate(day=TruncDate("at", tzinfo=patient.clinic.zone))
        .values("day", "actor_id", "actor_name", "actor_role")
        .annotate(
            times=Count("pk"),
            last=Max("at"),
            pages=ArrayAgg(KeyTextTransform("page", "detail"), distinct=True),
        )
        .order_by("-day", "-last")
    )
