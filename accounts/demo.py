"""The demo clinic's logins. They work only while the DEMO setting is on, never in production."""

from dataclasses import dataclass

from django.conf import settings

from accounts.addresses import canonical
from accounts.permissions import Role

DEMO_DOMAIN = "demo.footing.example"
DEMO_PASSWORD = "steady-feet-2026"  # noqa: S105 - known on purpose, see above


@dataclass(frozen=True)
class DemoLogin:
    """One login that the login page offers."""

    name: str
    what: str
    role: Role = Role.PATIENT

    @property
    def email(self) -> str:
        return f"{self.name.split()[0].lower()}@{DEMO_DOMAIN}"

    @property
    def password(self) -> str:
        return DEMO_PASSWORD


DEMO_LOGINS = [
    DemoLogin("Priya Nair", "therapist", Role.THERAPIST),
    DemoLogin("Tom Becker", "therapist", Role.THERAPIST),
    DemoLogin("Ruth Okafor", "clinic administrator", Role.CLINIC_ADMIN),
    DemoLogin("Ana Reyes", "patient, improving"),
    DemoLogin("Walter Lindqvist", "patient, just started"),
    DemoLogin("Luis Reyes", "helps Ana at home", Role.CAREGIVER),
    DemoLogin("Marcus Hill", "therapist, other clinic", Role.THERAPIST),
    DemoLogin("Nora Blake", "clinic administrator, other clinic", Role.CLINIC_ADMIN),
]


def offered_logins() -> list[DemoLogin]:
    return DEMO_LOGINS if settings.DEMO else []


def is_closed_demo(email: str) -> bool:
    """A demo address outside demo mode: a copied demo database opens nothing elsewhere."""
    return canonical(email).endswith(f"@{DEMO_DOMAIN}") and not settings.DEMO
