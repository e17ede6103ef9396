"""Where sources are used, and that what is used can't be deleted."""

import pytest
from django.db import transaction
from django.db.models import ProtectedError
from django.test import Client

from accounts.models import User
from cms import citations, usage
from cms.models import ArticleIndexPage, ArticlePage, Source
from programs.models import Exercise
from tests.cms.conftest import make_article, make_source
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(db: None) -> Source:
    made = make_source(key="used2020")
    made.save()
    return made


def citing(source: Source) -> list[tuple[str, str]]:
    return [("key_points", [f"<p>Sure {citations.mark([source.key])}.</p>"])]


def deletes(source: Source) -> bool:
    try:
        with transaction.atomic():
            Source.objects.filter(pk=source.pk).delete()
    except ProtectedError:
        return False
    return True


def test_an_unused_source_can_be_deleted(source: Source, numb_feet: ArticlePage) -> None:
    assert usage.of_source(source) == []
    assert deletes(source)


def test_used_in_a_public_article(source: Source, index: ArticleIndexPage) -> None:
    page = make_article(index, body=citing(source))
    (use,) = usage.of_source(source)
    assert (use.pk, use.is_public, use.is_page) == (page.pk, True, True)
    assert str(use) == "article “Second”"
    assert not deletes(source)


def test_used_in_a_draft_only(source: Source, numb_feet: ArticlePage) -> None:
    numb_feet.body = citing(source)
    numb_feet.save_revision()
    (use,) = usage.of_source(source)
    assert not use.is_public
    assert "(draft)" in str(use)
    assert not deletes(source)


def test_used_in_public_though_the_draft_dropped_it(
    source: Source, index: ArticleIndexPage
) -> None:
    page = make_article(index, body=citing(source))
    page.body = [("paragraph", "<p>Nothing cited.</p>")]
    page.save_revision()
    assert [use.is_public for use in usage.of_source(source)] == [True]
    assert not deletes(source)


def test_no_longer_used(source: Source, index: ArticleIndexPage) -> None:
    page = make_article(index, body=citing(source))
    page.body = [("paragraph", "<p>Nothing cited.</p>")]
    page.save_revision().publish()
    assert usage.of_source(source) == []
    assert deletes(source)


def test_a_key_that_begins_alike_is_another(source: Source, index: ArticleIndexPage) -> None:
    longer = make_source(key="used2020b", title="Other")
    longer.save()
    make_article(index, body=citing(longer))
    assert usage.of_source(source) == []
    assert deletes(source)


def test_used_by_an_exercise_and_its_draft(source: Source) -> None:
    exercise = Exercise.objects.get(clinic=None, code="G01")
    exercise.citations.add(source)
    exercise.save()
    assert [use.kind for use in usage.of_source(source)] == ["exercise"]
    assert not deletes(source)
    exercise.citations.clear()
    exercise.save()
    assert usage.of_source(source) == []
    exercise.citations.add(source)
    exercise.save_revision()
    Exercise.citations.through.objects.filter(source=source).delete()
    assert [use.is_public for use in usage.of_source(source)] == [False]
    assert not deletes(source)


@pytest.mark.parametrize(("key", "kind"), [("lavoie", "rule"), ("farrar2001", "measure")])
def test_what_the_library_cites_by_key(key: str, kind: str) -> None:
    source = Source.objects.get(key=key)
    Exercise.citations.through.objects.filter(source=source).delete()
    assert kind in {use.kind for use in usage.of_source(source)}
    assert not deletes(source)


def test_one_use_is_told_once(source: Source, index: ArticleIndexPage) -> None:
    make_article(index, body=citing(source) * 3)
    assert usage.told(usage.of_source(source)) == "article “Second”"


def test_many_uses_are_told_in_few_words() -> None:
    uses = [usage.Use("article", f"A{n}", n, is_public=True) for n in range(7)]
    assert usage.told(uses).endswith("article “A4” and 2 more")


def test_the_costs_do_not_grow_with_the_number_of_sources(
    numb_feet: ArticlePage, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        assert len(usage.of_all()) > 20


def test_the_admin_names_what_uses_it(priya: User, numb_feet: ArticlePage) -> None:
    source = Source.objects.get(key="bhandari2019")
    address = f"/cms/snippets/cms/source/delete/{source.pk}/"
    for answer in (
        client_of(priya).get(address, follow=True),
        client_of(priya).post(address, follow=True),
    ):
        text = answer.content.decode()
        assert "Bhandari 2019 can&#x27;t be deleted" in text
        assert numb_feet.title in text
    assert Source.objects.filter(pk=source.pk).exists()


def test_the_admin_keeps_them_from_being_deleted_together(priya: User, source: Source) -> None:
    used = Source.objects.get(key="coppieters2008")
    address = f"/cms/bulk/cms/source/delete/?id={source.pk}&id={used.pk}&next=/cms/"
    client_of(priya).post(address)
    assert Source.objects.filter(pk__in=[source.pk, used.pk]).count() == 2


def test_the_admin_deletes_what_is_not_used(as_priya: Client, source: Source) -> None:
    as_priya.post(f"/cms/snippets/cms/source/delete/{source.pk}/")
    assert not Source.objects.filter(pk=source.pk).exists()
