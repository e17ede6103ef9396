"""The cache that the login limits are counted in: a table, or a Valkey."""

import base64
import datetime as dt
import hmac
import pickle
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.utils import timezone

# Writes of a process from one clearing to the next.
CLEARED_EACH = 200
NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)
_SET = """
    INSERT INTO {table} AS kept (cache_key, value, expires) VALUES (%s, %s, %s)
    ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires
"""
_ADD = f"{_SET} WHERE kept.expires < %s"
_CLEAR = "DELETE FROM {table} WHERE expires < %s"


class KeptUntilExpired(DatabaseCache):  # whose inside Django's types leave out
    """Django's, with two things changed.

    It drops entries before their time when there are many; this one never does: a few hundred
    requests for other accounts would clear the count of one. What is kept here lives an hour at the
    most, and what has expired is cleared away after some writes.

    It writes with a count of the table, a look, and a write in a transaction of their own; this one
    with a statement: each limit that is counted writes two or three times.
    """

    _writes = 0

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        if mode == "touch":
            return bool(super()._base_set(mode, key, value, timeout))  # type: ignore[misc]
        table = connection.ops.quote_name(self._table)  # type: ignore[attr-defined]
        body = base64.b64encode(pickle.dumps(value, self.pickle_protocol)).decode("ascii")
        now = timezone.now()
        ends = self.get_backend_timeout(timeout)
        expires = dt.datetime.fromtimestamp(ends, dt.UTC) if ends is not None else NEVER
        given: list[Any] = [key, body, expires]
        with connection.cursor() as cursor:
            if mode == "add":
                cursor.execute(_ADD.format(table=table), [*given, now])
            else:
                cursor.execute(_SET.format(table=table), given)
            is_written = cursor.rowcount == 1
            KeptUntilExpired._writes += 1
            if KeptUntilExpired._writes % CLEARED_EACH == 0:
                cursor.execute(_CLEAR.format(table=table), [now])
        return is_written


class Sealed:
    """How values lie in a Valkey: pickled, as Django does, behind a seal by the site's secret.

    Reading a pickle runs what it says. Who can write to the Valkey only must not come to run
    anything here: what was sealed by nobody of ours is as good as not there.
    """

    def dumps(self, value: Any) -> int | bytes:
        if type(value) is int:  # which a Valkey itself can add to
            return value
        body = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        return _seal(body) + body

    def loads(self, data: bytes) -> Any:
        try:
            return int(data)
        except ValueError:
            seal, body = data[:SEAL_BYTES], data[SEAL_BYTES:]
        if not hmac.compare_digest(seal, _seal(body)):
            return None
        return pickle.loads(body)  # noqa: S301 - ours, by its seal


SEAL_BYTES = 32


def _seal(body: bytes) -> bytes:
    return hmac.digest(b"footing.cache" + settings.SECRET_KEY.encode(), body, sha256)
