"""The reference list's wording."""

import re

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from cms import names, references
from cms.models import Source
from tests.cms.conftest import make_source


def text_of(source: Source) -> str:
    return re.sub(r"<[^>]+>", "", references.reference_html(source)).strip()


def people(count: int) -> list[names.Name]:
    return [{"family": f"Name{n}", "given": "A."} for n in range(1, count + 1)]


def test_whole_reference() -> None:
    source = make_source(doi="10.1000/x", pmid="123", pmcid="PMC9")
    html = references.reference_html(source)
    assert text_of(source) == (
        "Reyes AB. Feet. J Feet. 2020;1(2):3-4. doi:10.1000/x · PubMed · PubMed Central"
    )
    assert "<cite>J Feet</cite>." in html
    assert 'href="https://doi.org/10.1000/x"' in html
    assert 'href="https://pubmed.ncbi.nlm.nih.gov/123/"' in html
    assert 'href="https://pmc.ncbi.nlm.nih.gov/articles/PMC9/"' in html


@pytest.mark.parametrize(
    ("count", "written"),
    [
        (1, "Name1 A"),
        (6, "Name1 A, Name2 A, Name3 A, Name4 A, Name5 A, Name6 A"),
        (7, "Name1 A, Name2 A, Name3 A, et al"),
    ],
)
def test_authors(count: int, written: str) -> None:
    assert references.authors(make_source(authors=people(count))) == written


def test_more_authors_than_listed() -> None:
    source = make_source(authors=people(2), more_authors=True)
    assert references.authors(source) == "Name1 A, Name2 A, et al"


@pytest.mark.parametrize(
    ("missing", "left"),
    [
        ({"issue": ""}, "2020;1:3-4"),
        ({"volume": ""}, "2020;(2):3-4"),
        ({"volume": "", "issue": ""}, "2020:3-4"),
        ({"pages": ""}, "2020;1(2)"),
        ({"year": None}, "1(2):3-4"),
        ({"year": None, "volume": "", "issue": ""}, "3-4"),
        ({"year": None, "volume": "", "issue": "", "pages": ""}, ""),
    ],
)
def test_locator(missing: dict[str, object], left: str) -> None:
    assert references.locator(make_source(**missing)) == left


def test_a_title_that_asks_keeps_its_own_mark() -> None:
    assert "Do sliders slide? J Feet." in text_of(make_source(title="Do sliders slide?"))


def test_an_address_only_without_a_doi() -> None:
    assert text_of(make_source(url="https://x.test/")).endswith("3-4. Read it")
    assert "x.test" not in references.reference_html(
        make_source(url="https://x.test/", doi="10.1000/x")
    )


def test_html_in_fields_is_text() -> None:
    html = references.reference_html(make_source(title="<b>", container="<script>"))
    assert escape("<b>") in html
    assert "<script>" not in html


PIECES = st.fixed_dictionaries(
    {
        "authors": st.sampled_from([[], people(1), people(9)]),
        "container": st.sampled_from(["", "J Feet"]),
        "year": st.sampled_from([None, 2020]),
        "volume": st.sampled_from(["", "12"]),
        "issue": st.sampled_from(["", "S5"]),
        "pages": st.sampled_from(["", "3-4", "e12"]),
        "doi": st.sampled_from(["", "10.1000/x"]),
        "pmid": st.sampled_from(["", "123"]),
    }
)


@given(PIECES)
def test_missing_pieces_leave_no_stray_punctuation(pieces: dict[str, object]) -> None:
    text = text_of(make_source(**pieces))
    assert not re.search(r"\.\.|\. \.|,\.|^[.,;:]|;\.|:\.|\(\)|;:|\s{2}|·\s*$|None", text)
    assert text.split(" doi:")[0].split(" PubMed")[0].endswith((".", "?", "!"))
