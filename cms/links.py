"""Links of a page, those of its references included: inner ones held against the database, others
asked on the network."""

import ipaddress
import re
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.urls import Resolver404, resolve
from django.utils import timezone
from wagtail.models import Page

from cms import citations
from cms.models import ArticlePage, CheckedLink, Source, StandardPage
from cms.restrictions import unrestricted

_INNER = re.compile(r"<a\b(?=[^>]*linktype=\\?\"page\\?\")[^>]*\bid=\\?\"(\d+)\\?\"")
_HREF = re.compile(r"<a\b[^>]*\bhref=\\?\"([^\"\\]+)")


@dataclass(frozen=True)
class Broken:
    page: Any
    link: str
    problem: str


def _raw(page: Any) -> str:
    return str(page.body.stream_block.get_prep_value(page.body))


def _hrefs(page: Any) -> list[str]:
    return [unescape(found) for found in _HREF.findall(_raw(page))]


def _cited(pages: Iterable[Any]) -> dict[int, list[str]]:
    """By page, the addresses that its references print. One query."""
    keys = {page.pk: citations.keys_of(page.body.get_prep_value()) for page in pages}
    sources = Source.objects.filter(key__in=set().union(*keys.values())).order_by("key")
    return {
        pk: [address for source in sources if source.key in cited for address in source.addresses]
        for pk, cited in keys.items()
    }


def broken(pages: Iterable[Any]) -> list[Broken]:
    """Of these pages. Four queries, whatever their number."""
    pages = list(pages)
    cited = _cited(pages)
    public = unrestricted(Page.objects.live())
    targets = {int(pk) for page in pages for pk in _INNER.findall(_raw(page))}
    there = set(public.filter(pk__in=targets).values_list("pk", flat=True))
    paths = {urlsplit(link).path for page in pages for link in _hrefs(page) if link[:1] == "/"}
    known = _known_paths(paths)
    dead = {found.url: found.problem for found in CheckedLink.objects.exclude(problem="")}
    inner = (found for page in pages for found in _inner(page, there, known))
    outer = (
        Broken(page, link, dead[link])
        for page in pages
        for link in [*_hrefs(page), *cited[page.pk]]
        if link in dead
    )
    return [*inner, *outer]


def _inner(page: Any, there: set[int], known: set[str]) -> Iterator[Broken]:
    for pk in map(int, _INNER.findall(_raw(page))):
        if pk not in there:
            yield Broken(page, f"page {pk}", "It is not public, or it is gone.")
    for link in _hrefs(page):
        if link.startswith("/") and urlsplit(link).path not in known:
            yield Broken(page, link, "Nothing is at this address of the site.")


def _known_paths(paths: set[str]) -> set[str]:
    """Those that a public page or a view of ours answers."""
    root = Page.objects.filter(sites_rooted_here__is_default_site=True).first()
    prefix = root.url_path if root else "/"
    wanted = {f"{prefix}{path.lstrip('/')}": path for path in paths}
    public = unrestricted(Page.objects.live()).filter(url_path__in=wanted)
    found = {wanted[url_path] for url_path in public.values_list("url_path", flat=True)}
    return found | {path for path in paths if _is_view(path)}


def _is_view(path: str) -> bool:
    try:
        return resolve(path).view_name != "wagtail_serve"
    except Resolver404:
        return False


def pages_with_text() -> list[Any]:
    """The public pages whose links are looked after: articles, and those about the site."""
    models = (ArticlePage, StandardPage)
    return [page for model in models for page in model.objects.live().order_by("title")]


def outer(pages: Iterable[Any]) -> set[str]:
    pages = list(pages)
    found = {link for page in pages for link in _hrefs(page)}
    found |= {link for addresses in _cited(pages).values() for link in addresses}
    return {link for link in found if urlsplit(link).scheme in {"http", "https"}}


def check_all(timeout: float) -> Iterator[CheckedLink]:
    """Ask each link of the public pages, and store what was found; forget the others."""
    wanted = outer(pages_with_text())
    CheckedLink.objects.exclude(url__in=wanted).delete()
    for url in sorted(wanted):
        status, problem = ask(url, timeout)
        found, _ = CheckedLink.objects.update_or_create(
            url=url,
            defaults={"status": status, "problem": problem, "checked_at": timezone.now()},
        )
        yield found


class _NoRedirect(HTTPRedirectHandler):
    """A moved page is there; where it moved to may be any address, so it is not followed."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def ask(url: str, timeout: float) -> tuple[int | None, str]:
    """The answer's number and what is wrong with it, if anything. Raises nothing."""
    if not _is_public_host(urlsplit(url).hostname or ""):
        return None, "Its host is not on the public network."
    request = Request(url, method="HEAD", headers={"User-Agent": "Footing link check"})  # noqa: S310
    try:
        with build_opener(_NoRedirect).open(request, timeout=timeout) as answer:
            return answer.status, ""
    except HTTPError as error:
        # Some sites refuse HEAD, or programs; only 'gone' and 'not found' are certain.
        return error.code, f"It answers {error.code}." if error.code in {404, 410} else ""
    except (URLError, OSError, ValueError) as error:
        return None, f"It does not answer: {getattr(error, 'reason', error)}"[:200]


def _is_public_host(host: str) -> bool:
    """Whether asking it can't reach into the clinic's own network."""
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return True  # no such host is a broken link, and is said so
    return all(ipaddress.ip_address(address[4][0]).is_global for address in found)
