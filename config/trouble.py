"""What is no fault of the code: the house that the site stands in lacks something."""

import errno
import sys
from dataclasses import dataclass

import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError
from psycopg import errors


@dataclass(frozen=True)
class Trouble:
    """`status` of the page that says so, `words` for the log."""

    status: int
    words: str


AWAY = Trouble(503, "The database is unavailable")
STANDBY = Trouble(503, "The database takes no writing")
UNFINISHED = Trouble(503, "Something is missing in the database, see manage.py doctor")
CLOSED = Trouble(503, "A folder or the bucket can't be used, see manage.py doctor")
UNCOUNTED = Trouble(503, "The Valkey is unavailable")
FULL = Trouble(507, "There is no room left, see manage.py doctor")

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_NO_WAY_IN = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO, errno.ESTALE}


def trouble_of(error: BaseException | None) -> Trouble | None:
    """None for whatever else failed, which is ours to mend."""
    if isinstance(error, DatabaseError | InterfaceError):
        return _of_the_database(error)
    if _is_of_the_valkey(error):
        return UNCOUNTED
    if isinstance(error, OSError):
        return FULL if error.errno in _NO_ROOM else CLOSED if error.errno in _NO_WAY_IN else None
    return None


def _of_the_database(error: DatabaseError | InterfaceError) -> Trouble | None:
    cause = error.__cause__
    if isinstance(cause, errors.DiskFull):
        return FULL
    if isinstance(cause, errors.ReadOnlySqlTransaction):
        return STANDBY
    if isinstance(cause, errors.UndefinedTable | errors.UndefinedColumn):
        return UNFINISHED
    return AWAY if isinstance(error, OperationalError | InterfaceError) else None


def _is_of_the_valkey(error: BaseException | None) -> bool:
    """Its library is there only where one is set."""
    library = sys.modules.get("redis")
    return library is not None and isinstance(error, library.RedisError)


def said_by(error: BaseException | None) -> str:
    """What the error itself says, without the statement or the path that it quotes beside that:
    values and ids stand in them.
    """
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    cause = error.__cause__ if error else None
    if isinstance(cause, psycopg.Error) and cause.diag.message_primary:
        return cause.diag.message_primary
    return str(error)
