"""A clinic made large by copies of its own patients: in SQL, since five thousand records take hours
through the rules.

Each copy has all that hangs on a patient (episodes, plans, sessions, alerts, messages, audit
events) under ids that follow from the first one's; without logins, since those are one person's.
"""

from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from accounts.models import AuditEvent
from patients.models import Patient
from programs.models import ExerciseLog, Plan, Session

# What has one holder: the copies of a patient have none.
OF_ONE = {"Invitation", "CalendarFeed", "Caregiver", "PrivacyAcceptance", "MergedPatient"}
DAYS_OF_CARE = 28  # as many days further back lies each earlier copy of a session


def grow(patients: int, sessions: int) -> None:
    """Copy until the demo clinic with the most patients has at least so many with a plan in force,
    and they so many sessions.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        first = _with_plan()
        # Numbered on from those that there are: an id is made of the first one's and the number.
        copies = range(len(first), len(first) + -(-patients // len(first)) - 1)
        cursor.execute("CREATE TEMP TABLE copied ON COMMIT DROP AS SELECT unnest(%s) id", [first])
        _guards(cursor, "DISABLE")
        for model in _of_patients():
            _copy(cursor, model, copies)
        _copy_audit(cursor, copies)
        has = Session.objects.filter(patient__clinic=_clinic()).count()
        if has < sessions:
            _earlier_sessions(cursor, range(1, -(-sessions // has)))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _guards(cursor, "ENABLE")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _guards(cursor: CursorWrapper, do: str) -> None:
    """Of rows that are appended only or follow rules; foreign keys are kept all the same."""
    for model in (*_of_patients(), AuditEvent):
        cursor.execute(f"ALTER TABLE {model._meta.db_table} {do} TRIGGER USER")


def _clinic() -> UUID:
    counted = Plan.objects.active().values("clinic").annotate(held=models.Count("pk"))
    found: UUID = counted.order_by("-held").values_list("clinic", flat=True)[0]
    return found


def _with_plan() -> list[UUID]:
    in_care = Patient.objects.filter(clinic=_clinic(), plans__in=Plan.objects.active())
    return list(in_care.values_list("pk", flat=True))


def _of_patients() -> list[type[models.Model]]:
    """All whose rows are one patient's, the patients among them."""
    return [
        Patient,
        *(
            model
            for model in apps.get_models()
            if any(field.name == "patient" for field in model._meta.concrete_fields)
            and model._meta.pk.get_internal_type() == "UUIDField"
            and model.__name__ not in OF_ONE
        ),
    ]


def _new_id(column: str, nth: str = "nth") -> str:
    return f"md5({column}::text || {nth}::text)::uuid"


def _copy(cursor: CursorWrapper, model: type[models.Model], copies: range) -> None:
    mine = set(_of_patients())
    told = {
        "user": "NULL",
        "record_number": "record_number || '-' || nth",
        "last_name": "last_name || ' ' || nth",
    }
    columns = {}
    for field in model._meta.concrete_fields:
        name = connection.ops.quote_name(field.column)
        if field.primary_key or (field.is_relation and field.related_model in mine):
            columns[name] = _new_id(name)
        else:
            columns[name] = told.get(field.name, name) if model is Patient else name
    owner = "id" if model is Patient else "patient_id"
    _insert(cursor, model, columns, copies, f"{owner} IN (SELECT id FROM copied)")


def _copy_audit(cursor: CursorWrapper, copies: range) -> None:
    columns = {field.column: field.column for field in AuditEvent._meta.concrete_fields}
    new = {"id": _new_id("id"), "patient_id": _new_id("patient_id"), "named": "'{}'"}
    _insert(cursor, AuditEvent, columns | new, copies, "patient_id IN (SELECT id FROM copied)")


def _earlier_sessions(cursor: CursorWrapper, copies: range) -> None:
    """Each session again, some weeks before, with what was logged in it."""
    columns = {field.column: field.column for field in Session._meta.concrete_fields}
    back = f"nth * {DAYS_OF_CARE}"
    columns |= {"id": _new_id("id", "(-nth)"), "done_on": f"done_on - {back}"}
    earlier = "{} - make_interval(days => {})"
    columns |= {name: earlier.format(name, back) for name in ("done_at", "received_at")}
    counted = f"replaces_id IS NULL AND clinic_id = '{_clinic()}'"
    logs = {field.column: field.column for field in ExerciseLog._meta.concrete_fields}
    logs |= {"id": _new_id("id", "(-nth)"), "session_id": _new_id("session_id", "(-nth)")}
    of_these = f"session_id IN (SELECT id FROM {Session._meta.db_table} WHERE {counted})"
    _insert(cursor, ExerciseLog, logs, copies, of_these)
    _insert(cursor, Session, columns, copies, counted)


def _insert(
    cursor: CursorWrapper,
    model: type[models.Model],
    columns: dict[str, str],
    copies: range,
    which: str,
) -> None:
    table = model._meta.db_table
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())}"
        f" FROM {table}, unnest(%s::int[]) nth WHERE {which}",
        [list(copies)],
    )
