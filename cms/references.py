"""The list of references below an article."""

from dataclasses import dataclass

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from cms.formatting import formatted
from cms.models.settings import CitationStyle
from cms.models.source import Source


@dataclass(frozen=True)
class Reference:
    """One line of the list: its number, its text, and the places that cite it."""

    number: int
    html: SafeString
    places: list[str]


def links(source: Source) -> list[tuple[str, str]]:
    """Where else to read it: (address, label)."""
    offered = [(source.pubmed_url, "PubMed"), (source.pmc_url, "PubMed Central")]
    return [(url, label) for url, label in offered if url]


def reference_html(source: Source, style: str = CitationStyle.AMA) -> SafeString:
    """The reference in its style, its DOI or address a link, and where else to read it."""
    text = mark_safe(_linked(formatted(source, style), source))
    if source.is_retracted:
        warning = '<strong class="reference__retracted">Retracted by its journal.</strong> {}'
        text = format_html(warning, text)
    where = format_html_join(" · ", '<a href="{}" rel="noopener">{}</a>', links(source))
    return (
        format_html('{} <span class="reference__links">{}</span>', text, where) if where else text
    )


def _linked(html: str, source: Source) -> str:
    """The last mention of the DOI or address, made a link."""
    address, shown = (source.doi_url, source.doi) if source.doi else (source.url, source.url)
    if not address.startswith(("https://", "http://")):
        return html
    before, found, after = html.rpartition(escape(shown))
    if not found:
        return html
    for prefix in ("https://doi.org/", "doi: ", "doi:"):
        if source.doi and before.endswith(prefix):
            before, found = before.removesuffix(prefix), prefix + found
            break
    return f'{before}<a href="{escape(address)}" rel="noopener">{found}</a>{after}'
