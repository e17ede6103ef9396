"""The reference list, written as the AMA Manual of Style does, closely enough for readers.

A missing piece takes its punctuation with it.
"""

from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from cms import names
from cms.models.source import Source

MOST_AUTHORS = 6  # with more, the first three and 'et al'
FIRST_AUTHORS = 3


@dataclass(frozen=True)
class Reference:
    """One line of the list: its number, its text, and the places that cite it."""

    number: int
    html: SafeString
    places: list[str]


def authors(source: Source) -> str:
    """'Bhandari PS', 'A B, C D, E F, et al', or an empty text."""
    written = [names.write(name) for name in source.authors]
    if len(written) > MOST_AUTHORS:
        return ", ".join([*written[:FIRST_AUTHORS], "et al"])
    return ", ".join([*written, "et al"] if source.more_authors and written else written)


def locator(source: Source) -> str:
    """'2019;10(5):862-866', and whatever of it is known."""
    inside = source.volume + (f"({source.issue})" if source.issue else "")
    date = ";".join(part for part in (str(source.year or ""), inside) if part)
    return ":".join(part for part in (date, source.pages) if part)


def links(source: Source) -> list[tuple[str, str]]:
    """Where to read it: (address, label), the publisher first."""
    doi = f"doi:{source.doi}"
    address = "" if source.doi else source.url
    offered = [
        (source.doi_url, doi),
        (source.pubmed_url, "PubMed"),
        (source.pmc_url, "PubMed Central"),
        (address, "Read it"),
    ]
    return [(url, label) for url, label in offered if url]


def reference_html(source: Source) -> SafeString:
    """Authors. Title. *Journal*. Year;volume(issue):pages. Links."""
    container = format_html("<cite>{}</cite>", source.container) if source.container else ""
    written = [authors(source), source.title, container, locator(source)]
    sentences = [_sentence(part) for part in written if part]
    text = format_html_join(" ", "{}", ((sentence,) for sentence in sentences))
    where = format_html_join(
        " · ",
        '<a href="{}" rel="noopener">{}</a>',
        links(source),
    )
    return (
        format_html('{} <span class="reference__links">{}</span>', text, where) if where else text
    )


def _sentence(part: str) -> str:
    """With its full stop, unless it ends itself; an HTML part is looked at without its tag."""
    bare = part.removesuffix("</cite>").rstrip()
    if bare.endswith((".", "?", "!")):
        return part
    return mark_safe(f"{part}.") if isinstance(part, SafeString) else f"{part}."
