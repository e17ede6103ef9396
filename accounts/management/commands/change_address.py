"""`manage.py change_address`: for an account that two people share the address of."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts import actions
from accounts.models import User


class Command(BaseCommand):
    help = "Gives an account another email address; its owner sets a new password with it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", type=UUID, help="The id that the migration named.")
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(uuid=options["account"]).first()
        if user is None:
            raise CommandError("No account has this id.")
        try:
            actions.change_address(user=user, email=options["email"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{user} logs in with {user.email} from now on.")
