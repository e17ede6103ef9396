"""The audit trail's one entrance. Called inside the transaction of what it records."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from accounts.models.audit import Action
from accounts.models.user import User

__all__ = ["Action", "record"]

APPEND = "SELECT footing_append(%s, %s, %s, %s, %s, %s, %s::jsonb, %s::uuid[])"


def record(
    *,
    action: Action,
    by: User | None,
    patient: models.Model | UUID | None = None,
    account: User | None = None,
    clinic_id: UUID | None = None,
    subject: Any = "",
    named: Iterable[UUID] = (),
    **detail: Any,
) -> None:
    """Append an event. `detail` is small and JSON; it repeats no free text about health.

    It is in the chain of the clinic of `patient`, else of `account`, whose it is about, else the
    one of `clinic_id`, else of who did it. The database sets the time, looks up the name and the
    role of `by` (None: the clock or a command), and refuses what is beyond the asker's wall.
    `named` are the patients whom a list showed.
    """
    values: list[Any] = [
        action,
        by.pk if by is not None else None,
        getattr(patient, "pk", patient),
        account.pk if account is not None else None,
        clinic_id,
        _storable(str(getattr(subject, "pk", subject))),
        json.dumps(_storable(detail), cls=DjangoJSONEncoder),
        list(named),
    ]
    with connection.cursor() as cursor:
        cursor.execute(APPEND, values)


def _storable(value: Any) -> Any:
    """Of what somebody made up, such as an address, what a database takes."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode(errors="replace").decode()
    if isinstance(value, dict):
        return {_storable(name): _storable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(one) for one in value]
    return value
