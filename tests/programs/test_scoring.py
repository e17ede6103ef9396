import pytest

from programs.models import CheckIn
from programs.scoring import M3_GRID, scores, symptom_points


def check_in(answers):
    return CheckIn(answers=answers, versions=dict.fromkeys(answers, 1))


def by_key(answers):
    return {score.key: score.value for score in scores(check_in(answers))}


def test_m2_keeps_an_empty_answer_empty():
    assert by_key({"M2": {"numb": 0, "tingling": None, "burning": 10}}) == {
        "M2.numb": 0,
        "M2.tingling": None,
        "M2.burning": 10,
        "M2.stabbing": None,
    }


@pytest.mark.parametrize(("frequency", "row"), M3_GRID.items())
def test_m3_points_follow_the_grid(frequency, row):
    for strength, points in row.items():
        assert symptom_points({"strength": strength, "frequency": frequency}) == points


def test_m3_none_needs_no_frequency_but_the_others_do():
    assert symptom_points({"strength": "none", "frequency": None}) == 0
    assert symptom_points({"strength": "mild", "frequency": None}) is None


def test_m3_sum_runs_from_0_to_14_64_and_needs_all_four():
    worst = {"strength": "severe", "frequency": "almost_continuous"}
    nothing = {"strength": "none", "frequency": None}
    names = ["stabbing", "burning", "tingling", "numbness"]
    assert by_key({"M3": dict.fromkeys(names, worst)}) == {"M3": 14.64}
    assert by_key({"M3": dict.fromkeys(names, nothing)}) == {"M3": 0}
    assert by_key({"M3": dict.fromkeys(names[:3], worst)}) == {"M3": None}


def test_m4_is_the_mean_of_answered_activities():
    rows = [
        {"name": "walk", "score": 4},
        {"name": "cook", "score": 7},
        {"name": "x", "score": None},
    ]
    assert by_key({"M4": {"activities": rows}}) == {"M4": 5.5}
    assert by_key({"M4": {"activities": []}}) == {"M4": None}
