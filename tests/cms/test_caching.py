"""The public page cache: fast for strangers, never stale for long, never anyone's own."""

import gzip
from collections.abc import Callable
from typing import Any

import brotli
import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from wagtail.models import PageViewRestriction, Site

from cms import caching
from cms.caching import PublicPageCache, best_encoding, content_changed, freshness
from cms.models import ArticlePage, Author, ContentStamp, Source, Video
from programs.models import Program

pytestmark = pytest.mark.django_db
ADDRESS = "/articles/numb-feet/"


@pytest.fixture
def reader(numb_feet: ArticlePage) -> Client:
    """An anonymous reader whose process has the article ready."""
    freshness.current()
    client = Client()
    assert client.get(ADDRESS).status_code == 200
    return client


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Moves the clock on, which stands still otherwise."""
    now = [caching.monotonic()]

    def move(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(caching, "monotonic", lambda: now[0])
    return move


def title_of(response: HttpResponse) -> str:
    return response.content.decode().split("<h1>")[1].split("</h1>")[0]


def marked(response: Any) -> Any:
    response.publicly_cacheable = True
    response.reads_query = False
    return response


def retitle(page: ArticlePage, title: str) -> None:
    page.title = title
    page.save_revision().publish()


def test_a_kept_page_costs_no_query(reader: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        response = reader.get(ADDRESS)
    assert title_of(response).startswith("Numb feet")


def test_the_stamp_is_asked_for_every_two_seconds_only(
    reader: Client, later: Callable[[float], None], django_assert_num_queries: Any
) -> None:
    later(2.1)
    with django_assert_num_queries(1):
        reader.get(ADDRESS)
        reader.get(ADDRESS)
    later(1.8)
    with django_assert_num_queries(0):
        reader.get(ADDRESS)


def headers_of(answer: Any) -> dict[str, str]:
    """But for the request's own name."""
    return {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}


def test_a_kept_answer_equals_the_first(numb_feet: ArticlePage) -> None:
    freshness.current()
    client = Client()
    first, second = client.get(ADDRESS), client.get(ADDRESS)
    assert first.content == second.content
    assert headers_of(first) == headers_of(second)


def test_a_kept_page_has_the_security_headers_of_any_page(reader: Client) -> None:
    kept, other = reader.get(ADDRESS), reader.get("/no-such-page/")
    for name in (
        "Content-Security-Policy",
        "X-Frame-Options",
        "X-Content-Type-Options",
        "Referrer-Policy",
        "Cross-Origin-Opener-Policy",
    ):
        given = {part.strip() for part in kept[name].split(";")}
        assert given == {part.strip() for part in other[name].split(";")}, name


def test_head_has_no_body_and_the_same_length(reader: Client) -> None:
    whole, head = reader.get(ADDRESS), reader.head(ADDRESS)
    assert head.content == b""
    assert head["Content-Length"] == whole["Content-Length"] == str(len(whole.content))
    assert head["ETag"] == whole["ETag"]


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("", None, bytes),
        ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
    ],
)
def test_encodings(
    reader: Client, accepted: str, encoding: str | None, unpack: Callable[[bytes], bytes]
) -> None:
    plain = reader.get(ADDRESS)
    packed = reader.get(ADDRESS, headers={"accept-encoding": accepted})
    assert packed.headers.get("Content-Encoding") == encoding
    assert packed["Vary"] == "Accept-Encoding"
    assert unpack(packed.content) == plain.content
    assert (packed["ETag"] == plain["ETag"]) is (encoding is None)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("*", "br"), ("identity", ""), ("gzip;q=x", ""), ("BR", "br"), ("*;q=0, gzip", "gzip")],
)
def test_best_encoding(accepted: str, encoding: str) -> None:
    assert best_encoding(accepted) == encoding


def test_an_unchanged_page_is_answered_by_304(reader: Client) -> None:
    whole = reader.get(ADDRESS)
    assert whole["Cache-Control"] == "public, max-age=0, must-revalidate"
    again = reader.get(ADDRESS, headers={"if-none-match": whole["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == whole["ETag"]
    assert again["Cache-Control"] == whole["Cache-Control"]
    assert again["Content-Security-Policy"] == whole["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path", ["/sitemap.xml", "/exercises/", "/articles/?page=1", "/robots.txt"]
)
def test_what_is_not_kept_answers_conditional_requests_too(reader: Client, path: str) -> None:
    etag = reader.get(path)["ETag"]
    again = reader.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_another_etag_or_encoding_gets_the_whole_page(reader: Client) -> None:
    etag = reader.get(ADDRESS)["ETag"]
    assert reader.get(ADDRESS, headers={"if-none-match": '"other"'}).status_code == 200
    both = {"if-none-match": etag, "accept-encoding": "br"}
    assert reader.get(ADDRESS, headers=both).status_code == 200
    weak = {"if-none-match": f'"x", W/{etag}'}
    assert reader.get(ADDRESS, headers=weak).status_code == 304


def test_a_publish_shows_at_once_where_it_was_made(
    reader: Client, numb_feet: ArticlePage, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        retitle(numb_feet, "New title")
    assert title_of(reader.get(ADDRESS)) == "New title"


def test_a_publish_elsewhere_shows_within_two_seconds(
    reader: Client, numb_feet: ArticlePage, later: Callable[[float], None]
) -> None:
    """Another process published: this one's callbacks did not run, only the stamp is new."""
    retitle(numb_feet, "New title")
    ContentStamp.renew()
    assert title_of(reader.get(ADDRESS)).startswith("Numb feet")
    later(2.1)
    assert title_of(reader.get(ADDRESS)) == "New title"


def test_a_page_made_while_content_changed_is_not_kept(
    numb_feet: ArticlePage, django_assert_num_queries: Any
) -> None:
    freshness.current()
    made: list[int] = []

    def page(request: HttpRequest) -> HttpResponse:
        made.append(1)
        ContentStamp.renew()
        freshness.look_again()
        return marked(HttpResponse("page"))

    cache = PublicPageCache(page)
    for _ in range(2):
        cache(RequestFactory().get("/"))
    assert len(made) == 2


def unused_source() -> Source:
    return Source.objects.create(key="unused2020", title="Unused")


CHANGES: dict[str, Callable[[ArticlePage], Any]] = {
    "published": lambda page: page.save_revision().publish(),
    "unpublished": lambda page: page.unpublish(),
    "saved by a program": lambda page: page.save(),
    "deleted": lambda page: page.delete(),
    "source saved": lambda page: Source.objects.first().save(),
    "source deleted": lambda page: unused_source().delete(),
    "author saved": lambda page: Author.objects.first().save(),
    "site saved": lambda page: Site.objects.first().save(),
    "restricted": lambda page: PageViewRestriction.objects.create(
        page=page, restriction_type="password", password="x"
    ),
    "exercise saved": lambda page: next(
        block.value for block in page.body if block.block_type == "exercise"
    ).save(),
    "program saved": lambda page: Program.objects.first().save(),
    "video saved": lambda page: Video.objects.create(title="Slide", transcript="Slides."),
    "told": lambda page: content_changed(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_renews_the_stamp(
    numb_feet: ArticlePage, django_capture_on_commit_callbacks: Any, change: str
) -> None:
    before = ContentStamp.current()
    with django_capture_on_commit_callbacks(execute=True):
        CHANGES[change](numb_feet)
    assert ContentStamp.current() != before


def test_a_draft_renews_nothing(
    numb_feet: ArticlePage, django_capture_on_commit_callbacks: Any
) -> None:
    before = ContentStamp.current()
    with django_capture_on_commit_callbacks(execute=True):
        numb_feet.title = "Not yet"
        numb_feet.save_revision()
    assert ContentStamp.current() == before


def test_a_rolled_back_change_renews_nothing(django_capture_on_commit_callbacks: Any) -> None:
    before = ContentStamp.current()
    with django_capture_on_commit_callbacks() as waiting:
        content_changed()
    assert len(waiting) == 1
    assert ContentStamp.current() == before


def test_while_the_database_is_away_kept_pages_are_served(
    reader: Client, later: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def away() -> None:
        asked.append(1)
        raise OperationalError("no connection")

    monkeypatch.setattr(ContentStamp, "current", away)
    later(caching.LONGEST_SECONDS + 1)
    for _ in range(3):
        assert title_of(reader.get(ADDRESS)).startswith("Numb feet")
    assert len(asked) == 1  # asking may block for seconds
    later(caching.AWAY_SECONDS + 1)
    reader.get(ADDRESS)
    assert len(asked) == 2


def test_no_entry_lives_long_without_the_stamp_being_trusted(
    reader: Client, later: Callable[[float], None], numb_feet: ArticlePage
) -> None:
    """A change that told nobody, such as SQL by hand."""
    ArticlePage.objects.filter(pk=numb_feet.pk).update(title="By hand")
    later(caching.LONGEST_SECONDS + 1)
    assert title_of(reader.get(ADDRESS)) == "By hand"
