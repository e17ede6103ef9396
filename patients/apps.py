from django.apps import AppConfig


class PatientsConfig(AppConfig):
    name = "patients"

    def ready(self) -> None:
        from patients import contact  # noqa: F401, PLC0415 - models have to be loaded first
