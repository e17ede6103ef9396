"""What the rules of brief 3.1 suggest: move on, hold, go back, stop. The therapist decides.

Low to medium certainty, expert opinion shaped by trials; not validated for nerves.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from programs.course.response import Color
from programs.models.pause import Why
from programs.progress.evidence import Log, Tick, day_words
from programs.timing.week import WEEK

# Of brief 3.1, as pages say it.
SOURCE = "expert opinion shaped by trials, low to medium certainty"
LAST_WEEK = dt.timedelta(days=WEEK)
RED_WITHIN = 3  # sessions, as many as have to be green (brief 3.1)


class Step(StrEnum):
    STOP = "stop"
    REGRESS = "regress"
    HOLD = "hold"
    PROGRESS = "progress"
    FINISH = "finish"
    WAIT = "wait"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Step.STOP: "Stop nerve exercises and look at it",
    Step.REGRESS: "Go back one phase",
    Step.HOLD: "Hold this phase",
    Step.PROGRESS: "May move on",
    Step.FINISH: "The last phase is done",
    Step.WAIT: "Go on in this phase",
}


@dataclass(frozen=True)
class Suggestion:
    step: Step
    reason: str
    source: str = SOURCE


def suggest(log: Log, found: Sequence[Tick]) -> Suggestion:
    """The strictest rule that applies, with its reason."""
    if stop := _stop(log):
        return stop
    if back := _regress(log):
        return back if not log.is_first else _less(back)
    if hold := _hold(log):
        return hold
    if red := [one for one in log.in_phase[-RED_WITHIN:] if log.color(one) is Color.RED]:
        return Suggestion(Step.HOLD, f"Red on {day_words(red[-1].done_on)}: never progress.")
    return _progress(found, log.feeling_is_lost, is_last=log.is_last)


def _less(back: Suggestion) -> Suggestion:
    """There is no phase to go back to: the amber action of brief 3.1 instead."""
    return Suggestion(
        Step.HOLD,
        f"{back.reason} No phase comes before: 30 to 50 % less range or reps, no tension.",
    )


def _stop(log: Log) -> Suggestion | None:
    if log.in_phase and log.color(log.in_phase[-1]) is Color.RED:
        return Suggestion(Step.STOP, f"The last session ({_on(log)}) was red.")
    return None


def _regress(log: Log) -> Suggestion | None:
    worse = [
        session
        for session in log.in_phase
        if log.color(session) in (Color.AMBER, Color.RED)
        and session.done_on > log.today - LAST_WEEK
    ]
    if len(worse) >= 2:  # red is worse than amber, and counts with it
        said = " and ".join(
            f"{log.color(session).label.lower()} on {day_words(session.done_on)}"
            for session in worse[-2:]
        )
        return Suggestion(Step.REGRESS, f"Twice in 7 days: {said}.")
    if missed := _missed(log):
        return missed
    for pause in log.course.pauses:
        if pause.why == Why.ILLNESS and pause.last is not None and _recent(pause.last, log):
            return Suggestion(Step.REGRESS, f"Paused for illness until {day_words(pause.last)}.")
    return None


def _recent(last: dt.date, log: Log) -> bool:
    """Over, within the last 7 days, and in the present phase."""
    return max(log.since, log.today - LAST_WEEK) <= last < log.today


def _missed(log: Log) -> Suggestion | None:
    """More than a week of days on which something was due, and no log."""
    last = max([log.since, *(session.done_on for session in log.sessions)])
    days = [last + dt.timedelta(days=offset) for offset in range(1, (log.today - last).days)]
    if len([day for day in days if not log.course.pause_on(day)]) <= WEEK:
        return None
    if not any(log.course.sessions_due_on(day) for day in days):
        return None
    return Suggestion(Step.REGRESS, f"No log since {day_words(last)}: more than a week.")


def _hold(log: Log) -> Suggestion | None:
    if log.in_phase and log.color(log.in_phase[-1]) is Color.AMBER:
        return Suggestion(Step.HOLD, f"The last session ({_on(log)}) was amber.")
    return None


def _on(log: Log) -> str:
    return day_words(log.in_phase[-1].done_on)


def _progress(found: Sequence[Tick], feeling_is_lost: bool, *, is_last: bool) -> Suggestion:
    computed = [tick for tick in found if not tick.is_judgment]
    open_ones = [tick for tick in computed if not tick.met]
    if open_ones:
        return Suggestion(Step.WAIT, f"Not met yet: {'; '.join(one.words for one in open_ones)}.")
    if not computed:
        return Suggestion(Step.WAIT, "The gate of this phase is your judgment alone.")
    reason = "All that the log can answer is met. Change one thing at a time."
    if feeling_is_lost:
        reason += " Protective feeling is lost: colors can be falsely green; look at the skin."
    if is_last:
        return Suggestion(Step.FINISH, f"{reason} Measure again, then end it or go on otherwise.")
    return Suggestion(Step.PROGRESS, reason)
