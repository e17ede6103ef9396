"""How a session went: green, amber, red or unknown (brief 3.1).

Not validated for nerves, low to medium certainty; where protective feeling is lost, a color can be
falsely green (boyd2010): then green also needs that the skin was looked at, and the doors say so.
A near-fall and a very hard session are amber too, by our choice: nobody should read that such a
session went well (brief 3.1, 'no near-fall', and A17 of brief 5).
"""

from collections.abc import Sequence
from statistics import median
from typing import Protocol

from django.db import models
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from patients.models.episode import Sensation
from programs.models.session import NewSign, Session, Settled, SkinCheck

RISE_AMBER = 2  # points on 0–10: more than this is amber
RISE_RED = 4  # this or more is red
PAIN_AMBER = 4  # a higher answer is amber where it is more than before the session
# Severe whatever it was before: 7 to 10, as Serlin 1995 (Pain 61:277-284) found in cancer pain; low
# certainty for feet, professional knowledge of the source.
PAIN_SEVERE = 7
HARD_EFFORT = 8  # of 10, this or more (brief 5, A17)
BASELINE_LOGS = 3


class SaysPain(Protocol):
    """A session, or as much of one as says how it hurt."""

    @property
    def pain_before(self) -> int | None: ...

    @property
    def pain_after(self) -> int | None: ...


class Color(models.TextChoices):
    GREEN = "green", _("Green")
    AMBER = "amber", _("Amber")
    RED = "red", _("Red")
    UNKNOWN = "unknown", _("Not known")


def rise(session: Session) -> int | None:
    """Points of pain after minus before; None when either was left empty."""
    if session.pain_before is None or session.pain_after is None:
        return None
    return session.pain_after - session.pain_before


def skin_changed(session: Session) -> bool:
    """Before the session or after it."""
    return SkinCheck.CHANGED in (session.skin_before, session.skin_check)


def color(session: Session, *, feeling: str) -> Color:
    """Red and amber need one sign each; green needs every answer that shows it.

    `feeling` is the episode's protective sensation: who can't feel a sore has to have looked.
    """
    if _is_red(session):
        return Color.RED
    if _is_amber(session):
        return Color.AMBER
    if session.stopped or missing(session, feeling=feeling):
        return Color.UNKNOWN
    return Color.GREEN


def _is_red(session: Session) -> bool:
    points = rise(session)
    return (
        (points is not None and points >= RISE_RED)
        or session.settled == Settled.NEXT_MORNING
        or skin_changed(session)
        or bool(session.falls)
        or bool(session.fall_injury)
        or bool(session.new_signs)
    )


def _is_amber(session: Session) -> bool:
    return was_a_bit_much(session) or bool(session.near_falls) or was_hard(session)


def was_a_bit_much(session: Session) -> bool:
    """For the nerve: pain rose or is severe, or it took long to settle (brief 3.1)."""
    points = rise(session)
    return (
        (points is not None and points > RISE_AMBER)
        or _hurts(session)
        or session.settled == Settled.BY_MORNING
    )


def _hurts(session: Session) -> bool:
    """Judged against the patient's own 'before': a steady 5 is steady, a fall from 8 is better.

    Without a 'before' the brief's absolute limit holds.
    """
    after, points = session.pain_after, rise(session)
    if after is None:
        return False
    return after >= PAIN_SEVERE or (after > PAIN_AMBER and (points is None or points > 0))


def is_better(session: Session) -> bool:
    """Less pain after the session than before it."""
    points = rise(session)
    return points is not None and points < 0


def was_hard(session: Session) -> bool:
    return session.effort is not None and session.effort >= HARD_EFFORT


class Missing(models.TextChoices):
    """An answer without which nobody can say that it went well; the label is the therapist's."""

    PAIN = "pain", _("pain not answered")
    SETTLED = "settled", _("not known how it settled")
    SKIN = "skin", _("skin not looked at")


def missing(session: Session, *, feeling: str) -> list[Missing]:
    """What green would need and nobody answered."""
    points = rise(session)
    known = {
        Missing.PAIN: points is not None,
        # Nothing rose, so there is nothing that had to settle.
        Missing.SETTLED: session.settled in (Settled.MINUTE, Settled.HALF_HOUR)
        or (points is not None and points <= 0 and session.settled != Settled.NOT_YET),
        Missing.SKIN: _skin_is_known(session, feeling),
    }
    return [one for one, is_known in known.items() if not is_known]


def _skin_is_known(session: Session, feeling: str) -> bool:
    """Looked at after the session; who feels all may leave it open, but not say 'did not look'."""
    if session.skin_check == SkinCheck.FINE:
        return True
    said = (session.skin_before, session.skin_check)
    return feeling == Sensation.INTACT and SkinCheck.NOT_DONE not in said


def reasons(session: Session, *, feeling: str) -> list[str]:
    """Why the color is what it is, for the therapist."""
    found = [gettext("stopped: something was wrong")] if session.stopped else []
    points = rise(session)
    if points is not None and points > RISE_AMBER:
        found.append(gettext("pain rose %(points)s points") % {"points": points})
    if _hurts(session):
        found.append(gettext("pain %(pain)s after") % {"pain": session.pain_after})
    if session.settled in (Settled.BY_MORNING, Settled.NEXT_MORNING):
        label = str(Settled(session.settled).label).lower()
        found.append(gettext("settled: %(when)s") % {"when": label})
    if skin_changed(session):
        found.append(gettext("skin changed"))
    if session.falls:
        words = ngettext("%(count)s fall", "%(count)s falls", session.falls)
        found.append(words % {"count": session.falls})
    if session.near_falls:
        words = ngettext("%(count)s near-fall", "%(count)s near-falls", session.near_falls)
        found.append(words % {"count": session.near_falls})
    if session.fall_injury:
        found.append(gettext("hurt in a fall"))
    if was_hard(session):
        found.append(gettext("effort %(effort)s") % {"effort": session.effort})
    found += [str(NewSign(sign).label).lower() for sign in session.new_signs or []]
    if color(session, feeling=feeling) is Color.UNKNOWN:
        found += [str(one.label) for one in missing(session, feeling=feeling)]
    return found


def worst_pain(session: SaysPain) -> int | None:
    known = [value for value in (session.pain_before, session.pain_after) if value is not None]
    return max(known, default=None)


def baseline(sessions_oldest_first: Sequence[SaysPain]) -> float | None:
    """Median worst pain of the first three sessions that say it; None with fewer than three."""
    known = [
        worst for session in sessions_oldest_first if (worst := worst_pain(session)) is not None
    ]
    if len(known) < BASELINE_LOGS:
        return None
    return median(known[:BASELINE_LOGS])
