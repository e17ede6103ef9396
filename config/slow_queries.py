"""Queries that took long, named in the log as the code wrote them: with `%s`, without any value.

PostgreSQL's own log of slow statements has the values in it, and so names patients. This one has
not, and its lines bear the request's or the job's name.
"""

import logging
import re
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

log = logging.getLogger("footing.slow_queries")
LONGEST = 2_000  # letters of a statement
# Some code of ours and of Wagtail writes a word into the statement itself.
_WRITTEN = re.compile(r"'(?:[^']|'')*'")
Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


def watch() -> None:
    """Every connection that is made from now on, where SLOW_QUERY_MS says how slow is slow."""
    if settings.SLOW_QUERY_MS:
        connection_created.connect(_watch_one, dispatch_uid="slow queries")


def _watch_one(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(timed)


def timed(execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    began = perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        took = (perf_counter() - began) * 1000
        if took >= settings.SLOW_QUERY_MS:
            log.warning("A query took %.0f ms: %s", took, plain(sql))


def plain(sql: object) -> str:
    """On one line, no longer than is read, without what is quoted in it."""
    return _WRITTEN.sub("'…'", " ".join(str(sql).split()))[:LONGEST]
