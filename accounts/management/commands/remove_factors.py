"""`manage.py remove_factors`: for staff who have lost their device and the recovery codes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import actions
from accounts.models import User


class Command(BaseCommand):
    help = (
        "Removes passkeys, app and recovery codes of an account. Make sure that it is they who ask."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"]).first()
        if user is None:
            raise CommandError("No account has this address.")
        count = actions.remove_factors(user=user)
        self.stdout.write(
            f"Removed {count}. {user.email} logs in with the password and makes a new one."
        )
