"""A line is judged as the patient gets it: the library, one with a range, or the frozen copy."""

import pytest

from programs.safety import lines
from programs.safety.situation import Situation

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged(monkeypatch):
    """Of each line: whether what the patient gets differs from the library, and is frozen."""
    seen = []

    def look(exercise, situation, *, kept=None, is_frozen=False):
        seen.append((kept is not None, is_frozen))
        return []

    monkeypatch.setattr(lines.gates, "exercise_findings", look)
    return seen


def test_a_draft_is_judged_by_the_library_unless_it_has_a_range(draft, judged):
    row = draft.prescriptions.select_related("exercise", "plan").first()
    lines.line_findings(row, Situation.of(draft))
    row.angle_limits = {"hip_max": 40}
    lines.line_findings(row, Situation.of(draft))
    assert judged == [(False, False), (True, False)]


def test_a_plan_is_judged_by_its_copy(plan, judged):
    row = plan.prescriptions.select_related("exercise", "plan").first()
    lines.line_findings(row, Situation.of(plan))
    assert judged == [(True, True)]
