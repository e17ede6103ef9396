"""The cache that the login limits are counted in."""

from typing import Any

from django.core.cache.backends.db import DatabaseCache


class KeptUntilExpired(DatabaseCache):
    """Django's, which drops entries before their time when there are many; this one never does.

    Otherwise a few hundred requests for other accounts clear the count of one. What is kept here
    lives an hour at the most, so that what has expired is soon the larger part of the table.
    """

    def _cull(self, db: str, cursor: Any, now: Any, num: int) -> None:
        # With nothing left over, only what has expired goes. Django's types leave this method out.
        super()._cull(db, cursor, now, 0)  # type: ignore[misc]
