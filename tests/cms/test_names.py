"""Names between journals' form and CSL-JSON."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms import names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bhandari PS", {"family": "Bhandari", "given": "P. S."}),
        ("van der Velde N", {"family": "van der Velde", "given": "N."}),
        ("Bet-Or Y", {"family": "Bet-Or", "given": "Y."}),
        ("Dupont J-P", {"family": "Dupont", "given": "J.-P."}),
        ("Reyes AB Jr", {"family": "Reyes", "given": "A. B.", "suffix": "Jr"}),
        ("World Health Organization", {"literal": "World Health Organization"}),
        ("MBBQ Study Group", {"literal": "MBBQ Study Group"}),
        ("{Team ABC}", {"literal": "Team ABC"}),
        ("  Selfe   J ", {"family": "Selfe", "given": "J."}),
        ("Plato", {"literal": "Plato"}),
    ],
)
def test_parse_and_write(text: str, name: names.Name) -> None:
    assert names.parse(text) == name
    assert names.write(name) == " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Müller, Jörg", {"family": "Müller", "given": "Jörg"}),
        ("Reyes, Ana B.", {"family": "Reyes", "given": "Ana B."}),
        ("Reyes, Ana B", {"family": "Reyes", "given": "Ana B."}),
        ("Reyes, A.B.", {"family": "Reyes", "given": "A. B."}),
        ("SMITH, JOHN", {"family": "SMITH", "given": "JOHN"}),
        ("Dupont, Jean-Pierre", {"family": "Dupont", "given": "Jean-Pierre"}),
        ("Dupont, J-P", {"family": "Dupont", "given": "J.-P."}),
        ("Reyes, A. B., Jr.", {"family": "Reyes", "given": "A. B.", "suffix": "Jr"}),
        ("King, Jr., M. L.", {"family": "King", "given": "M. L.", "suffix": "Jr"}),
        ("O'Neill, Éamon", {"family": "O'Neill", "given": "Éamon"}),
        ("A, B, and C Group", {"literal": "A, B, and C Group"}),
    ],
)
def test_other_ways_to_write_people(text: str, name: names.Name) -> None:
    assert names.parse(text) == name


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (
            {"family": "Velde", "non-dropping-particle": "van der", "given": "Nathalie"},
            "van der Velde N",
        ),
        ({"family": "King", "given": "Martin Luther", "suffix": "Jr."}, "King ML Jr"),
        ({"literal": "World  Group"}, "World Group"),
        ({"family": "Plato"}, "Plato"),
        ({"name": "A Consortium"}, "A Consortium"),
    ],
)
def test_names_of_other_programs(given: dict[str, object], name: str) -> None:
    assert names.short(names.from_csl(given)) == name


WORDS = st.from_regex(r"[A-ZÄÉ][a-zäé]{1,8}(?:[ -][A-Z][a-z]{1,6})?", fullmatch=True)
INITIALS = st.lists(st.sampled_from("ABCÉ"), min_size=1, max_size=6).map(
    lambda letters: " ".join(f"{letter}." for letter in letters)
)
GIVEN = st.from_regex(
    r"[A-ZÉ][a-zé]{1,6}(?:[ -](?:[A-Z][a-z]{2,6}|de|[A-Z]\.)){0,2}", fullmatch=True
)
PEOPLE = st.one_of(
    st.builds(lambda family, given: {"family": family, "given": given}, WORDS, INITIALS),
    st.builds(lambda family, given: {"family": family, "given": given}, WORDS, GIVEN),
    st.builds(
        lambda family, given: {"family": family, "given": given, "suffix": "Jr"}, WORDS, INITIALS
    ),
    st.from_regex(r"[A-Z][A-Za-z]{1,8}(?: [A-Za-z]{1,8}){0,3}", fullmatch=True).map(
        lambda literal: {"literal": literal}
    ),
)


@given(PEOPLE)
def test_what_is_written_reads_back(name: names.Name) -> None:
    assert names.parse(names.write(name)) == name
    assert names.from_csl(dict(name)) == name


def test_lines_leave_out_empty_ones() -> None:
    assert names.write_lines(names.parse_lines("A B\n\n C D \n")) == "A B\nC D"


@pytest.mark.parametrize(
    "value",
    ["Reyes A", {"family": "x"}, [1], [{}], [{"given": "A."}], [{"family": "x", "given": 1}]],
)
def test_problem(value: object) -> None:
    assert names.problem(value)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Ines Ruiz, Omar Diaz, Lea Funk", ["Ruiz I", "Diaz O", "Funk L"]),
        ("Ines Ruiz, Omar Diaz and Lea Funk", ["Ruiz I", "Diaz O", "Funk L"]),
        ("Ines Ruiz & Omar Diaz", ["Ruiz I", "Diaz O"]),
        ("Ruiz, Ines; Diaz, Omar María", ["Ruiz I", "Diaz OM"]),
        ("Ruiz, Ines, Diaz, O. M.", ["Ruiz I", "Diaz OM"]),
        ("Ruiz I, Diaz O, Funk L", ["Ruiz I", "Diaz O", "Funk L"]),
        ("Ana de la Cruz, Jan van der Berg", ["de la Cruz A", "van der Berg J"]),
    ],
)
def test_several_in_one_text(text: str, people: list[str]) -> None:
    assert [names.short(name) for name in names.apart(text)] == people


@pytest.mark.parametrize(
    "text",
    [
        "Ruiz, Ines",
        "García Márquez, G. J.",
        "de la Cruz, Ana María",
        "Reyes, A. B., Jr.",
        "King, Jr., Martin Luther",
        "A, B, and C Group",
        "Department of Feet, Mayo Clinic, Rochester",
        "Centers for Disease Control, Atlanta",
        "World Health Organization",
        "{Ines Ruiz, Omar Diaz, Lea Funk}",
        "Plato",
        "",
    ],
)
def test_one_in_one_text(text: str) -> None:
    assert names.apart(text) == []


def test_as_references_print_it() -> None:
    assert names.short({"family": "King", "given": "Martin Luther", "suffix": "Jr"}) == "King ML Jr"
    assert names.short({"family": "Plato"}) == "Plato"
    assert names.short(names.natural("Ana de la Cruz")) == "de la Cruz A"
    assert names.natural("Plato") == {"literal": "Plato"}
