"""An empty installation becomes the one of a backup, and is compared with what was counted then."""

from collections.abc import Iterator
from typing import Any

from django.core.files import File
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from accounts.audit_chain import broken
from cms.models import ArticlePage
from cms.search import searching
from config.backup import archive, making, server
from config.backup.inventory import Inventory, is_empty


class RefusedError(Exception):
    """This installation can't take this backup. Nothing was changed."""


def refuse_unfit(backup: archive.Backup) -> None:
    """Raises RefusedError, with what to do."""
    told = backup.manifest
    if told["form"] > making.FORM:
        raise RefusedError("A newer Footing made this backup: install that one.")
    if not is_empty():
        raise RefusedError("The database has tables: restore into an empty one (createdb).")
    disk = MigrationLoader(connection).disk_migrations
    replaced = {key for migration in disk.values() for key in migration.replaces}
    known = {".".join(key) for key in [*disk, *replaced]}
    if newer := [name for name in told["migrations"] if name not in known and _is_ours(name)]:
        raise RefusedError(f"A newer Footing made this backup ({newer[-1]}): install that one.")
    if server.version() < told["postgresql"]:
        raise RefusedError(f"It is of PostgreSQL {told['postgresql']}, and this one is older.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        [(owner,)] = cursor.fetchall()
    if owner != told["owner"]:
        raise RefusedError(f"Its tables belong to {told['owner']}: restore as that role.")
    for store, name in _files(backup):
        if storages[store].exists(name) and not _is_there(backup, store, name):
            raise RefusedError(f"Another file is in the place of {name}: empty the folders first.")


def restore(backup: archive.Backup) -> Iterator[str]:
    """Load it, and yield what is not as it was, a sentence each. Raises ProgramError, OSError.

    The database comes last: while it is empty, nothing is restored, and all can be done again.
    """
    for store, name in _files(backup):
        if _is_there(backup, store, name):
            continue
        with backup.open(f"{store}/{name}") as file:
            # Not `save`, which would give it a name of its own: rows name this one.
            kept = storages[store]._save(name, File(file))  # type: ignore[attr-defined]
        if kept != name:
            yield f"The file {name} is kept as {kept}, where no row looks for it."
    with backup.open(archive.DATABASE) as dump:
        server.load(dump)
    for name in backup.manifest.get("missing", ()):
        yield f"The file {name} was missing already when this was backed up."
    yield from Inventory(**backup.manifest["inventory"]).differences(Inventory.taken())
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    yield from broken([])
    yield from _found()


def _files(backup: archive.Backup) -> Iterator[tuple[str, str]]:
    for store in making.STORES:
        for name in backup.names(store):
            yield store, name


def _is_there(backup: archive.Backup, store: str, name: str) -> bool:
    """From a restore before, which broke off."""
    try:
        with storages[store].open(name) as file:
            return backup.is_the_same(f"{store}/{name}", file)
    except FileNotFoundError:
        return False


def warnings(backup: archive.Backup) -> Iterator[str]:
    """What to do about what a backup can't hold."""
    if backup.manifest["secret"] != making.mark_of_secret():
        yield (
            "SECRET_KEY is another than that of the backup: open invitations, staff's apps and"
            " sealed records need the old one."
        )
    yield "Erase again whom the trail names as erased after the backup was made."
    yield "Everybody logs in once more: open logins are in no backup."


def _found() -> Iterator[str]:
    """The public search finds a page by its title."""
    page = ArticlePage.objects.live().filter(alias_of=None).first()
    if page is not None and not searching.find(page.title, language=page.locale.language_code):
        yield "The public search finds nothing: run manage.py update_search."


def _is_ours(migration: str) -> bool:
    """Packages squash and rename theirs; ours only go forward."""
    return migration.split(".", maxsplit=1)[0] in {"accounts", "cms", "patients", "programs"}


def summary(manifest: dict[str, Any]) -> str:
    rows = sum(manifest["inventory"]["rows"].values())
    size = sum(one["bytes"] for one in manifest["files"].values())
    return f"{rows:,} rows and {len(manifest['files']) - 1:,} files, {size / 1024**2:,.1f} MB"
