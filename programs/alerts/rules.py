"""The table of alert rules: what raises each, how urgent it is, what therapist and patient read.

Brief 5, and two emergencies of brief 1.9 that have no rule there. `docs/alerts.md` is made of it
(`manage.py write_alert_table`).
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.models.alert import Code, Severity
from programs.models.restriction import Kind


class RaisedBy(StrEnum):
    ANSWERS = "answers to a session"
    TIME = "time, asked every hour"
    FINDINGS = "findings that change"


class Certainty(StrEnum):
    """How sure the rule itself is (brief 5)."""

    HIGH = "high: standard safety"
    LOW_TO_MEDIUM = "low to medium: our rule set, not validated for nerves"
    LOW = "low: a choice of operation"
    UNRATED = "not rated in the brief"


class Advice:
    """What a patient reads, in plain words. `{emergency}` and `{phone}` are the clinic's."""

    EMERGENCY = _("Stop. Call {emergency} now.")
    EMERGENCY_DEPARTMENT = _("Stop. Go to the emergency department now, or call {emergency}.")
    CALL_TODAY = _("Stop the exercises. Call your clinic today: {phone}.")
    SKIN = _("Keep weight off the foot. Call your foot team or clinic today: {phone}.")
    INJURY = _("Get help today. If you hit your head, call {emergency} now. Clinic: {phone}.")
    NO_STANDING = _("Leave out standing exercises for now. You may do the seated ones.")
    SIT = _("Sit down and stop for today. If it does not pass, call {emergency}.")
    NO_NERVE = _("Leave out slides and stretches until your therapist has looked at this.")
    GENTLE = _("Leave out slides and stretches today. Gentle movement only.")
    LESS = _("Do a little less next time: smaller movements or fewer repeats.")
    REST = _("Stop for today and rest. If it does not settle, call your clinic: {phone}.")
    SUGAR = _(
        "Stop. Take quick sugar now, as you were taught. If it does not pass, or you feel "
        "confused, call {emergency}."
    )
    LEFT_OUT = _("You did an exercise that is left out for now. Please leave it out next time.")
    CALL_NUMB = _("Leave out slides and stretches. Call your clinic: {phone}.")


@dataclass(frozen=True)
class Hold:
    """What a rule holds back: until somebody has looked, or for the day it speaks of."""

    kind: Kind
    for_a_day: bool = False

    @property
    def words(self) -> str:
        """For the therapist."""
        if self.kind is Kind.TODAY:
            return str(self.kind.label)
        return f"{self.kind.label}{' that day' if self.for_a_day else ', until looked at'}"


_HOLDS: dict[Code, tuple[Hold, ...]] = {
    Code.A7: (Hold(Kind.STANDING),),
    Code.A8: (Hold(Kind.TODAY, for_a_day=True),),
    Code.A10: (Hold(Kind.NERVE),),
    # Skip nerve work that day, then go on from glides (brief 3.1 and 5).
    Code.A12: (Hold(Kind.NERVE, for_a_day=True), Hold(Kind.TENSION)),
    Code.A13: (Hold(Kind.NERVE),),
    Code.A18: (Hold(Kind.MISFIT),),
    Code.A19: (Hold(Kind.TODAY, for_a_day=True),),
    Code.STOP: (Hold(Kind.TODAY, for_a_day=True),),
}


def holds(code: Code, severity: Severity) -> tuple[Hold, ...]:
    """Critical and urgent advice is to stop and get help: nothing is done until looked at."""
    if severity in Severity.stopping():
        return (Hold(Kind.ALL),)
    return _HOLDS.get(code, ())


@dataclass(frozen=True)
class Rule:
    """One row. `action` is what the rule suggests to the therapist, who decides; `advice` is empty
    where the patient is told nothing; `offline`: one answer tells it, so the device can say it.
    """

    code: Code
    severity: Severity
    raised_by: RaisedBy
    when: str
    action: str
    advice: str | Promise
    certainty: Certainty
    source: str
    offline: bool = False

    @property
    def cited(self) -> str:
        """The source for people, without the rule's code."""
        return re.sub(r"^Brief (\d[\d.]*).*$", r"Clinical brief, section \1", self.source)

    @property
    def holds(self) -> tuple[Hold, ...]:
        return holds(self.code, self.severity)


_BRIEF = "Brief 5, {}"


def _answers(
    code: Code,
    severity: Severity,
    when: str,
    action: str,
    advice: str | Promise,
    certainty: Certainty = Certainty.HIGH,
    *,
    offline: bool = True,
    source: str = "",
) -> Rule:
    said = source or _BRIEF.format(code)
    by = RaisedBy.ANSWERS
    return Rule(code, severity, by, when, action, advice, certainty, said, offline)


def _time(code: Code, severity: Severity, when: str, action: str, certainty: Certainty) -> Rule:
    by = RaisedBy.TIME
    return Rule(code, severity, by, when, action, "", certainty, _BRIEF.format(code))


_ROWS = [
    _answers(
        Code.A1,
        Severity.CRITICAL,
        "Stroke signs: a drooping face, a weak arm, trouble speaking, sudden one-sided numbness",
        "Call the patient, record it.",
        Advice.EMERGENCY,
    ),
    _answers(
        Code.A2,
        Severity.CRITICAL,
        "Numb between the legs, new bladder or bowel trouble, or both legs weak",
        "Urgent handover.",
        Advice.EMERGENCY_DEPARTMENT,
    ),
    _answers(
        Code.A3,
        Severity.CRITICAL,
        "A cold, pale or blue foot that suddenly hurts a lot, or a leg that can't be moved",
        "Make sure that help is on the way.",
        Advice.EMERGENCY,
    ),
    _answers(
        Code.A4,
        Severity.URGENT,
        "New weakness, foot drop or tripping",
        "Examine again; physician.",
        Advice.CALL_TODAY,
    ),
    _answers(
        Code.A5,
        Severity.URGENT,
        "A sore, blister, redness, heat, swelling or color change; fever, pus or spreading redness",
        "Pause standing work; foot team.",
        Advice.SKIN,
    ),
    _answers(
        Code.A6,
        Severity.URGENT,
        "A fall with an injury, a hit head or no way to rise; critical: head and blood thinner",
        "Review of falls.",
        Advice.INJURY,
    ),
    _answers(
        Code.A7,
        Severity.HIGH,
        "A fall without injury, or 2 near-falls in 7 days",
        "Look at the level, the home and the medicines again.",
        Advice.NO_STANDING,
    ),
    _answers(
        Code.A8,
        Severity.HIGH,
        "Dizzy or faint; critical together with A1 or A9",
        "Blood pressure lying and standing; neck and balance organ.",
        Advice.SIT,
    ),
    _answers(
        Code.A9,
        Severity.CRITICAL,
        "Chest pain, or short of breath at rest",
        "Make sure that help is on the way.",
        Advice.EMERGENCY,
    ),
    _answers(
        Code.A10,
        Severity.HIGH,
        "Pain after the session 4 or more points above before it",
        "Adjust the nerve exercises.",
        Advice.NO_NERVE,
        Certainty.LOW_TO_MEDIUM,
    ),
    _answers(
        Code.A11,
        Severity.MODERATE,
        "Worst pain 2 or more points above the baseline in 2 of the last 3 sessions",
        "Review, and reduce by a step.",
        Advice.LESS,
        Certainty.LOW_TO_MEDIUM,
        offline=False,
    ),
    _answers(
        Code.A12,
        Severity.HIGH,
        "Symptoms still up the next morning",
        "Go back to glides.",
        Advice.GENTLE,
        Certainty.LOW_TO_MEDIUM,
    ),
    _answers(
        Code.A13,
        Severity.HIGH,
        "The numb area grew, moved up, or is in the hands now",
        "Test sensation again; refer.",
        Advice.CALL_NUMB,
        Certainty.LOW_TO_MEDIUM,
    ),
    _answers(
        Code.A17,
        Severity.MODERATE,
        "Effort 8 or more twice in a row",
        "A step back.",
        Advice.LESS,
        Certainty.LOW,
        offline=False,
    ),
    _answers(
        Code.TENSE_LEG,
        Severity.CRITICAL,
        "A tense, very painful lower leg after an injury or in a cast",
        "Make sure that help is on the way.",
        Advice.EMERGENCY_DEPARTMENT,
        source="Brief 1.9",
    ),
    _answers(
        Code.CLIMBING,
        Severity.CRITICAL,
        "Weakness or numbness climbing up the body, trouble swallowing or breathing",
        "Make sure that help is on the way.",
        Advice.EMERGENCY,
        source="Brief 1.9",
    ),
    _answers(
        Code.A19,
        Severity.HIGH,
        "Signs of low blood sugar, or a reading under 70 mg/dL (3.9 mmol/L); asked of patients who "
        "are prone to it",
        "Ask what was taken and how it is now; diabetes team.",
        Advice.SUGAR,
    ),
    _answers(
        Code.A20,
        Severity.URGENT,
        "A hot, red or swollen foot, even without pain",
        "No weight; Charcot foot or infection: foot team today.",
        Advice.SKIN,
    ),
    _answers(
        Code.SUDDEN,
        Severity.CRITICAL,
        "Sudden loss of sight or balance, or the worst headache",
        "Make sure that help is on the way.",
        Advice.EMERGENCY,
        source="Brief 1.9",
    ),
    _answers(
        Code.CORD,
        Severity.CRITICAL,
        "Clumsy hands with trouble walking or a band feeling",
        "Make sure that help is on the way.",
        Advice.EMERGENCY_DEPARTMENT,
        source="Brief 1.9",
    ),
    _answers(
        Code.CALF,
        Severity.URGENT,
        "One calf swollen and sore",
        "Thrombosis: medical review the same day.",
        Advice.CALL_TODAY,
        source="Brief 1.9",
    ),
    _answers(
        Code.INJURY,
        Severity.URGENT,
        "Numbness right after an injury",
        "Medical review the same day.",
        Advice.CALL_TODAY,
        source="Brief 1.9",
    ),
    _answers(
        Code.HELD,
        Severity.MODERATE,
        "An exercise was done while it was held back",
        "Ask whether it was understood; lift the restriction, or explain it.",
        Advice.LEFT_OUT,
        Certainty.LOW,
        offline=False,
        source="Ours: advice has to arrive",
    ),
    _answers(
        Code.STOP,
        Severity.HIGH,
        "Stop was pressed and no sign ticked",
        "Ask what it was.",
        Advice.REST,
        Certainty.LOW,
        source="Ours: somebody has to ask",
    ),
    _time(
        Code.A14,
        Severity.MODERATE,
        "Worse than at the start in 2 reviews, by the change that matters; or no change that "
        "matters in any measure after 6 weeks of care",
        "Think the diagnosis over, or refer.",
        Certainty.UNRATED,
    ),
    _time(
        Code.A15,
        Severity.LOW,
        "No log in 7 days, 3 in the first phase, or as the clinic has set",
        "Call, and ask what is in the way.",
        Certainty.LOW,
    ),
    _time(
        Code.A16,
        Severity.LOW,
        "Under 50 % of the sessions due in 14 days, or as the clinic has set",
        "Cut to 2 to 4 exercises.",
        Certainty.LOW,
    ),
    _time(
        Code.A21,
        Severity.MODERATE,
        "Chair stand 4 or more fewer, or Timed Up & Go 1.1 s or more slower",
        "Test again, and review.",
        Certainty.UNRATED,
    ),
    Rule(
        Code.A18,
        Severity.HIGH,
        RaisedBy.FINDINGS,
        "An active plan could not be assigned like that with the findings of now",
        "Adapt the plan, or give a reason.",
        "",
        Certainty.UNRATED,
        _BRIEF.format(Code.A18),
    ),
]
RULES: dict[Code, Rule] = {row.code: row for row in _ROWS}
