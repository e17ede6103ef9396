"""'Was this helpful?': counted without a token, a cookie or a person."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from cms.models import ArticlePage, HelpfulCount

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def send(page: ArticlePage, answer: str = "yes", **headers: str) -> Any:
    address = f"/helpful/{page.translation_key}/"
    given = headers or {"sec_fetch_site": "same-origin"}
    named = {f"HTTP_{name.upper()}": value for name, value in given.items()}
    return Client(enforce_csrf_checks=True).post(address, {"helpful": answer}, **named)


def test_answers_are_counted_by_day(numb_feet: ArticlePage) -> None:
    for answer in ("yes", "yes", "no"):
        assert send(numb_feet, answer).status_code == 200
    row = HelpfulCount.objects.get()
    assert (row.page_id, row.day) == (numb_feet.pk, timezone.localdate())
    assert (row.yes, row.no) == (2, 1)


def test_no_cookie_is_set_and_thanks_lead_back(numb_feet: ArticlePage) -> None:
    response = send(numb_feet)
    assert not response.cookies
    assert b'href="/articles/numb-feet/"' in response.content


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"origin": "null"}, 403),
        ({"referer": "http://testserver/"}, 403),
        ({"origin": "http://testserver"}, 200),
    ],
)
def test_only_a_page_of_this_site_may_send(
    numb_feet: ArticlePage, headers: dict[str, str], status: int
) -> None:
    assert send(numb_feet, **headers).status_code == status
    assert HelpfulCount.objects.count() == (1 if status == 200 else 0)


def test_nonsense_and_drafts_count_nothing(numb_feet: ArticlePage) -> None:
    assert send(numb_feet, "maybe").status_code == 400
    numb_feet.unpublish()
    assert send(numb_feet).status_code == 404
    assert not HelpfulCount.objects.exists()


def test_a_get_counts_nothing(numb_feet: ArticlePage) -> None:
    assert Client().get(f"/helpful/{numb_feet.translation_key}/").status_code == 405


def test_one_sender_is_limited(numb_feet: ArticlePage) -> None:
    answers = [send(numb_feet).status_code for _ in range(22)]
    assert answers[:20] == [200] * 20
    assert answers[-1] == 429
    assert HelpfulCount.objects.get().yes == 20
