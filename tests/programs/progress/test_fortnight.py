"""One color code: a day has the color of its answers, and rest is rest."""

import datetime as dt
from types import SimpleNamespace

import pytest

from programs.models import Session
from programs.progress.fortnight import State, fortnight

TODAY = dt.date(2026, 3, 15)
FELT = {"pain_before": 1, "pain_after": 1, "settled": "minute", "skin_check": "fine"}


def course(*due: int, first=TODAY - dt.timedelta(days=7), times=1):
    """Due `times` on each of these days ago."""
    days = {TODAY - dt.timedelta(days=ago) for ago in due}
    asked = SimpleNamespace(
        sessions_due_on=lambda day: times * (day in days),
        sessions_asked_on=lambda day: times * (day in days),
        holds_on=lambda day: day >= first,
    )
    return [asked]


def session(ago, *, done=True, **answers):
    one = Session(done_on=TODAY - dt.timedelta(days=ago), **answers)
    one.something_done = done
    return one


def state(ago, sessions=(), courses=(), feeling="intact"):
    found = fortnight(courses, sessions, feeling=feeling, today=TODAY)
    assert len(found.days) == 14
    return found.days[-1 - ago].state


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (FELT, State.GREEN),
        (FELT | {"pain_after": 8}, State.RED),
        (FELT | {"pain_after": 4}, State.AMBER),
        ({}, State.OPEN),
        (FELT | {"falls": 1}, State.RED),
    ],
)
def test_a_day_has_the_color_of_its_answers(answers, expected):
    assert state(3, [session(3, **answers)], course(3)) is expected
    assert state(3, [session(3, **answers)], course()) is expected  # on a day of rest, too


def test_the_worst_of_a_day_counts():
    assert state(1, [session(1, **FELT), session(1, **FELT, falls=1)], course(1)) is State.RED


def test_lost_feeling_is_green_only_when_somebody_looked():
    answers = FELT | {"skin_check": ""}
    assert state(1, [session(1, **answers)], course(1), feeling="lost") is State.OPEN
    assert state(1, [session(1, **FELT)], course(1), feeling="lost") is State.GREEN


def test_without_a_session():
    asked = course(1, 0, first=TODAY - dt.timedelta(days=5))
    assert state(1, courses=asked) is State.NO_LOG
    assert state(2, courses=asked) is State.REST
    assert state(6, courses=asked) is State.NO_PLAN
    assert state(0, courses=asked) is State.REST  # today is not over
    assert state(3) is State.NO_PLAN


def test_how_much_was_done_is_said_in_words_and_not_in_color():
    found = fortnight(course(1, times=2), [session(1, **FELT)], feeling="intact", today=TODAY)
    yesterday = found.days[-2]
    assert yesterday.state is State.GREEN
    assert yesterday.words == "green answers, 1 of 2 done"
    assert (found.adherence.done, found.adherence.due, found.without_log) == (1, 2, 0)


def test_days_without_a_log_are_unknown():
    found = fortnight(course(1, 2, 3), [], feeling="intact", today=TODAY)
    assert found.without_log == 3
    assert "no log" in found.days[-2].words
