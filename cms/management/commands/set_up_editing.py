"""`manage.py set_up_editing`: groups, permissions and the review workflow; names reviewers."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.permissions import Permission
from cms import editing


class Command(BaseCommand):
    help = "Sets up who writes and who signs off. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--reviewer", action="append", default=[], help="the email of one who may sign off"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        editing.set_up()
        for email in options["reviewer"]:
            user = get_user_model().objects.filter(email=email).first()
            if user is None or not user.may(Permission.WRITE_CONTENT):
                raise CommandError(f"{email} is no account that may write content.")
            try:
                editing.make_reviewer(user=user)
            except ValidationError as error:
                raise CommandError(f"{email}: {error.message}") from error
            self.stdout.write(f"{user.email} may sign off articles")
        self.stdout.write("the groups Editors and Reviewers and the workflow are in place")
