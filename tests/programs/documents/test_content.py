"""A program as a document: edits, faults with their place, differences."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.documents import content as documents
from programs.documents.content import ContentError, ProgramContent, RowContent
from programs.documents.diff import compare
from programs.notation import allowed, angle_limits, dosage_language
from programs.starter.loader import EXERCISE_FILES, read
from programs.timing.schedule import due_weekdays


def program(**changed):
    data = {
        "title": "Test",
        "phases": [
            {
                "title": "One",
                "weeks": 2,
                "gate": ["last 3 sessions green"],
                "exercises": [
                    {"exercise": "G01", "dosage": "2x10"},
                    {"exercise": "B01", "dosage": "2x8, 5 days a week"},
                    {"exercise": "G02", "dosage": "2x10"},
                ],
                "forms": [{"form": "weekly", "every_days": 7}],
            },
            {"title": "Two", "weeks": 3, "exercises": [{"exercise": "T01", "dosage": "1x8"}]},
        ],
    }
    return ProgramContent.from_json(data | changed)


ALLOWED = {row["code"]: row["allowed_dosage"] for name in EXERCISE_FILES for row in read(name)}
STARTERS = [
    ProgramContent.from_json({name: value for name, value in entry.items() if name != "code"})
    for entry in read("programs.yaml")
]


@pytest.mark.parametrize("content", STARTERS, ids=lambda content: content.title)
def test_a_starter_program_survives_being_written_and_read(content):
    assert ProgramContent.from_json(content.to_json()) == content
    assert compare(content, content) == []


def test_the_starters_come_in_full():
    assert [content.weeks for content in STARTERS] == [6, 4, 12, 8, 8, 12, 12]
    assert all(phase.gate and phase.exercises for one in STARTERS for phase in one.phases)
    assert STARTERS[2].caps == {"hip_max": 60, "knee_min": 10, "ankle_max": 5}
    first = STARTERS[0].phases[0].exercises
    assert {row.exercise for row in first if row.alternates} == {"G01", "G06", "B01", "B03"}


@pytest.mark.parametrize("content", STARTERS, ids=lambda one: one.title)
def test_the_starters_ask_for_no_more_than_4_a_day_on_days_that_are_allowed(content):
    """Brief 3.2 and 5: at most 4 exercises a day; each on as many days as it allows itself."""
    for phase in content.phases:
        due = Counter()
        seen = set()
        for row in phase.exercises:
            dosage = dosage_language.parse(row.dosage)
            low, high = allowed.parse(ALLOWED[row.exercise])["days_per_week"]
            assert low <= dosage["days_per_week"] <= high, (phase.title, row.exercise)
            if row.optional or row.alternates in seen:
                continue
            seen |= {row.alternates} - {None}
            due.update(due_weekdays(range(7), dosage["days_per_week"]))
        assert max(due.values()) <= 4, phase.title


def test_weeks_follow_one_another():
    content = program()
    assert (content.weeks, content.first_week(0), content.first_week(1)) == (5, 1, 3)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5)), max_size=12))
@settings(max_examples=100, deadline=None)
def test_moving_rows_never_loses_or_doubles_one(moves):
    content = program()
    codes = sorted(row.exercise for row in content.phases[0].exercises)
    for row, to in moves:
        content = documents.move_row(content, 0, row % 3, to)
        assert sorted(one.exercise for one in content.phases[0].exercises) == codes


@given(st.lists(st.integers(0, 2), max_size=10))
@settings(max_examples=100, deadline=None)
def test_a_choice_never_has_one_row_only(pairs):
    content = program()
    for row in pairs:
        content = documents.pair_with_above(content, 0, row)
        groups = [one.alternates for one in content.phases[0].exercises]
        assert all(groups.count(group) >= 2 for group in groups if group is not None)


def test_a_phase_is_copied_after_itself():
    content = documents.copy_phase(program(), 0)
    assert [phase.title for phase in content.phases] == ["One", "One (copy)", "Two"]
    assert content.phases[1].exercises == content.phases[0].exercises


def test_phases_move_and_go():
    content = documents.move_phase(program(), 0, 1)
    assert [phase.title for phase in content.phases] == ["Two", "One"]
    assert [phase.title for phase in documents.remove_phase(content, 0).phases] == ["One"]


def test_a_new_phase_takes_the_forms_of_the_one_before():
    one = documents.remove_phase(program(), 1)
    assert documents.add_phase(one).phases[1].forms == one.phases[0].forms


def test_an_exercise_is_in_a_phase_once():
    with pytest.raises(ContentError, match="G01 is in this phase already"):
        documents.add_row(program(), 0, RowContent("G01", "2x10"))


@pytest.mark.parametrize(
    ("data", "path", "words"),
    [
        ({"phases": []}, (), "title"),
        ({"title": " ", "phases": []}, ("title",), "not empty"),
        ({"title": "A", "phases": [], "extra": 1}, ("extra",), "not known"),
        ({"title": "A", "phases": {}}, ("phases",), "list"),
        ({"title": "A", "phases": [{"title": "B", "exercises": []}]}, ("phases", 0), "weeks"),
        (
            {"title": "A", "phases": [{"title": "B", "weeks": 0, "exercises": []}]},
            ("phases", 0, "weeks"),
            "1 to 52",
        ),
        (
            {
                "title": "A",
                "phases": [
                    {
                        "title": "B",
                        "weeks": 1,
                        "exercises": [{"exercise": "G01", "dosage": "lots"}],
                    }
                ],
            },
            ("phases", 0, "exercises", 0, "dosage"),
            "not understood",
        ),
        (
            {"title": "A", "phases": [{"title": "B", "weeks": 1, "exercises": [], "gate": [3]}]},
            ("phases", 0, "gate", 0),
            "attribute|condition",
        ),
        ({"title": "A", "phases": [], "caps": {"elbow_max": 3}}, ("caps", "elbow_max"), "limit"),
    ],
)
def test_a_fault_says_where_it_is(data, path, words):
    with pytest.raises(ContentError, match=words) as caught:
        ProgramContent.from_json(data)
    assert caught.value.path == path


def test_angle_limits_survive_being_said():
    for content in STARTERS:
        assert angle_limits.parse(angle_limits.say(content.caps)) == content.caps
    assert angle_limits.parse("") == {}


def test_what_changed_is_said_in_words():
    before = program()
    after = documents.change_row(before, 0, 0, dosage="3×10, once a day, every day")
    after = documents.move_row(after, 0, 2, 0)
    after = documents.remove_row(after, 0, 2)
    after = documents.change_phase(after, 1, weeks=4)
    assert compare(before, after) == [
        "Phase 1: B01 removed",
        "Phase 1: G01 2×10, once a day, every day → 3×10, once a day, every day",
        "Phase 1: order G01, B01, G02 → G02, G01",
        "Phase 2: 3 → 4 weeks",
    ]
