"""Whether the database is away, as this process knows.

A pool's client waits its time for a connection, also where the server refuses at once. One request
waits so; those after it are answered at once, and a thread of its own knocks until the database is
back. So an outage costs a process one wait and not one for each page.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from time import sleep

import psycopg

log = logging.getLogger(__name__)
SECONDS_BETWEEN = 0.5  # of knocks; the database is taken again this long after it is back
KNOCK_SECONDS = 2  # the least that libpq takes


class AwayError(psycopg.OperationalError):
    """It was away a moment ago: nobody was asked."""


class Outage:
    """`knock` raises psycopg.Error while the database is away."""

    def __init__(self, wait: Callable[[float], None] = sleep) -> None:
        self._wait = wait
        self._lock = threading.Lock()
        self._is_on = False

    def refuse(self) -> None:
        """Raises AwayError while it is on."""
        if self._is_on:
            raise AwayError("The database was away a moment ago.")

    def begin(self, knock: Callable[[], None]) -> None:
        """From now on `refuse` does, until a knock is answered."""
        with self._lock:
            if self._is_on:
                return
            self._is_on = True
        log.error("The database is away.")
        threading.Thread(
            target=self.knock_until_open, args=[knock], name="knocking", daemon=True
        ).start()

    def is_answered(self, knock: Callable[[], None], seconds: float) -> bool:
        """Whether it lets in or turns away within these seconds: only a server that does neither
        hangs.
        """
        answered = threading.Event()

        def ask() -> None:
            try:
                with suppress(psycopg.Error):
                    knock()
            finally:
                answered.set()

        threading.Thread(target=ask, name="knocking", daemon=True).start()
        return answered.wait(seconds)

    def knock_until_open(self, knock: Callable[[], None]) -> None:
        while True:
            try:
                knock()
            except psycopg.Error:
                self._wait(SECONDS_BETWEEN)
            else:
                break
        self._is_on = False
        log.warning("The database is back.")


outage = Outage()
