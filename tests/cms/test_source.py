"""Sources: unique, clean, and edited as lines of names."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.forms import modelform_factory

from cms.models import Source
from tests.cms.conftest import make_source

pytestmark = pytest.mark.django_db


def test_addresses() -> None:
    source = make_source(doi="10.1000/x", pmid="12", pmcid="PMC3")
    assert source.doi_url == "https://doi.org/10.1000/x"
    assert source.pubmed_url == "https://pubmed.ncbi.nlm.nih.gov/12/"
    assert source.pmc_url == "https://pmc.ncbi.nlm.nih.gov/articles/PMC3/"
    bare = make_source()
    assert (bare.doi_url, bare.pubmed_url, bare.pmc_url) == ("", "", "")


@pytest.mark.parametrize("pasted", ["https://doi.org/10.1000/AbC", "doi: 10.1000/AbC "])
def test_a_pasted_doi_address_is_cut_down(pasted: str) -> None:
    source = make_source(doi=pasted)
    source.full_clean()
    assert source.doi == "10.1000/AbC"


@pytest.mark.parametrize(
    "wrong",
    [
        {"doi": "see below"},
        {"pmid": "PMID 1"},
        {"pmcid": "123"},
        {"key": "two words"},
        {"authors": [{"given": "A."}]},
        {"authors": "Reyes A"},
        {"year": 12},
        {"title": ""},
    ],
)
def test_wrong_details_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        make_source(**wrong).full_clean()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"doi": "10.1000/AbC"}, {"doi": "10.1000/aBc"}),
        ({"pmid": "123"}, {"pmid": "123"}),
    ],
)
def test_one_work_is_stored_once(first: dict[str, str], second: dict[str, str]) -> None:
    make_source(key="a", **first).save()
    with pytest.raises(ValidationError, match="Another source"):
        make_source(key="b", **second).full_clean()
    with pytest.raises(IntegrityError):
        make_source(key="b", **second).save()


def test_many_sources_may_lack_doi_and_pubmed_number() -> None:
    make_source(key="a").save()
    make_source(key="b").save()
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
