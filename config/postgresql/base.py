"""Django looks for a database backend here."""

from functools import partial
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from config.logs import where
from config.postgresql.outage import outage
from config.postgresql.watched import knock

# Statements that a connection keeps prepared: more than all pages have, or the ones that are used
# least would push each other out.
PREPARED_MAX = 500


class DatabaseWrapper(base.DatabaseWrapper):
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
