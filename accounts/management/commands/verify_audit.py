"""`manage.py verify_audit`: whether the audit trail is as it was written."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.audit_chain import Anchor, anchors, broken


class Command(BaseCommand):
    help = "Computes every chain of the audit trail again and names the first broken link of each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "logs",
            nargs="*",
            type=Path,
            help="Logs of the worker: the anchors in them are compared, too.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        lines = (line for log in options["logs"] for line in _lines(log))
        kept = [anchor for line in lines if (anchor := _in(line))]
        found = list(broken(kept))
        if found:
            raise CommandError("\n".join(found))
        for anchor in anchors():
            self.stdout.write(str(anchor))
        self.stdout.write(f"Every chain holds; {len(kept)} anchors compared.")


def _in(line: str) -> Anchor | None:
    try:
        return Anchor.in_line(line.strip())
    except ValueError:  # a line that only looks like one
        return None


def _lines(log: Path) -> list[str]:
    try:
        return log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise CommandError(f"{log} can't be read: {error.strerror}.") from error
