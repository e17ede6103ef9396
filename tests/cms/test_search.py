"""The public search: what it finds, in which order, and what it never shows."""

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from accounts.models import Clinic
from cms import findable, searching
from cms.models import (
    ArticleIndexPage,
    ArticlePage,
    Author,
    HomePage,
    SearchEntry,
    Source,
    TopicPage,
)
from programs.models import Exercise
from tests.cms.conftest import STARTER_AUTHOR, make_article, make_source

pytestmark = pytest.mark.django_db


def titles(words: str, **filters: object) -> list[str]:
    return [row.title for row in searching.find(words, **filters)]  # type: ignore[arg-type]


def page(query: str) -> str:
    response = Client().get(f"/search/?{query}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def zebra(index: ArticleIndexPage) -> ArticlePage:
    """Found by a word that nothing else holds."""
    return make_article(index, "Zebras walking", body=[("paragraph", "<p>Striped hooves.</p>")])


@pytest.mark.parametrize("words", ["zebra", "zebras", "walked zebra", "zeb", "striped", "hoof zeb"])
def test_stems_and_beginnings_are_found(zebra: ArticlePage, words: str) -> None:
    expected = [] if words == "hoof zeb" else ["Zebras walking"]
    assert titles(words) == expected


def test_a_title_ranks_over_a_text(zebra: ArticlePage, index: ArticleIndexPage) -> None:
    long = "<p>One zebra, two zebras, zebra after zebra.</p>"
    make_article(index, "Other", body=[("paragraph", long)])
    assert titles("zebra") == ["Zebras walking", "Other"]


def test_hits_are_marked_and_typed_code_is_not_run(index: ArticleIndexPage) -> None:
    make_article(index, "Zebra <b>", slug="z", body=[("key_points", ["<p>A &lt;i&gt; zebra</p>"])])
    html = page("q=zebra")
    assert "<mark>Zebra</mark> &lt;b&gt;" in html
    assert "<mark>zebra</mark>" in html
    assert "<i>" not in html
    assert "<script>alert" not in page("q=%3Cscript%3Ealert")


@pytest.mark.parametrize(
    "words", ["'", "a & | !", ":*", "\\", "((", "%00", "%F0%9F%A6%93", "🦓", "&"]
)
def test_no_sign_breaks_it(site: HomePage, words: str) -> None:
    assert Client().get("/search/", {"q": words}).status_code == 200


def test_filters_by_kind_and_topic(zebra: ArticlePage) -> None:
    make_source(key="zebra1", title="Zebra gait").save()
    assert set(titles("zebra")) == {"Zebras walking", "Zebra gait"}
    assert titles("zebra", kind="source") == ["Zebra gait"]
    topic = TopicPage.objects.get(slug="balance")
    assert titles("zebra", topics=[topic.translation_key]) == []
    zebra.topics = [topic]
    zebra.save_revision().publish()
    assert titles("zebra", topics=[topic.translation_key]) == ["Zebras walking"]
    assert "</mark> gait" not in page(f"q=zebra&topic={topic.pk}")
    assert "</mark> gait" in page("q=zebra&kind=nonsense&topic=x&page=99")


def test_a_topic_holds_those_below_it(zebra: ArticlePage) -> None:
    narrow = TopicPage.objects.get(slug="diabetes", locale=zebra.locale)
    zebra.topics = [narrow]
    zebra.save_revision().publish()
    assert "Zebras" not in page(f"q=walking&topic={TopicPage.objects.get(slug='balance').pk}")
    wide = narrow.get_parent()
    assert "<mark>walking</mark>" in page(f"q=walking&topic={wide.pk}")


def test_a_retracted_source_is_marked(site: HomePage) -> None:
    source = make_source(key="zebra1", title="Zebra gait")
    source.save()
    source.is_retracted = True
    source.save()
    assert titles("zebra") == ["Retracted: Zebra gait"]


def test_a_changed_biography_is_found(site: HomePage) -> None:
    author = Author.objects.get(name=STARTER_AUTHOR)
    author.biography = "Loves zebras."
    author.save()
    assert titles("zebra") == [STARTER_AUTHOR]


def test_an_empty_result_says_what_to_do(site: HomePage) -> None:
    html = page("q=qwertyuiop")
    assert "Nothing found for" in html
    assert "Use fewer words" in html
    assert "result" not in page("q=").split("<h1>")[1].split("<footer")[0].lower()


def test_what_sources_are_cited_for_is_never_shown(site: HomePage) -> None:
    make_source(key="secret1", use="zebrasecret purpose", checked="zebrasecret check").save()
    assert titles("zebrasecret") == []


def test_drafts_do_not_leak(zebra: ArticlePage) -> None:
    zebra.title = "Unicorns"
    zebra.save_revision()
    assert titles("unicorn") == []
    assert titles("zebra") == ["Zebras walking"]
    zebra.unpublish()
    assert titles("zebra") == []


def test_restricted_pages_do_not_leak(zebra: ArticlePage, index: ArticleIndexPage) -> None:
    wall = PageViewRestriction.objects.create(page=index, restriction_type="login")
    assert titles("zebra") == []
    assert "Zebras" not in page("q=zebra")
    wall.delete()
    assert titles("zebra") == ["Zebras walking"]


def test_private_exercises_do_not_leak(site: HomePage, clinic: Clinic) -> None:
    exercise = Exercise.objects.filter(clinic=None).first()
    exercise.patient_title, exercise.is_public = "Zebra slide", True
    exercise.save()
    assert titles("zebra", kind="exercise") == ["Zebra slide"]
    for change in ({"is_public": False}, {"live": False}):
        Exercise.objects.filter(pk=exercise.pk).update(is_public=True, live=True)
        Exercise.objects.filter(pk=exercise.pk).update(**change)
        assert titles("zebra") == [], change
    exercise.is_public = False
    exercise.save()
    assert not SearchEntry.objects.filter(kind="exercise", key=str(exercise.uuid)).exists()


def test_a_stale_index_shows_nothing_that_is_gone(zebra: ArticlePage) -> None:
    ArticlePage.objects.filter(pk=zebra.pk).update(live=False)  # no signal tells the index
    assert titles("zebra") == []


def test_a_rebuilt_index_finds_the_same(zebra: ArticlePage) -> None:
    before = set(SearchEntry.objects.values_list("kind", "key", "title"))
    assert findable.rebuild() == len(before)
    assert set(SearchEntry.objects.values_list("kind", "key", "title")) == before


def test_a_deleted_source_is_forgotten(site: HomePage) -> None:
    source = make_source(key="zebra1", title="Zebra gait")
    source.save()
    source.delete()
    assert titles("zebra") == []
    assert not SearchEntry.objects.filter(kind="source", key="zebra1").exists()
    assert Source.objects.exists()
