"""The cache that the login limits are counted in: a table, or a Valkey."""

import hmac
import pickle
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache.backends.db import DatabaseCache


class KeptUntilExpired(DatabaseCache):
    """Django's, which drops entries before their time when there are many; this one never does.

    Otherwise a few hundred requests for other accounts clear the count of one. What is kept here
    lives an hour at the most, so that what has expired is soon the larger part of the table.
    """

    def _cull(self, db: str, cursor: Any, now: Any, num: int) -> None:
        # With nothing left over, only what has expired goes. Django's types leave this method out.
        super()._cull(db, cursor, now, 0)  # type: ignore[misc]


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
