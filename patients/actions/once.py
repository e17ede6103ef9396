"""What a device sends under an id of its own is stored once, however often it is sent."""

from collections.abc import Callable
from functools import cache
from typing import TypeVar, cast
from uuid import UUID

from django.db import IntegrityError
from django.db.models import QuerySet

from accounts.compiled import compiled
from patients.models.base import PatientData

Row = TypeVar("Row", bound=PatientData)


class NotYours(Exception):  # noqa: N818 - said as 404, never as a fault
    """The id is taken by a row of somebody else."""


@cache
def _by_id(model: type[PatientData]) -> Callable[[UUID], QuerySet[PatientData]]:
    @compiled
    def rows(key: UUID) -> QuerySet[PatientData]:
        found: QuerySet[PatientData] = model._default_manager.filter(pk=key)
        return found

    return rows


def stored(model: type[Row], row_id: UUID, *, patient_id: UUID) -> Row | None:
    """The patient's row of this id, or None. Raises NotYours where it is another patient's."""
    row = cast(Row | None, next(iter(_by_id(model)(row_id)), None))
    if row is not None and row.patient_id != patient_id:
        raise NotYours
    return row


def stored_meanwhile(
    error: IntegrityError, model: type[Row], row_id: UUID, *, patient_id: UUID
) -> Row:
    """The patient's row that came first. Raises NotYours where the id is taken beyond the wall, and
    `error` where that was about something else.
    """
    if (row := stored(model, row_id, patient_id=patient_id)) is not None:
        return row
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is not None and diagnosis.constraint_name == f"{model._meta.db_table}_pkey":
        raise NotYours from error
    raise error
