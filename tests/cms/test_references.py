"""The list of references: links, the warning for what was retracted."""

import pytest

from cms import references
from tests.cms.conftest import make_source


def test_links_to_where_it_can_be_read() -> None:
    html = references.reference_html(make_source(doi="10.1000/x", pmid="123", pmcid="PMC9"))
    assert '<a href="https://doi.org/10.1000/x" rel="noopener">doi:10.1000/x</a>' in html
    assert '<a href="https://pubmed.ncbi.nlm.nih.gov/123/" rel="noopener">PubMed</a>' in html
    assert 'href="https://pmc.ncbi.nlm.nih.gov/articles/PMC9/"' in html


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("vancouver", ">doi: 10.1000/x</a>."),
        ("apa", ">https://doi.org/10.1000/x</a>"),
    ],
)
def test_the_doi_is_a_link_in_every_style(style: str, shown: str) -> None:
    html = references.reference_html(make_source(doi="10.1000/x"), style)
    assert f'<a href="https://doi.org/10.1000/x" rel="noopener"{shown}' in html


def test_an_address_only_without_a_doi() -> None:
    page = make_source(url="https://x.test/?a=1&b=2")
    assert '<a href="https://x.test/?a=1&amp;b=2" rel="noopener">' in references.reference_html(
        page
    )
    with_doi = make_source(url="https://x.test/", doi="10.1000/x")
    assert "x.test" not in references.reference_html(with_doi)


def test_no_other_kind_of_address_is_a_link() -> None:
    html = references.reference_html(make_source(kind="webpage", url="javascript:alert(1)"))
    assert "<a " not in html


def test_what_was_retracted_says_so_first() -> None:
    assert references.reference_html(make_source(is_retracted=True)).startswith(
        '<strong class="reference__retracted">Retracted'
    )


def test_html_in_fields_is_text() -> None:
    html = references.reference_html(
        make_source(title='"><script>alert(1)</script>', doi='10.1000/"><script>')
    )
    assert "<script" not in html
    assert 'href="https://doi.org/10.1000/&quot;&gt;&lt;script&gt;"' in html
