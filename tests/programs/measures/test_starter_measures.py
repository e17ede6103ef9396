"""The starter measures against the numbers of the clinical brief, section 4."""

import json
import re
from pathlib import Path

import pytest
import yaml

from programs.measures.foot_sites import on_a_foot
from programs.measures.item import AnswerKind
from tests.programs.measures.conftest import ENTRIES, MEASURES

SOURCES = Path(__file__).parents[3] / "cms" / "starter" / "sources.yaml"
SHIPPED = [code for code, measure in MEASURES.items() if measure.shipped]

# code: items, lowest, highest, better, who may answer, how often, certainty
BRIEF = {
    "M1": (3, 0, 10, "lower", "patient", "every_session", "high"),
    "M2": (4, 0, 10, "lower", "patient", "weekly", "medium"),
    "M3": (4, 0, 14.64, "lower", "patient", "weekly", "medium"),
    "M4": (1, 0, 10, "higher", "patient", "weekly", "high"),
    "M5": (3, 0, None, "higher", "helper", "every_2_to_4_weeks", "high"),
    "M6": (4, 0, 4, "higher", "clinic", "every_2_to_4_weeks", "high"),
    "M7": (1, 0, None, "lower", "helper", "every_2_to_4_weeks", "high"),
    "M8": (6, 0, 45, "higher", "clinic", "every_2_to_4_weeks", "high"),
    "M9": (6, 0, 6, "higher", "clinic", "start_and_quarterly", "high"),
    "M10": (6, 0, 6, "higher", "helper", "start_and_quarterly", "high"),
    "M11": (2, 0, 10, "higher", "patient", "as_needed", "low"),
    "M12": (1, 0, 10, None, "patient", "every_session", "medium"),
    "M13": (3, 0, None, "lower", "patient", "every_session", "high"),
    "M14": (1, -5, 5, "higher", "patient", "as_needed", "medium"),
    "M15": (15, 0, 13, "lower", "patient", "start_and_quarterly", "high"),
    "X1": (1, 0, 21.96, "lower", "clinic", "as_needed", "medium"),
    "X2": (1, 0, 80, "higher", "clinic", "as_needed", "high"),
    "X3": (1, 0, 100, "higher", "clinic", "as_needed", "medium"),
    "X4": (1, 16, 64, "lower", "clinic", "as_needed", "high"),
    "X5": (1, 0, 10, None, "clinic", "as_needed", "high"),
    "X6": (1, 7, 28, "lower", "clinic", "as_needed", "high"),
}
# code: (points, percent, source, certainty) of each change that matters
CHANGES = {
    "M1": [(2, 30, "farrar2001", "high")],
    "M2": [(2, None, "professional knowledge", "medium")],
    "M3": [
        (None, 50, "ziegler2006", "high"),
        (None, 30, "professional knowledge", "medium"),
        (2, None, "professional knowledge", "medium"),
    ],
    "M4": [(2, None, "stratford1995", "high"), (3, None, "stratford1995", "high")],
    "M5": [(3.3, None, "alfonsorosa2014", "medium")],
    "M7": [(1.0, None, "alfonsorosa2014", "medium")],
    "M14": [(2, None, "professional knowledge", "medium")],
    "X2": [(9, None, "binkley1999", "high")],
}
SIZES = {
    "M1": (("small", 1.5), ("large", 3.5)),
    "M4": (("small", 1.3), ("medium", 2.3), ("large", 2.7)),
}
CITATIONS = {
    "M1": ("farrar2001", "abbott2014"),
    "M3": ("ziegler2006",),
    "M4": ("stratford1995", "abbott2014"),
    "M5": ("steadi2017", "alfonsorosa2014"),
    "M6": ("steadi2017",),
    "M7": ("steadi2017", "alfonsorosa2014"),
    "M8": ("springer2007",),
    "M10": ("rayman2011",),
    "M15": ("herman2012",),
    "X1": ("bastyr2005",),
    "X2": ("binkley1999", "abbott2014"),
    "X4": ("delbaere2010",),
    "X6": ("delbaere2010",),
}


def test_there_is_each_measure_once():
    assert list(MEASURES) == list(BRIEF)
    timed = {"M5", "M6", "M7", "M8"}
    changed = {"M4", "M11", "M13", "M15", "X1", "X3", "X4", "X6"}
    assert {code for code, measure in MEASURES.items() if measure.version == 3} == timed
    assert {code for code, measure in MEASURES.items() if measure.version == 2} == changed
    assert {code for code, measure in MEASURES.items() if measure.version == 1} == (
        set(MEASURES) - changed - timed
    )


def test_what_is_timed_stops_where_the_brief_ends_it():
    found = {
        code: {(one.timer.counts, one.timer.seconds) for one in measure.items if one.timer}
        for code, measure in MEASURES.items()
    }
    assert {code: timers for code, timers in found.items() if timers} == {
        "M5": {("down", 30)},
        "M6": {("up", 10)},
        "M7": {("up", 300)},
        "M8": {("up", 45)},
    }


@pytest.mark.parametrize("code", MEASURES)
def test_only_the_tests_of_feeling_are_on_a_foot(code):
    assert on_a_foot(MEASURES[code]) is (code in {"M9", "M10"})


@pytest.mark.parametrize(("code", "expected"), BRIEF.items())
def test_range_direction_who_and_when(code, expected):
    m = MEASURES[code]
    found = (len(m.items), m.minimum, m.maximum, m.better, m.answered_by, m.how_often, m.certainty)
    assert found == expected


@pytest.mark.parametrize("code", MEASURES)
def test_changes_that_matter(code):
    changes = MEASURES[code].change
    found = [(one.points, one.percent, one.source, one.certainty) for one in changes]
    assert found == CHANGES.get(code, [])
    assert [one.sizes for one in changes if one.sizes] == ([SIZES[code]] if code in SIZES else [])


@pytest.mark.parametrize("code", MEASURES)
def test_citations_are_the_briefs_and_are_in_the_library(code):
    known = {entry["key"] for entry in yaml.safe_load(SOURCES.read_text(encoding="utf-8"))}
    assert MEASURES[code].citations == CITATIONS.get(code, ())
    assert set(MEASURES[code].citations) <= known


@pytest.mark.parametrize("code", MEASURES)
def test_every_rule_names_where_it_is_from(code):
    measure = MEASURES[code]
    rules = [*measure.change, *measure.risks, *([measure.norms] if measure.norms else [])]
    elsewhere = {"professional knowledge", "IWGDF method, PMC7950904"}
    assert {rule.source for rule in rules} <= {*measure.citations, *elsewhere}


@pytest.mark.parametrize("code", ["M6", "M8"])
def test_what_may_never_be_done_alone_says_so(code):
    assert MEASURES[code].answered_by == "clinic"
    assert "Never do this alone" in MEASURES[code].instructions


def test_credit_is_given_where_it_is_owed():
    assert all("CDC STEADI" in MEASURES[code].credit for code in ("M5", "M6", "M7"))
    assert "PhenX" in MEASURES["M15"].credit


def test_sites_toes_and_tries_are_three_a_side():
    for code in ("M8", "M9", "M10"):
        assert [item.side for item in MEASURES[code].items] == ["right"] * 3 + ["left"] * 3


def test_mnsi_is_written_out_and_scores_as_published():
    labels = [item.label for item in MEASURES["M15"].items]
    assert len({*labels}) == 15
    assert all(label.endswith("?") for label in labels)
    assert "hot water from the cold" in MEASURES["M15"].item("item_7").label
    assert "sense your feet" in MEASURES["M15"].item("item_13").label
    assert MEASURES["M15"].scoring.reversed == ("item_7", "item_13")
    assert MEASURES["M15"].scoring.unscored == ("item_4", "item_10")


@pytest.mark.parametrize("code", ["M9", "M10", "M12", "M13", "M14", "M15", "M6"])
def test_screens_and_counts_are_no_changes(code):
    assert MEASURES[code].change_for == "nobody"


@pytest.mark.parametrize(("code", "units"), [("M5", "stands"), ("M7", "seconds"), ("M2", "points")])
def test_changes_that_a_patient_may_read_have_their_unit(code, units):
    assert MEASURES[code].change_for == "patient"
    assert MEASURES[code].units[1] == units


@pytest.mark.parametrize("code", [code for code in MEASURES if code not in SHIPPED])
def test_what_may_not_be_shipped_is_one_total(code):
    (item,) = MEASURES[code].items
    assert (item.key, item.label) == ("total", "Total")
    assert item.answer in {AnswerKind.NUMBER, AnswerKind.COUNT}


@pytest.mark.parametrize("code", MEASURES)
def test_a_definition_is_the_same_after_the_database_had_it(code):
    assert json.loads(json.dumps(ENTRIES[code])) == ENTRIES[code]


def patient_text(code):
    measure = MEASURES[code]
    lines = [measure.patient_title, measure.instructions]
    for item in measure.items:
        lines += [item.label, item.help, item.low, item.high]
    return [line.rstrip(".?:") + "." for line in lines if line]


def syllables(word):
    groups = len(re.findall(r"[aeiouy]+", word.lower().removesuffix("e")))
    return max(1, groups)


# The words of M15 are the instrument's own: nobody may make them easier.
@pytest.mark.parametrize("code", [code for code in SHIPPED if code != "M15"])
def test_what_a_patient_reads_is_at_grade_6_or_below(code):
    """Flesch-Kincaid grade, and sentences of at most 15 words (brief 7)."""
    sentences = [s for s in re.split(r"[.?!:]+\s*", " ".join(patient_text(code))) if s]
    words = [re.findall(r"[\w'-]+", sentence) for sentence in sentences]
    assert max(map(len, words)) <= 15
    flat = [word for sentence in words for word in sentence]
    per_sentence = len(flat) / len(sentences)
    grade = 0.39 * per_sentence + 11.8 * sum(map(syllables, flat)) / len(flat) - 15.59
    assert grade <= 6
