"""`manage.py load_library`: citations, exercises, programs and measures; safe to run again."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from programs.starter import loader


class Command(BaseCommand):
    help = "Loads the starter library. What a therapist edited is left alone, and named."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("load_sources", stdout=self.stdout)
        report = loader.load()
        for what, count in sorted(report.counts.items()):
            self.stdout.write(f"{count} {what}")
        for name in report.skipped:
            self.stdout.write(f"skipped, edited here: {name}")
