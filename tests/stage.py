"""Who and what many tests begin with, made once and kept on the stage.

A fixture that is `kept` is built in a savepoint above those it needs, and stays there for the
tests that come. Each test runs in a savepoint of its own on top and gets copies of the objects, so
it sees what it would see had everything been made for it alone. When a test asks for other
fixtures, the stage is rolled back as far as they differ: nobody stands there unasked.

Below all of it is one transaction, which the rest of the world does not see. Whoever needs rows
that are committed, or closes the connection, calls `stage.clear()` first.
"""

import copy
import datetime as dt
import functools
import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.db import transaction

Make = Callable[..., Any]


class Scene(NamedTuple):
    """What was built last, its savepoint, and all values up to it, as they were then."""

    make: Make
    savepoint: transaction.Atomic
    values: dict[str, Any]


class Stage:
    def __init__(self) -> None:
        self.known: list[Make] = []
        self.scenes: list[Scene] = []
        self.given: dict[str, Any] = {}
        self.day = dt.date.min
        self.blocker: Any = None  # pytest-django's, given when there is a database

    def set_up(self, wanted: set[Make]) -> None:
        """Have exactly `wanted` on the stage, in the order in which they are written down."""
        if self.day != dt.datetime.now(dt.UTC).date():  # "six weeks ago" moves at midnight
            self.clear()
            self.day = dt.datetime.now(dt.UTC).date()
        order: list[Make] = []
        for make in self.known:
            if make in wanted and set(needs(make)) <= {"db", *(one.__name__ for one in order)}:
                order.append(make)
        same = 0
        while same < min(len(order), len(self.scenes)) and self.scenes[same].make is order[same]:
            same += 1
        self.clear(down_to=same)
        for make in order[same:]:
            self._build(make)
        self.given = copy.deepcopy(self.scenes[-1].values) if self.scenes else {}

    def _build(self, make: Make) -> None:
        values = copy.deepcopy(self.scenes[-1].values) if self.scenes else {"db": None}
        savepoint = transaction.atomic()
        savepoint._from_testcase = True  # what insists on being outermost may run above it
        savepoint.__enter__()
        self.scenes.append(Scene(make, savepoint, values))
        try:
            values[make.__name__] = make(**{name: values[name] for name in needs(make)})
        except BaseException:
            self.clear()
            raise

    def clear(self, *, down_to: int = 0) -> None:
        self.given = {}
        while len(self.scenes) > down_to:
            with self.blocker.unblock():
                savepoint = self.scenes.pop().savepoint
                transaction.set_rollback(True)
                savepoint.__exit__(None, None, None)


stage = Stage()


def needs(make: Make) -> list[str]:
    return list(inspect.signature(make).parameters)


def kept(make: Make) -> Any:
    """A fixture that stays on the stage. It writes rows and needs only others that are kept."""
    stage.known.append(make)

    @functools.wraps(make)
    def give(**needed: Any) -> Any:
        if make.__name__ in stage.given:
            return stage.given[make.__name__]
        return make(**needed)

    give.kept = make
    return pytest.fixture(give)


def asked_for(request: pytest.FixtureRequest) -> set[Make]:
    """The kept fixtures that a test uses, also through others; none when it is `off_stage`."""
    if request.node.get_closest_marker("off_stage"):
        return set()
    fixtures = request.node._fixtureinfo.name2fixturedefs
    used = [fixtures[name][-1].func for name in request.fixturenames if name in fixtures]
    return {function.kept for function in used if hasattr(function, "kept")}
