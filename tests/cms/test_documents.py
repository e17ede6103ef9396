"""Documents are read where a page that shows them is."""

from typing import Any

import pytest
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.models import Page, PageViewRestriction

from accounts.models import User
from cms import teams
from cms.models import ArticleIndexPage
from patients.models import Patient
from tests.cms.conftest import make_article
from tests.cms.test_teams import make_files
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


# Documents


@pytest.fixture
def document(priya: User) -> Any:
    """In Riverside's collection."""
    own = teams.files_of(priya.clinic).collection
    return make_files(own, "Saltmarsh", priya)[get_document_model()]


def reads(client: Client, document: Any) -> int:
    answer = client.get(document.url)
    if answer.streaming:
        for file in answer._resource_closers:  # not `close`, which ends the test's connection
            file()
    return int(answer.status_code)


def test_a_document_is_read_where_its_page_is(
    document: Any,
    index: ArticleIndexPage,
    priya: User,
    olive: User,
    ana: Patient,
    settings: Any,
) -> None:
    public = Client()
    link = f'<p><a linktype="document" id="{document.pk}">Plan</a></p>'
    page = make_article(index, body=[("paragraph", link)])
    page.unpublish()
    assert reads(public, document) == 404
    assert reads(client_of(ana.user), document) == 404
    assert reads(client_of(olive), document) == 404
    assert reads(client_of(priya), document) == 200
    settings.STAFF_SECOND_FACTOR = True
    assert reads(client_of(priya), document) == 404
    page.get_latest_revision().publish()
    assert reads(public, document) == 200
    wall_ = PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert reads(public, document) == 404
    assert reads(client_of(ana.user), document) == 200
    wall_.delete()
    Page.objects.get(pk=page.pk).unpublish()
    assert reads(public, document) == 404
