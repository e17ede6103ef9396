from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "programs"

    def ready(self) -> None:
        # Models have to be loaded first.
        from programs import public_library, signals  # noqa: F401, PLC0415

        public_library.register()
