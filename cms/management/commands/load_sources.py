"""`manage.py load_sources`: the starter sources; safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand

from cms.starter import sources


class Command(BaseCommand):
    help = "Loads the starter sources. What somebody edited is left alone, and named."

    def handle(self, *args: Any, **options: Any) -> None:
        report = sources.load(sources.read())
        for what, count in sorted(report.counts.items()):
            self.stdout.write(f"{count} sources {what}")
        for line in report.skipped:
            self.stdout.write(f"skipped source {line}")
