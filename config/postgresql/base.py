"""Django looks for a database backend here."""

from functools import cache, partial
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.adapt import AdaptersMap
from psycopg.types.datetime import TimestamptzLoader

from config.logs import where
from config.postgresql.outage import outage
from config.postgresql.watched import knock

# Statements that a connection keeps prepared: more than all pages have, or the ones that are used
# least would push each other out.
PREPARED_MAX = 500


@cache
def with_quick_moments(adapters: AdaptersMap) -> AdaptersMap:
    """Moments are read by psycopg's own loader, written in C: Django's is written in Python so that
    it can give them another zone than the connection's, and takes ten times as long. All of ours
    are in UTC.
    """
    quick = AdaptersMap(adapters)
    quick.register_loader("timestamptz", TimestamptzLoader)
    return quick


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        return params | {"context": with_quick_moments(params["context"])}

    def create_cursor(self, name: str | None = None) -> psycopg.Cursor[Any]:
        """As Django's, which also compares its loader's zone with the connection's."""
        if not name:
            return self.connection.cursor()
        withhold = self.connection.autocommit
        return self.connection.cursor(name, scrollable=False, withhold=withhold)

    @property
    def asked_for(self) -> str:
        """The request or the job that statements are for now; '' outside of both."""
        return " ".join(f"{kind} {name}" for kind, name in where().items())

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

    def _configure_connection(self, connection: psycopg.Connection[Any]) -> bool:
        connection.prepared_max = PREPARED_MAX
        return bool(super()._configure_connection(connection))  # type: ignore[misc]
