"""`manage.py editorial_clinic`: which clinics' staff write the public site."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from accounts import actions
from accounts.models import Clinic


class Command(BaseCommand):
    help = "Lets a clinic's therapists and editors write the public site, or no longer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("clinic", type=UUID, help="its id, as create_clinic printed it")
        parser.add_argument("--no-longer", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        clinic = Clinic.objects.filter(pk=options["clinic"]).first()
        if clinic is None:
            raise CommandError("No clinic has this id.")
        actions.keep_public_site(clinic=clinic, keeps=not options["no_longer"])
        does = "writes" if clinic.is_editorial else "no longer writes"
        self.stdout.write(f"{clinic} {does} the public site.")
