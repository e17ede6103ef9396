"""`manage.py restore`: an empty installation becomes that of a backup."""

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from config.backup import archive, keeping, restoring
from config.backup.server import ProgramError


class Command(BaseCommand):
    help = (
        "Restores a backup into an empty database (made with roles.sql) and empty folders, as"
        " footing_owner, and compares all that was counted. Ends with 1 when anything differs."
    )
    requires_system_checks: list[str] = []  # there is nothing yet to look at

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", help="a file, or the name of a backup that is kept here")
        parser.add_argument("--key", type=Path, required=True, help="the file with the key")
        parser.add_argument("--only-look", action="store_true", help="reads and checks the file")

    def handle(self, *args: Any, **options: Any) -> None:
        given = Path(options["backup"])
        # Decrypted into a file without a name, which is gone with this process. Beside the backups:
        # a machine's folder of temporary files can be its memory.
        folder = Path(settings.BACKUP_ROOT)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (
                given.open("rb") if given.exists() else keeping.store().open(given.name) as source,
                tempfile.TemporaryFile(dir=folder) as work,
            ):
                backup = archive.opened(source, archive.key_in(options["key"]), work)
                self.stdout.write(f"It is whole: {restoring.summary(backup.manifest)}")
                if options["only_look"]:
                    return
                restoring.refuse_unfit(backup)
                differences = list(restoring.restore(backup))
        except (
            restoring.RefusedError,
            archive.UnreadableError,
            ProgramError,
            OSError,
            DatabaseError,
        ) as error:
            raise CommandError(str(error)) from error
        if differences:
            raise CommandError("\n".join(["It differs from what was backed up:", *differences]))
        self.stdout.write("Restored: rows, sequences, triggers, policies, audit and search hold.")
        for line in restoring.warnings(backup):
            self.stdout.write(line)
