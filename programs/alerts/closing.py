"""With what an alert may be closed: emergencies and new signs need more than a word.

Brief 5, column 'PT action'; brief 1.9.
"""

from accounts.models.audit import Action
from patients import trail
from patients.conditions import Condition
from patients.models import Episode, ProposedFinding, RedFlagScreen
from programs.models import Alert
from programs.models.alert import Code, Ending

# The finding that answers a rule, where a finding can: in words, and the conditions; falls have a
# number of their own.
_FINDINGS: dict[str, tuple[str, frozenset[str]]] = {
    Code.A4: ("foot drop or weakness", frozenset({Condition.FOOT_DROP, Condition.WEAKNESS})),
    Code.A5: (
        "a wound, Charcot foot or suspected infection",
        frozenset({Condition.FOOT_WOUND, Condition.CHARCOT, Condition.MASS}),
    ),
    Code.A6: ("falls in 12 months", frozenset()),
    Code.A20: (
        "Charcot foot or suspected infection",
        frozenset({Condition.CHARCOT, Condition.MASS}),
    ),
    Code.CALF: ("deep-vein thrombosis", frozenset({Condition.CLOT})),
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


def asks_each(episode: Episode) -> bool:
    """A new screen may answer something that is open, so that each question is answered by itself:
    a sign of the last screen, or an alert that a screen closes.
    """
    latest = episode.latest_screen
    return (latest is not None and latest.is_open) or (
        Alert.objects.filter(patient=episode.patient_id, rule__in=NEEDS_MORE).open().exists()
    )


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
            patient=alert.patient_id, screened_at__gt=alert.raised_at, summed_up=False
        )
        return "" if asked.exists() else "Ask the red-flag questions again first, each of them."
    if ending is Ending.FINDING:
        known = episode is not None and _was_found(alert, episode)
        return "" if known else f"Put the finding on record first: {finding_words(alert.rule)}."
    return ""


def _was_found(alert: Alert, episode: Episode) -> bool:
    """It stands on the episode, and a therapist put or confirmed it there since the alert: what
    was known before does not answer what is new.
    """
    since = trail.about(alert.patient).filter(action=Action.EPISODE_CHANGED, at__gt=alert.raised_at)
    conditions = _FINDINGS[alert.rule][1]
    if conditions:
        is_new = since.filter(detail__changed__has_key="conditions").exists()
        return is_new and not conditions.isdisjoint(episode.conditions)
    falls = ProposedFinding.Field.FALLS
    confirmed = episode.proposals.filter(field=falls, accepted=True, decided_at__gt=alert.raised_at)
    is_new = confirmed.exists() or since.filter(detail__changed__has_key=falls).exists()
    return is_new and bool(episode.falls_12_months)
