"""Wagtail builds views by itself: each is asked here whether it shows or changes what it may not.

The walks find what is registered, so that a new snippet, chooser or bulk action can't be forgotten.
"""

import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import NoReverseMatch, get_resolver, reverse
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.admin.viewsets import viewsets
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.models import Page
from wagtail.snippets.models import get_snippet_models

from accounts.middleware import STILL_USED
from accounts.models import User
from accounts.permissions import Role
from cms import usage
from cms.models import Author, SearchSynonyms, Source, Video
from programs.actions import library
from programs.models import Exercise, ProgressForm
from tests.cms.conftest import make_source
from tests.config.test_guards import views
from tests.conftest import client_of, give_login, make_patient, make_user

pytestmark = pytest.mark.django_db

# Snippets that no clinic owns: written for the one public site, by all who write.
SHARED = {Source, SearchSynonyms, Video, Author}
TITLE = "Saltmarsh stretch"  # Riverside's; nothing in it that a page would escape


def is_owned(model):
    return "clinic" in {field.name for field in model._meta.fields}


@pytest.fixture
def entries(priya):
    """One entry of Riverside for each snippet that a clinic owns; forms and copies as drafts."""
    glide = Exercise.objects.get(clinic=None, code="G01")
    exercise = library.copy_exercise(exercise=glide, by=priya)
    exercise.title = TITLE
    exercise.save()
    form = ProgressForm.objects.get(clinic=None, code="weekly")
    own = ProgressForm(clinic=priya.clinic, code="own", title=TITLE, body=form.body, live=False)
    own.save()
    return {Exercise: exercise, ProgressForm: own}


@pytest.fixture
def as_olive(olive):
    return client_of(olive)


def make_superuser():
    return User.objects.create_superuser(email="root@platform.test", password="x")


def test_each_snippet_is_shared_by_name_or_owned_by_a_clinic(entries):
    for model in get_snippet_models():
        assert model in (entries if is_owned(model) else SHARED), model
    assert set(get_snippet_models()) >= SHARED


def bulk_actions():
    bulk_action_registry._scan_for_bulk_actions()
    return [
        (model, action)
        for app in bulk_action_registry.actions.values()
        for actions in app.values()
        for action, found in actions.items()
        for model in found.models
        if bulk_action_registry.get_bulk_action_class(
            model._meta.app_label, model._meta.model_name, action
        )
    ]


def bulk(model, action, *keys):
    asked = "&".join(f"id={key}" for key in keys)
    label = f"{model._meta.app_label}/{model._meta.model_name}"
    return f"/cms/bulk/{label}/{action}/?{asked}"


def test_no_bulk_action_reaches_another_clinics_entry(as_olive, entries, olive):
    own = library.copy_exercise(exercise=Exercise.objects.get(clinic=None, code="G02"), by=olive)
    owned = {
        (model, action) for model, action in bulk_actions() if is_owned(model) and model is not User
    }
    assert {model for model, _ in owned} == set(entries)
    for model, action in owned:
        entry = entries[model]
        addresses = [bulk(model, action, entry.pk), bulk(model, action, entry.pk, own.pk)]
        for address in addresses:
            assert as_olive.get(address).status_code == 404, address
            assert as_olive.post(address).status_code == 404, address
        assert TITLE.encode() not in as_olive.get(bulk(model, action, "all")).content
        as_olive.post(bulk(model, action, "all"))
        assert model.objects.filter(pk=entry.pk).exists(), address


def test_no_bulk_action_deletes_what_is_the_platforms(as_olive, entries):
    for model in entries:
        kept = model.objects.filter(clinic=None)
        address = bulk(model, "delete", *kept.values_list("pk", flat=True)[:2])
        before = kept.count()
        assert as_olive.post(address).status_code == 404
        as_olive.post(bulk(model, "delete", "all"))
        assert kept.count() == before > 0


def test_a_bulk_action_deletes_ones_own(entries, as_priya):
    for model, entry in entries.items():
        assert TITLE.encode() in as_priya.get(bulk(model, "delete", entry.pk)).content
        assert as_priya.post(bulk(model, "delete", entry.pk)).status_code == 302
        assert not model.objects.filter(pk=entry.pk).exists()


def test_a_writer_deletes_no_page_of_the_site(as_olive):
    page = Page.objects.get(slug="numb-feet")
    for action in ("delete", "unpublish"):
        as_olive.post(bulk(Page, action, page.pk))
        assert Page.objects.get(pk=page.pk).live


def test_logins_are_out_of_reach_in_wagtail(root, priya, ana):
    client = client_of(root)
    asked = [action for model, action in bulk_actions() if model is User]
    assert len(asked) == 3
    for action in asked:
        for key in (priya.pk, "all"):
            assert client.post(bulk(User, action, key)).status_code == 404, action
    for path in ("/cms/users/", f"/cms/users/{priya.pk}/", "/cms/users/add/", "/cms/groups/"):
        assert client.get(path).status_code == 404, path
    for name in ("wagtailusers_users:index", "wagtailusers_groups:index"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    home = client.get("/cms/").content.decode()
    assert "/cms/users/" not in home
    assert "/cms/groups/" not in home


def choosers():
    return [viewset for viewset in viewsets.viewsets if isinstance(viewset, ChooserViewSet)]


def test_every_chooser_opens_and_shows_nothing_of_another_clinic(as_olive, entries):
    seen = set()
    for chooser in choosers():
        name = chooser.get_url_name
        for view in ("choose", "choose_results"):
            answer = as_olive.get(reverse(name(view)))
            assert answer.status_code == 200, chooser
            assert TITLE not in answer.content.decode()
        entry = entries.get(chooser.model)
        if entry is not None:
            seen.add(chooser.model)
            entry.live = True
            entry.save()
            assert as_olive.get(reverse(name("chosen"), args=[entry.pk])).status_code == 404
            several = as_olive.get(reverse(name("chosen_multiple")), {"id": entry.pk})
            assert several.json()["result"] == []
    assert seen == set(entries)


def ids_at_hand(entries):
    """What stands in addresses of Wagtail's admin, by the end of the converter's name."""
    page = Page.objects.get(slug="numb-feet")
    page.specific.save_revision()
    revision = page.revisions.first()
    named = {"page_id": page.pk, "parent_page_id": page.get_parent().pk, "page_to_copy_id": page.pk,
             "revision_id": revision.pk, "revision_id_a": "earliest", "revision_id_b": revision.pk,
             "content_type_app_name": "cms", "content_type_model_name": "articlepage",
             "app_name": "programs", "app_label": "programs", "model_name": "exercise",
             "action": "delete", "mode": "", "object_id": page.pk}  # fmt: skip
    owned = {
        f"cms/snippets/{model._meta.app_label}/{model._meta.model_name}/": entry.pk
        for model, entry in entries.items()
    }
    return named, owned | {"cms/pages/": page.pk}


def addresses(entries):
    named, owned = ids_at_hand(entries)
    for route, _ in views(get_resolver().url_patterns):
        if route.startswith("cms/") and not re.search(r"[\^$\\]", route):
            start = next((start for start in owned if route.startswith(start)), None)
            filled = re.sub(
                r"<(?:\w+:)?(\w+)>",
                lambda found, start=start: str(named.get(found[1], owned.get(start, 1))),
                route,
            )
            yield f"/{filled}"


@pytest.fixture
def quillfeather(priya):
    patient = make_patient(priya, "Zebedee", last_name="Quillfeather")
    give_login(patient, priya)
    return patient


@pytest.mark.parametrize("who", ["platform", "therapist", "editor", "editor of the platform"])
def test_no_page_of_wagtails_admin_names_a_patient(who, quillfeather, entries, clinic):
    person = {
        "platform": make_superuser,
        "therapist": lambda: make_user(clinic, "Wes", Role.THERAPIST),
        "editor": lambda: make_user(clinic, "Wes", Role.EDITOR),
        "editor of the platform": lambda: make_user(None, "Wes", Role.EDITOR),
    }[who]()
    client = client_of(person)
    client.raise_request_exception = False
    opened = 0
    for address in addresses(entries):
        answer = client.get(address)
        assert answer.status_code != 500 or "failwhale" in address, address
        opened += answer.status_code == 200
        text = b"".join(answer) if answer.streaming else answer.content
        assert b"quillfeather" not in text.lower(), address
        assert b"zebedee" not in text.lower(), address
    assert opened > 40


def test_no_page_names_another_clinics_exercise(as_olive, entries):
    for address in addresses(entries):
        if "failwhale" not in address:
            assert TITLE.encode() not in as_olive.get(address).content, address


def test_what_cites_a_source_is_not_named_to_another_clinic(as_olive, as_priya, entries):
    source = make_source(is_retracted=True)
    source.save()
    entry = entries[Exercise]
    entry.citations.set([source])
    entry.save()
    assert str(entry) in [use.title for use in usage.of_source(source)]
    report, uses = "/cms/reports/citations/", f"/cms/snippets/cms/source/usage/{source.pk}/"
    assert TITLE in as_priya.get(report).content.decode()
    for path in (report, uses):
        assert TITLE not in as_olive.get(path).content.decode(), path


def test_a_source_stays_that_another_clinic_cites(as_olive, as_priya, root, entries):
    """Who can't see the exercise is told by the database's own check of keys."""
    source = make_source()
    source.save()
    entry = entries[Exercise]
    entry.citations.set([source])
    entry.save()
    for path in (
        f"/cms/snippets/cms/source/delete/{source.pk}/",
        bulk(Source, "delete", source.pk),
    ):
        told = client_of(root).post(path, follow=True).content.decode()
        assert "still used, perhaps by another clinic" in told
        assert TITLE not in told
        assert "deleted." not in told
        assert TITLE not in as_olive.post(path, follow=True).content.decode()
        assert TITLE in as_priya.post(path, follow=True).content.decode()
        assert Source.objects.filter(pk=source.pk).exists()


def test_what_protects_itself_is_not_deleted_and_says_so(as_priya, priya, entries):
    form = entries[ProgressForm]
    form.save_revision(user=priya).publish()  # makes a version, which patients may have answered
    address = f"/cms/snippets/programs/progressform/delete/{form.pk}/"
    told = as_priya.post(address, follow=True)
    assert told.redirect_chain == [(address, 302)]
    assert STILL_USED in told.content.decode()
    assert ProgressForm.objects.filter(pk=form.pk).exists()


def test_where_a_picture_is_used_another_clinics_entry_is_private(olive, priya, entries):
    """Wagtail names in 'used in' what it finds an edit address for."""
    for entry in entries.values():
        assert AdminURLFinder(olive).get_edit_url(entry) is None
        assert AdminURLFinder(priya).get_edit_url(entry)


def test_ladders_offer_ones_own_exercises(as_olive, as_priya, entries, olive):
    own = library.copy_exercise(exercise=Exercise.objects.get(clinic=None, code="G02"), by=olive)
    address = "/cms/snippets/programs/exercise/edit/{}/"
    assert TITLE not in as_olive.get(address.format(own.pk)).content.decode()
    assert TITLE in as_priya.get("/cms/snippets/programs/exercise/add/").content.decode()


def test_site_history_is_the_platforms(as_priya, root):
    for name in ("site_history", "site_history_results"):
        address = reverse(f"wagtailadmin_reports:{name}")
        assert as_priya.get(address).status_code == 404
        assert client_of(root).get(address).status_code == 200
    assert "site-history" not in as_priya.get("/cms/").content.decode()
    assert "site-history" in client_of(root).get("/cms/").content.decode()


AUTHORS = "/cms/snippets/cms/author/"


def offered(client, address=f"{AUTHORS}add/"):
    form = client.get(address).context["form"]
    return set(form.fields["user"].queryset.values_list("email", flat=True))


def test_an_author_is_linked_to_staff_of_the_same_clinic(as_priya, colm, ana, olive, root, ed):
    ours = {"priya@riverside.test", colm.email, ed.email}
    assert offered(as_priya) == ours
    assert offered(client_of(root)) == {*ours, olive.email, root.email}


def test_a_posted_login_of_a_patient_is_refused(as_priya, ana, olive):
    for user in (ana.user, olive):
        as_priya.post(f"{AUTHORS}add/", {"name": "New", "user": user.pk})
        assert not Author.objects.filter(name="New").exists()


def test_another_clinics_author_is_out_of_reach(as_olive, as_priya, priya):
    author = Author.of(priya)
    for name in ("edit", "delete", "usage", "history"):
        assert as_olive.get(f"{AUTHORS}{name}/{author.pk}/").status_code == 404, name
    as_olive.post(f"{AUTHORS}edit/{author.pk}/", {"name": "Mine"})
    author.refresh_from_db()
    assert author.name == "Priya Therapist"
    assert as_priya.get(f"{AUTHORS}edit/{author.pk}/").status_code == 200


def test_a_byline_stays_with_its_login(as_priya, priya, colm, root):
    author = Author.of(priya)
    for login in ("", colm.pk):
        told = {"name": "P. Nair", "user": login}
        assert as_priya.post(f"{AUTHORS}edit/{author.pk}/", told).status_code == 302
        author.refresh_from_db()
        drafted = author.get_latest_revision_as_object()
        assert (author.name, author.user) == ("Priya Therapist", priya)
        assert (drafted.name, drafted.user) == ("P. Nair", priya)
    told = {"name": "P. Nair", "user": "", "action-publish": "1"}
    client_of(root).post(f"{AUTHORS}edit/{author.pk}/", told)
    author.refresh_from_db()
    assert author.user is None


def test_who_has_left_is_out(priya, ana, capsys):
    client = client_of(priya)
    call_command("close_account", "priya@riverside.test")
    assert client.get("/workspace/").status_code == 302
    for email in (ana.user.email, "nobody@riverside.test"):
        with pytest.raises(CommandError):
            call_command("close_account", email)
    assert User.objects.get(pk=ana.user.pk).is_active
