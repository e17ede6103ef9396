"""With what an alert may be closed: emergencies and new signs need more than a word.

Brief 5, column 'PT action'; brief 1.9.
"""

from collections.abc import Callable

from patients.conditions import Condition
from patients.models import Episode, RedFlagScreen
from programs.models import Alert
from programs.models.alert import Code, Ending

# The finding that answers a rule, where a finding can.
_FINDINGS: dict[str, tuple[str, Callable[[Episode], bool]]] = {
    Code.A4: (
        "foot drop or weakness",
        lambda one: bool({Condition.FOOT_DROP, Condition.WEAKNESS} & set(one.conditions)),
    ),
    Code.A5: (
        "a wound, Charcot foot or suspected infection",
        lambda one: bool(
            {Condition.FOOT_WOUND, Condition.CHARCOT, Condition.MASS} & set(one.conditions)
        ),
    ),
    Code.A6: ("falls in 12 months", lambda one: bool(one.falls_12_months)),
    Code.A20: (
        "Charcot foot or suspected infection",
        lambda one: bool({Condition.CHARCOT, Condition.MASS} & set(one.conditions)),
    ),
    Code.CALF: ("deep-vein thrombosis", lambda one: Condition.CLOT in one.conditions),
}
# Closed only by a new screen, a finding, a referral, or the words why it was not so.
NEEDS_MORE = frozenset(
    {
        Code.A1,
        Code.A2,
        Code.A3,
        Code.A4,
        Code.A5,
        Code.A6,
        Code.A9,
        Code.A20,
        Code.TENSE_LEG,
        Code.CLIMBING,
        Code.SUDDEN,
        Code.CORD,
        Code.CALF,
    }
)


def endings(code: str) -> list[Ending]:
    """What a therapist can choose from."""
    if code not in NEEDS_MORE:
        return [Ending.DONE, Ending.REFERRAL, Ending.NOT_SO]
    found = [Ending.SCREEN, Ending.REFERRAL, Ending.NOT_SO]
    return [Ending.FINDING, *found] if code in _FINDINGS else found


def finding_words(code: str) -> str:
    """Which finding closes it; empty where none does."""
    return _FINDINGS[code][0] if code in _FINDINGS else ""


def missing(alert: Alert, ending: Ending, episode: Episode | None) -> str:
    """What has to be done before it can be closed like that; empty when it was done."""
    if ending not in endings(alert.rule):
        return (
            "This closes with a new red-flag screen, a finding, a referral, or why it was not so."
        )
    if ending is Ending.SCREEN:
        asked = RedFlagScreen.objects.filter(
            patient=alert.patient_id, screened_at__gt=alert.raised_at
        )
        return "" if asked.exists() else "Ask the red-flag questions again first."
    if ending is Ending.FINDING:
        words, holds = _FINDINGS[alert.rule]
        known = episode is not None and holds(episode)
        return "" if known else f"Put the finding on record first: {words}."
    return ""
