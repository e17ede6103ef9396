"""`manage.py close_account`: for staff who have left."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import actions
from accounts.models import User
from accounts.permissions import PORTAL_ROLES


class Command(BaseCommand):
    help = "Ends a staff login for good: every way in, every open session, and the address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None or user.role in PORTAL_ROLES:
            raise CommandError("No staff account has this address. Patients leave by themselves.")
        actions.close(user=user)
        self.stdout.write(f"{user} is out. What they wrote keeps their name.")
