"""Which pages the public page cache keeps: those of all, and nobody's own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from accounts.models import User
from cms import caching
from cms.caching import PublicPageCache, freshness
from cms.models import ArticlePage, HomePage
from tests.cms.test_caching import ADDRESS, later, marked, reader, title_of

pytestmark = pytest.mark.django_db
__all__ = ["later", "reader"]


def test_the_draft_of_a_preview_is_neither_shown_kept_nor_answered_from_the_cache(
    reader: Client, numb_feet: ArticlePage
) -> None:
    numb_feet.title = "Draft"
    preview = numb_feet.make_preview_request()
    assert title_of(preview) == "Draft"
    assert "private" in preview["Cache-Control"]
    assert title_of(reader.get(ADDRESS)).startswith("Numb feet")


def test_a_page_behind_a_password_is_never_kept(
    numb_feet: ArticlePage, django_capture_on_commit_callbacks: Any
) -> None:
    freshness.current()
    client = Client()
    client.get(ADDRESS)
    with django_capture_on_commit_callbacks(execute=True):
        PageViewRestriction.objects.create(
            page=numb_feet, restriction_type="password", password="open"
        )
    for _ in range(2):
        response = client.get(ADDRESS)
        assert b'type="password"' in response.content
        assert b"Key points" not in response.content
        assert "ETag" not in response
        client.cookies.clear()


def test_somebody_with_a_session_gets_what_everybody_gets(
    reader: Client, priya: User, django_assert_num_queries: Any
) -> None:
    """But what was made for a session is not kept: it may be behind a password."""
    reader.force_login(priya)
    reader.get(ADDRESS)  # once a minute the rest of the site sees them: their login goes on
    with django_assert_num_queries(0):
        response = reader.get(ADDRESS)
    assert response["Cache-Control"] == caching.CACHE_CONTROL
    about = reader.get("/about/")
    assert about.get("Cache-Control") != caching.CACHE_CONTROL
    assert len(middleware_of(reader)._entries) == 1


def test_a_page_whose_password_was_said_is_nobody_elses(
    site: HomePage, numb_feet: ArticlePage, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        lock = PageViewRestriction.objects.create(
            page=numb_feet, restriction_type="password", password="open"
        )
    freshness.current()
    knows, other = Client(), Client()
    other.handler = knows.handler  # one process
    answer = {"password": "open", "return_url": numb_feet.url}
    knows.post(f"/_util/authenticate_with_password/{lock.pk}/{numb_feet.pk}/", answer)
    for _ in range(2):
        assert b"Key points" in knows.get(ADDRESS).content
        assert b"Key points" not in other.get(ADDRESS).content
        other.cookies.clear()


def test_where_a_link_was_found_changes_nothing(
    reader: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        found = reader.get(f"{ADDRESS}?utm_source=newsletter&fbclid=1")
    assert title_of(found).startswith("Numb feet")


@pytest.mark.parametrize("path", ["/", ADDRESS, "/about/", "/about/the-footing-project/"])
def test_a_page_first_asked_with_a_query_is_kept_as_without_it(site: HomePage, path: str) -> None:
    freshness.current()
    with_query, without = Client(), Client()
    first = with_query.get(f"{path}?utm_source=mail&page=2&q=x&author=1&next=//evil.test")
    assert first["Cache-Control"] == caching.CACHE_CONTROL
    assert len(middleware_of(with_query)._entries) == 1
    assert with_query.get(path).content == first.content == without.get(path).content


def test_who_reads_for_long_is_not_idle(
    reader: Client, priya: User, later: Callable[[float], None]
) -> None:
    reader.force_login(priya)
    seen = []
    for seconds in (0, 30, 29, 2, 30):
        later(seconds)
        with CaptureQueriesContext(connection) as asked:
            reader.get(ADDRESS)
        seen.append(len(asked) > 1)  # one may be for the stamp
    assert seen == [True, False, False, True, False]


LISTS = ["/articles/?page=1", "/articles/?author=1", "/topics/nerves/?page=1", "/search/?q=nerve"]


@pytest.mark.parametrize("path", [*LISTS, "/healthz", "/account/login/", "/nothing/"])
def test_only_marked_pages_are_kept_and_lists_without_a_query(reader: Client, path: str) -> None:
    reader.get(path.partition("?")[0])
    for _ in range(2):
        assert reader.get(path).get("Cache-Control") != caching.CACHE_CONTROL


def test_the_key_holds_host_and_scheme(reader: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        reader.get(ADDRESS)
    other_host = reader.get(ADDRESS, headers={"host": "other.test"})
    assert other_host.status_code == 200
    assert len(middleware_of(reader)._entries) == 2
    reader.get(ADDRESS, secure=True)
    assert len(middleware_of(reader)._entries) == 3


def middleware_of(client: Client) -> PublicPageCache:
    found = client.handler._middleware_chain.__wrapped__
    while not isinstance(found, PublicPageCache):
        found = found.get_response.__wrapped__
    return found


def with_cookie() -> HttpResponse:
    response = marked(HttpResponse("mine"))
    response.set_cookie("a", "b")
    return response


NEVER_KEPT: dict[str, Callable[[], Any]] = {
    "unmarked": lambda: HttpResponse("x"),
    "marked with something else": lambda: setattr_of(HttpResponse("x"), "yes"),
    "cookie": with_cookie,
    "other status": lambda: marked(HttpResponse("x", status=201)),
    "streaming": lambda: marked(StreamingHttpResponse([b"x"])),
    "varies by cookie": lambda: marked(HttpResponse("x", headers={"Vary": "Cookie"})),
    "private": lambda: marked(HttpResponse("x", headers={"Cache-Control": "private"})),
    "nonce": lambda: marked(
        HttpResponse("x", headers={"Content-Security-Policy": "script-src 'nonce-abc'"})
    ),
}


def setattr_of(response: HttpResponse, value: Any) -> HttpResponse:
    response.publicly_cacheable = value
    return response


@pytest.mark.parametrize("kind", NEVER_KEPT)
def test_never_kept(kind: str) -> None:
    freshness.current()
    cache = PublicPageCache(lambda request: NEVER_KEPT[kind]())
    assert "ETag" not in cache(RequestFactory().get("/"))
    assert cache._entries == {}


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_other_methods_pass_through(method: str) -> None:
    freshness.current()
    cache = PublicPageCache(lambda request: marked(HttpResponse("x")))
    assert "ETag" not in cache(getattr(RequestFactory(), method)("/"))
    assert cache._entries == {}


def test_the_oldest_page_makes_room() -> None:
    freshness.current()
    cache = PublicPageCache(lambda request: marked(HttpResponse("x")))
    for number in range(caching.MOST_PAGES + 5):
        cache(RequestFactory().get(f"/{number}/"))
    assert len(cache._entries) == caching.MOST_PAGES
    assert ("http", "testserver", "/4/") not in cache._entries
    assert ("http", "testserver", "/5/") in cache._entries


def test_it_stands_first_in_the_middleware() -> None:
    # Those outside ask nobody.
    outside = ["config.request_ids.RequestId", "config.metrics.Counted", "config.probes.AnyHost"]
    assert settings.MIDDLEWARE[:4] == [*outside, "cms.caching.PublicPageCache"]


def test_home_and_index_are_kept_too(site: HomePage, django_assert_num_queries: Any) -> None:
    freshness.current()
    client = Client()
    for path in ("/", "/articles/"):
        client.get(path)
        with django_assert_num_queries(0):
            assert client.get(path).status_code == 200
