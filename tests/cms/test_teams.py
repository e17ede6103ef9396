"""Who writes the public site, where each clinic's files are, and authors that go through review."""

from pathlib import PurePosixPath
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Page

from accounts import wall
from accounts.actions import close
from accounts.models import User
from accounts.permissions import Role
from cms import editing, signing, teams
from cms.models import ArticleIndexPage, Author, Video
from patients.models import Patient
from tests.as_role import WEB, as_role
from tests.cms.conftest import make_article
from tests.conftest import client_of, make_user

pytestmark = pytest.mark.django_db
AUTHORS = "/cms/snippets/cms/author/"
Image, Document = get_image_model(), get_document_model()
PNG = "foot.png"
# Wagtail's choosers make small pictures, and leave a temporary file to the garbage collector.
LEAKY = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def make_files(collection: Collection, title: str, by: User | None = None) -> dict[type, Any]:
    """A picture, a document and a video there."""
    named = {"title": title, "collection": collection}
    image = Image.objects.create(file=get_test_image_file(PNG), uploaded_by_user=by, **named)
    document = Document(uploaded_by_user=by, **named)
    document.file.save("foot.pdf", ContentFile(b"%PDF-1.7 of " + title.encode()))
    video = Video.objects.create(
        file="v.mp4", poster=image, is_silent=True, transcript="x", **named
    )
    return {Image: image, Document: document, Video: video}


@pytest.fixture
def files(priya: User) -> dict[type, Any]:
    return make_files(teams.files_of(priya.clinic).collection, "Saltmarsh", priya)


@pytest.fixture
def shared(priya: User) -> dict[type, Any]:
    return make_files(teams.public_collection(), "Everyones", priya)


# The editorial team


def test_the_first_clinic_keeps_the_site_and_others_are_asked_to(
    priya: User, ed: User, olive: User, root: User, ana: Patient, ruth: User
) -> None:
    platform = make_user(None, "Pat", Role.EDITOR)
    for user in (priya, ed, platform, root):
        assert teams.is_editorial(user), user
    for user in (olive, ruth, ana.user, None):
        assert not teams.is_editorial(user), user
    call_command("editorial_clinic", str(olive.clinic_id))
    assert teams.is_editorial(User.objects.get(pk=olive.pk))
    call_command("editorial_clinic", str(olive.clinic_id), "--no-longer")
    assert not teams.is_editorial(User.objects.get(pk=olive.pk))


def groups(user: User) -> set[str]:
    return set(user.groups.values_list("name", flat=True))


def test_groups_follow_the_account(priya: User, olive: User) -> None:
    own, other = (f"Clinic {user.clinic_id}" for user in (priya, olive))
    assert (groups(priya), groups(olive)) == ({teams.WRITERS, own}, {other})
    priya.clinic = olive.clinic
    priya.save()
    assert groups(priya) == {other}
    priya.role = Role.CLINIC_ADMIN
    priya.save()
    assert groups(priya) == set()


def test_who_has_left_is_in_no_group(priya: User) -> None:
    close(user=priya)
    assert groups(priya) == set()


def test_who_is_no_longer_of_the_team_signs_nothing(tom: User, priya: User) -> None:
    tom.clinic.is_editorial = False
    tom.clinic.save()
    tom = User.objects.get(pk=tom.pk)
    assert groups(tom) == {f"Clinic {tom.clinic_id}"}
    assert not signing.is_reviewer(tom)
    with pytest.raises(ValidationError, match="editorial team"):
        editing.make_reviewer(user=tom)


def test_another_clinics_therapist_writes_no_page_author_or_source(
    olive: User, priya: User, index: ArticleIndexPage
) -> None:
    client, author = client_of(olive), Author.of(priya)
    page = make_article(index)
    before = Page.objects.count()
    for address in (
        f"/cms/pages/{page.pk}/edit/",
        f"/cms/pages/add/cms/articlepage/{index.pk}/",
        f"/cms/pages/{page.pk}/delete/",
        f"/cms/pages/{page.pk}/copy/",
        f"{AUTHORS}add/",
        f"{AUTHORS}edit/{author.pk}/",
        "/cms/snippets/cms/source/add/",
        "/cms/sources/import/",
    ):
        for method in (client.get, client.post):
            answer = method(address, {"title": "Mine", "name": "Mine"})
            assert answer.status_code in (302, 403, 404), address
            assert answer.status_code != 302 or answer.url == "/cms/", address
    assert Page.objects.count() == before
    assert not Author.objects.filter(name="Mine").exists()
    home = client.get("/cms/").content.decode()
    assert AUTHORS not in home
    assert "/cms/snippets/programs/exercise/" in home


# Files


@LEAKY
@pytest.mark.parametrize("model", [Image, Document, Video])
def test_another_clinics_file_does_not_exist(
    model: type, files: dict[type, Any], olive: User, priya: User
) -> None:
    row, client = files[model], client_of(olive)
    label = f"{model._meta.app_label}/{model._meta.model_name}"
    kind = {Image: "wagtailimages", Document: "wagtaildocs"}.get(model)
    named = f"wagtailsnippets_{label.replace('/', '_')}"
    lists, edit, delete = (
        (f"{kind}:index", f"{kind}:edit", f"{kind}:delete")
        if kind
        else (f"{named}:list", f"{named}:edit", f"{named}:delete")
    )
    chooser = f"{kind}_chooser" if kind else "wagtailsnippetchoosers_cms_video"
    for name in (lists, f"{chooser}:choose", f"{chooser}:choose_results"):
        assert "Saltmarsh" not in client.get(reverse(name)).content.decode(), name
        assert "Saltmarsh" in client_of(priya).get(reverse(name)).content.decode(), name
    for name in (edit, delete, f"{chooser}:chosen"):
        address = reverse(name, args=[row.pk])
        for method in (client.get, client.post):
            answer = method(address, {"title": "Mine"})
            assert answer.status_code in (404, 405), name
            assert b"Saltmarsh" not in answer.content
    several = client.get(reverse(f"{chooser}:chosen_multiple"), {"id": row.pk})
    assert several.json()["result"] == []
    for key in (str(row.pk), "all"):
        client.post(f"/cms/bulk/{label}/delete/?id={key}")
    assert model._default_manager.filter(pk=row.pk, title="Saltmarsh").exists()


@LEAKY
@pytest.mark.parametrize("model", [Image, Document, Video])
def test_the_sites_files_are_used_by_all_and_changed_by_its_team(
    model: type, shared: dict[type, Any], olive: User
) -> None:
    row, client = shared[model], client_of(olive)
    chooser = {Image: "wagtailimages_chooser", Document: "wagtaildocs_chooser"}.get(
        model, "wagtailsnippetchoosers_cms_video"
    )
    assert "Everyones" in client.get(reverse(f"{chooser}:choose_results")).content.decode()
    assert client.get(reverse(f"{chooser}:chosen", args=[row.pk])).status_code == 200
    edit = {Image: "wagtailimages:edit", Document: "wagtaildocs:edit"}.get(
        model, "wagtailsnippets_cms_video:edit"
    )
    client.post(reverse(edit, args=[row.pk]), {"title": "Mine"})
    row.refresh_from_db()
    assert row.title == "Everyones"


def test_an_upload_goes_into_ones_clinics_collection(priya: User, olive: User) -> None:
    """The only one of Olive's; Priya's editorial clinic has another beside it."""
    file = SimpleUploadedFile(PNG, get_test_image_file(PNG).file.getvalue())
    for user in (priya, olive):
        form = client_of(user).get("/cms/images/add/").context["form"]
        own = teams.files_of(user.clinic).collection
        if user == priya:
            assert form.initial["collection"] == own.pk
        else:
            assert "collection" not in form.fields
    made = client_of(olive).post("/cms/images/add/", {"title": "Mine", "file": file})
    assert made.status_code == 302
    assert Image.objects.get(title="Mine").collection == own


def test_nobody_uploads_into_another_clinics_collection(priya: User, olive: User) -> None:
    other = teams.files_of(priya.clinic).collection
    for target in (other, teams.public_collection(), Collection.get_first_root_node()):
        file = SimpleUploadedFile("v.pdf", b"%PDF-1.7")
        told = {"title": "Mine", "file": file, "collection": target.pk}
        client_of(olive).post("/cms/documents/add/", told)
        assert not Document.objects.filter(collection=target).exists()


def seen(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT title FROM {table}")
        return {title for (title,) in cursor.fetchall()}


def touched(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET title = title RETURNING title")
        return {title for (title,) in cursor.fetchall()}


@pytest.mark.parametrize("model", [Image, Document, Video])
def test_the_database_holds_it_too(
    model: type, files: Any, shared: Any, priya: User, olive: User, ana: Patient, root: User
) -> None:
    table = model._meta.db_table
    own = make_files(teams.files_of(olive.clinic).collection, "Own")[model]
    both, ours = {"Saltmarsh", "Everyones"}, {"Saltmarsh"}
    with as_role(WEB):
        assert seen(table) >= both  # the public pages
        assert not touched(table) & both
        for asker, reads, writes in [
            (priya, both, both),
            (olive, both - ours, set()),
            (ana.user, both, set()),
            (root, both, both),
            (make_user(None, "Pat", Role.EDITOR), both - ours, both - ours),
        ]:
            with wall.acting(asker):
                assert seen(table) & both == reads, asker
                assert touched(table) & both == writes, asker
        own.collection = files[model].collection
        refused = pytest.raises(DatabaseError, match="row-level security")
        with wall.acting(olive), refused, transaction.atomic():
            own.save(update_fields=["collection"])


def test_nobody_guesses_where_a_file_is(files: dict[type, Any]) -> None:
    for row in (files[Image], files[Document]):
        path = PurePosixPath(row.file.name)
        assert path.name not in (PNG, "foot.pdf")
        assert len(path.suffixes[0]) == 33
    again = Image.objects.create(title="Again", file=get_test_image_file(PNG))
    assert again.file.name != files[Image].file.name


@pytest.mark.parametrize("what", ["images", "documents"])
def test_the_admins_api_lists_no_files_and_publishes_nothing(
    what: str, files: Any, tom: User, index: ArticleIndexPage
) -> None:
    platform = client_of(make_user(None, "Pat", Role.EDITOR))
    assert platform.get(f"/cms/api/main/{what}/").status_code == 404
    page = make_article(index)
    address = f"/cms/api/main/pages/{page.pk}/action/unpublish/"
    assert client_of(tom).post(address).status_code == 404
    assert Page.objects.get(pk=page.pk).live
