"""`manage.py create_clinic`: the first step of a new practice."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts import actions
from accounts.office_hours import EXAMPLE


class Command(BaseCommand):
    help = "Adds a clinic."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--time-zone", required=True, help="such as America/New_York")
        parser.add_argument("--phone", required=True)
        parser.add_argument("--country", default="", help="by its two letters, such as US")
        parser.add_argument("--emergency-number", default="911")
        parser.add_argument(
            "--record-years", type=int, default=10, help="how long the law there keeps records"
        )
        parser.add_argument("--office-hours", default="", help=f"such as '{EXAMPLE}'")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            clinic = actions.create_clinic(
                name=options["name"],
                time_zone=options["time_zone"],
                phone=options["phone"],
                country=options["country"],
                emergency_number=options["emergency_number"],
                office_hours=options["office_hours"],
                record_years=options["record_years"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Added {clinic.name}: {clinic.id}")
