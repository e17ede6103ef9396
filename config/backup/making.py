"""A backup: the database at one moment, and every file that its rows name."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.crypto import salted_hmac

from config.backup import archive, keeping, server
from config.backup.inventory import Inventory

FORM = 1  # of the manifest; a later form is refused by an earlier Footing
# Whose files go with it, by the names of settings.STORAGES.
STORES = ("default", "private")


class _Finished(File[bytes]):
    """A file that a folder's storage moves into its place: half a backup never has a name."""

    def temporary_file_path(self) -> str:
        return str(self.file.name)  # type: ignore[union-attr]


def make() -> tuple[str, dict[str, Any]]:
    """Write one into the store of backups; returns its name and its manifest.

    Raises NotWholeError, ProgramError, ValueError for a key that is none, OSError.
    """
    if not settings.BACKUP_KEYS:
        raise ValueError("BACKUP_KEYS is empty: make a key with `back_up --make-key FILE` first.")
    now = timezone.now()
    folder = Path(settings.BACKUP_ROOT)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".half-", delete=False) as half:
        try:
            with archive.writing(half, settings.BACKUP_KEYS) as writer:
                manifest = writer.end({"made_at": now.isoformat(), **_write(writer)})
            half.flush()
            half.seek(0)
            name = keeping.store().save(keeping.name_of(now), _Finished(half))
        finally:
            Path(half.name).unlink(missing_ok=True)
    return name, manifest


def _write(writer: archive.Writer) -> dict[str, Any]:
    # The rows first: a file that comes meanwhile is one too many, and none is missing.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        inventory = Inventory.taken()
        cursor.execute("SELECT pg_export_snapshot(), current_user")
        [(snapshot, owner)] = cursor.fetchall()
        applied = sorted(".".join(key) for key in MigrationLoader(connection).applied_migrations)
        with server.dumping(snapshot) as dump:
            writer.add(archive.DATABASE, dump)
    for name in STORES:
        for path in files_of(storages[name]):
            try:
                file = storages[name].open(path)
            except FileNotFoundError:  # deleted meanwhile, with its row
                continue
            with file:
                writer.add(f"{name}/{path}", file)
    return {
        "form": FORM,
        "postgresql": server.version(),
        "owner": owner,
        "migrations": applied,
        "secret": mark_of_secret(),
        "inventory": inventory.as_json(),
    }


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
