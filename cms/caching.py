"""Public pages, kept ready in each process: an anonymous visitor costs no query.

Only what a cms page marked (`publicly_cacheable`) is kept, and only as a visitor without a session
gets it: what everybody may read is then what those with a session get, too. What stands behind the
? of an address, such as where a link was found, changes nothing of a page that does not read it.
One stamp in the database tells all processes when content changed; each looks at it every
two seconds at most, so a publish shows everywhere within two seconds. While the database is away,
what was kept is served as it is.
"""

import gzip
import hashlib
import logging
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from time import monotonic

import brotli
from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags

log = logging.getLogger(__name__)

MOST_PAGES = 200
STAMP_SECONDS = 2.0  # setting PUBLIC_PAGE_STAMP_SECONDS
AWAY_SECONDS = 10.0  # how long not to ask a database that did not answer: asking may block
LONGEST_SECONDS = 600.0  # a net below the stamp: no entry is older while the database answers
SEEN_SECONDS = 60.0  # shorter than any login lasts
MOST_SEEN = 10_000
CACHE_CONTROL = "public, max-age=0, must-revalidate"
# Best first. A proxy in front that knows none of these gets the plain bytes.
ENCODINGS = ("br", "gzip")
# Of this answer alone, not of the page.
_OWN_HEADERS = {"content-length", "content-encoding", "date", "etag", "set-cookie", "vary"}

NEVER_CHANGED = uuid.UUID(int=0)

Key = tuple[str, str, str]


def content_changed() -> None:
    """Say that public content changed; kept pages are made anew once the change is committed.

    Robust: the change is already committed, so a failure here is logged and not raised.
    """
    transaction.on_commit(_renew_stamp, robust=True)


def _renew_stamp() -> None:
    from cms.models.stamp import ContentStamp  # noqa: PLC0415 - middleware loads before models

    ContentStamp.renew()
    freshness.look_again()


class Freshness:
    """The content stamp as this process last saw it."""

    def __init__(self) -> None:
        self.known: uuid.UUID | None = None
        self.is_database_away = False
        self._ask_at = 0.0

    def look_again(self) -> None:
        self._ask_at = 0.0

    def current(self) -> uuid.UUID | None:
        """The stamp, at most two seconds old; the last one known while the database is away."""
        now = monotonic()
        if now >= self._ask_at:
            # Other threads go on with the old stamp meanwhile.
            self._ask_at = now + getattr(settings, "PUBLIC_PAGE_STAMP_SECONDS", STAMP_SECONDS)
            self._ask(now)
        return self.known

    def _ask(self, now: float) -> None:
        from cms.models.stamp import ContentStamp  # noqa: PLC0415 - middleware loads before models

        try:
            # No row yet means that nothing has changed since the tables were made.
            self.known = ContentStamp.current() or NEVER_CHANGED
            self.is_database_away = False
        except (DatabaseError, InterfaceError) as error:
            self.is_database_away = True
            self._ask_at = now + AWAY_SECONDS
            log.warning("Serving kept pages unchecked, the database is away: %s", error)


freshness = Freshness()


@dataclass(frozen=True)
class Entry:
    """One page, ready to send in each encoding."""

    stamp: uuid.UUID | None
    headers: dict[str, str]
    bodies: dict[str, bytes]
    digest: str
    reads_query: bool = True
    made_at: float = field(default_factory=monotonic)

    @classmethod
    def of(cls, response: HttpResponse, stamp: uuid.UUID | None) -> "Entry":
        body = response.content
        headers = {
            name: value for name, value in response.items() if name.lower() not in _OWN_HEADERS
        }
        bodies = {
            "": body,
            "gzip": gzip.compress(body, 6, mtime=0),
            "br": brotli.compress(body, quality=7),
        }
        # Security headers are part of the answer: a new policy must not be answered by a 304.
        digest = hashlib.sha256(repr(sorted(headers.items())).encode() + body).hexdigest()[:32]
        kept = {**headers, "Cache-Control": CACHE_CONTROL}
        return cls(stamp, kept, bodies, digest, getattr(response, "reads_query", True))

    def is_fresh(self) -> bool:
        if freshness.current() != self.stamp:
            return False
        is_young = monotonic() - self.made_at < LONGEST_SECONDS
        return is_young or freshness.is_database_away

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page, or 304 when the browser has just these bytes."""
        encoding = best_encoding(request.headers.get("Accept-Encoding", ""))
        etag = f'"{self.digest}-{encoding}"' if encoding else f'"{self.digest}"'
        response = self._not_modified(request, etag) or self._whole(request, encoding)
        response["ETag"] = etag
        response["Vary"] = "Accept-Encoding"
        return response

    def _whole(self, request: HttpRequest, encoding: str) -> HttpResponse:
        body = self.bodies[encoding]
        response = HttpResponse(b"" if request.method == "HEAD" else body, headers=self.headers)
        response["Content-Length"] = str(len(body))
        if encoding:
            response["Content-Encoding"] = encoding
        return response

    def _not_modified(self, request: HttpRequest, etag: str) -> HttpResponse | None:
        asked = request.headers.get("If-None-Match")
        if not asked or not _names(asked, etag):
            return None
        response = HttpResponseNotModified()
        for name, value in self.headers.items():
            if name.lower() != "content-type":
                response[name] = value
        return response


def _names(if_none_match: str, etag: str) -> bool:
    """Whether the header names this tag; RFC 9110 compares weakly here, a proxy may add W/."""
    return any(tag in ("*", etag) or tag == f"W/{etag}" for tag in parse_etags(if_none_match))


@lru_cache(maxsize=256)
def best_encoding(accepted: str) -> str:
    """'br', 'gzip', or '' for the plain bytes."""
    weights: dict[str, float] = {}
    for item in accepted.lower().split(","):
        name, _, weight = item.replace(" ", "").partition(";q=")
        weights[name] = _weight(weight)
    return next((name for name in ENCODINGS if weights.get(name, weights.get("*", 0)) > 0), "")


def _weight(text: str) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0.0


class PublicPageCache:
    """First of the middleware: a kept page passes none of the others, and carries their headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._entries: dict[Key, Entry] = {}
        self._lock = threading.Lock()
        self._seen: dict[str, float] = {}  # when somebody's session last went past what is kept

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not may_use(request):
            return self.get_response(request)
        key = (request.scheme or "", request.get_host(), request.path)
        entry, asks = self._entries.get(key), bool(request.META.get("QUERY_STRING"))
        if (
            entry
            and not (asks and entry.reads_query)
            and not self._lets_login_last(request)
            and entry.is_fresh()
        ):
            return entry.answer(request)
        known = freshness.known
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or not may_keep(response):
            return response
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            return response  # a page behind a password is for who has said it in this session
        if asks and getattr(response, "reads_query", True):
            return response
        return self._keep(key, Entry.of(response, freshness.current()), known).answer(request)

    def _lets_login_last(self, request: HttpRequest) -> bool:
        """Whether it is time that a reader with a session is seen by the rest of the site: who
        reads for an hour is not idle.
        """
        session = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if not session or monotonic() - self._seen.get(session, 0) < SEEN_SECONDS:
            return False
        with self._lock:
            if len(self._seen) >= MOST_SEEN:
                self._seen.clear()
            self._seen[session] = monotonic()
        return True

    def _keep(self, key: Key, entry: Entry, known: uuid.UUID | None) -> Entry:
        """Keep it unless content may have changed while it was made.

        `known` was read before that. A process that had not looked yet keeps its next answer.
        """
        if entry.stamp is None or entry.stamp != known:
            return entry
        with self._lock:
            self._entries.pop(key, None)
            while len(self._entries) >= MOST_PAGES:
                del self._entries[next(iter(self._entries))]
            self._entries[key] = entry
        return entry


def may_use(request: HttpRequest) -> bool:
    """A reader; never one of Wagtail's previews."""
    return (
        request.method in {"GET", "HEAD"}
        and not request.META.get("HTTP_AUTHORIZATION")
        and not getattr(request, "is_dummy", False)
    )


def may_keep(response: HttpResponse) -> bool:
    """A whole page that its cms page marked, and that is the same for everyone."""
    return (
        getattr(response, "publicly_cacheable", False) is True
        and response.status_code == 200
        and not response.cookies
        and not response.has_header("Set-Cookie")
        and not response.has_header("Cache-Control")
        and _varies_by(response) <= {"accept-encoding"}
        and "'nonce-" not in response.headers.get("Content-Security-Policy", "")
    )


def _varies_by(response: HttpResponse) -> set[str]:
    return {name.strip().lower() for name in response.headers.get("Vary", "").split(",")} - {""}
