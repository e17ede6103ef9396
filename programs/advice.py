"""What a patient reads right after a session: fixed words, the worst first, each once."""

from dataclasses import dataclass

from django.utils.functional import Promise

from accounts.models import Clinic
from programs import alert_rules, response
from programs.actions.sessions import raised_for
from programs.alert_rules import Advice, Raised
from programs.models import Session
from programs.models.alert import Severity
from programs.models.session import NewSign, SkinCheck


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


@dataclass(frozen=True)
class OnTheSpot:
    """Advice that follows from one answer alone, so that it can be given without a connection.

    `field` and `value` are the answer in the session's form that calls for it; the field `rise`
    stands for the points that pain rose by, and its value for the fewest.
    """

    field: str
    value: str
    line: AdviceLine


def _words(text: str | Promise, clinic: Clinic) -> str:
    return str(text).format(emergency=clinic.emergency_number, phone=clinic.phone)


def _line(raised: Raised, clinic: Clinic) -> AdviceLine:
    return AdviceLine(_words(raised.advice, clinic), raised.severity)


def advice(session: Session, clinic: Clinic) -> list[AdviceLine]:
    """The stop text of each alert of the session, with the clinic's numbers filled in."""
    lines: dict[str, AdviceLine] = {}
    for raised in raised_for(session):
        line = _line(raised, clinic)
        lines.setdefault(line.text, line)
    return list(lines.values())


def on_the_spot(clinic: Clinic) -> list[OnTheSpot]:
    """For the page of a session: what the device says by itself, the worst first."""
    rules = [
        *(("new_signs", str(sign), alert_rules.SIGNS[sign]) for sign in NewSign),
        ("skin_before", str(SkinCheck.CHANGED), alert_rules.SKIN),
        ("skin_check", str(SkinCheck.CHANGED), alert_rules.SKIN),
        ("fall_injury", "yes", alert_rules.INJURY),
        *(("falls", str(count), alert_rules.FALL) for count in range(1, 6)),
        ("settled", "next_morning", alert_rules.NEXT_MORNING),
    ]
    found = [OnTheSpot(field, value, _line(raised, clinic)) for field, value, raised in rules]
    jump = AdviceLine(_words(Advice.NO_NERVE, clinic), Severity.HIGH)
    rest = _line(alert_rules.STOPPED, clinic)
    found += [
        OnTheSpot("rise", str(response.RISE_RED), jump),
        OnTheSpot("stopped", "on", rest),
    ]
    return sorted(found, key=lambda one: one.line.severity.rank)
