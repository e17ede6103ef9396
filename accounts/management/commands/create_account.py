"""`manage.py create_account`: a staff login, which then sets its own password by email."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts import actions
from accounts.models import Clinic
from accounts.permissions import PORTAL_ROLES, Role

STAFF = [role for role in Role.values if role not in PORTAL_ROLES]


class Command(BaseCommand):
    help = (
        "Adds a therapist, clinic administrator or editor. Patients are invited in the workspace."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--first-name", required=True)
        parser.add_argument("--last-name", required=True)
        parser.add_argument("--role", required=True, choices=STAFF)
        parser.add_argument("--clinic", help="the clinic's id, as create_clinic printed it")
        parser.add_argument("--credentials", default="", help="such as 'PT, DPT'")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            clinic = Clinic.objects.get(pk=options["clinic"]) if options["clinic"] else None
            user = actions.create_user(
                email=options["email"],
                first_name=options["first_name"],
                last_name=options["last_name"],
                role=Role(options["role"]),
                clinic=clinic,
                credentials=options["credentials"],
            )
        except Clinic.DoesNotExist as error:
            raise CommandError("No clinic has this id.") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(
            f"Added {user.email}. They set a password at /account/password/reset/ first."
        )
