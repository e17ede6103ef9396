"""The site as one application: what concerns the whole database."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class SiteConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import checks, roles  # noqa: F401, PLC0415 - checks register; after the apps

        # Sent for each application that has models, when all migrations are done; once is enough.
        post_migrate.connect(roles.grant_rights, sender=apps.get_app_config("accounts"))
