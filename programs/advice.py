"""What a patient reads right after a session: fixed words, the worst first, each once."""

from dataclasses import dataclass

from accounts.models import Clinic
from programs.actions.sessions import raised_for
from programs.models import Session
from programs.models.alert import Severity


@dataclass(frozen=True)
class AdviceLine:
    text: str
    severity: Severity

    @property
    def is_emergency(self) -> bool:
        return self.severity is Severity.CRITICAL

    @property
    def is_urgent(self) -> bool:
        return self.severity is Severity.URGENT


def advice(session: Session, clinic: Clinic) -> list[AdviceLine]:
    """The stop text of each alert of the session, with the clinic's numbers filled in."""
    lines: dict[str, AdviceLine] = {}
    for raised in raised_for(session):
        text = raised.advice.format(emergency=clinic.emergency_number, phone=clinic.phone)
        lines.setdefault(text, AdviceLine(text, raised.severity))
    return list(lines.values())
