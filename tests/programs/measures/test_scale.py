"""Norms and cut-offs as a picture: the same limits as the readings, for whoever it is."""

from itertools import pairwise

import pytest

from programs.measures.scale import EDGE, WIDTH, scale_of
from programs.measures.scoring import scores
from tests.programs.measures.conftest import MEASURES
from tests.programs.measures.test_reading import CHAIR_STAND, ONE_LEG, both_legs, stands


def drawn(code, answers=None, *, age=72, sex="female"):
    definition = MEASURES[code]
    return scale_of(definition, scores(definition, answers or {}), age=age, sex=sex)


def zones(*args, **known):
    return [(zone.words, zone.level) for zone in drawn(*args, **known).zones]


def where(*args, **known):
    return [(mark.label, mark.zone.words) for mark in drawn(*args, **known).marks]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("M5", [("under 10", "below_average"), ("10 or more", "average")]),
        ("M6", [("under 3", "risk"), ("3 or more", "")]),
        ("M7", [("under 12 s", ""), ("12 s or more", "risk")]),
        ("M8", [("under 5 s", "risk"), ("5 s or more", "")]),
        ("M9", [("under 6", "risk"), ("6", "")]),
        ("M10", [("under 5", "risk"), ("5 or more", "")]),
        ("M15", [("under 4", ""), ("4 to under 7", "risk"), ("7 or more", "risk")]),
        ("X3", [("under 67", "risk"), ("67 or more", "")]),
        ("X4", [("under 20", "note"), ("20 to under 28", "note"), ("28 or more", "risk")]),
    ],
)
def test_the_line_is_cut_at_each_limit_before_anything_is_measured(code, expected):
    assert zones(code) == expected
    assert drawn(code).marks == []


@pytest.mark.parametrize("code", ["M1", "M2", "M3", "M4", "M11", "M12", "M13", "M14", "X1", "X2"])
def test_where_nothing_is_a_limit_there_is_no_picture(code):
    assert drawn(code) is None


@pytest.mark.parametrize(("ages", "cut_offs"), CHAIR_STAND.items())
@pytest.mark.parametrize("sex", ["male", "female"])
def test_chair_stand_cut_offs_are_the_briefs(ages, cut_offs, sex):
    cut_off = dict(zip(("male", "female"), cut_offs, strict=True))[sex]
    for age in ages:
        picture = drawn("M5", stands(cut_off), age=age, sex=sex)
        assert [zone.words for zone in picture.zones] == [f"under {cut_off}", f"{cut_off} or more"]
        assert picture.marks[0].zone.level == "average"
    assert {one.source for zone in picture.zones for one in zone.sayings} == {"steadi2017"}


@pytest.mark.parametrize(("ages", "mean"), ONE_LEG.items())
def test_a_mean_is_a_line_and_no_pass_mark(ages, mean):
    for age in ages:
        average = drawn("M8", age=age).average
        assert average.value == mean
        assert "not a pass mark" in average.saying.words
        assert EDGE <= average.x <= WIDTH - EDGE


@pytest.mark.parametrize(
    ("age", "sex", "words"),
    [(59, "male", "no norm"), (95, "male", "no norm"), (72, "", "needs age and sex")],
)
def test_where_a_norm_says_nothing_the_picture_says_why(age, sex, words):
    picture = drawn("M5", stands(3), age=age, sex=sex)
    assert words in picture.notes[0].words
    assert [zone.level for zone in picture.zones] == [""]


@pytest.mark.parametrize(
    ("code", "answers", "found"),
    [
        ("M7", {"seconds": 11.99}, [("Timed Up & Go", "under 12 s")]),
        ("M7", {"seconds": 12}, [("Timed Up & Go", "12 s or more")]),
        ("M5", stands(9), [("30-second chair stand", "under 10")]),
        ("M5", stands(10), [("30-second chair stand", "10 or more")]),
        ("M9", {item.key: 3 for item in MEASURES["M9"].items}, [("10-g filament", "6")]),
        (
            "M8",
            {"right_1": 5, "left_1": 4.9},
            [("Right leg", "5 s or more"), ("Left leg", "under 5 s")],
        ),
    ],
)
def test_a_value_lies_in_the_zone_of_its_words(code, answers, found):
    assert where(code, answers) == found


@pytest.mark.parametrize("code", ["M5", "M6", "M7", "M8", "M9", "M10", "M15", "X3", "X4", "X6"])
def test_zones_fill_the_line_from_end_to_end(code):
    found = drawn(code).zones
    assert found[0].x == pytest.approx(EDGE)
    assert found[-1].x + found[-1].width == pytest.approx(WIDTH - EDGE)
    for one, following in pairwise(found):
        assert one.x + one.width == pytest.approx(following.x)


@pytest.mark.parametrize("seconds", [2, 11.9, 12, 59, 299])
def test_an_open_line_reaches_as_far_as_the_value(seconds):
    picture = drawn("M7", {"seconds": seconds})
    [mark] = picture.marks
    assert EDGE <= mark.x <= WIDTH - EDGE
    inside = mark.zone.x <= mark.x <= mark.zone.x + mark.zone.width
    assert inside


def test_every_stretch_names_its_source():
    for code in MEASURES:
        picture = drawn(code, both_legs(9) if code == "M8" else None)
        if picture:
            assert all(picture.sources)


def test_two_legs_share_a_line_in_rows_of_their_own():
    first, second = drawn("M8", {"right_1": 20, "left_1": 21}).marks
    assert first.y != second.y
