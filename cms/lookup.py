"""The details of a work by its DOI or PubMed number, from Crossref or PubMed.

Only when an editor asks, only these two addresses, and nothing but the number leaves. Without a
network there is a sentence instead; nothing waits longer than TIMEOUT for an answer.
"""

import json
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import HTTPRedirectHandler, Request, build_opener

from cms import csl
from cms.models.source import Source

TIMEOUT = 6.0  # seconds, for each step of the connection
LARGEST = 2_000_000  # bytes; an answer has some thousands, with thousands of authors a million
CROSSREF = "https://api.crossref.org/works/{}/transform/application/vnd.citationstyles.csl+json"
PUBMED = "https://pmc.ncbi.nlm.nih.gov/api/ctxp/v1/pubmed/?format=csl&id={}"
NOT_REACHED = "could not be reached. Type the details instead; nothing you typed is lost."

Fetch = Callable[[str], bytes]


class LookupProblem(Exception):  # noqa: N818 - a sentence for the person who asked
    """Why there are no details, in words for an editor."""


class _NoRedirect(HTTPRedirectHandler):
    """Neither address redirects; one that does is not who we asked."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def fetch(address: str) -> bytes:
    """The answer's bytes. Raises OSError without a network, a connection or an answer in time."""
    request = Request(address, headers={"Accept": "application/json", "User-Agent": "Footing"})  # noqa: S310 - two fixed addresses
    with build_opener(_NoRedirect).open(request, timeout=TIMEOUT) as answer:
        content: bytes = answer.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise OSError("The answer is too long.")
    return content


def by_doi(doi: str, fetch: Fetch = fetch) -> Source:
    """The work with this DOI, not saved. Raises LookupProblem."""
    return _source("Crossref", CROSSREF.format(quote(doi, safe="")), fetch)


def by_pmid(pmid: str, fetch: Fetch = fetch) -> Source:
    """The work with this PubMed number, not saved. Raises LookupProblem."""
    return _source("PubMed", PUBMED.format(quote(pmid, safe="")), fetch)


def _source(name: str, address: str, fetch: Fetch) -> Source:
    try:
        item = json.loads(fetch(address))
    except HTTPError as error:
        if error.code in {400, 404}:
            raise LookupProblem(f"{name} does not know this number.") from error
        raise LookupProblem(f"{name} {NOT_REACHED}") from error
    except OSError as error:
        raise LookupProblem(f"{name} {NOT_REACHED}") from error
    except ValueError as error:
        raise LookupProblem(f"{name} gave an answer that can't be read.") from error
    return _checked(name, item[0] if isinstance(item, list) and item else item)


def _checked(name: str, item: Any) -> Source:
    try:
        source = Source(**csl.from_csl(_plain(item)))
    except ValueError as error:
        raise LookupProblem(f"{name} gave an answer that can't be read.") from error
    if not source.title:
        raise LookupProblem(f"{name} does not know this number.")
    return source


def _plain(value: Any) -> Any:
    """Both write their titles for web pages: '&amp;' is an ampersand."""
    if isinstance(value, str):
        return unescape(value)
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return value
