"""References in three styles, held against what the styles' own manuals print."""

import datetime as dt
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cms import names
from cms.formatting import FOLDER, formatted
from cms.models import Source
from cms.models.settings import CitationStyle
from cms.works import KINDS

AMA, VANCOUVER, APA = "ama", "vancouver", "apa"


def work(authors: str | list[str] = "", title: str = "Title", **fields: Any) -> Source:
    """A source; authors and editors as journals write them, in a list or separated by commas."""
    people = authors.split(", ") if isinstance(authors, str) else authors
    fields["editors"] = [names.parse(name) for name in fields.pop("editors", [])]
    return Source(key="x", authors=[names.parse(n) for n in people if n], title=title, **fields)


def text_of(source: Source, style: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", formatted(source, style)))


EXAMPLES = yaml.safe_load((Path(__file__).parent / "printed_references.yaml").read_text())
PRINTED = [
    (style, work(**example["work"]), printed)
    for example in EXAMPLES
    for style, printed in example["printed"].items()
]


@pytest.mark.parametrize(("style", "source", "printed"), PRINTED)
def test_as_the_manuals_print_it(style: str, source: Source, printed: str) -> None:
    assert text_of(source, style) == printed


def test_journals_and_books_are_italic_where_the_style_wants_it() -> None:
    article = work("Reyes AB", container="Stroke", year=2020, volume="8", issue="3")
    assert "<i>Stroke</i>." in formatted(article, AMA)
    assert "<i>" not in formatted(article, VANCOUVER)
    assert "<i>Stroke</i>, <i>8</i>(3)" in formatted(article, APA)
    assert "<i>Title</i>" in formatted(work("Reyes AB", kind="book"), APA)


def test_authors_that_are_not_listed() -> None:
    source = work("Reyes AB, Colm D", more_authors=True, container="J", year=2020)
    assert text_of(source, AMA).startswith("Reyes AB, Colm D, et al. Title.")
    assert text_of(source, VANCOUVER).startswith("Reyes AB, Colm D, et al. Title.")
    assert text_of(source, APA).startswith("Reyes, A. B., Colm, D., et al. (2020).")


def test_hyphens_in_initials() -> None:
    source = work("Dupont J-P, Bet-Or Y", container="J", year=2020)
    assert text_of(source, AMA).startswith("Dupont JP, Bet-Or Y.")
    assert text_of(source, APA).startswith("Dupont, J.-P., & Bet-Or, Y. (2020)")


def test_six_authors_are_listed_and_seven_are_not() -> None:
    six = work(", ".join(f"Name{letter} A" for letter in "abcdef"))
    assert "et al" not in text_of(six, AMA)
    seven = work(", ".join(f"Name{letter} A" for letter in "abcdefg"))
    assert text_of(seven, AMA).startswith("Namea A, Nameb A, Namec A, et al.")


def test_a_page_without_a_date_was_retrieved() -> None:
    page = work("", "Feet", kind="webpage", container="Site", url="https://x.test/")
    page.accessed = dt.date(2021, 5, 3)
    assert text_of(page, APA) == "Feet. (n.d.). Site. Retrieved May 3, 2021, from https://x.test/"
    assert "Site; [date unknown] [cited 2021 May 3]." in text_of(page, VANCOUVER)


def test_given_names_are_printed_as_initials() -> None:
    source = work("", container="J", year=2020)
    source.authors = [
        {"family": "Dupont", "given": "Jean-Pierre"},
        {"family": "Reyes", "given": "Ana Belén"},
    ]
    assert text_of(source, AMA).startswith("Dupont JP, Reyes AB.")
    assert text_of(source, APA).startswith("Dupont, J.-P., & Reyes, A. B. (2020)")


def test_the_marks_of_a_title_are_kept() -> None:
    source = work("Reyes AB", "Feet of Homo & co?", container="J", year=2020)
    source.title_marked = "Feet of <i>Homo & co?</i>"
    assert "Feet of <i>Homo &amp; co?</i> <i>J</i>." in formatted(source, AMA)
    source.title_marked = 'Feet<sup>2</sup> <b onclick="x">of</b> <i>Homo'
    assert "<b" not in formatted(source, VANCOUVER)


def test_in_press() -> None:
    source = work("Reyes AB", container="J Feet", is_in_press=True)
    assert text_of(source, AMA) == "Reyes AB. Title. J Feet. In press."
    assert text_of(source, APA) == "Reyes, A. B. (in press). Title. J Feet."
    assert text_of(source, VANCOUVER) == "Reyes AB. Title. J Feet. Forthcoming."
    source.year = 2027
    assert text_of(source, VANCOUVER).endswith("Forthcoming 2027.")
    source.kind = "book"
    assert text_of(source, AMA).endswith("In press.")


def test_two_months_print_as_their_year() -> None:
    source = work("Reyes AB", container="J", year=2019, month=9, season="Sep-Oct", volume="1")
    assert text_of(source, AMA) == "Reyes AB. Title. J. 2019;1."
    source.volume = ""
    assert text_of(source, AMA) == "Reyes AB. Title. J. 2019."


NASTY = [
    '<script>alert("1")</script>',
    "<b>&amp;'",
    "</cite><img src=x onerror=a>",
    "\ue001b\ue002",
]


@pytest.mark.parametrize("style", CitationStyle.values)
@pytest.mark.parametrize("nasty", NASTY)
def test_markup_in_fields_is_text(style: str, nasty: str) -> None:
    source = work("", nasty, container=nasty, publisher=nasty, volume=nasty[:20], kind="book")
    source.authors = [{"family": nasty, "given": nasty}, {"literal": nasty}]
    source.doi = f"10.1000/{nasty}"
    html = formatted(source, style)
    assert set(re.findall(r"<[^>]*>", html)) <= {"<i>", "</i>"}
    assert "&amp;amp;amp" not in html


def test_every_starter_source_can_be_written() -> None:
    from cms.starter import sources

    for entry in sources.read():
        source = Source(key=entry["key"])
        sources._fill(source, entry)
        for style in CitationStyle.values:
            text = text_of(source, style)
            assert source.title.rstrip(".?") in text
            assert not re.search(r"(?<!\.)\.\.(?!\.)|\. \.(?! \.)|,\.|;\.|\(\)|None", text), text


PIECES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(sorted(KINDS)),
        "authors": st.sampled_from(["", "Reyes AB", "Reyes AB, World Group", "A B, C D, E F"]),
        "container": st.sampled_from(["", "J Feet"]),
        "year": st.sampled_from([None, 2020]),
        "volume": st.sampled_from(["", "12"]),
        "issue": st.sampled_from(["", "S5", "Suppl 2"]),
        "pages": st.sampled_from(["", "3-4", "e12"]),
        "publisher": st.sampled_from(["", "House"]),
        "doi": st.sampled_from(["", "10.1000/x"]),
        "url": st.sampled_from(["", "https://x.test/a"]),
        "title": st.sampled_from(["Feet", "Feet?", "Feet. A study", "Feet (in St.)"]),
    }
)


@given(PIECES, st.sampled_from(CitationStyle.values))
def test_missing_pieces_leave_no_stray_punctuation(pieces: dict[str, Any], style: str) -> None:
    text = text_of(work(**pieces), style)
    assert not re.search(r"\.\.|\. \.|,\.|^[.,;:]|;\.|:\.|\(\)|;:|\s{2}|None|\s$|\?\.|,,", text), (
        text
    )
    assert "Feet" in text


@pytest.mark.parametrize("style", CitationStyle.values)
def test_styles_are_valid_csl(style: str) -> None:
    """Against the schema that comes with the processor, which warns when it does not hold."""
    from citeproc import CitationStylesStyle

    CitationStylesStyle(str(FOLDER / f"{style}.csl"), validate=True)


def test_a_reference_is_made_once_a_style_and_content(monkeypatch: pytest.MonkeyPatch) -> None:
    from cms import formatting

    source = work("Reyes AB", "Made once, and once only")
    first = formatted(source, AMA)
    monkeypatch.setattr(formatting, "_style", lambda name: pytest.fail("made again"))
    assert formatted(source, AMA) == first
    source.title = "Changed"
    with pytest.raises(pytest.fail.Exception):
        formatted(source, AMA)
