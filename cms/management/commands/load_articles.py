"""`manage.py load_articles`: the front page, the list and the first article, once."""

from typing import Any

from django.core.management.base import BaseCommand

from cms.starter import articles


class Command(BaseCommand):
    help = "Makes the public site's first pages where they are missing. Touches none that exist."

    def handle(self, *args: Any, **options: Any) -> None:
        for line in articles.load():
            self.stdout.write(line)
