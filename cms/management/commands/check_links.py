"""`manage.py check_links`: asks each linked site whether the page is still there."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cms import links


class Command(BaseCommand):
    help = "Asks the sites that public pages and their references link to. The admin has a report."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--timeout", type=float, default=10.0, help="seconds for each")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = [found for found in links.check_all(options["timeout"]) if found.problem]
        for found in broken:
            self.stdout.write(f"{found.url}: {found.problem}")
        self.stdout.write(f"{len(broken)} broken")
