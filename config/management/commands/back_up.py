"""`manage.py back_up`: one encrypted file with all there is, and old ones go."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from config.backup import archive, keeping, making
from config.backup.inventory import NotWholeError
from config.backup.restoring import summary
from config.backup.server import ProgramError


class Command(BaseCommand):
    help = "Backs up database, media and private files, encrypted. Run it as footing_owner."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--make-key",
            type=Path,
            metavar="FILE",
            help="makes a key instead: the file opens backups, so keep it elsewhere",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["make_key"]:
            self.stdout.write(self._make_key(options["make_key"]))
            return
        try:
            name, manifest = making.make()
        except (NotWholeError, ProgramError, ValueError, OSError, DatabaseError) as error:
            raise CommandError(f"No backup was made: {error}") from error
        self.stdout.write(f"{name}: {summary(manifest)}")
        try:
            gone = keeping.forget_outdated()
        except OSError as error:
            raise CommandError(f"It is made, and an old one can't be deleted: {error}") from error
        if gone:
            self.stdout.write(f"Gone, being old: {', '.join(gone)}")
        if missing := manifest["missing"]:
            raise CommandError(
                f"It is made, and {len(missing)} files that rows name are in no store: look at"
                f" MEDIA_ROOT and PRIVATE_ROOT. The first: {', '.join(missing[:5])}"
            )

    def _make_key(self, path: Path) -> str:
        try:
            public = archive.make_key(path)
        except OSError as error:
            raise CommandError(f"{path} can't be made: {error.strerror}.") from error
        return (
            f"Set BACKUP_KEYS={public}\n"
            f"{path} opens what is backed up: keep it, twice, away from this machine. Without it"
            " no backup can be read by anybody."
        )
