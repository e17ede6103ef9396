from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "programs"

    def ready(self) -> None:
        # Models have to be loaded first.
        from accounts import kept_parts  # noqa: PLC0415
        from cms import usage  # noqa: PLC0415
        from programs import signals  # noqa: F401, PLC0415
        from programs.library import cited, public  # noqa: PLC0415
        from programs.motion import people  # noqa: PLC0415

        usage.also(cited.uses)
        public.register()
        kept_parts.depends_on(people.chosen)
