"""What a patient reads right after a session: fixed words, the worst first, each once."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Clinic
from patients.models.episode import Sensation
from programs.alerts import of_answers, of_report
from programs.alerts.of_answers import Raised
from programs.alerts.of_session import raised_for
from programs.alerts.rules import Rule, holds
from programs.course import response
from programs.models import Session, SignReport
from programs.models.alert import Code, Severity
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


class Words:
    """What a patient reads of a session that raised nothing urgent: what is known, and no more."""

    GREEN = _("Your feet took it well. Go on as planned.")
    # Colors can be falsely green without protective feeling: the skin check counts (brief 3.1).
    GREEN_UNFELT = _(
        "Your answers show no trouble, and the skin is fine. Numb feet may not tell you of harm: "
        "look at them again tomorrow. Go on as planned."
    )
    BETTER = _("Your feet hurt less after the exercises than before.")
    MUCH = _(
        "It was a bit much. Next time do smaller movements or fewer repeats, and leave out the "
        "stretches."
    )
    NEAR_FALL = _(
        "You nearly fell. Next time hold on with both hands, and stand only where your safe place "
        "is set up."
    )
    HARD = _("It was very hard for you. Next time do fewer repeats, and rest longer in between.")
    RED = _("Stop the slides and stretches for now, and call your clinic: {phone}.")
    LOOK = _(
        "We don't know yet how your feet took it: nobody has looked at the skin. Please look at "
        "both feet now, at the soles and between the toes too, or ask somebody to look. If you "
        "find a sore, a blister, redness or swelling, keep weight off the foot and call today: "
        "{phone}."
    )
    UNKNOWN = _("We don't know yet how your feet took it. What counts is how they are tomorrow.")


class Stop:
    """On every paper that a patient takes home, whatever else it says (brief 5 and 7)."""

    SIGNS = _(
        "Sudden weakness, face droop, trouble speaking, loss of bladder or bowel control, a cold, "
        "pale or blue foot, or chest pain:"
    )
    CALL = _("call")
    TODAY = _(
        "Lasting tingling, new numbness, spreading pain, dizziness or a sore on the foot: "
        "stop for today and call your clinic:"
    )
    ONLY_AS_SET_UP = _(
        "Use this plan only as your therapist set it up. It does not replace your doctor."
    )
    # Where protective feeling is reduced or lost (brief 3.1).
    LOOK = _(
        "Numb feet may not tell you of harm: look at the skin of both feet every day, at the soles "
        "and between the toes too. If you find a sore, a blister, redness or swelling, keep weight "
        "off the foot and call today: {phone}."
    )


@dataclass(frozen=True)
class Outcome:
    """How a session went, for the patient. `lines` are empty where advice says it all."""

    color: response.Color
    advice: list[AdviceLine]
    lines: list[str]


def outcome(session: Session, clinic: Clinic, *, feeling: str) -> Outcome:
    """The one place that decides words and color after a session (brief 3.1 and 5)."""
    color = response.color(session, feeling=feeling)
    said = advice(session, clinic)
    lines = _lines(session, color, feeling)
    if said and color is not response.Color.AMBER:
        lines = [line for line in lines if line is Words.LOOK]
    return Outcome(color, said, [_words(line, clinic) for line in lines])


def _lines(session: Session, color: response.Color, feeling: str) -> list[Promise]:
    if color is response.Color.RED:
        return [Words.RED]
    better = [Words.BETTER] if response.is_better(session) else []
    if color is response.Color.GREEN:
        return [*better, Words.GREEN_UNFELT if feeling == Sensation.LOST else Words.GREEN]
    told = [
        (Words.MUCH, response.was_a_bit_much(session)),
        (Words.NEAR_FALL, bool(session.near_falls)),
        (Words.HARD, response.was_hard(session)),
        (Words.LOOK, response.Missing.SKIN in response.missing(session, feeling=feeling)),
    ]
    return [words for words, holds in told if holds] or [Words.UNKNOWN]


@dataclass(frozen=True)
class OnTheSpot:
    """Advice that follows from one answer alone, so that it can be given without a connection.

    `field` and `value` are the answer in the session's form that calls for it; the field `rise`
    stands for the points that pain rose by, and its value for the fewest.
    """

    field: str
    value: str
    line: AdviceLine
    holds: str = (
        ""  # what the device holds back until the clinic knows, such as 'nerve@day tension'
    )


def _holds(raised: Raised) -> str:
    """As the device's script reads it: kinds, with '@day' for what ends with the day."""
    return " ".join(
        f"{hold.kind}@day" if hold.for_a_day else str(hold.kind)
        for hold in holds(raised.rule, raised.severity)
    )


def _words(text: str | Promise, clinic: Clinic) -> str:
    return str(text).format(emergency=clinic.emergency_number, phone=clinic.phone)


def of_rule(rule: Rule, clinic: Clinic) -> str:
    """What the patient read when it was raised, in the reader's language; empty where nothing."""
    return _words(rule.advice, clinic)


def _line(raised: Raised, clinic: Clinic) -> AdviceLine:
    return AdviceLine(_words(raised.advice, clinic), raised.severity)


def advice(session: Session, clinic: Clinic) -> list[AdviceLine]:
    """The stop text of each alert of the session, with the clinic's numbers filled in."""
    return _each_once([*raised_for(session), *_did_held(session)], clinic)


def _each_once(found: Iterable[Raised], clinic: Clinic) -> list[AdviceLine]:
    lines: dict[str, AdviceLine] = {}
    for raised in found:
        line = _line(raised, clinic)
        lines.setdefault(line.text, line)
    return list(lines.values())


def _did_held(session: Session) -> list[Raised]:
    """Told as it was found when it was stored: what is held back now may be another matter."""
    rows = session.alerts.filter(rule=Code.HELD)
    return [Raised.by(Code.HELD, row.message) for row in rows]


def about(report: SignReport, clinic: Clinic) -> list[AdviceLine]:
    """What to do about signs that were told, as their alerts were raised."""
    return _each_once(of_report.raised_for(report), clinic)


def of_each_sign(clinic: Clinic) -> list[OnTheSpot]:
    """For the page 'Something is wrong': what its script says at once, the worst first."""
    rules = [*of_answers.SIGNS.items(), ("skin", of_answers.SKIN)]
    found = [
        OnTheSpot("signs", str(sign), _line(raised, clinic), _holds(raised))
        for sign, raised in rules
    ]
    return sorted(found, key=lambda one: one.line.severity.rank)


def on_the_spot(clinic: Clinic) -> list[OnTheSpot]:
    """For the page of a session: what the device says by itself, the worst first."""
    rules = [
        *(
            (field, str(sign), of_answers.SIGNS[sign])
            for field in ("new_signs", "more_signs")
            for sign in NewSign
        ),
        ("skin_before", str(SkinCheck.CHANGED), of_answers.SKIN),
        ("skin_check", str(SkinCheck.CHANGED), of_answers.SKIN),
        ("fall_injury", "yes", of_answers.INJURY),
        *(("falls", str(count), of_answers.FALL) for count in range(1, 6)),
        ("settled", "next_morning", of_answers.NEXT_MORNING),
    ]
    rules += [
        ("rise", str(response.RISE_RED), Raised.by(Code.A10, "")),
        ("stopped", "on", of_answers.STOPPED),
    ]
    found = [
        OnTheSpot(field, value, _line(raised, clinic), _holds(raised))
        for field, value, raised in rules
    ]
    return sorted(found, key=lambda one: one.line.severity.rank)
