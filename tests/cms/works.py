"""Strategies: works as the forms of exchange can hold them."""

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from cms import csl, titles
from cms.models import Source
from cms.works import KINDS
from tests.cms.test_names import PEOPLE

_LETTERS = "abcXYZäéßøñŠ日09 .,:;'\"()&%$#_{}~^\\-–/+=@?!`*<>"
TEXT = st.text(_LETTERS, min_size=1, max_size=30).map(lambda text: " ".join(text.split()))
PLAIN = TEXT.filter(bool)
# A title that ends in a full stop would lose it in PubMed's form, which always has one.
TITLES = st.builds(
    lambda text, mark: f"Title {text} {mark}end",
    PLAIN.map(titles.plain).filter(bool),
    st.sampled_from(["", "<i>in vivo</i> ", "H<sub>2</sub>O "]),
)
SHORT = st.sampled_from(["", "1", "12", "S5", "Suppl 2", "4-6", "A"])
_YEARS = st.integers(1900, 2030)
_DATES = st.one_of(
    st.just((None, None, None, "")),
    st.tuples(_YEARS, st.none(), st.none(), st.sampled_from(["", "Spring", "Winter"])),
    st.tuples(_YEARS, st.integers(1, 12), st.none(), st.just("")),
    st.tuples(_YEARS, st.just(9), st.none(), st.just("Sep-Oct")),
    st.tuples(_YEARS, st.integers(1, 12), st.integers(1, 28), st.just("")),
)


def _whole(fields: dict[str, Any]) -> dict[str, Any]:
    year, month, day, season = fields.pop("date")
    marked = fields["title"] if fields["title"] != titles.plain(fields["title"]) else ""
    words = {"title": titles.plain(fields["title"]), "title_marked": marked}
    return {**fields, **words, "year": year, "month": month, "day": day, "season": season}


WORKS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(sorted(KINDS)),
        "authors": st.lists(PEOPLE, max_size=4),
        "more_authors": st.booleans(),
        "title": TITLES,
        "container": st.sampled_from(["", "J Feet", "Føot & Ankle"]),
        "date": _DATES,
        "volume": SHORT,
        "issue": SHORT,
        "pages": st.sampled_from(["", "1-9", "862-866", "e12", "S5-S10", "CD012424"]),
        "editors": st.lists(PEOPLE, max_size=2),
        "edition": st.sampled_from(["", "2nd"]),
        "publisher": st.sampled_from(["", "House & Sons", "Ж"]),
        "place": st.sampled_from(["", "New York"]),
        "doi": st.sampled_from(["", "10.1000/a_b%c", "10.1002/(SICI)1097<1::AID>3.0.CO;2-#"]),
        "pmid": st.sampled_from(["", "31528058"]),
        "pmcid": st.sampled_from(["", "PMC6739245"]),
        "url": st.sampled_from(["", "https://x.test/a_b?c=d&e=f%20g#h~i"]),
        "accessed": st.sampled_from([None, dt.date(2021, 5, 3)]),
        "is_retracted": st.booleans(),
        "is_in_press": st.booleans(),
    }
).map(_whole)

FULL_CONTAINERS = st.sampled_from(["", "Journal of Feet"])


def fields_of(source: Source) -> dict[str, Any]:
    """All that describes the work."""
    names = [*csl.TEXTS, *csl.PEOPLE, "kind", "more_authors", "container", "container_full"]
    names += ["year", "month", "day", "season", "accessed", "is_retracted", "is_in_press"]
    names += ["title_marked"]
    return {name: getattr(source, name) for name in names}
