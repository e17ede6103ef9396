from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Articles"

    def ready(self) -> None:
        from cms import searchable, signals  # noqa: F401, PLC0415 - models have to be loaded first

        searchable.register()
