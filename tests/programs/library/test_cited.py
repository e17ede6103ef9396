"""Sources that texts and rules name by key, as pages say them."""

import re
from pathlib import Path

import pytest

from cms.models import Source
from cms.templatetags.cms_site import cited
from programs.safety import finding, gates

pytestmark = pytest.mark.django_db
KEY = re.compile(r"\b[a-z]{4,}(?:19|20)\d\d\b")


def test_a_key_is_said_as_author_and_year(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert cited("farrar2001") == "Farrar et al 2001"
        assert cited("sizes: abbott2014, 1.5 small") == "sizes: Abbott et al 2014, 1.5 small"
        assert cited("nobody1999") == "nobody1999"
        assert cited("professional knowledge") == "professional knowledge"


def test_what_the_gates_cite_is_what_the_sources_say():
    short = {key: Source.objects.get(key=key).short for key in finding.CITED}
    assert short == finding.CITED
    named = set(KEY.findall(Path(gates.__file__).read_text(encoding="utf-8")))
    assert named == set(finding.CITED)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("Brief 2.4, A18; boyd2010", "Boyd et al 2010"),
        ("Brief 2.6, B16", ""),
        ("Precaution of B12", "Precaution of B12"),
        ("By a therapist", "By a therapist"),
    ],
)
def test_a_finding_cites_for_people(source, said):
    assert finding.Finding(finding.Level.NOTE, "", source).cited == said
