"""Names between journals' form and CSL-JSON."""

import pytest

from cms import names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bhandari PS", {"family": "Bhandari", "given": "P. S."}),
        ("van der Velde N", {"family": "van der Velde", "given": "N."}),
        ("Bet-Or Y", {"family": "Bet-Or", "given": "Y."}),
        ("Dupont J-P", {"family": "Dupont", "given": "J.-P."}),
        ("World Health Organization", {"literal": "World Health Organization"}),
        ("MBBQ Study Group", {"literal": "MBBQ Study Group"}),
        ("  Selfe   J ", {"family": "Selfe", "given": "J."}),
        ("Plato", {"literal": "Plato"}),
    ],
)
def test_parse_and_write(text: str, name: names.Name) -> None:
    assert names.parse(text) == name
    assert names.write(name) == " ".join(text.split())


def test_lines_leave_out_empty_ones() -> None:
    assert names.write_lines(names.parse_lines("A B\n\n C D \n")) == "A B\nC D"


@pytest.mark.parametrize("value", ["Reyes A", {"family": "x"}, [1], [{}], [{"given": "A."}]])
def test_problem(value: object) -> None:
    assert names.problem(value)
