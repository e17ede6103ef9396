"""People in a spreadsheet: what is understood, what is refused, who is known already."""

import datetime as dt

import pytest

from patients.incoming import MOST, Row, UnreadableError, look, read_csv
from patients.models import Patient

pytestmark = pytest.mark.django_db
HEAD = "Last name,First name,Birth date,Email,Phone,Record number,Sex,Gender,Language"


def rows(ana, *lines, head=HEAD):
    return read_csv("\n".join([head, *lines]), ana.clinic)


def test_a_line_is_a_person(ana):
    (row,), unknown = rows(ana, "Okafor,Jane,1950-02-03,jane@home.test,555-0101,R-9,F,Other,es")
    assert row.faults == []
    assert unknown == []
    assert row.said == {
        "last_name": "Okafor", "first_name": "Jane", "birth_date": dt.date(1950, 2, 3),
        "email": "jane@home.test", "phone": "555-0101", "record_number": "R-9", "sex": "female",
        "gender": "other", "language": "es",
    }  # fmt: skip


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_headings_are_forgiving_and_what_is_not_understood_is_said(ana, between):
    head = between.join(["FIRST NAME", "last_name", "BirthDate", "Shoe size", ""])
    (row,), unknown = rows(ana, between.join(["Jane", "Okafor", "1950-02-03", "44", ""]), head=head)
    assert row.said["last_name"] == "Okafor"
    assert unknown == ["Shoe size"]


def test_what_footing_exported_is_read_again(ana):
    (row,), _ = rows(ana, "'=Okafor,Jane,1950-02-03,jane@home.test,,,,,")
    assert row.said["last_name"] == "=Okafor"


def test_an_apostrophe_that_belongs_to_a_name_stays(ana):
    (row,), _ = rows(ana, "'t Hooft,Jane,1950-02-03,jane@home.test,,,,,")
    assert row.said["last_name"] == "'t Hooft"


def test_a_quotation_mark_that_is_not_closed_is_no_person(ana):
    lines = ['Okafor,"Jane,1950-02-03,jane@home.test,,,,,', "Reyes,Tom,1950-02-03,t@home.test,,,,,"]
    found, _ = rows(ana, *lines)
    assert all(row.faults for row in found)
    with pytest.raises(UnreadableError, match="quotation mark"):
        rows(ana, lines[0], *["x" * 90] * 2_000)


def test_a_line_with_more_cells_than_headings_is_said(ana):
    (row,), _ = rows(ana, "Okafor,Jane,1950-02-03,jane@home.test,,,,,,,one more")
    assert row.faults == ["This line has more cells than the first one."]


def test_a_date_with_strokes_is_american_in_the_united_states_only(ana):
    line = "Okafor,Jane,3/4/1950,jane@home.test,,,,,"
    assert "not understood" in rows(ana, line)[0][0].faults[0]
    ana.clinic.country = "US"
    assert rows(ana, line)[0][0].said["birth_date"] == dt.date(1950, 3, 4)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Okafor,Jane,,j@home.test,,,,,", "Birth date is missing"),
        ("Okafor,,1950-02-03,j@home.test,,,,,", "First name is missing"),
        ("Okafor,Jane,1950-02-30,j@home.test,,,,,", "“1950-02-30” is not understood"),
        ("Okafor,Jane,1950-02-03,j@home.test,,,x,,", "“x” is none of Female, Male"),
        ("Okafor,Jane", "Birth date is missing"),
    ],
)
def test_what_is_wrong_is_said_of_each(ana, line, words):
    assert words in " ".join(rows(ana, line)[0][0].faults)


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "First name,Last name\nJane,Okafor", "\x00"],
)
def test_what_is_no_list_is_refused(ana, text):
    with pytest.raises(UnreadableError):
        read_csv(text, ana.clinic)


def test_more_than_can_be_looked_at_are_refused(ana):
    with pytest.raises(UnreadableError, match=f"at most {MOST}"):
        rows(ana, *["Okafor,Jane,1950-02-03,j@home.test,,,,,"] * (MOST + 1))


def person(**changed):
    said = {
        "first_name": "Jane", "last_name": "Okafor", "birth_date": dt.date(1950, 2, 3),
        "email": "jane@home.test",
    }  # fmt: skip
    return Row({**said, **changed})


def test_looking_stores_nothing(ana, priya):
    before = Patient.objects.count()
    (found,) = look([person()], priya)
    assert found.is_new
    assert Patient.objects.count() == before


def test_who_is_known_by_number_or_by_likeness(ana, priya, olivia):
    Patient.objects.filter(pk=ana.pk).update(record_number="R-1")
    by_number, alike, other_clinic = look(
        [
            person(record_number="R-1"),
            person(first_name="Ana", last_name="Reyes", birth_date=ana.birth_date),
            person(first_name="Olivia", last_name="Reyes", birth_date=dt.date(1970, 1, 1)),
        ],
        priya,
    )
    assert (by_number.same, by_number.can_be_added) == (ana, False)
    assert (alike.alike, alike.can_be_added, alike.is_new) == ([ana], True, False)
    assert olivia not in other_clinic.alike


def test_somebody_who_stands_there_twice(ana, priya):
    other = person(first_name="Tom", record_number="R-1")
    first, second, third, fourth = look(
        [person(record_number="R-1"), person(first_name="JANE"), other, person(first_name="Tim")],
        priya,
    )
    assert first.is_new
    assert (second.twice, second.is_new) == (1, False)
    assert (third.twice, third.is_new) == (1, False)
    assert fourth.twice is None


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"email": ""}, "email address or a phone"),
        ({"email": "nobody"}, "Email"),
        ({"birth_date": dt.date(2999, 1, 1)}, "Birth date: Check the birth date."),
        ({"birth_date": dt.date(1880, 1, 1)}, "Birth date: Check the birth date."),
        ({"last_name": "x" * 81}, "Last name"),
        ({"phone": "call me"}, "Phone"),
    ],
)
def test_what_the_record_refuses_is_said(ana, priya, changed, words):
    (found,) = look([person(**changed)], priya)
    assert words in " ".join(found.faults)
    assert not found.can_be_added
