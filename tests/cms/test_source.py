"""Sources: unique, clean, and edited as lines of names."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.forms import modelform_factory
from hypothesis import given

from cms import csl
from cms.models import CheckState, Source
from cms.works import ARTICLE
from tests.cms.conftest import make_source
from tests.cms.works import WORKS, fields_of

pytestmark = pytest.mark.django_db


def test_addresses() -> None:
    source = make_source(doi="10.1000/x", pmid="12", pmcid="PMC3")
    assert source.doi_url == "https://doi.org/10.1000/x"
    assert source.pubmed_url == "https://pubmed.ncbi.nlm.nih.gov/12/"
    assert source.pmc_url == "https://pmc.ncbi.nlm.nih.gov/articles/PMC3/"
    bare = make_source()
    assert (bare.doi_url, bare.pubmed_url, bare.pmc_url) == ("", "", "")


@pytest.mark.parametrize(
    ("name", "pasted", "kept"),
    [
        ("doi", "https://doi.org/10.1000/AbC", "10.1000/AbC"),
        ("doi", "http://dx.doi.org/10.1000/a%28b%29", "10.1000/a(b)"),
        ("doi", "doi: 10.1000/AbC ", "10.1000/AbC"),
        ("doi", "10.1000/50%25", "10.1000/50%25"),
        ("doi", "10.1000/abc.", "10.1000/abc"),
        ("doi", "https://doi.org/https://doi.org/10.9999/x", "10.9999/x"),
        ("doi", "https://doi.org/doi:10.9999/x", "10.9999/x"),
        ("doi", "doi: https://dx.doi.org/10.9999/x", "10.9999/x"),
        ("doi", "https://doi.org/https%3A%2F%2Fdoi.org%2F10.9999%2Fx", "10.9999/x"),
        ("doi", "https://proxy.test/login?url=https://doi.org/10.9999/x", "10.9999/x"),
        ("doi", "https://journal.test/doi/full/10.9999/x?src=mail", "10.9999/x"),
        ("pmid", "PMID: https://pubmed.ncbi.nlm.nih.gov/123/", "123"),
        ("pmcid", "https://pmc.ncbi.nlm.nih.gov/articles/pmcid: PMC123/", "PMC123"),
        ("pmid", "PMID: 123", "123"),
        ("pmid", "https://pubmed.ncbi.nlm.nih.gov/123/", "123"),
        ("pmcid", "pmc123", "PMC123"),
        ("pmcid", "https://pmc.ncbi.nlm.nih.gov/articles/PMC123/", "PMC123"),
        ("pmcid", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC123", "PMC123"),
    ],
)
def test_a_pasted_number_is_cut_down(name: str, pasted: str, kept: str) -> None:
    source = make_source(**{name: pasted})
    source.full_clean()
    assert getattr(source, name) == kept


@pytest.mark.parametrize(
    "wrong",
    [
        {"doi": "see below"},
        {"doi": "11.1000/x"},
        {"pmid": "PM 1"},
        {"pmid": "0"},
        {"pmcid": "123"},
        {"key": "two words"},
        {"authors": [{"given": "A."}]},
        {"authors": "Reyes A"},
        {"year": 12},
        {"title": ""},
        {"month": 13},
        {"year": None, "month": 3},
        {"day": 3},
        {"kind": "song"},
        {"url": "javascript:alert(1)"},
        {"check_state": CheckState.CHECKED},
        {"checked_by": "Priya"},
    ],
)
def test_wrong_details_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        make_source(**wrong).full_clean()


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": 3},
        {"year": None, "month": 3},
        {"check_state": CheckState.CHECKED, "checked_by": "Priya"},
        {"check_state": CheckState.FOUND, "checked_by": "P", "checked_on": dt.date(2026, 1, 1)},
    ],
)
def test_the_database_refuses_them_too(wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError):
        make_source(**wrong).save()


def test_who_checked_and_when() -> None:
    source = make_source(
        check_state=CheckState.CHECKED, checked_by="Priya Nair", checked_on=dt.date(2026, 11, 20)
    )
    source.full_clean()
    source.save()
    assert source.check_words == "Checked by Priya Nair, 2026-11-20"
    assert make_source().check_words == "Not checked"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"doi": "10.1000/AbC"}, {"doi": "10.1000/aBc"}),
        ({"pmid": "123"}, {"pmid": "123"}),
        ({"pmcid": "PMC123"}, {"pmcid": "pmc123"}),
    ],
)
def test_one_work_is_stored_once(first: dict[str, str], second: dict[str, str]) -> None:
    make_source(key="a", title="One", **first).save()
    with pytest.raises(ValidationError, match=r"We have this work already: Reyes 2020: One"):
        make_source(key="b", title="Other", **second).full_clean()
    with pytest.raises(IntegrityError):
        make_source(key="b", title="Other", **second).save()


@pytest.mark.parametrize(
    ("fields", "is_twin"),
    [
        ({"title": "feet — a STUDY."}, True),
        ({"title": "Feet: a study", "doi": "10.1000/x"}, True),
        ({"title": "Feet: a study", "year": 2021}, False),
        ({"title": "Feet: a study", "year": None}, False),
        ({"title": "Feet: a study", "doi": "10.1000/y", "pmid": "9"}, False),
        ({"title": "Feet: a study", "authors": [{"literal": "Somebody else"}]}, False),
        ({"title": "Hands: a study"}, False),
    ],
)
def test_a_twin_by_title_and_year(fields: dict[str, object], is_twin: bool) -> None:
    make_source(key="a", title="Feet: a study", pmid="7").save()
    source = make_source(key="b", **fields)
    assert (source.twin() is not None) is is_twin


def test_a_stored_source_is_not_its_own_twin() -> None:
    source = make_source(doi="10.1000/x")
    source.save()
    source.full_clean()
    assert source.twin() is None


def test_many_sources_may_lack_numbers() -> None:
    make_source(key="a", title="One").save()
    make_source(key="b", title="Two").save()
    assert Source.objects.filter(key__in=["a", "b"]).count() == 2


def test_the_key_of_a_stored_source_stays() -> None:
    source = make_source()
    source.save()
    source.key = "other"
    with pytest.raises(ValidationError, match="by its key"):
        source.full_clean()


def test_authors_are_edited_one_a_line() -> None:
    form_class = modelform_factory(Source, fields=["key", "authors", "title"])
    assert "Reyes AB" in str(form_class(instance=make_source())["authors"])
    form = form_class({"key": "x1", "title": "T", "authors": "Reyes AB\nWHO Group\n"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["authors"] == [
        {"family": "Reyes", "given": "A. B."},
        {"literal": "WHO Group"},
    ]
    again = form_class({"key": "x1", "title": "T", "authors": "A B\nX"}, instance=form.instance)
    assert again.has_changed()


@given(WORKS)
def test_csl_there_and_back(fields: dict[str, object]) -> None:
    source = Source(key="x", **fields)
    assert fields_of(Source(**csl.from_csl(csl.to_csl(source)))) == fields_of(source)


def test_csl_of_crossref_is_read() -> None:
    """Its shape: lists, full given names, markup in titles, a DOI address, kinds of its own."""
    fields = csl.from_csl(
        {
            "type": "journal-article",
            "title": ["The <i>tibial</i>\n nerve & p<0.05"],
            "author": [{"given": "Jean-Pierre", "family": "Dupont", "sequence": "first"}],
            "container-title": ["Journal of Feet"],
            "container-title-short": "J Feet",
            "issued": {"date-parts": [[2020, 3]]},
            "DOI": "https://doi.org/10.1000/ABC",
            "URL": "https://doi.org/10.1000/abc",
            "page": None,
        }
    )
    assert fields["title"] == "The tibial nerve & p<0.05"
    assert fields["title_marked"] == "The <i>tibial</i> nerve & p<0.05"
    assert fields["authors"] == [{"family": "Dupont", "given": "Jean-Pierre"}]
    assert (fields["container"], fields["container_full"]) == ("J Feet", "Journal of Feet")
    assert (fields["year"], fields["month"], fields["day"]) == (2020, 3, None)
    assert (fields["doi"], fields["url"], fields["kind"]) == ("10.1000/ABC", "", ARTICLE)


@pytest.mark.parametrize("nonsense", [[], "x", None, 3])
def test_what_is_no_item_is_refused(nonsense: object) -> None:
    with pytest.raises(ValueError, match="not a reference"):
        csl.from_csl(nonsense)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "item",
    [
        {"author": 1, "issued": "now", "custom": [], "title": {}},
        {"author": [1, {}], "issued": {"date-parts": [[]]}, "title": []},
        {"issued": {"date-parts": [["x"]]}, "accessed": {"date-parts": [[2020, 13, 40]]}},
        {"issued": {"date-parts": "2020"}},
    ],
)
def test_odd_items_are_read_as_far_as_they_go(item: dict[str, object]) -> None:
    fields = csl.from_csl(item)
    assert fields["authors"] == []
    assert fields["year"] is None
    assert fields["accessed"] is None


def test_a_title_keeps_its_marks_beside_its_words() -> None:
    source = make_source(title="Feet of <em>Homo</em> in H<sub>2</sub>O <b>now</b>")
    source.full_clean()
    assert source.title == "Feet of Homo in H2O now"
    assert source.title_marked == "Feet of <i>Homo</i> in H<sub>2</sub>O now"
    source.title = "Feet of Homo"
    source.full_clean()
    assert source.title_marked == ""


@pytest.mark.parametrize(
    ("item", "title"),
    [
        ({"title": 7}, "7"),
        ({"title": [7]}, r"\[7\]"),
        ({"title": True}, "true"),
        ({"title": 1.5}, "1.5"),
    ],
)
def test_a_title_that_is_no_text_is_refused(item: dict[str, object], title: str) -> None:
    with pytest.raises(ValueError, match=f"Its title, {title}, is not a text"):
        csl.from_csl(item)


@pytest.mark.parametrize(
    ("issued", "date"),
    [
        ({"date-parts": [[2019, 9], [2019, 10]]}, (2019, 9, "Sep-Oct")),
        ({"date-parts": [[2019, 12], [2020, 1]]}, (2019, 12, "Dec-2020 Jan")),
        ({"date-parts": [[2019]], "season": 1}, (2019, None, "Spring")),
        ({"date-parts": [[2019]], "season": "winter"}, (2019, None, "Winter")),
        ({"date-parts": [[2019, 14]]}, (2019, None, "Summer")),
        ({"date-parts": [[2019, 23]]}, (2019, None, "Autumn")),
        ({"raw": "Sept/Oct 2019"}, (2019, 9, "Sep-Oct")),
        ({"literal": "2019 Mar 5-7"}, (2019, 3, "Mar 5-7")),
        ({"date-parts": [[2019, 9], [2019, 9]]}, (2019, 9, "")),
        ({"date-parts": [[2019, 9], "x"]}, (2019, 9, "")),
        ("2019", (2019, None, "")),
    ],
)
def test_months_and_seasons_of_csl(issued: object, date: tuple[object, ...]) -> None:
    fields = csl.from_csl({"title": "Feet", "issued": issued})
    assert (fields["year"], fields["month"], fields["season"]) == date


@pytest.mark.parametrize("status", ["in press", "In-press", "forthcoming", "to appear"])
def test_in_press(status: str) -> None:
    assert csl.from_csl({"title": "Feet", "status": status})["is_in_press"]
    assert not csl.from_csl({"title": "Feet", "status": "published"})["is_in_press"]


def test_a_source_is_named_by_author_year_and_title() -> None:
    assert str(make_source()) == "Reyes 2020: Feet"
    assert str(make_source(authors=[])) == "Feet (2020)"
    assert make_source(authors=[]).short == "“Feet” 2020"
    assert make_source(year=None).short == "Reyes n.d."
    assert make_source(year=None, is_in_press=True).short == "Reyes in press"
