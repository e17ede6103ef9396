"""`manage.py doctor`: what is right about this installation, and what to mend how."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from config.doctor import examination
from config.readiness import look_at


class Command(BaseCommand):
    help = "Looks at all that has to be right. Ends with 1 when anything is to mend."
    requires_system_checks: list[str] = []  # they would stop where a line here says more

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mail", default="", metavar="ADDRESS", help="sends one mail there")

    def handle(self, *args: Any, **options: Any) -> None:
        is_well = True
        for name, words in look_at(examination(options["mail"])):
            is_well = is_well and words == "ok"
            self.stdout.write(f"{name}: {'ok' if words == 'ok' else f'mend: {words}'}")
        if not options["mail"]:
            self.stdout.write("mail: not tried; --mail ADDRESS sends one")
        if not is_well:
            sys.exit(1)
