"""Programs as files: what is new, known or faulty, with the line."""

import json

import pytest
from django.core.exceptions import ValidationError

from programs.actions import imports
from programs.documents import portable
from programs.library.plain import EXERCISE_FIELDS
from programs.models import Exercise, Program

pytestmark = pytest.mark.django_db


def file_of(code, user):
    return portable.write(Program.objects.get(clinic=None, code=code), user)


@pytest.mark.parametrize("code", ["P1", "P2", "P3", "P4", "P5", "P6"])
def test_a_starter_program_is_known_where_it_comes_from(code, priya):
    found = portable.read(file_of(code, priya), priya)
    assert found.faults == []
    assert found.new == []
    assert found.content is not None


def test_an_exercise_that_differs_becomes_a_new_one_of_the_clinic(priya):
    data = json.loads(file_of("P1", priya))
    next(one for one in data["exercises"] if one["code"] == "G01")["cue"] = "Another cue."
    text = json.dumps(data)
    found = portable.read(text, priya)
    assert [exercise.code for exercise in found.new] == ["G01-2"]
    program = imports.import_program(text=text, by=priya)
    made = Exercise.objects.get(code="G01-2")
    assert (made.clinic, made.cue, made.is_public) == (priya.clinic, "Another cue.", False)
    rows = program.draft["phases"][0]["exercises"]
    assert rows[0]["exercise"] == "G01-2"
    assert Exercise.objects.get(clinic=None, code="G01").cue != "Another cue."


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"knee": 25', '"knee": 250', "knee: 250° is outside its range, 0° to 140°"),
        ('"certainty": "medium"', '"certainty": "sure"', "not a valid choice"),
        ('"kind": "glide"', '"kind": "glyde"', "not a valid choice"),
        ('"weeks": 2', '"weeks": "two"', "1 to 52 weeks"),
        ('"form": "weekly"', '"form": "hourly"', "no progress form “hourly”"),
        ('"percent"', '"per cent"', "not a gate's condition"),
    ],
)
def test_a_fault_is_named_with_its_line(priya, old, new, words):
    text = file_of("P4", priya)
    assert old in text
    faulty = text.replace(old, new, 1)
    line = next(n for n, row in enumerate(faulty.splitlines(), 1) if new in row)
    fault = portable.read(faulty, priya).faults[0]
    assert words in fault.words
    assert fault.line is not None
    assert abs(fault.line - line) <= 20  # an object's fault is named where the object begins


def test_a_position_that_the_movement_contradicts_is_refused_naming_both(priya):
    data = json.loads(file_of("P1", priya))
    standing = next(one for one in data["exercises"] if one["code"] == "B02")
    standing["pose"] = "sit"
    [fault] = portable.read(json.dumps(data, indent=1), priya).faults
    assert "position says sitting, but the movement is done standing" in fault.words
    assert fault.line is not None
    with pytest.raises(ValidationError, match="sitting"):
        imports.import_program(text=json.dumps(data), by=priya)
    assert not Exercise.objects.filter(clinic=priya.clinic).exists()


def test_what_a_program_excludes_travels_with_it(priya):
    data = json.loads(file_of("P5", priya))
    assert data["program"]["entry_excludes"] == ["foot_drop"]
    data["program"]["entry_excludes"] = ["foot_dorp"]
    [fault] = portable.read(json.dumps(data), priya).faults
    assert "“foot_dorp” is no condition here" in fault.words


def with_one_exercise(user):
    """P4 as data; of its exercises only the first comes along, the library knows the others."""
    data = json.loads(file_of("P4", user))
    data["exercises"] = data["exercises"][:1]
    assert portable.read(json.dumps(data), user).faults == []
    return data


WRONG = [[], {}, [3], 5, "x", True, 10**400]
PARTS = [*EXERCISE_FIELDS, "motion", "texts", "precaution_rules", "citations"]


@pytest.mark.parametrize("name", PARTS)
def test_a_value_of_another_kind_is_named_with_its_line(priya, name):
    data = with_one_exercise(priya)
    entry = data["exercises"][0]
    usual = int if entry[name] is None else type(entry[name])
    for wrong in WRONG:
        entry[name] = wrong
        found = portable.read(json.dumps(data, indent=1), priya)
        if type(wrong) is not usual or wrong == [3]:
            assert found.faults, wrong
        assert all(fault.line > 1 for fault in found.faults)


@pytest.mark.parametrize("wrong", ["35", [], {}, None, True, 10**400, float("inf")])
def test_an_angle_that_is_none_is_named_with_its_line(priya, wrong):
    data = with_one_exercise(priya)
    data["exercises"][0]["motion"]["A"]["knee"] = wrong
    text = json.dumps(data, indent=1)
    fault = portable.read(text, priya).faults[0]
    assert "knee" in fault.words
    assert '"motion"' in text.splitlines()[fault.line - 1]


OBJECTS = [
    ["exercises", 0, "motion", "A"],
    ["program", "caps"],
    ["program", "phases", 0],
    ["program", "phases", 0, "exercises", 0],
]


@pytest.mark.parametrize("where", OBJECTS)
@pytest.mark.parametrize("wrong", [[], "x", 5, None, True])
def test_what_is_no_object_is_named_with_its_line(priya, where, wrong):
    data = with_one_exercise(priya)
    place = data
    for step in where[:-1]:
        place = place[step]
    place[where[-1]] = wrong
    (fault, *_) = portable.read(json.dumps(data, indent=1), priya).faults
    assert fault.line > 1


def test_the_line_of_an_angle_is_exact_to_its_exercise(priya):
    text = file_of("P4", priya).replace('"knee": 25', '"knee": 250', 1)
    fault = portable.read(text, priya).faults[0]
    assert '"motion"' in text.splitlines()[fault.line - 1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Line 1: Expecting value"),
        ('{"a": 1,\n}', "Line 2"),
        ("[]", "not a program of Footing"),
        ("[" * 100_000, "nested too deeply"),
        ('["\\u0000"]', "NUL"),
        ('{"version": ' + "9" * 5_000 + "}", "digits"),
        (" " * (portable.LARGEST + 1), "too large"),
        ('{"format": "footing-program", "version": 2}', "only 1 is known"),
        ('{"format": "footing-program", "version": 1}', "needs a program"),
        (
            '{"format": "footing-program", "version": 1, "program": {}, "exercises": [3]}',
            "object with a code",
        ),
    ],
)
def test_what_is_no_program_is_refused(priya, text, words):
    assert words in str(portable.read(text, priya).faults[0])
    with pytest.raises(ValidationError):
        imports.import_program(text=text, by=priya)


def test_an_import_saves_all_or_nothing(priya, monkeypatch):
    data = json.loads(file_of("P1", priya))
    next(one for one in data["exercises"] if one["code"] == "G01")["cue"] = "Another cue."
    monkeypatch.setattr(imports.programs, "create", lambda **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        imports.import_program(text=json.dumps(data), by=priya)
    assert not Exercise.objects.filter(code="G01-2").exists()
