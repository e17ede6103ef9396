"""`manage.py load_demo`: the demo clinic, once; a second run changes nothing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.demo import DEMO_LOGINS
from programs.demo import clinic


class Command(BaseCommand):
    help = "Makes the demo clinic if it is not there, and prints its logins."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo clinic is only made with FOOTING_DEMO=1.")
        if not clinic.exists():
            self.stdout.write("Making the demo clinic with six weeks of sessions …")
            clinic.build()
        self.stdout.write("\nDemo logins (invented people):")
        for login in DEMO_LOGINS:
            self.stdout.write(f"  {login.email:34} {login.password}   {login.what}")
