"""`manage.py take_bounce`: a delivery report from the mail server, on stdin."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from accounts import bounces


class Command(BaseCommand):
    help = "Reads one delivery report (RFC 3464) and notes which address mail did not reach."

    def handle(self, *args: Any, **options: Any) -> None:
        # Nothing that is wrong with a report makes the mail server send another about it.
        self.stdout.write(f"{bounces.take(sys.stdin.buffer.read(LONGEST))} addresses noted.")


LONGEST = 2 * 1024 * 1024  # bytes; a report has the mail in it, and ours are short
