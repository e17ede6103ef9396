"""`manage.py update_search`: writes what the public search finds anew."""

from typing import Any

from django.core.management.base import BaseCommand

from cms.search import findable


class Command(BaseCommand):
    help = "Rebuilds the public search. Only needed after a restore or a bulk change."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{findable.rebuild()} things can be found")
