"""The few lines that a patient sees: what the plan asks for, the worst of each first."""

import datetime as dt

from programs.measures.definition import ShownTo
from programs.measures.scoring import scores
from programs.models import CheckIn
from programs.progress import of_patient, series
from tests.programs.measures.conftest import MEASURES

KNOWN = {(code, one.version): one for code, one in MEASURES.items()}
START = dt.date(2026, 3, 2)


def charts(*answers):
    found = []
    for day, answer in enumerate(answers):
        versions = {code: MEASURES[code].version for code in answer}
        row = CheckIn(answered_on=START + dt.timedelta(days=day), answers=answer, versions=versions)
        found.append(
            (row, [one for code in answer for one in scores(MEASURES[code], answer[code])])
        )
    return series.check_in_charts(found, KNOWN, reader=ShownTo.PATIENT)


FEET = {"M2": {"numb": 3, "tingling": 8, "burning": 1, "stabbing": 0}}
DOING = {
    "M4": {"activities": [{"name": "walk", "score": 6}, {"name": "cook", "score": 2}]},
}
SCREENS = {
    "M9": {item.key: 1 for item in MEASURES["M9"].items},
    "M15": {"item_1": True},
    "M13": {"falls": 1},
    "M14": {"change": 2},
}


def titles(found, asked, room=4):
    return [one.title for one in of_patient.what_matters(found, asked, room=room)]


def test_screens_and_counts_are_no_lines():
    assert charts(SCREENS) == []


def test_the_worst_of_each_measure_comes_before_a_second_one():
    found = charts(FEET | DOING | SCREENS)
    assert titles(found, ["M4", "M2"]) == ["cook", "Tingling", "walk", "Numb"]
    assert titles(found, ["M2", "M4"], room=3) == ["Tingling", "cook", "Numb"]


def test_activities_have_no_mean_of_different_ones():
    (chart,) = charts(DOING, {"M4": {"activities": [{"name": "knit", "score": 9}]}})
    assert [line.label for line in chart.lines] == ["walk", "cook", "knit"]
