from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Articles"

    def ready(self) -> None:
        # Models have to be loaded first.
        from cms import protection, signals, teams  # noqa: F401, PLC0415
        from cms.admin import spreadsheets, starting  # noqa: PLC0415
        from cms.search import entries  # noqa: PLC0415

        entries.register()
        spreadsheets.guard_all()
        starting.start_without_scripts()
