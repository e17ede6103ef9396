"""What changed, in a sentence: sized by the measure's own rule, with no cause and no promise."""

import datetime as dt

import pytest

from programs.measures.definition import Definition
from programs.models import CheckIn, Measure, ProgressFormVersion
from programs.progress import change_words, feet_over_time, series
from tests.programs.measures.conftest import MEASURES

START = dt.date(2026, 3, 2)
MEASURED = {(code, one.version): one for code, one in MEASURES.items()}


def chart(*values, label="Burning", key="M2.burning", better="lower"):
    rows = [(START + dt.timedelta(days=7 * week), (value,)) for week, value in enumerate(values)]
    return series._chart(label, [(key, label)], rows, maximum=10, better=better)


@pytest.fixture
def known(db):
    found = Measure.objects.get(code="M2")
    return {("M2", found.version): found.parsed}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((6, 4), "Burning: about 2 points less than in week 1."),
        ((6, None, 4), "Burning: about 2 points less than in week 1."),
        ((None, 6, 4), "Burning: about 2 points less than in week 2."),
        ((6, 5), "Burning: about the same as in week 1."),
        ((4, 6), "Burning: about 2 points more than in week 1. Talk about it with your therapist."),
        ((6,), ""),
    ],
)
def test_the_sentence(known, values, words):
    assert change_words.told(chart(*values), known, START).sentence == words


def test_more_of_what_is_better_high_is_no_worry(known):
    said = change_words.told(chart(4, 7, better="higher"), known, START).sentence
    assert said == "Burning: about 3 points more than in week 1."


def test_without_a_rule_the_numbers_stand_alone():
    told = change_words.told(chart(6, 2, label="At home", key="M11.home"), MEASURED, START)
    assert told.sentence == "At home: 6 in week 1, 2 now."
    assert told.band is None


@pytest.mark.parametrize("key", ["M9", "M15", "M13.falls", "M14", "X9"])
def test_screens_and_counts_say_nothing_of_change(key):
    told = change_words.told(chart(6, 2, key=key), MEASURED, START)
    assert (told.sentence, told.band) == ("", None)


@pytest.mark.parametrize(
    ("key", "values", "words"),
    [
        ("M5", (9, 13), "about 4 stands more than in week 1."),
        ("M5", (9, 12), "about the same as in week 1."),
        ("M7", (14, 13), "about the same as in week 1."),  # the error has to be passed
        ("M7", (14, 12.5), "about 1.5 seconds less than in week 1."),
        ("M3", (3, 4.6), "about the same as in week 1."),  # half of it is a rule for less only
        ("M3", (3, 1.5), "about 1.5 points less than in week 1."),
        ("M4.walk", (2, 4), "about the same as in week 1."),
        ("M4.walk", (2, 5), "about 3 points more than in week 1."),
    ],
)
def test_each_measure_has_its_own_size_and_unit(key, values, words):
    better = MEASURES[key.split(".")[0]].better
    told = change_words.told(chart(*values, label="It", key=key, better=better), MEASURED, START)
    assert told.sentence == f"It: {words}"


def test_the_band_lies_around_the_first_answer_and_within_the_picture(known):
    told = change_words.told(chart(9, 4), known, START)
    top, bottom = told.ticks[-1][1], told.ticks[0][1]
    per_point = (bottom - top) / 10
    assert told.band.y == pytest.approx(top)  # 11 is beyond the scale
    assert told.band.height == pytest.approx(3 * per_point)  # 10 down to 7


@pytest.mark.django_db
@pytest.mark.parametrize(("start", "least"), [(8, 2), (5, 1.5), (2, 0.6)])
def test_the_least_change_is_points_or_percent_whichever_is_smaller(start, least):
    definition: Definition = Measure.objects.get(code="M1").parsed
    assert definition.change[0].least(start) == pytest.approx(least)


def feet(*answers):
    part = {"kind": "foot_map", "name": "where", "text": "Where?"}
    form = ProgressFormVersion(content={"parts": [part]})
    return [
        CheckIn(form=form, answered_on=START + dt.timedelta(days=day),
                answers={"questions": {"where": answer}}, versions={})
        for day, answer in enumerate(answers)
    ]  # fmt: skip


def test_feet_first_and_last():
    (found,) = feet_over_time.load(feet(["L_sole_heel", "L_sole_toes"], None, ["L_sole_heel"]))
    assert [one.date.day for one in found.shown] == [2, 4]
    assert found.sentence == "2 places then, 1 place now."
    assert found.last.words == "Left heel"


def test_nowhere_is_an_answer_and_nothing_is_none():
    (found,) = feet_over_time.load(feet([]))
    assert (found.first.words, found.sentence) == ("nowhere", "")
    assert feet_over_time.load(feet(None, None)) == []
