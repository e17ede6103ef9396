"""The 36 starter movements, as fixtures."""

import json
from pathlib import Path

import pytest

from programs.motion import Motion

EXERCISES = json.loads((Path(__file__).parent / "exercises.json").read_text())


def pytest_generate_tests(metafunc):
    for name, wanted in (("exercise", None), ("nerve_exercise", False), ("balance_exercise", True)):
        if name in metafunc.fixturenames:
            rows = [e for e in EXERCISES if wanted in (None, e["kind"] == "balance")]
            only = metafunc.definition.get_closest_marker("poses")
            if only:
                rows = [e for e in rows if e["motion"]["pose"] in only.args]
            metafunc.parametrize(name, rows, ids=[e["id"] for e in rows])


@pytest.fixture(scope="session")
def by_code():
    return {exercise["id"]: exercise for exercise in EXERCISES}


@pytest.fixture
def motion(request):
    """The movement of whichever exercise the test runs for."""
    for name in ("exercise", "nerve_exercise", "balance_exercise"):
        if name in request.fixturenames:
            return Motion.from_json(request.getfixturevalue(name)["motion"])
    raise LookupError("the test names no exercise")
