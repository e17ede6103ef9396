from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "programs"

    def ready(self) -> None:
        from programs import signals  # noqa: F401, PLC0415 - models have to be loaded first
