"""A form of Wagtail's admin that is sent twice."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts import form_keys
from accounts.models import AnsweredForm, User
from cms.models import Author, Source
from tests.cms.test_sources_admin import LIST, form_data
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
ADD = "/cms/snippets/cms/author/add/"
SENT = {"name": "Twice", "csrfmiddlewaretoken": "t" * 64}


def twice() -> int:
    return Author.objects.filter(name="Twice").count()


def test_it_is_carried_out_once(as_priya: Client) -> None:
    first, second = (as_priya.post(ADD, SENT) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert twice() == 1


def test_another_page_is_another_press(as_priya: Client) -> None:
    as_priya.post(ADD, SENT)
    as_priya.post(ADD, {**SENT, "csrfmiddlewaretoken": "u" * 64})
    assert twice() == 2


def test_another_persons_is_another_press(priya: User, ed: User) -> None:
    for user in (priya, ed):
        client_of(user).post(ADD, SENT)
    assert twice() == 2


def test_later_it_is_meant(as_priya: Client) -> None:
    as_priya.post(ADD, SENT)
    AnsweredForm.objects.update(answered_at=timezone.now() - form_keys.HOLDS_AT_DESK)
    as_priya.post(ADD, SENT)
    assert twice() == 2


def test_what_was_refused_is_looked_at_again(as_priya: Client) -> None:
    sent = {**form_data(title=""), "csrfmiddlewaretoken": "t" * 64}
    for _ in range(2):
        assert "This field is required" in as_priya.post(LIST + "add/", sent).content.decode()
    assert not Source.objects.filter(key="new2020").exists()
