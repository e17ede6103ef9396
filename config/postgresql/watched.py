"""Connections that notice a server which has stopped answering.

Where a server hangs (stopped, out of memory, its machine frozen) no error ever comes: the kernel
goes on taking what is sent. So who waits for a statement longer than usual knocks on the side: a
slow statement is waited for, a server that does not open is away.
"""

from functools import partial
from time import monotonic
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

from config.postgresql.outage import KNOCK_SECONDS, outage

# Together less than the second that a page may take while the database is away.
SILENT_SECONDS = 0.4  # of a statement, before the first knock; the next after twice as long
ANSWER_SECONDS = 0.4  # for a knock, which takes some milliseconds

Result = TypeVar("Result")


class HangsError(psycopg.OperationalError):
    """Whether the statement was carried out is not known."""


class Watched(psycopg.Connection[Any]):
    """Raises HangsError, and is closed then."""

    def wait(self, gen: PQGen[Result], *args: Any, **kwargs: Any) -> Result:
        return super().wait(self._watched(gen), *args, **kwargs)

    def _watched(self, gen: PQGen[Result]) -> PQGen[Result]:
        """The same steps; a `ready` of 0 says that nothing has come for a tenth of a second."""
        began, patience = monotonic(), SILENT_SECONDS
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if not ready and monotonic() - began > patience:
                    self._knock_once()
                    patience *= 2
                wanted = gen.send(ready)
        except StopIteration as end:
            result: Result = end.value
            return result

    def _knock_once(self) -> None:
        door = partial(knock, self.info.dsn, password=self.info.password)
        if not outage.is_answered(door, ANSWER_SECONDS):
            outage.begin(door)
            self.pgconn.finish()
            raise HangsError("The database does not answer.")


def knock(conninfo: str = "", **parts: Any) -> None:
    """Raises psycopg.Error where no connection can be made."""
    psycopg.connect(conninfo, **{**parts, "connect_timeout": KNOCK_SECONDS}).close()
