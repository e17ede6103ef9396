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
        ("Müller, Jörg", {"family": "Müller", "given": "J."}),
        ("Reyes, Ana B.", {"family": "Reyes", "given": "A. B."}),
        ("Dupont, Jean-Pierre", {"family": "Dupont", "given": "J.-P."}),
        ("Reyes, A. B., Jr.", {"family": "Reyes", "given": "A. B.", "suffix": "Jr"}),
        ("King, Jr., M. L.", {"family": "King", "given": "M. L.", "suffix": "Jr"}),
        ("O'Neill, Éamon", {"family": "O'Neill", "given": "É."}),
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
    assert names.write(names.from_csl(given)) == name


WORDS = st.from_regex(r"[A-ZÄÉ][a-zäé]{1,8}(?:[ -][A-Z][a-z]{1,6})?", fullmatch=True)
INITIALS = st.lists(st.sampled_from("ABCÉ"), min_size=1, max_size=6).map(
    lambda letters: " ".join(f"{letter}." for letter in letters)
)
PEOPLE = st.one_of(
    st.builds(lambda family, given: {"family": family, "given": given}, WORDS, INITIALS),
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
