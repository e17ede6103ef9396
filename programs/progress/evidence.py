"""The gate of a phase against the log: each condition with what was found.

The therapist decides; a condition that the log does not answer says so and is never ticked by it.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict
from uuid import UUID

from patients.models.episode import Sensation
from programs.course import response
from programs.course.adherence import adherence, done_by_day
from programs.course.course import Course
from programs.course.response import Color
from programs.models import CheckIn, PlanPhase, Session
from programs.models.session import Settled, SkinCheck, SomethingDone
from programs.notation import phase_gates
from programs.notation.phase_gates import Condition
from programs.progress import answered

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

Met = bool | None  # None: the log does not say

# 'Hold time met in 2 of 3 trials on 2 days with no hand or step' (brief 3.1).
HELD_SHARE = (2, 3)
HELD_DAYS = 2
SETTLED_MINUTES = {Settled.MINUTE: 1, Settled.HALF_HOUR: 30}


@dataclass(frozen=True)
class Tick:
    """One condition. `met` is None where it is the therapist's judgment or nothing is logged."""

    words: str
    met: Met
    evidence: str
    is_judgment: bool = False

    @property
    def as_json(self) -> dict[str, Any]:
        """As kept beside the therapist's decision."""
        return {"words": self.words, "met": self.met, "evidence": self.evidence}


class HeldAnswer(TypedDict):
    """Of how many of a prescription's sets the hold was met."""

    prescription: str
    held: int


class Logged(SomethingDone):
    """What `standing.sessions_of` reads with each session."""

    held: list[HeldAnswer]


if TYPE_CHECKING:
    LoggedSession = WithAnnotations[Session, Logged]


@dataclass(frozen=True)
class Log:
    """What is known about the present phase. `since` is its first day; sessions oldest first."""

    course: Course
    phase: PlanPhase
    since: dt.date
    today: dt.date
    sessions: "Sequence[LoggedSession]"
    check_ins: Sequence[CheckIn] = ()
    history: Sequence[Course] = ()

    @property
    def is_first(self) -> bool:
        return self.course.phases[0].pk == self.phase.pk

    @property
    def is_last(self) -> bool:
        return self.course.phases[-1].pk == self.phase.pk

    @property
    def in_phase(self) -> "list[LoggedSession]":
        return [session for session in self.sessions if session.done_on >= self.since]

    @property
    def feeling_is_lost(self) -> bool:
        return bool(self.course.plan.episode.sensation == Sensation.LOST)

    def color(self, session: Session) -> Color:
        return response.color(session, feeling=self.course.plan.episode.sensation)


def phase_since(courses: Sequence[Course], current: Course, today: dt.date) -> dt.date:
    """The day from which the patient has been in the present phase without a break.

    A new version of the same programs goes on in a phase, so the days before it count.
    """
    number = current.phase_on(today).number
    since: dt.date | None = None
    for course in courses:
        if course.first > today or course.last == course.first:
            continue  # begins later, or never held
        if not course.plan.is_made_like(current.plan):
            since = None
            continue
        numbers = {phase.pk: phase.number for phase in course.phases}
        for start in course.starts:
            if start.on > today:
                break
            if numbers.get(start.phase_id) != number:
                since = None
            elif since is None:
                since = start.on
    return since or current.first


def ticks(log: Log) -> list[Tick]:
    """One a condition of the phase's gate, in its order."""
    return [_tick(condition, log) for condition in log.phase.gate]


def _tick(condition: Condition, log: Log) -> Tick:
    words = phase_gates.say_one(condition)
    if phase_gates.is_judgment(condition):
        return Tick(words, None, "Your judgment.", is_judgment=True)
    met, evidence = _RULES[condition["kind"]](condition, log)
    return Tick(words, met, evidence)


def _sessions_done(condition: Condition, log: Log) -> tuple[Met, str]:
    days = int(condition["days"])
    last = log.today - dt.timedelta(days=1)
    first = last - dt.timedelta(days=days - 1)
    courses = log.history or [log.course]
    counted = adherence(courses, done_by_day(log.sessions), first=first, last=last)
    if counted.percent is None:
        return None, f"Nothing was due in the {days} days to yesterday."
    found = f"{counted.done} of {counted.due} sessions in the {days} days to yesterday"
    begun = min(course.first for course in courses)
    if begun > first:
        return False, f"{found}; only {(log.today - begun).days} days so far."
    met = 100 * counted.done >= condition["percent"] * counted.due
    return met, f"{found} ({counted.percent} %)."


def _last_green(condition: Condition, log: Log) -> tuple[Met, str]:
    count = int(condition["count"])
    last = log.in_phase[-count:]
    if not last:
        return None, "No session in this phase yet."
    colors = [log.color(session) for session in last]
    said = ", ".join(_answer(session, log) for session in last)
    if len(last) < count:
        return False, f"{len(last)} so far: {said}."
    return all(color is Color.GREEN for color in colors), f"{said[:1].upper()}{said[1:]}."


def _answer(session: Session, log: Log) -> str:
    """'yes', or 'no, 9 Nov amber'."""
    color = log.color(session)
    if color is Color.GREEN:
        return "yes"
    return f"no ({day_words(session.done_on)} {color.label.lower()})"


def day_words(day: dt.date) -> str:
    return f"{day.day} {day:%b}"


def _green_days(condition: Condition, log: Log) -> tuple[Met, str]:
    days = int(condition["days"])
    first = log.today - dt.timedelta(days=days - 1)
    recent = [session for session in log.in_phase if session.done_on >= first]
    if not recent:
        return None, f"No session in the last {days} days."
    others = [one for one in recent if log.color(one) is not Color.GREEN]
    if others:
        return False, f"{', '.join(_answer(session, log) for session in others)}."
    if log.since > first:
        return False, f"All {len(recent)} green, but only since {day_words(log.since)}."
    return True, f"All {len(recent)} sessions since {day_words(first)} were green."


def _hold_met(condition: Condition, log: Log) -> tuple[Met, str]:
    """Days on which it was held in at least 2 of 3 sets, at no less than this many seconds."""
    code, seconds = condition["exercise"], condition["seconds"]
    rows = {
        row.pk: row
        for course in (log.history or [log.course])
        for row in course.prescriptions
        if row.shown.code == code and row.hold_seconds >= seconds
    }
    if not rows:
        return None, f"No {code} with a hold of {seconds} s is prescribed."
    said, good = 0, set()
    for session in log.sessions:
        for answer in session.held:
            if row := rows.get(UUID(answer["prescription"])):
                said += 1
                if answer["held"] * HELD_SHARE[1] >= row.sets * HELD_SHARE[0]:
                    good.add(session.done_on)
    if not said:
        return None, "Not answered in any session yet: ask, or look at it."
    found = f"In 2 of 3 sets or more on {len(good)} day{'' if len(good) == 1 else 's'}"
    return len(good) >= HELD_DAYS, f"{found}; {HELD_DAYS} days are asked for."


def _settles(condition: Condition, log: Log) -> tuple[Met, str]:
    known = [one for one in log.in_phase[-3:] if one.settled and one.settled != Settled.NOT_YET]
    if not known:
        return None, "Not answered in the last sessions."
    slow = [
        one
        for one in known
        if SETTLED_MINUTES.get(Settled(one.settled), 1_000) > condition["minutes"]
    ]
    if slow:
        label = Settled(slow[-1].settled).label.lower()
        return False, f"{day_words(slow[-1].done_on)}: {label}."
    return True, f"In the last {len(known)} answer{'' if len(known) == 1 else 's'}."


def _no_falls(condition: Condition, log: Log) -> tuple[Met, str]:
    fell = [one for one in log.in_phase if one.falls or one.near_falls or one.fall_injury]
    if fell:
        return False, f"{', '.join(day_words(one.done_on) for one in fell[-3:])}."
    answered_ = [one for one in log.in_phase if one.falls is not None]
    if not answered_:
        return None, "Not answered in this phase yet."
    return True, f"None in {len(answered_)} answer{'' if len(answered_) == 1 else 's'}."


def _skin_intact(condition: Condition, log: Log) -> tuple[Met, str]:
    answers = {SkinCheck.FINE, SkinCheck.CHANGED}
    looked = [one for one in log.in_phase if answers & {one.skin_before, one.skin_check}]
    if not looked:
        return None, "The skin was not looked at in this phase yet."
    last = looked[-1]
    return not response.skin_changed(last), f"Last looked at {day_words(last.done_on)}."


def _measured(condition: Condition, log: Log) -> tuple[Met, str]:
    code, value = condition["measure"], condition["value"]
    relevant = [one for one in log.check_ins if code in one.versions]
    found = [
        (check_in, score.value)
        for check_in, scores in answered.scored(relevant)
        for score in scores
        if score.key == code and score.value is not None
    ]
    if not found:
        return None, f"{code} was not taken yet."
    check_in, score = found[-1]
    is_least = condition["kind"] == "measure_least"
    met = score >= value if is_least else score <= value
    return met, f"{score:g} on {day_words(check_in.answered_on)}."


_RULES: dict[str, Callable[[Condition, Log], tuple[Met, str]]] = {
    "sessions_done": _sessions_done,
    "last_green": _last_green,
    "green_days": _green_days,
    "hold_met": _hold_met,
    "settles": _settles,
    "no_falls": _no_falls,
    "skin_intact": _skin_intact,
    "measure_least": _measured,
    "measure_most": _measured,
}


def needs_check_ins(phase: PlanPhase) -> bool:
    return any(one["kind"].startswith("measure_") for one in phase.gate)
