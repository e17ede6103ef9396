import copy
import dataclasses

import pytest

from programs.measures.definition import Method
from programs.measures.scoring import scores, symptom_points
from tests.programs.measures.conftest import ENTRIES as STARTER
from tests.programs.measures.conftest import MEASURES, parse, value, values


@pytest.mark.parametrize("code", MEASURES)
@pytest.mark.parametrize("empty", [{}, "null"])
def test_nothing_answered_is_none_everywhere_and_never_0(code, empty):
    answers = {} if empty == {} else dict.fromkeys([i.key for i in MEASURES[code].items], None)
    found = scores(MEASURES[code], answers)
    assert found
    assert [score.value for score in found] == [None] * len(found)


@pytest.mark.parametrize("code", MEASURES)
def test_keys_are_unique_and_the_same_whatever_was_answered(code):
    keys = [score.key for score in scores(MEASURES[code], {})]
    assert len(keys) == len(set(keys))
    assert all(key.split(".")[0] == code for key in keys)


# One number in a range: both ends count, one step outside is no answer.
@pytest.mark.parametrize(
    ("code", "item", "key", "low", "high", "step"),
    [
        ("M1", "now", "M1.now", 0, 10, 1),
        ("M1", "average", "M1.average", 0, 10, 1),
        ("M1", "worst", "M1.worst", 0, 10, 1),
        ("M2", "numb", "M2.numb", 0, 10, 1),
        ("M2", "tingling", "M2.tingling", 0, 10, 1),
        ("M2", "burning", "M2.burning", 0, 10, 1),
        ("M2", "stabbing", "M2.stabbing", 0, 10, 1),
        ("M11", "home", "M11.home", 0, 10, 1),
        ("M11", "outside", "M11.outside", 0, 10, 1),
        ("M12", "effort", "M12", 0, 10, 1),
        ("M14", "change", "M14", -5, 5, 1),
        ("X1", "total", "X1", 0, 21.96, 0.01),
        ("X2", "total", "X2", 0, 80, 1),
        ("X3", "total", "X3", 0, 100, 0.5),
        ("X4", "total", "X4", 16, 64, 1),
        ("X5", "total", "X5", 0, 10, 0.5),
        ("X6", "total", "X6", 7, 28, 1),
    ],
)
def test_a_number_counts_from_its_lowest_to_its_highest(code, item, key, low, high, step):
    for inside in (low, low + step, high - step, high):
        assert values(code, {item: inside})[key] == inside
    for outside in (low - step, high + step):
        assert values(code, {item: outside})[key] is None


@pytest.mark.parametrize("answer", [True, False, "5", "", 2.5, float("nan"), float("inf"), [], {}])
def test_what_is_not_a_whole_number_is_no_answer_on_a_scale(answer):
    assert values("M2", {"numb": answer})["M2.numb"] is None


def test_m1_mean_needs_all_three():
    assert value("M1", {"now": 3, "average": 4, "worst": 6}) == 4.3
    assert value("M1", {"now": 0, "average": 0, "worst": 0}) == 0
    assert value("M1", {"now": 10, "average": 10, "worst": 10}) == 10
    assert value("M1", {"now": 3, "average": None, "worst": 6}) is None


def test_m2_keeps_an_empty_answer_empty():
    assert values("M2", {"numb": 0, "tingling": None, "burning": 10}) == {
        "M2.numb": 0,
        "M2.tingling": None,
        "M2.burning": 10,
        "M2.stabbing": None,
    }


GRID = {  # brief 4.2
    "occasional": {"none": 0, "mild": 1.00, "moderate": 2.00, "severe": 3.00},
    "frequent": {"none": 0, "mild": 1.33, "moderate": 2.33, "severe": 3.33},
    "almost_continuous": {"none": 0, "mild": 1.66, "moderate": 2.66, "severe": 3.66},
}
SYMPTOMS = ["stabbing", "burning", "tingling", "numbness"]


@pytest.mark.parametrize(("frequency", "row"), GRID.items())
def test_m3_points_follow_the_grid(frequency, row):
    for strength, points in row.items():
        answer = {"strength": strength, "frequency": frequency}
        assert symptom_points(MEASURES["M3"], answer) == points
        assert value("M3", dict.fromkeys(SYMPTOMS, answer)) == pytest.approx(4 * points)


def test_m3_none_needs_no_frequency_but_the_others_do():
    assert symptom_points(MEASURES["M3"], {"strength": "none", "frequency": None}) == 0
    assert symptom_points(MEASURES["M3"], {"strength": "mild", "frequency": None}) is None
    assert symptom_points(MEASURES["M3"], {"strength": None, "frequency": "frequent"}) is None
    assert symptom_points(MEASURES["M3"], {"strength": "awful", "frequency": "frequent"}) is None


def test_m3_sum_runs_from_0_to_14_64_and_needs_all_four():
    worst = {"strength": "severe", "frequency": "almost_continuous"}
    nothing = {"strength": "none", "frequency": None}
    assert values("M3", dict.fromkeys(SYMPTOMS, worst)) == {"M3": 14.64}
    assert values("M3", dict.fromkeys(SYMPTOMS, nothing)) == {"M3": 0}
    assert values("M3", dict.fromkeys(SYMPTOMS[:3], worst)) == {"M3": None}


def test_m4_is_the_mean_of_answered_activities():
    rows = [{"name": "walk", "score": 4}, {"name": "cook", "score": 7}, {"name": "x"}]
    assert values("M4", {"activities": rows})["M4"] == 5.5
    assert values("M4", {"activities": rows})["M4.walk"] == 4
    thirds = [{"name": "walk", "score": score} for score in (3, 4, 4)]
    assert value("M4", {"activities": thirds}) == 3.7
    assert value("M4", {"activities": [{"name": "walk", "score": None}]}) is None
    assert value("M4", {"activities": []}) is None
    assert value("M4", {"activities": [None, "walk"]}) is None
    assert value("M4", {"activities": [{"name": "walk", "score": 11}]}) is None
    for end in (0, 10):
        assert value("M4", {"activities": [{"name": "walk", "score": end}] * 5}) == end


@pytest.mark.parametrize(
    ("stands", "half_way", "arms", "score"),
    [
        (0, False, False, 0),
        (0, True, False, 1),
        (11, False, False, 11),
        (11, True, False, 12),
        (40, True, False, 41),
        (11, True, True, 0),
        (None, None, True, 0),
        (11, False, None, None),  # not "no"
        (11, None, False, None),
        (None, False, False, None),
        (-1, False, False, None),
        (11.5, False, False, None),
    ],
)
def test_m5_counts_over_half_way_and_arms_make_it_0(stands, half_way, arms, score):
    answers = {"stands": stands, "over_half_way": half_way, "arms_used": arms}
    assert value("M5", answers) == score


STAGES = ["side_by_side", "semi_tandem", "tandem", "one_leg"]


@pytest.mark.parametrize(
    ("seconds", "highest", "scored"),
    [
        ([10, 10, 10, 10], 4, [10, 10, 10, 10]),
        ([10, 10, 10, 9.9], 3, [10, 10, 10, 9.9]),
        ([10, 10, 9.9, None], 2, [10, 10, 9.9, None]),
        ([10, 0, None, None], 1, [10, 0, None, None]),
        ([0, None, None, None], 0, [0, None, None, None]),
        ([9.9, 10, 10, 10], 0, [9.9, None, None, None]),  # over at the first fail
        ([10, 10, 10, None], None, [10, 10, 10, None]),  # the test is not finished
        ([None, 10, 10, 10], None, [None, 10, 10, 10]),
        ([10, 10, 7, 10], 2, [10, 10, 7, None]),
        ([10.1, 10, 10, 10], None, [None, 10, 10, 10]),
        ([-0.1, None, None, None], None, [None, None, None, None]),
    ],
)
def test_m6_stops_at_the_first_fail(seconds, highest, scored):
    found = values("M6", dict(zip(STAGES, seconds, strict=True)))
    assert found["M6"] == highest
    assert [found[f"M6.{stage}"] for stage in STAGES] == scored


@pytest.mark.parametrize(
    ("seconds", "score"), [(2, 2), (11.9, 11.9), (12, 12), (1.9, None), (9999, None)]
)
def test_m7_is_the_seconds(seconds, score):
    assert value("M7", {"seconds": seconds}) == score


@pytest.mark.parametrize(
    ("tries", "best"),
    [
        ([44.9, 3, 2], 44.9),
        ([1, 45, 2], 45),
        ([1, 2, 46], 45),
        ([0, 0, 0], 0),
        ([None, 4.9, None], 4.9),
        ([None, None, None], None),
        ([-1, None, None], None),
    ],
)
@pytest.mark.parametrize(("side", "other"), [("right", "left"), ("left", "right")])
def test_m8_is_the_best_of_three_a_side_and_45_at_most(tries, best, side, other):
    answers = {f"{side}_{number}": held for number, held in enumerate(tries, start=1)}
    assert values("M8", answers) == {f"M8.{side}": best, f"M8.{other}": None}


M9 = [
    f"{side}_{site}" for side in ("right", "left") for site in ("big_toe", "first_met", "fifth_met")
]


@pytest.mark.parametrize(("correct", "felt"), [(0, 0), (1, 0), (2, 1), (3, 1), (4, None)])
def test_m9_a_site_is_felt_from_2_correct_of_3(correct, felt):
    assert values("M9", {"right_big_toe": correct})["M9.right_big_toe"] == felt


def test_m9_counts_sites_of_each_foot_and_of_both():
    assert value("M9", dict.fromkeys(M9, 2)) == 6
    assert value("M9", dict.fromkeys(M9, 1)) == 0
    one_lost = dict.fromkeys(M9, 3) | {"left_first_met": 1}
    found = values("M9", one_lost)
    assert (found["M9"], found["M9.right"], found["M9.left"]) == (5, 3, 2)
    found = values("M9", one_lost | {"left_big_toe": None})
    assert (found["M9"], found["M9.right"], found["M9.left"]) == (None, 3, None)


M10 = [f"{side}_toe_{toe}" for side in ("right", "left") for toe in (1, 3, 5)]


@pytest.mark.parametrize("missed", range(7))
def test_m10_counts_felt_toes_of_6(missed):
    answers = {key: index >= missed for index, key in enumerate(M10)}
    found = values("M10", answers)
    assert found["M10"] == 6 - missed
    assert found["M10.right"] == max(0, 3 - missed)


def test_m10_an_untested_toe_leaves_the_sum_open():
    found = values("M10", dict.fromkeys(M10, True) | {"left_toe_5": None})
    assert (found["M10"], found["M10.right"], found["M10.left"]) == (None, 3, None)
    assert values("M10", {"left_toe_5": 1})["M10.left_toe_5"] is None  # a number is no yes


def test_m13_counts_and_an_open_injury_is_not_no():
    assert values("M13", {"falls": 0, "near_falls": 3, "injury": None}) == {
        "M13.falls": 0,
        "M13.near_falls": 3,
        "M13.injury": None,
    }
    assert values("M13", {"injury": False})["M13.injury"] == 0
    assert values("M13", {"injury": True})["M13.injury"] == 1
    assert values("M13", {"falls": -1})["M13.falls"] is None


M15_SCORED = [number for number in range(1, 16) if number not in {4, 10}]


def m15(points, **changed):
    """Answers that score on the first `points` of the 13 scored items."""
    scoring = set(M15_SCORED[:points])
    said = {
        f"item_{number}": (number in scoring) is (number not in {7, 13}) for number in M15_SCORED
    }
    return said | changed


@pytest.mark.parametrize("points", range(14))
def test_m15_runs_from_0_to_13(points):
    assert value("M15", m15(points)) == points


def test_m15_items_7_and_13_score_on_no_and_4_and_10_never():
    assert value("M15", m15(0, item_7=False)) == 1
    assert value("M15", m15(0, item_13=False)) == 1
    assert value("M15", m15(0, item_1=True)) == 1
    assert value("M15", m15(0, item_4=True, item_10=True)) == 0
    assert value("M15", m15(0, item_4=False, item_10=None)) == 0


@pytest.mark.parametrize("number", M15_SCORED)
def test_m15_needs_every_scored_item(number):
    assert value("M15", m15(5, **{f"item_{number}": None})) is None


def test_a_sum_needs_all_of_its_items():
    entry = copy.deepcopy(STARTER["M2"])
    entry |= {"scoring": {"method": "sum"}, "maximum": 40}
    entry.pop("change")
    summed = parse(entry)
    assert summed.scoring.method is Method.SUM
    keys = [item.key for item in summed.items]
    for each, total in ((0, 0), (10, 40)):
        assert scores(summed, dict.fromkeys(keys, each))[0].value == total
    assert scores(summed, dict.fromkeys(keys[:3], 10))[0].value is None


def test_labels_and_directions_of_the_weekly_measures_stay():
    m2, m3, m4 = (scores(MEASURES[code], {}) for code in ("M2", "M3", "M4"))
    assert [score.label for score in m2] == ["Numb", "Tingling", "Burning", "Stabbing"]
    assert [(s.key, s.label, s.maximum, s.better) for s in m3] == [
        ("M3", "Four-symptom foot score (TSS-type)", 14.64, "lower")
    ]
    assert [(s.key, s.label, s.maximum, s.better) for s in m4] == [
        ("M4", "My activities", 10, "higher")
    ]


def test_each_line_has_bounds_of_its_own():
    found = {score.key: score for code in ("M9", "M13") for score in scores(MEASURES[code], {})}
    bounds = {key: (score.minimum, score.maximum) for key, score in found.items()}
    assert (bounds["M9"], bounds["M9.right"], bounds["M9.right_big_toe"]) == (
        (0, 6),
        (0, 3),
        (0, 1),
    )
    assert bounds["M13.injury"] == (0, 1)
    assert bounds["M13.falls"] == (0, 99)


def test_a_score_does_not_change_after_it_was_made():
    (score,) = scores(MEASURES["M7"], {"seconds": 9})
    with pytest.raises(dataclasses.FrozenInstanceError):
        score.value = 1
