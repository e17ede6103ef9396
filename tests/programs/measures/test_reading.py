import pytest

from programs.measures.reading import changes
from programs.measures.scoring import scores
from tests.programs.measures.conftest import MEASURES, levels, read
from tests.programs.measures.test_scoring import M9, M10, STAGES, SYMPTOMS, m15

CHAIR_STAND = {  # brief 4.3: men, women
    (60, 64): (14, 12),
    (65, 69): (12, 11),
    (70, 74): (12, 10),
    (75, 79): (11, 10),
    (80, 84): (10, 9),
    (85, 89): (8, 8),
    (90, 94): (7, 4),
}
ONE_LEG = {  # brief 4.4, eyes open
    (18, 39): 45.1,
    (40, 49): 42.1,
    (50, 59): 40.9,
    (60, 69): 32.1,
    (70, 79): 21.5,
    (80, 110): 9.4,
}


def stands(count):
    return {"stands": count, "over_half_way": False, "arms_used": False}


def both_legs(seconds):
    return {"right_1": seconds, "left_1": seconds}


@pytest.mark.parametrize(("ages", "cut_offs"), CHAIR_STAND.items())
def test_chair_stand_norms_at_every_edge(ages, cut_offs):
    for sex, cut_off in zip(("male", "female"), cut_offs, strict=True):
        for age in ages:
            assert levels("M5", stands(cut_off - 1), age=age, sex=sex) == ["below_average"]
            assert levels("M5", stands(cut_off), age=age, sex=sex) == ["average"]


@pytest.mark.parametrize("age", [0, 18, 59, 95, 110])
@pytest.mark.parametrize("sex", ["male", "female", None])
def test_chair_stand_has_no_norm_under_60_or_over_94(age, sex):
    (reading,) = read("M5", stands(3), age=age, sex=sex)
    assert reading.level == "note"
    assert "no norm" in reading.words


@pytest.mark.parametrize(
    ("age", "sex"), [(None, None), (None, "male"), (70, None), (87, None), (70, "")]
)
def test_chair_stand_without_age_or_sex_says_so_and_does_not_guess(age, sex):
    (reading,) = read("M5", stands(3), age=age, sex=sex)
    assert reading.level == "note"
    assert "needs age and sex" in reading.words


def test_chair_stand_names_its_source_and_whom_it_compares_with():
    (reading,) = read("M5", stands(9), age=72, sex="female")
    assert "women aged 70 to 74: cut-off 10" in reading.words
    assert (reading.source, reading.certainty) == ("steadi2017", "high")


@pytest.mark.parametrize(("ages", "mean"), ONE_LEG.items())
def test_one_leg_means_at_every_edge(ages, mean):
    reachable = min(mean, 45)  # the test ends at 45 s
    for age in ages:
        for sex in ("male", "female", None):
            assert levels("M8", both_legs(reachable), age=age, sex=sex) == ["average"] * 2
            below = levels("M8", both_legs(reachable - 0.1), age=age, sex=sex)
            assert below == ["below_average"] * 2


@pytest.mark.parametrize(
    ("seconds", "level"), [(44.9, "below_average"), (45, "average"), (46, "average")]
)
def test_one_leg_at_the_end_of_the_test(seconds, level):
    assert levels("M8", {"left_2": seconds}, age=18) == [level]


def test_one_leg_without_an_age_or_for_a_child():
    assert "needs age" in read("M8", both_legs(20))[0].words
    assert "no norm under 18" in read("M8", both_legs(20), age=17)[0].words


def test_one_leg_mean_is_not_called_a_pass_mark():
    for reading in read("M8", {"right_1": 10, "left_1": 40}, age=65):
        assert "not a pass mark" in reading.words


@pytest.mark.parametrize(("seconds", "at_risk"), [(4.9, True), (5, False), (0, True)])
def test_one_leg_under_5_s_on_either_side(seconds, at_risk):
    for answers in ({"right_1": seconds}, {"left_1": seconds, "right_1": 30}):
        assert ("risk" in levels("M8", answers, age=85)) is at_risk


@pytest.mark.parametrize(
    ("seconds", "at_risk"),
    [
        ([10, 10, 10, 0], False),
        ([10, 10, 10, None], False),
        ([10, 10, 9.9, None], True),
        ([10, 9, None, None], True),  # never reached tandem
        ([0, None, None, None], True),
        ([None, None, 9.9, None], True),
        ([10, 10, None, None], False),  # unknown is no risk
    ],
)
def test_tandem_under_10_s(seconds, at_risk):
    found = levels("M6", dict(zip(STAGES, seconds, strict=True)))
    assert found == (["risk"] if at_risk else [])


@pytest.mark.parametrize(("seconds", "found"), [(11.9, []), (12, ["risk"]), (12.1, ["risk"])])
def test_timed_up_and_go_from_12_s(seconds, found):
    assert levels("M7", {"seconds": seconds}) == found


def test_any_filament_site_lost():
    assert levels("M9", dict.fromkeys(M9, 2)) == []
    for site in M9:
        assert levels("M9", dict.fromkeys(M9, 3) | {site: 1}) == ["risk"]
        assert levels("M9", {site: 1}) == ["risk"]  # also when nothing else was tested


@pytest.mark.parametrize("missed", range(7))
def test_two_or_more_toes_missed(missed):
    answers = {key: index >= missed for index, key in enumerate(M10)}
    assert levels("M10", answers) == (["risk"] if missed >= 2 else [])
    only_missed = {key: said for key, said in answers.items() if not said}
    assert levels("M10", only_missed) == (["risk"] if missed >= 2 else [])


@pytest.mark.parametrize(
    ("points", "cut_offs"),
    [
        (0, []),
        (3, []),
        (4, ["newer"]),
        (6, ["newer"]),
        (7, ["classic", "newer"]),
        (13, ["classic", "newer"]),
    ],
)
def test_mnsi_cut_offs(points, cut_offs):
    found = read("M15", m15(points))
    assert [
        word for word in ("classic", "newer") if any(word in r.words for r in found)
    ] == cut_offs
    assert {reading.source for reading in found} <= {"herman2012"}


@pytest.mark.parametrize(
    ("answers", "count"),
    [
        ({"falls": 0, "near_falls": 0, "injury": False}, 0),
        ({"falls": 1}, 1),
        ({"near_falls": 1}, 1),
        ({"falls": 1, "near_falls": 2, "injury": True}, 3),
    ],
)
def test_any_fall_or_near_fall_counts(answers, count):
    assert levels("M13", answers) == ["risk"] * count


@pytest.mark.parametrize(
    ("code", "total", "level", "word"),
    [
        ("X4", 16, "note", "Low"),
        ("X4", 19, "note", "Low"),
        ("X4", 20, "note", "Moderate"),
        ("X4", 27, "note", "Moderate"),
        ("X4", 28, "risk", "High"),
        ("X4", 64, "risk", "High"),
        ("X6", 7, "note", "Low"),
        ("X6", 8, "note", "Low"),
        ("X6", 9, "note", "Moderate"),
        ("X6", 13, "note", "Moderate"),
        ("X6", 14, "risk", "High"),
        ("X6", 28, "risk", "High"),
        ("X3", 66.9, "risk", "Under 67"),
    ],
)
def test_bands_of_recorded_totals(code, total, level, word):
    (reading,) = read(code, {"total": total})
    assert reading.level == level
    assert reading.words.startswith(word)


def test_abc_of_67_is_no_risk():
    assert levels("X3", {"total": 67}) == []


def change(code, item, before, now):
    return [
        level for level in levels(code, {item: now}, before={item: before}) if "change" in level
    ]


BETTER, WORSE = ["change_better"], ["change_worse"]


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        (7, 5, BETTER),
        (7, 6, []),
        (10, 8, BETTER),  # 2 points, though only 20 %
        (3, 2, BETTER),  # 33 %, though only 1 point
        (4, 3, []),  # 25 % and 1 point
        (5, 7, WORSE),
        (0, 1, []),  # no percent of nothing
        (0, 2, WORSE),
        (5, 5, []),
    ],
)
def test_pain_changes_by_2_points_or_30_percent(before, now, found):
    assert change("M1", "now", before, now) == found


@pytest.mark.parametrize(
    ("before", "now", "size"), [(7, 5, "small"), (7, 4, "small"), (7, 3, "large"), (3, 2, None)]
)
def test_pain_change_names_its_size(before, now, size):
    (reading,) = read("M1", {"worst": now}, before={"worst": before})
    named = [word for word in ("small", "large") if f"a {word} change" in reading.words]
    assert named == ([size] if size else [])


@pytest.mark.parametrize(("before", "now", "found"), [(6, 4, BETTER), (6, 5, []), (4, 6, WORSE)])
def test_foot_feelings_by_2_points(before, now, found):
    assert change("M2", "numb", before, now) == found
    assert all(
        "not validated" in reading.words for reading in read("M2", {"numb": 1}, before={"numb": 9})
    )


def m3_changes(before, now):
    definition = MEASURES["M3"]
    (score,) = scores(definition, {})
    at = [[type(score)(score.key, score.label, one, 0, 14.64, "lower")] for one in (before, now)]
    return [(r.level, r.source) for r in changes(definition, at[1], at[0])]


RESPONDER = ("change_better", "ziegler2006")
KNOWN = "professional knowledge"


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        (10, 5, [RESPONDER, ("change_better", KNOWN)]),
        (10, 5.01, [("change_better", KNOWN)]),
        (10, 7, [("change_better", KNOWN)]),
        (10, 7.01, []),
        (10, 13, [("change_worse", KNOWN)]),
        (9, 14, [("change_worse", KNOWN)]),  # a rise of 50 % is no response
        (4, 2, [RESPONDER, ("change_better", KNOWN)]),
        (4, 2.01, []),  # 30 % alone is not enough from 4 or less
        (4.01, 2.8, [("change_better", KNOWN)]),
        (3, 5, [("change_worse", KNOWN)]),
        (2.66, 1.33, [RESPONDER]),
        (0, 1.99, []),
        (0, 2, [("change_worse", KNOWN)]),
    ],
)
def test_four_symptom_score_changes(before, now, found):
    assert m3_changes(before, now) == found


def test_four_symptom_score_from_answers():
    severe = {"strength": "severe", "frequency": "frequent"}
    mild = {"strength": "mild", "frequency": "frequent"}
    found = levels("M3", dict.fromkeys(SYMPTOMS, mild), before=dict.fromkeys(SYMPTOMS, severe))
    assert found == BETTER * 2


@pytest.mark.parametrize(
    ("before", "now", "found", "size"),
    [
        ([3, 3], [4, 4], [], ""),
        ([3, 4], [5, 5], [], ""),  # 1.5
        ([3, 3], [5, 5], BETTER, "small"),
        ([3, 3, 4], [5, 6, 6], [*BETTER, *BETTER], "medium"),  # 3.3 to 5.7; 3 of one
        ([6, 6], [4, 4], WORSE, "small"),
        ([6, 6], [4, 6], [], ""),
    ],
)
def test_activities_change_by_2_points(before, now, found, size):
    rows = [
        {"activities": [{"name": str(number), "score": one} for number, one in enumerate(scored)]}
        for scored in (before, now)
    ]
    readings = read("M4", rows[1], before=rows[0])
    assert [reading.level for reading in readings] == found
    assert not readings or f"a {size} change" in readings[0].words


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        ({"walk": 2}, {"knit": 9}, []),
        ({"walk": 2}, {"walk": 4, "knit": 9}, []),
        ({"walk": 2}, {"Walk ": 5}, BETTER),
        ({"walk": 2, "cook": 5}, {"cook": 2, "walk": 4}, WORSE),
        ({"walk": 2, "cook": 5}, {"walk": 4, "cook": 7, "knit": 0}, BETTER),  # the mean of both
    ],
)
def test_only_the_same_activities_are_compared(before, now, found):
    old, new = (
        {"activities": [{"name": name, "score": score} for name, score in one.items()]}
        for one in (before, now)
    )
    assert [reading.level for reading in read("M4", new, before=old)] == found


@pytest.mark.parametrize(
    ("before", "now", "found"), [(8, 11, []), (8, 12, BETTER), (12, 9, []), (12, 8, WORSE)]
)
def test_chair_stand_changes_by_more_than_its_error(before, now, found):
    readings = read("M5", stands(now), before=stands(before))
    assert [r.level for r in readings if r.level != "note"] == found


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        (11, 10, []),
        (11, 9.9, BETTER),
        (10, 11, []),
        (10, 11.1, WORSE),
        (8.3, 7.3, []),  # 1.0000000000000009 as floats
    ],
)
def test_timed_up_and_go_changes_by_more_than_its_error(before, now, found):
    assert change("M7", "seconds", before, now) == found


@pytest.mark.parametrize(
    ("answer", "found"),
    [(-5, WORSE), (-2, WORSE), (-1, []), (0, []), (1, []), (2, BETTER), (5, BETTER)],
)
def test_global_change_is_counted_from_no_change(answer, found):
    assert levels("M14", {"change": answer}) == found
    assert levels("M14", {"change": answer}, before={"change": 5}) == found


@pytest.mark.parametrize(
    ("before", "now", "found"), [(40, 48, []), (40, 49, BETTER), (40, 31, WORSE)]
)
def test_lefs_by_9_points(before, now, found):
    assert change("X2", "total", before, now) == found


@pytest.mark.parametrize("code", ["M9", "M10", "M15", "M6", "M8", "M11", "M12", "M13"])
def test_screens_and_unvalidated_scales_have_no_change_that_matters(code):
    assert MEASURES[code].change == ()


def test_no_change_without_an_answer_on_both_days():
    assert change("M1", "now", None, 3) == []
    assert change("M1", "now", 3, None) == []
    assert levels("M1", {"now": 3}) == []
