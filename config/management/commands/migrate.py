"""`manage.py migrate`: Django's, one at a time, and of whole versions."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

LOCK = 7_070_018  # any number that nothing else of ours takes
SECONDS_BETWEEN = 0.5


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with self._alone(options["database"], options["verbosity"]):
            _refuse_between_versions(options["database"])
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


def _refuse_between_versions(alias: str) -> None:
    """Where a database has a part only of what a migration stands for, neither can be carried out.
    Django would say that something has no parent.
    """
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    applied = MigrationRecorder(connections[alias]).applied_migrations()
    for key, migration in loader.disk_migrations.items():
        missing = [one for one in migration.replaces if one not in applied]
        if key not in applied and 0 < len(missing) < len(migration.replaces):
            raise CommandError(
                f"This database is older than Footing 1.0.0: it has no {'.'.join(missing[0])}."
                " Throw a demo away with `make reset`; else bring it up to the last state before"
                " 1.0.0 first (docs/operating.md, Upgrading)."
            )


def _take(cursor: Any) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
    return bool(cursor.fetchone()[0])
