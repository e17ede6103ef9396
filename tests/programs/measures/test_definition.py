import copy
import dataclasses

import pytest

from programs.measures.definition import AnsweredBy, Definition, HowOften
from tests.programs.measures.conftest import ENTRIES, MEASURES, parse


def changed(code, path, value):
    """A starter entry with the field at `path` replaced."""
    entry = copy.deepcopy(ENTRIES[code])
    at = entry
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return entry


@pytest.mark.parametrize(
    ("code", "path", "bad", "message"),
    [
        ("M1", ["better"], "up", "M1 version 1: better: has to be higher or lower"),
        ("M1", ["answered_by"], "anyone", "M1 version 1: answered_by: has to be one of patient"),
        ("M1", ["how_often"], "daily", "M1 version 1: how_often: has to be one of"),
        ("M1", ["certainty"], "sure", "M1 version 1: certainty: has to be one of high"),
        ("M1", ["patient_title"], " ", "M1 version 1: patient_title: has to be words"),
        ("M1", ["items"], [], "M1 version 1: items: needs at least one"),
        ("M1", ["items"], {}, "M1 version 1: items: has to be a list"),
        ("M1", ["items", 0], "Pain", r"M1 version 1: items\[0\]: has to be a mapping"),
        ("M1", ["items", 1, "key"], "now", "M1 version 1: items: needs at least one, each with"),
        ("M1", ["items", 0, "label"], None, r"M1 version 1: items\[0\].label: has to be words"),
        ("M1", ["items", 0, "lable"], "x", r"items\[0\].lable: is not a field"),
        ("M1", ["each_item", "maximum"], True, r"items\[0\].maximum: has to be a number"),
        ("M1", ["each_item", "maximum"], float("nan"), r"items\[0\].maximum: has to be a number"),
        ("M1", ["each_item", "maximum"], 0, r"items\[0\].maximum: has to be over minimum"),
        ("M1", ["each_item", "maximum"], None, r"items\[0\]: needs minimum and maximum"),
        ("M1", ["each_item", "low"], "", r"items\[0\]: needs words at both ends"),
        ("M1", ["each_item", "answer"], "slider", r"items\[0\].answer: has to be one of scale"),
        ("M1", ["maximum"], 0, "M1 version 1: maximum: has to be over minimum"),
        ("M1", ["citations"], "farrar2001", "M1 version 1: citations: has to be a list of words"),
        ("M1", ["scoring"], None, "M1 version 1: scoring: is missing"),
        ("M1", ["scoring", "method"], "guess", "scoring.method: has to be one of each"),
        ("M1", ["scoring", "method"], "stages", "scoring.method: cannot score now, a scale"),
        ("M1", ["change", 0, "points"], "2", r"change\[0\].points: has to be a number"),
        ("M1", ["change", 0, "source"], "", r"change\[0\].source: has to be words"),
        ("M1", ["change", 0, "keys"], ["M1.then"], "reads a score that is not there: M1.then"),
        ("M1", ["change", 0, "only_better"], "yes", "only_better: has to be true or false"),
        ("M7", ["change", 0, "points"], None, r"change\[0\]: needs points or percent over 0"),
        ("M7", ["better"], "", "M7 version 3: change: needs a better direction"),
        ("M7", ["risks", 0, "count"], 2, r"risks\[0\].count: has to be from 1"),
        ("M7", ["risks", 0, "when", 0, "at_least"], None, r"when\[0\]: needs at_least or below"),
        ("M7", ["risks", 0, "when", 0, "key"], "M6", "reads a score that is not there: M6"),
        ("M3", ["each_item", "choices"], [], r"items\[0\].choices: is missing"),
        ("M3", ["each_item", "choices"], ["mild"], "choices: has to be a list of pairs"),
        ("M3", ["each_item", "choices"], [["mild", 1]], "choices: has to be a list of pairs"),
        ("M3", ["each_item", "frequencies"], [], r"items\[0\].frequencies: is missing"),
        ("M3", ["scoring", "grid", "frequent", "mild"], None, "grid.frequent.mild: has to be"),
        ("M3", ["scoring", "grid"], [], "scoring.grid: has to be a mapping"),
        ("M4", ["items", 0, "rows"], 0, r"items\[0\].rows: has to be 1 or more"),
        ("M4", ["items", 0, "rows"], 2.5, r"items\[0\].rows: has to be a whole number"),
        ("M5", ["items", 0, "key"], "rises", "scoring.method: needs the items arms_used"),
        ("M5", ["norms", "by_sex"], False, "norms.by_sex: has to be true"),
        ("M5", ["norms", "keys"], [], "norms: needs keys and bands"),
        ("M5", ["norms", "bands", 0, "male"], None, r"norms.bands\[0\]: needs everyone"),
        ("M5", ["norms", "bands", 0, "first"], "60", r"norms.bands\[0\].first: has to be a whole"),
        ("M8", ["items", 0, "side"], "both", r"items\[0\].side: has to be left or right"),
        ("M7", ["items", 0, "timer", "counts"], "on", r"items\[0\].timer.counts: has to be one of"),
        ("M7", ["items", 0, "timer", "seconds"], 0, r"items\[0\].timer.seconds: has to be over 0"),
        ("M7", ["items", 0, "timer", "seconds"], 301, r"items\[0\].timer: gives no answer of this"),
        ("M7", ["items", 0, "timer", "counts"], "down", r"timer: gives no answer of this kind"),
        ("M5", ["items", 0, "timer", "counts"], "up", r"timer: gives no answer of this kind"),
        ("M5", ["items", 1, "timer"], {"counts": "down", "seconds": 30}, "gives no answer of this"),
        ("M15", ["scoring", "reversed"], ["item_16"], "scoring.reversed: names an item"),
        ("X2", ["items", 0, "key"], "sum", "X2 version 1: items: of a measure that may not"),
    ],
)
def test_a_faulty_field_is_named_with_its_measure(code, path, bad, message):
    with pytest.raises(ValueError, match=message):
        parse(changed(code, path, bad))


@pytest.mark.parametrize(
    "name", ["items", "scoring", "answered_by", "certainty", "how_often", "instructions"]
)
def test_a_missing_field_is_named(name):
    entry = {key: value for key, value in ENTRIES["M2"].items() if key != name}
    with pytest.raises(ValueError, match=f"M2 version 1: {name}: "):
        parse(entry)


@pytest.mark.parametrize("data", [None, [], "text", 3])
def test_a_definition_is_a_mapping(data):
    with pytest.raises(ValueError, match="M9 version 2: definition: has to be a mapping"):
        Definition.from_json("M9", 2, "Filament", True, data)


def test_parsing_leaves_the_json_as_it_was():
    before = copy.deepcopy(ENTRIES)
    for entry in ENTRIES.values():
        parse(entry)
    assert before == ENTRIES


def test_a_definition_is_frozen_and_finds_its_items():
    m5 = MEASURES["M5"]
    assert m5.item("stands").unit == "stands"
    with pytest.raises(KeyError):
        m5.item("rises")
    with pytest.raises(dataclasses.FrozenInstanceError):
        m5.better = "lower"


@pytest.mark.parametrize("kind", [AnsweredBy, HowOften])
def test_everything_a_person_reads_has_words(kind):
    assert all(one.words for one in kind)
