"""`manage.py migrate`: Django's, one at a time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db import connections

LOCK = 7_070_018  # any number that nothing else of ours takes
SECONDS_BETWEEN = 0.5


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with self._alone(options["database"], options["verbosity"]):
            super().handle(*args, **options)

    @contextmanager
    def _alone(self, alias: str, verbosity: int) -> Iterator[None]:
        """The lock is a connection's of its own: it is gone with the process, however that ends.

        It is asked for again and again. Whoever waits for it within a statement is waited for by
        CREATE INDEX CONCURRENTLY, and both for ever.
        """
        holder = connections[alias].copy()
        try:
            with holder.cursor() as cursor:
                is_told = verbosity == 0
                while not _take(cursor):
                    if not is_told:
                        self.stdout.write("Another migrate is at work; this one waits for it.")
                        is_told = True
                    time.sleep(SECONDS_BETWEEN)
                try:
                    yield
                finally:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        finally:
            holder.close()


def _take(cursor: Any) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
    return bool(cursor.fetchone()[0])
