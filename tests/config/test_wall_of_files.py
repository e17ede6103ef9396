"""Pictures, documents and tags in Wagtail: whose they are, and who is named them."""

import pytest
from django.urls import reverse
from taggit.models import Tag
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.documents import get_document_model
from wagtail.documents.forms import get_document_form
from wagtail.images import get_image_model
from wagtail.images.forms import get_image_form
from wagtail.models import Page

from cms import editing, teams
from tests.config.test_wall import as_olive, bulk, bulk_actions
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
__all__ = ["as_olive"]


@pytest.fixture
def files(priya):
    """A picture and a document that Priya uploaded."""
    image, document = get_image_model(), get_document_model()
    own = teams.files_of(priya.clinic).collection
    by = {"title": "Foot", "uploaded_by_user": priya, "collection": own}
    return {
        image: image.objects.create(file="foot.png", width=1, height=1, **by),
        document: document.objects.create(file="foot.pdf", **by),
    }


def test_no_writer_changes_or_deletes_what_another_uploaded(as_olive, files, colm):
    editing.make_reviewer(user=colm)
    for client in (as_olive, client_of(colm)):
        for model, row in files.items():
            client.post(bulk(model, "delete", row.pk))
            client.post(AdminURLFinder().get_edit_url(row), {"title": "Mine"})
            assert model.objects.get(pk=row.pk).title == "Foot"


def test_a_writer_deletes_their_own_upload(as_priya, files):
    for model, row in files.items():
        as_priya.post(bulk(model, "delete", row.pk))
        assert not model.objects.filter(pk=row.pk).exists()


# Tags: Wagtail has one list of them for all

TAG = "saltmarsh-knot"
AUTOCOMPLETE = ("/cms/tag-autocomplete/", "/cms/tag-autocomplete/taggit/tag/")


def suggested(client, term=TAG[:4]):
    return {name for one in AUTOCOMPLETE for name in client.get(one, {"term": term}).json()}


def test_files_get_no_tags(as_priya, files, priya):
    forms = {get_image_model(): get_image_form, get_document_model(): get_document_form}
    for model, row in files.items():
        sent = {"title": "Sole", "tags": TAG, "collection": row.collection_id}
        form = forms[model](model)(sent, instance=row, user=priya)
        assert set(form.fields) >= {"title", "collection"}
        assert "tags" not in form.fields
        as_priya.post(bulk(model, "add_tags", row.pk), {"tags": TAG})
        assert not row.tags.exists()
    assert "add_tags" not in {action for _, action in bulk_actions()}
    assert not Tag.objects.filter(name=TAG).exists()


def test_no_page_of_files_asks_for_tags(as_priya):
    for app in ("wagtailimages", "wagtaildocs"):
        for name in (f"{app}:add_multiple", f"{app}_chooser:choose"):
            page = as_priya.get(reverse(name))
            assert page.status_code == 200
            assert "tag-autocomplete" not in page.content.decode()


def test_a_tag_that_no_article_bears_is_suggested_to_nobody(as_priya, as_olive, root):
    """Such as one that was on a clinic's file before files had none."""
    Tag.objects.create(name=TAG)
    for client in (as_priya, as_olive, client_of(root)):
        assert suggested(client) == set()
    assert suggested(as_priya, "") == set()


def test_tags_of_articles_are_suggested_to_who_writes_articles(as_priya, as_olive, root, ana):
    page = Page.objects.get(slug="numb-feet").specific
    page.tags.add(TAG)
    page.save()
    assert suggested(as_priya) == suggested(client_of(root)) == {TAG}
    assert suggested(as_priya, TAG.upper()) == {TAG}
    assert suggested(as_olive) == set()  # Hilltop keeps no public site
    for address in AUTOCOMPLETE:
        assert client_of(None).get(address, {"term": "s"}).status_code == 302
        assert client_of(ana.user).get(address, {"term": "s"}).status_code == 404
        assert as_priya.get(address, {"term": "\x00"}).json() == []


def test_what_is_in_use_is_refused_and_no_fault_of_the_site(files, root):
    """By a verb that no page sends: the button's own answer is a sentence."""
    collection = files[get_image_model()].collection
    answer = client_of(root).delete(f"/cms/collections/{collection.pk}/delete/")
    assert answer.status_code == 400
    assert type(collection).objects.filter(pk=collection.pk).exists()
