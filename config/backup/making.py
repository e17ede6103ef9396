"""A backup: the database at one moment, and every file that its rows name."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.crypto import salted_hmac
from psycopg import sql

from config.backup import archive, keeping, server
from config.backup.inventory import Inventory

FORM = 1  # of the manifest; a later form is refused by an earlier Footing
# Whose files go with it, by the names of settings.STORAGES.
STORES = ("default", "private")
HALF = ".half-"  # what is being written; one that was broken off goes a day later
COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'
"""
DAY_SECONDS = 24 * 60 * 60


class _Finished(File[bytes]):
    """A file that a folder's storage moves into its place: half a backup never has a name."""

    def temporary_file_path(self) -> str:
        return str(self.file.name)  # type: ignore[union-attr]


def make() -> tuple[str, dict[str, Any]]:
    """Write one into the store of backups; returns its name and its manifest, whose `missing` are
    files that rows name and that are in none of the stores.

    Raises NotWholeError, ProgramError, ValueError for a key that is none, OSError, DatabaseError.
    """
    if not settings.BACKUP_KEYS:
        raise ValueError("BACKUP_KEYS is empty: make a key with `back_up --make-key FILE` first.")
    now = timezone.now()
    folder = Path(settings.BACKUP_ROOT)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for broken_off in folder.glob(f"{HALF}*"):
        if time.time() - broken_off.stat().st_mtime > DAY_SECONDS:
            broken_off.unlink()
    with tempfile.NamedTemporaryFile(dir=folder, prefix=HALF, delete=False) as half:
        try:
            with archive.writing(half, settings.BACKUP_KEYS) as writer:
                manifest = writer.end({"made_at": now.isoformat(), **_write(writer)})
            half.flush()
            os.fsync(half.fileno())  # before it has a name
            half.seek(0)
            name = keeping.store().save(keeping.name_of(now), _Finished(half))
        finally:
            Path(half.name).unlink(missing_ok=True)
    return name, manifest


def _write(writer: archive.Writer) -> dict[str, Any]:
    # The rows first: a file that comes meanwhile is one too many, and none is missing.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # It holds the snapshot, and does nothing, for as long as the dump takes.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        inventory, named = Inventory.taken(), named_files()
        cursor.execute("SELECT pg_export_snapshot(), current_user")
        [(snapshot, owner)] = cursor.fetchall()
        applied = sorted(".".join(key) for key in MigrationLoader(connection).applied_migrations)
        with server.dumping(snapshot) as dump:
            writer.add(archive.DATABASE, dump)
    written = set()
    for name in STORES:
        for path in files_of(storages[name]):
            try:
                file = storages[name].open(path)
            except FileNotFoundError:  # deleted meanwhile, with its row
                continue
            with file:
                writer.add(f"{name}/{path}", file)
            written.add(path)
    # What was deleted meanwhile no row names any more.
    missing = named - written and named_files() & named - written
    return {
        "form": FORM,
        "postgresql": server.version(),
        "owner": owner,
        "migrations": applied,
        "secret": mark_of_secret(),
        "inventory": inventory.as_json(),
        "missing": sorted(missing),
    }


def named_files() -> set[str]:
    """What rows say that there is, as this transaction sees them, in whichever store. The database
    may be older than the code: before an upgrade.
    """
    found: set[str] = set()
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        known = set(cursor.fetchall())
        for model in apps.get_models():
            for field in model._meta.local_fields:
                if not isinstance(field, models.FileField):
                    continue
                place = (model._meta.db_table, str(field.column))
                if place in known:
                    table, column = sql.Identifier(place[0]), sql.Identifier(place[1])
                    cursor.execute(sql.SQL("SELECT {1} FROM {0}").format(table, column))
                    found |= {name for (name,) in cursor.fetchall() if name}
    return found


def files_of(store: Storage, folder: str = "") -> Iterator[str]:
    """Every file below, by its path in the store."""
    try:
        folders, names = store.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    for name in sorted(names):
        yield prefix + name
    for name in sorted(folders):
        yield from files_of(store, prefix + name)


def mark_of_secret() -> str:
    """Tells two secrets apart, and nothing of either."""
    return salted_hmac("config.backup", "which secret", algorithm="sha256").hexdigest()[:16]
