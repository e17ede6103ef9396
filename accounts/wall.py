"""The wall: whose rows a transaction may see, told to PostgreSQL.

Policies on the tables (`accounts.row_security`, in the migrations) compare each row with what the
transaction was told: one id, the clinic's or, in a patient's hands, the patient's. Whoever tells
nothing sees no patient and nothing of a clinic. What is told ends with the transaction, so a
connection that goes back to the pool knows nobody. docs/decisions/0024 says why it is built so.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any, cast
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model

from accounts.models import User
from accounts.row_security import key_function

Values = Sequence[str | int | UUID | None]
Call = tuple[str, Values]

_NOBODY: Call = ("footing_tell(NULL, NULL, '')", [])
_told: ContextVar[tuple[Call, ...]] = ContextVar("told", default=(_NOBODY,))


def acting(user: User, cared_for: UUID | str | None = None) -> AbstractContextManager[None]:
    """A transaction in which `user` sees what is theirs.

    Therapists and the clinic's administrator: the clinic's. A patient: their own. A caregiver: one
    patient who shares with them now, `cared_for` or the first, and messages only where those are
    shared. Editors and platform administrators: the library, of their clinic or of all, and no
    patient. An account that has ended: nothing.
    """
    return telling("footing_identify(%s, %s)", [user.pk, cared_for])


def in_clinic(clinic_id: UUID | str) -> AbstractContextManager[None]:
    """A transaction that sees one clinic: for jobs, which nobody asks for in person."""
    return telling("footing_tell(%s, %s, '')", [clinic_id, clinic_id])


def holding(
    model: type[Model], key: str | UUID, *, column: str = "id"
) -> AbstractContextManager[None]:
    """A transaction for whoever holds the key of a row, such as an invitation's: it sees what that
    row's patient sees. See `row_security.Key`, by which a migration allows it.
    """
    return telling(f"{key_function(model._meta.db_table, column)}(%s)", [key])


def who() -> str:
    """Whose rows this transaction sees: a clinic's id, or a patient's; empty for nobody's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('footing.who', true)")
        return cursor.fetchone()[0] or ""


@contextmanager
def telling(call: str, values: Values) -> Iterator[None]:
    """A transaction that begins with a call of a function which tells the database who asks.

    Within another it is a part of that, and what was told before holds again after it.
    """
    is_part = connection.in_atomic_block
    outer = _told.get()
    with transaction.atomic():
        _tell((call, values))
        token = _told.set((*outer, (call, values)))
        try:
            yield
        finally:
            _told.reset(token)
        # A rollback takes back what was told, and so does the end of the transaction.
        if is_part and not connection.needs_rollback:
            _tell(outer[-1])


def _tell(said: Call) -> None:
    """With the request or the job that it is for, so that who looks at the server
    (`pg_stat_activity`, `%a` in its log) finds the lines of our log. As long as the transaction.
    """
    call, values = said
    name = cast(Any, connection).asked_for  # of our own backend (config.postgresql)
    with connection.cursor() as cursor:
        sql = f"SELECT {call}, set_config('application_name', %s, true)"
        cursor.execute(sql, [*values, name])
