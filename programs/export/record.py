"""The whole record as data: for another program, or another clinic."""

import base64
import datetime as dt
import json
import math
from typing import Any

from django.db.models import Field, FileField, Model

from patients.looks import looks_at
from patients.models import Patient
from programs.export.rows import is_person, owned_models, person_words, rows_of, shown_fields

FORMAT = "footing-record/1"


def as_json(patient: Patient, *, made_at: dt.datetime) -> bytes:
    """One document: who, then a list a kind. Files are inside it, in base64."""
    return json.dumps(_collect(patient, made_at), ensure_ascii=False, indent=1).encode()


def _collect(patient: Patient, made_at: dt.datetime) -> dict[str, Any]:
    clinic = patient.clinic
    return {
        "format": FORMAT,
        "made_at": made_at.isoformat(),
        "clinic": {"name": clinic.name, "phone": clinic.phone, "time_zone": clinic.time_zone},
        "patient": _row(patient),
        "records": {
            str(model._meta.verbose_name_plural): [_row(row) for row in rows_of(model, patient)]
            for model in owned_models()
        },
        "looked_at_by": [
            {
                "day": look["day"].isoformat(),
                "name": look["actor_name"],
                "role": look["actor_role"],
                "times": look["times"],
            }
            for look in looks_at(patient)
        ],
    }


def _row(row: Model) -> dict[str, Any]:
    return {field.name: _value(row, field) for field in shown_fields(type(row))}


def _value(row: Model, field: Field) -> Any:
    if is_person(field):
        return person_words(getattr(row, field.name))
    value = getattr(row, field.attname)
    return _file(value) if isinstance(field, FileField) else _plain(value)


def _plain(value: Any) -> Any:
    """As JSON has it; what JSON lacks, in words. A list is asked item by item."""
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return value if value is None or isinstance(value, bool | int | str | dict) else str(value)


def _file(file: Any) -> dict[str, str] | None:
    """None without a file; without its bytes when the storage has lost it."""
    if not file:
        return None
    try:
        with file.open("rb") as opened:
            return {"name": file.name, "base64": base64.b64encode(opened.read()).decode()}
    except OSError:
        return {"name": file.name}
