"""Links of a page, those of its references included: inner ones held against the database, others
asked on the network."""

import ipaddress
import re
import socket
import ssl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from django.urls import Resolver404, resolve
from django.utils import timezone
from wagtail.models import Page

from cms import citations
from cms.models import ArticlePage, CheckedLink, Source, StandardPage
from cms.restrictions import unrestricted

_INNER = re.compile(r"<a\b(?=[^>]*linktype=\\?\"page\\?\")[^>]*\bid=\\?\"(\d+)\\?\"")
_PORTS = {"http": 80, "https": 443}
_SAFE = "/%:@!$&'()*+,;=~-._"  # of an address that is written already, as people copy them
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
    paths = {_path(link) for page in pages for link in _hrefs(page) if _is_inner(link)}
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
        if _is_inner(link) and _path(link) not in known:
            yield Broken(page, link, "Nothing is at this address of the site.")


def _is_inner(link: str) -> bool:
    return link.startswith("/") and not link.startswith("//")


def _path(link: str) -> str:
    return re.split("[?#]", link, maxsplit=1)[0]


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
    return {link for link in found if link[:2] == "//" or link.partition(":")[0].lower() in _PORTS}


def check_all(timeout: float) -> Iterator[CheckedLink]:
    """Ask each link of the public pages, and store what was found; forget the others."""
    for url in wanted():
        yield check(url, timeout)


def wanted() -> list[str]:
    """The links to ask. What is stored of others is forgotten."""
    found = outer(pages_with_text())
    CheckedLink.objects.exclude(url__in=found).delete()
    return sorted(found)


def check(url: str, timeout: float) -> CheckedLink:
    """Ask one, and store what was found."""
    status, problem = ask(url, timeout)
    found, _ = CheckedLink.objects.update_or_create(
        url=url,
        defaults={"status": status, "problem": problem, "checked_at": timezone.now()},
    )
    return found


def ask(url: str, timeout: float) -> tuple[int | None, str]:
    """The answer's number and what is wrong with it, if anything. Raises nothing.

    A moved page is there; where it moved to may be any address, so that is not followed.
    """
    try:
        parts = urlsplit(f"https:{url}" if url.startswith("//") else url)
        host, port = parts.hostname or "", parts.port
        found = socket.getaddrinfo(host, parts.scheme, type=socket.SOCK_STREAM)
    except OSError as error:
        return None, f"Its host is not known: {error.strerror or error}"[:200]
    except ValueError:  # no address at all, or a name that no host can have
        return None, "This is not the address of a page."
    if port not in {None, _PORTS[parts.scheme]}:
        return None, "Only the usual port of a scheme is asked."
    addresses = [str(one[4][0]) for one in found]
    if not all(map(is_public, addresses)):
        return None, "Its host is not on the public network."
    try:
        status = _head(parts, addresses[0], timeout)
    except (OSError, HTTPException, ValueError) as error:
        return None, f"It does not answer: {error}"[:200]
    # Some sites refuse HEAD, or programs; only 'gone' and 'not found' are certain.
    return status, f"It answers {status}." if status in {404, 410} else ""


def _head(parts: SplitResult, address: str, timeout: float) -> int:
    """The number that the host answers at just this address: a second look-up may lie."""
    host = parts.hostname or ""
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(host, timeout=timeout)
    connection.sock = socket.create_connection((address, _PORTS[parts.scheme]), timeout)
    try:
        if parts.scheme == "https":
            secure = ssl.create_default_context()
            connection.sock = secure.wrap_socket(connection.sock, server_hostname=host)
        path = urlunsplit(("", "", quote(parts.path, safe=_SAFE) or "/", parts.query, ""))
        connection.request("HEAD", path, headers={"User-Agent": "Footing link check"})
        return connection.getresponse().status
    finally:
        connection.close()


# Ways for an IPv6 address to lead to any IPv4 address, that of a private network too (RFC 6052,
# 8215, 3056, 4380).
_BY_WAY_OF_IPV4 = [
    ipaddress.ip_network(one)
    for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
]


def is_public(address: str) -> bool:
    """Whether asking it can't reach into the clinic's own network."""
    ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    return (
        ip.is_global
        and not ip.is_multicast
        and not any(ip in network for network in _BY_WAY_OF_IPV4)
    )
