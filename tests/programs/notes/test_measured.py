"""What was measured, in sentences: what compares, and what is known of each score."""

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import pytest

from programs.measures.rules import Certainty
from programs.measures.scoring import scores
from programs.models import CheckIn
from programs.notes import measured
from tests.programs.measures.conftest import MEASURES


def answered(day, code, **answers):
    row = CheckIn(
        answered_on=dt.date(2026, 3, day),
        answers={code: answers},
        versions={code: MEASURES[code].version},
    )
    return row, scores(MEASURES[code], answers)


def lines(code, *answers, age_on=lambda _day: 70, sex="female"):
    """As of somebody whose age and sex are known."""
    patient = SimpleNamespace(age_on=age_on, sex=sex)
    known = SimpleNamespace(episode=SimpleNamespace(patient=patient))
    return list(map(str, measured._changed(MEASURES[code], list(answers), known)))


def test_of_each_score_what_is_known():
    full = {"numb": 6, "tingling": 5, "burning": 2, "stabbing": 1}
    found = lines(
        "M2", answered(1, "M2", numb=6), answered(8, "M2", **full), answered(15, "M2", numb=4)
    )
    assert found[0] == (
        "Numb: 6 of 10 on March 1, 2026, 4 of 10 on March 15, 2026. "
        "Better, a change that matters (medium certainty)."
    )
    assert found[1] == "Tingling: 5 of 10, March 8, 2026."


@pytest.mark.parametrize(
    ("first", "last", "mean"),
    [
        ({"walk": 2, "cook": 4}, {"walk": 6, "cook": 5}, "3 of 10 on March 1, 2026, 5.5 of 10"),
        ({"walk": 2, "cook": 4, "knit": 0}, {"walk": 6, "cook": 5}, "3 of 10 on March 1, 2026"),
        ({"walk": 2, "cook": 4}, {"walk": 6, "knit": 9}, ""),
    ],
)  # fmt: skip
def test_means_of_the_same_activities_only(first, last, mean):
    def named(scored):
        return [{"name": name, "score": score} for name, score in scored.items()]

    found = lines(
        "M4",
        answered(1, "M4", activities=named(first)),
        answered(8, "M4", activities=named(last)),
    )
    whole = [line for line in found if line.startswith(MEASURES["M4"].title)]
    assert [mean in line for line in whole] == [True] * bool(mean)
    assert any(line.startswith("walk: 2 of 10 on March 1, 2026, 6 of 10") for line in found)
    assert any(line.startswith(("cook:", "knit:")) for line in found)


def test_worse_and_about_the_same():
    def stands(count):
        return {"stands": count, "over_half_way": False, "arms_used": False}

    first = answered(1, "M5", **stands(12))
    assert "Worse, a change that matters (medium certainty)." in lines(
        "M5", first, answered(8, "M5", **stands(8))
    )[0]  # fmt: skip
    [same] = lines("M5", first, answered(8, "M5", **stands(11)))
    assert same.endswith("No change that matters (medium certainty).")


def test_one_answer_is_held_against_the_norm_with_its_certainty():
    answers = {"stands": 8, "over_half_way": False, "arms_used": False}
    [found] = lines("M5", answered(1, "M5", **answers))
    assert found.startswith("30-second chair stand: 8, March 1, 2026. Under the cut-off")
    assert "(women aged 70 to 74: cut-off " in found
    assert found.endswith("; high certainty.")
    [unknown] = lines("M5", answered(1, "M5", **answers), sex="")
    assert "The norm needs age and sex, and not all of it is known" in unknown


def test_the_norm_is_that_of_the_age_on_the_day_of_the_answers():
    def age_on(day):
        return 69 if day < dt.date(2026, 3, 2) else 70

    answers = {"stands": 8, "over_half_way": False, "arms_used": False}
    [found] = lines("M5", answered(1, "M5", **answers), age_on=age_on)
    assert "(women aged 65 to 69: cut-off " in found


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (6.0, "No change that matters (medium certainty)."),
        (2.0, "No change that matters (medium certainty)."),
        (None, "None"),
    ],
)
def test_the_certainty_is_that_of_the_rules_that_decide(start, words):
    score = SimpleNamespace(key="M3")
    assert str(measured._judged(MEASURES["M3"], score, start, None)) == words


def test_rules_for_another_start_say_nothing():
    only_high = replace(MEASURES["M3"], change=MEASURES["M3"].change[:2])  # a fall; from over 4
    assert measured._judged(only_high, SimpleNamespace(key="M3"), 3.0, None) is None


def test_of_several_rules_the_lowest_certainty_is_said():
    medium = MEASURES["M3"].change[1]
    both = (medium, replace(medium, certainty=Certainty.LOW))
    told = measured._judged(
        replace(MEASURES["M3"], change=both), SimpleNamespace(key="M3"), 6, None
    )
    assert str(told) == "No change that matters (low certainty)."


def test_a_screen_is_no_change_and_its_risk_is_said():
    found = lines("M9", answered(1, "M9", right_big_toe=0))
    assert any("loss of protective sensation" in line for line in found)
    assert not any("change that matters" in line for line in found)
