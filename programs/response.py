"""How a session went: green, amber, red or unknown (brief 3.1).

Not validated for nerves, low to medium certainty; where protective feeling is lost, a color can be
falsely green (boyd2010), and the doors say so.
"""

from collections.abc import Sequence
from statistics import median

from django.db import models

from programs.models.session import NewSign, Session, Settled, SkinCheck

RISE_AMBER = 2  # points on 0–10: more than this is amber
RISE_RED = 4  # this or more is red
PAIN_AMBER = 4  # a higher answer after the session is amber
BASELINE_LOGS = 3


class Color(models.TextChoices):
    GREEN = "green", "Green"
    AMBER = "amber", "Amber"
    RED = "red", "Red"
    UNKNOWN = "unknown", "Not known"


def rise(session: Session) -> int | None:
    """Points of pain after minus before; None when either was left empty."""
    if session.pain_before is None or session.pain_after is None:
        return None
    return session.pain_after - session.pain_before


def skin_changed(session: Session) -> bool:
    """Before the session or after it."""
    return SkinCheck.CHANGED in (session.skin_before, session.skin_check)


def color(session: Session) -> Color:
    """Red and amber need one sign each; green needs the answers that show it."""
    points = rise(session)
    if _is_red(session, points):
        return Color.RED
    if _is_amber(session, points):
        return Color.AMBER
    if session.stopped:
        return Color.UNKNOWN
    settled = session.settled in (Settled.MINUTE, Settled.HALF_HOUR)
    # Nothing rose, so there is nothing that had to settle.
    if points is not None and (settled or (points <= 0 and session.settled != Settled.NOT_YET)):
        return Color.GREEN
    return Color.UNKNOWN


def _is_red(session: Session, points: int | None) -> bool:
    return (
        (points is not None and points >= RISE_RED)
        or session.settled == Settled.NEXT_MORNING
        or skin_changed(session)
        or bool(session.falls)
        or bool(session.fall_injury)
        or bool(session.new_signs)
    )


def _is_amber(session: Session, points: int | None) -> bool:
    return (
        (points is not None and points > RISE_AMBER)
        or (session.pain_after is not None and session.pain_after > PAIN_AMBER)
        or session.settled == Settled.BY_MORNING
    )


def reasons(session: Session) -> list[str]:
    """Why the color is what it is, for the therapist."""
    found = ["stopped: something was wrong"] if session.stopped else []
    points = rise(session)
    if points is not None and points > RISE_AMBER:
        found.append(f"pain rose {points} points")
    if session.pain_after is not None and session.pain_after > PAIN_AMBER:
        found.append(f"pain {session.pain_after} after")
    if session.settled in (Settled.BY_MORNING, Settled.NEXT_MORNING):
        found.append(f"settled: {Settled(session.settled).label.lower()}")
    if skin_changed(session):
        found.append("skin changed")
    if session.falls:
        found.append(f"{session.falls} fall{'s' if session.falls > 1 else ''}")
    if session.fall_injury:
        found.append("hurt in a fall")
    found += [NewSign(sign).label.lower() for sign in session.new_signs or []]
    return found


def worst_pain(session: Session) -> int | None:
    known = [value for value in (session.pain_before, session.pain_after) if value is not None]
    return max(known, default=None)


def baseline(sessions_oldest_first: Sequence[Session]) -> float | None:
    """Median worst pain of the first three sessions that say it; None with fewer than three."""
    known = [
        worst for session in sessions_oldest_first if (worst := worst_pain(session)) is not None
    ]
    if len(known) < BASELINE_LOGS:
        return None
    return median(known[:BASELINE_LOGS])
