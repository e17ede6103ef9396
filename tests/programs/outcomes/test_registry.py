"""Rows for a registry: what is told, what is made coarser, what is left out."""

import random
from dataclasses import fields, replace

import pytest

from programs.outcomes import registry
from programs.outcomes.ended import Courses
from programs.outcomes.periods import Period
from tests.programs.outcomes.test_figures import PAIN, YEAR, course

CHANCE = random.Random(3)


def made(*every, lines=(PAIN,)):
    return registry.file_of(Courses(list(every), list(lines)), YEAR, random.Random(3))


def times(number, **told):
    return [replace(course(change=-3), **told) for _ in range(number)]


@pytest.mark.parametrize(
    ("age", "band", "wide"),
    [(17, "under 20", "under 50"), (20, "20-29", "under 50"), (49, "40-49", "under 50"),
     (50, "50-59", "50-69"), (69, "60-69", "50-69"), (70, "70-79", "70+"), (89, "80-89", "70+"),
     (90, "90+", "70+"), (104, "90+", "70+")],
)  # fmt: skip
def test_ages_are_told_in_bands_and_over_89_as_one(age, band, wide):
    assert (registry.age_in_tens(age), registry.age_in_three(age)) == (band, wide)


def test_eleven_people_make_a_file_and_ten_do_not():
    assert len(made(*times(11)).rows) == 11
    with pytest.raises(registry.TooFewError):
        made(*times(10))


def test_ten_people_twice_are_ten():
    ten = times(10)
    with pytest.raises(registry.TooFewError):
        made(*ten, *ten)


def test_a_quarter_is_a_date_and_refused():
    with pytest.raises(ValueError, match="date"):
        registry.file_of(Courses(times(20), [PAIN]), Period(2025, 2), CHANCE)


def test_who_has_asked_to_be_erased_is_not_in_it():
    file = made(*times(12), *times(3, wants_erasing=True))
    assert len(file.rows) == 12
    assert file.left_out == 0


def test_what_fewer_than_five_share_is_made_coarser_step_by_step():
    file = made(
        *times(20),  # 60-69, female, diabetes
        *times(3, age=52), *times(2, age=65, cause="back"), *times(3, age=55, cause="back"),
        *times(4, age=75, cause="stroke"), *times(2, age=75, cause="alcohol"),
        *times(4, age=30, sex="male"), *times(3, age=30, sex=""),
        *times(1, age=95, sex="male"),
    )  # fmt: skip
    told = sorted({row.told for row in file.rows})
    assert told == [
        ("50-69", "female", "back"),  # 2 and 3 of two bands
        ("60-69", "female", "diabetes"),
        ("70+", "female", ""),  # 4 and 2 of two causes
        ("under 50", "", ""),  # 4 and 3, of whom sex is told no more
    ]
    # Left out: three of 50 to 59 with diabetes, whom only those share who are told more finely,
    # and one of 95.
    assert (file.coarser, file.left_out) == (5 + 6 + 7, 4)


def test_each_group_that_is_told_has_five_people():
    dice = random.Random(1)
    every = [
        replace(
            course(), age=dice.randint(18, 99), sex=dice.choice(["female", "male", ""]),
            cause=dice.choice(["diabetes", "back", "stroke", "alcohol"]),
        )
        for _ in range(150)
    ]  # fmt: skip
    file = made(*every)
    groups = {}
    for row in file.rows:
        groups.setdefault(row.told, set()).add(row.one.patient)
    assert min(map(len, groups.values())) >= registry.ALIKE
    assert len(file.rows) + file.left_out == 150


def test_order_and_numbers_are_chance():
    every = times(40)
    one, other = (
        registry.file_of(Courses(every, [PAIN]), YEAR, random.Random(seed)) for seed in (1, 2)
    )
    assert [row.one.patient for row in one.rows] != [row.one.patient for row in other.rows]
    numbers = [{cells[0] for cells in file.cells(random.Random(seed))}
               for file, seed in ((one, 3), (other, 4))]  # fmt: skip
    assert not numbers[0] & numbers[1]
    assert len(numbers[0]) == 40


def test_a_row_in_full():
    file = made(*times(11))
    assert file.headings == [
        "row", "year", "age", "sex", "cause", "side", "program", "weeks_in_care", "adherence",
        "dropped_out", "outcome", "M1_first", "M1_last",
    ]  # fmt: skip
    assert file.cells(CHANCE)[0][1:] == [
        "2025", "60-69", "female", "diabetes", "both", "P1", "4", "good", "no", "goals_met", "8",
        "5",
    ]  # fmt: skip


def test_no_field_of_a_course_is_told_without_being_meant():
    """A new field of `Ended` has to be decided on here."""
    from programs.outcomes.ended import Ended

    assert {field.name for field in fields(Ended)} == {
        "patient", "quarter", "made", "age", "sex", "cause", "side", "outcome", "weeks", "due",
        "done", "band", "has_dropped_out", "wants_erasing", "answers",
    }  # fmt: skip
