"""Django looks for a database backend here."""

from collections.abc import Callable
from functools import partial
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from config.logs import where
from config.postgresql.outage import outage
from config.postgresql.watched import knock


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(_named)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Raises psycopg's OperationalError, at once while the database is known to be away."""
        if not self.pool:
            return super().get_new_connection(conn_params)
        outage.refuse()
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            # It may have met a connection that is broken since PostgreSQL was started anew; the
            # pool then pauses for longer than one waits here.
            outage.refuse()
            self.pool.check()
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            outage.begin(partial(knock, **conn_params))
            raise


def _named(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """The statement with the request or the job that it is for, so that who sees it at the server
    (`pg_stat_activity`, its log) finds the lines of our log.
    """
    names = " ".join(f"{name} {value}" for name, value in where().items())
    named = f"{sql} /* {names} */" if names and isinstance(sql, str) else sql
    return execute(named, params, many, context)
