"""`manage.py write_alert_table`: docs/alerts.md, from the table of rules."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from programs.alerts.table import as_markdown


class Command(BaseCommand):
    help = "Writes docs/alerts.md from the table of alert rules."

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.BASE_DIR / "docs" / "alerts.md").write_text(as_markdown(), encoding="utf-8")
        self.stdout.write("docs/alerts.md is written.")
