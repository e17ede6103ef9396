"""Which alerts a session raises, and what the patient is told at once (brief 5).

Thresholds are the brief's. Rules advise the therapist; the patient reads fixed stop text only.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise

from programs.alerts.rules import RULES, Advice
from programs.course import response
from programs.models.alert import Code, Severity
from programs.models.session import Hands, NewSign, Session, Settled

NEAR_FALLS_WINDOW = dt.timedelta(days=7)
NEAR_FALLS = 2
RISE_OVER_BASELINE = 2
WORST_PAIN = 10
LOW_GLUCOSE = 70  # mg/dL, 3.9 mmol/L (brief 5, A19)
BOTH_HANDS_FOR = dt.timedelta(days=14)


@dataclass(frozen=True)
class Raised:
    """An alert to store, and the words for the patient."""

    rule: Code
    severity: Severity
    message: str
    advice: str | Promise

    @classmethod
    def by(cls, code: Code, message: str) -> "Raised":
        """As the table of rules has it; `message` says what was found."""
        return cls(code, RULES[code].severity, message, RULES[code].advice)


SIGNS = {
    NewSign.STROKE: Raised.by(Code.A1, "Stroke signs ticked"),
    NewSign.SADDLE: Raised.by(
        Code.A2, "Saddle numbness, bladder or bowel trouble, or both legs weak"
    ),
    NewSign.COLD_FOOT: Raised.by(Code.A3, "Cold, pale or blue, suddenly painful foot"),
    NewSign.WEAKNESS: Raised.by(Code.A4, "New weakness, foot drop or tripping"),
    NewSign.DIZZY: Raised.by(Code.A8, "Dizzy or faint"),
    NewSign.CHEST: Raised.by(Code.A9, "Chest pain or breathless at rest"),
    NewSign.NUMB_AREA: Raised.by(Code.A13, "Numb area grew, moved up, or hands now"),
    NewSign.TENSE_LEG: Raised.by(Code.TENSE_LEG, "Tense, severely painful lower leg"),
    NewSign.CLIMBING: Raised.by(
        Code.CLIMBING, "Climbing weakness or numbness, swallowing or breathing trouble"
    ),
    NewSign.SUDDEN: Raised.by(Code.SUDDEN, "Sudden loss of sight or balance, or worst headache"),
    NewSign.CANT_MOVE: Raised.by(Code.A3, "A leg that can't be moved"),
    NewSign.CORD: Raised.by(Code.CORD, "Clumsy hands with trouble walking or a band feeling"),
    NewSign.HOT_FOOT: Raised.by(Code.A20, "Hot, red or swollen foot"),
    NewSign.INFECTION: Raised.by(Code.A5, "Fever, pus or spreading redness"),
    NewSign.CALF: Raised.by(Code.CALF, "One calf swollen and sore"),
    NewSign.AFTER_HURT: Raised.by(Code.INJURY, "Numb right after an injury"),
    NewSign.HIT_HEAD: Raised.by(Code.A6, "Fell and hit the head"),
    NewSign.NO_RISE: Raised.by(Code.A6, "Fell and could not rise"),
    NewSign.LOW_SUGAR: Raised.by(Code.A19, "Signs of low blood sugar"),
}
SKIN = Raised.by(Code.A5, "Skin changed: sore, blister, redness, heat, swelling or color")
INJURY = Raised.by(Code.A6, "Fall with an injury")
FALL = Raised.by(Code.A7, "Fall without injury")
NEXT_MORNING = Raised.by(Code.A12, "Still up the next morning")
# The question asks for both: who takes blood thinners is called at once.
INJURY_AND_BLEEDING = Raised(
    Code.A6,
    Severity.CRITICAL,
    "Fall with an injury or a hit head, on blood thinners",
    Advice.INJURY,
)
HEAD_AND_BLEEDING = Raised(
    Code.A6, Severity.CRITICAL, "Fell and hit the head, on blood thinners", Advice.EMERGENCY
)
STOPPED = Raised.by(Code.STOP, "Stopped the session: something was wrong")


_LOUD = {Severity.CRITICAL, Severity.URGENT, Severity.HIGH}


@dataclass(frozen=True)
class Before:
    """What is known when an answer comes in: earlier sessions oldest first, the baseline of pain,
    whether the patient takes blood thinners, and what of the session was held back.
    """

    sessions: Sequence[Session] = ()
    baseline: float | None = None
    bruises: bool = False
    did_held: Sequence[str] = ()


def raised_by(session: Session, before: Before) -> list[Raised]:
    """Alerts of a session, each rule once, worst first."""
    found = [
        *of_signs(session.new_signs or [], bruises=before.bruises),
        *_skin(session),
        *_falls(session, before),
        *_pain(session, before),
        *_effort(session, before.sessions),
        *_sugar(session),
        *_held(before.did_held),
    ]
    if session.stopped and not any(raised.severity in _LOUD for raised in found):
        found.append(STOPPED)
    return _once(found)


def of_signs(
    signs: Iterable[str], *, skin_changed: bool = False, bruises: bool = False
) -> list[Raised]:
    """Alerts of ticked signs alone, with or without a session."""
    found = [SIGNS[NewSign(sign)] for sign in signs]
    if skin_changed:
        found.append(SKIN)
    if bruises:
        found = [HEAD_AND_BLEEDING if one is SIGNS[NewSign.HIT_HEAD] else one for one in found]
    return _once(found)


def _once(found: Iterable[Raised]) -> list[Raised]:
    """Each rule once, with its worst; A8 is critical with signs of A1 or chest pain."""
    worst: dict[Code, Raised] = {}
    for raised in sorted(found, key=lambda one: one.severity.rank):
        known = worst.get(raised.rule)
        if known is None:
            worst[raised.rule] = raised
        elif raised.message not in known.message:
            worst[raised.rule] = replace(known, message=f"{known.message}; {raised.message}"[:200])
    if not worst.keys().isdisjoint({Code.A1, Code.A9}) and Code.A8 in worst:
        worst[Code.A8] = replace(
            worst[Code.A8], severity=Severity.CRITICAL, advice=Advice.EMERGENCY
        )
    return sorted(worst.values(), key=lambda raised: raised.severity.rank)


def _skin(session: Session) -> Iterable[Raised]:
    if response.skin_changed(session):
        yield SKIN


def _falls(session: Session, before: Before) -> Iterable[Raised]:
    if session.fall_injury:  # also where the number of falls was left empty
        yield INJURY if not before.bruises else INJURY_AND_BLEEDING
    elif session.falls:
        yield FALL
    elif session.near_falls and near_falls(session, before.sessions) >= NEAR_FALLS:
        yield Raised.by(Code.A7, "2 or more near-falls in 7 days")


def near_falls(session: Session, earlier: Sequence[Session]) -> int:
    """Of a session and those of the 7 days before it."""
    since = session.done_at - NEAR_FALLS_WINDOW
    recent = [other.near_falls or 0 for other in earlier if other.done_at > since]
    return (session.near_falls or 0) + sum(recent)


def _pain(session: Session, before: Before) -> Iterable[Raised]:
    points = response.rise(session)
    if points is not None and points >= response.RISE_RED:
        yield Raised.by(Code.A10, f"Pain rose {points} points")
    if session.settled == Settled.NEXT_MORNING:
        yield NEXT_MORNING
    if before.baseline is not None:
        limit = _limit(before.baseline)

        def is_high(one: Session) -> bool:
            worst = response.worst_pain(one)
            return limit is not None and worst is not None and worst >= limit

        if _begins(session, before.sessions, is_high):
            yield Raised.by(Code.A11, "2 points above baseline in 2 of 3 sessions")


def _limit(baseline: float) -> float | None:
    """From which worst pain counts: 2 points more, or the end of the scale where that comes first;
    None where nothing can be worse.
    """
    if baseline >= WORST_PAIN:
        return None
    return min(baseline + RISE_OVER_BASELINE, WORST_PAIN)


def _effort(session: Session, earlier: Sequence[Session]) -> Iterable[Raised]:
    if _begins(session, earlier, response.was_hard):
        yield Raised.by(Code.A17, "Effort 8 or more in 2 of 3 sessions")
    elif _holds_on_for_weeks(session, earlier):
        yield Raised.by(Code.A17, "Held on with both hands each time for 2 weeks")


def _begins(session: Session, earlier: Sequence[Session], is_so: Callable[[Session], bool]) -> bool:
    """In 2 of the last 3 sessions, this one among them, and not already before: once a spell."""
    return _twice([*earlier[-2:], session], is_so) and not (earlier and _twice(earlier[-3:], is_so))


def _twice(last_three: Sequence[Session], is_so: Callable[[Session], bool]) -> bool:
    return is_so(last_three[-1]) and sum(map(is_so, last_three)) >= 2


def _holds_on_for_weeks(session: Session, earlier: Sequence[Session]) -> bool:
    """Every answer for 2 weeks was 'both hands'; told in the session that completes them."""
    if session.hands != Hands.BOTH:
        return False
    run: list[Session] = []
    for other in reversed([one for one in earlier if one.hands]):
        if other.hands != Hands.BOTH:
            break
        run.append(other)
    if not run:
        return False
    begun = run[-1].done_at
    return session.done_at - begun >= BOTH_HANDS_FOR > run[0].done_at - begun


def _sugar(session: Session) -> Iterable[Raised]:
    if session.glucose is not None and session.glucose < LOW_GLUCOSE:
        yield Raised.by(Code.A19, f"Blood sugar {session.glucose} mg/dL")


def _held(codes: Sequence[str]) -> Iterable[Raised]:
    if codes:
        yield Raised.by(Code.HELD, f"Did what was held back: {', '.join(codes)}"[:200])


def of_falls(
    falls: float | None, near_falls: float | None, *, injury: bool, bruises: bool
) -> list[Raised]:
    """A form's count of falls (M13): the same rules as in a session."""
    if injury:
        return [INJURY_AND_BLEEDING if bruises else INJURY]
    if falls:
        return [FALL]
    if (near_falls or 0) >= NEAR_FALLS:
        return [Raised.by(Code.A7, f"{near_falls:g} near-falls since the last form")]
    return []
