"""The site as one application: what concerns the whole database."""

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import post_migrate


class SiteConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from cms import teams  # noqa: PLC0415 - after the apps
        from config import checks, faults, roles, slow_queries  # noqa: F401, PLC0415 - checks register

        slow_queries.watch()
        if settings.SENTRY_DSN:
            faults.tell(settings.SENTRY_DSN)

        # Sent for each application that has models, when all migrations are done; once is enough.
        post_migrate.connect(roles.grant_rights, sender=apps.get_app_config("accounts"))
        post_migrate.connect(teams.settle, sender=apps.get_app_config("cms"))
