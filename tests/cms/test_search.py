"""The public search: what it finds, in which order, and what it never shows."""

from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils.html import strip_tags
from wagtail.models import PageViewRestriction

from accounts.models import Clinic, User
from cms.models import (
    ArticleIndexPage,
    ArticlePage,
    Author,
    HomePage,
    SearchEntry,
    SearchPage,
    SearchSynonyms,
    Source,
    TopicPage,
)
from cms.search import findable, searching
from cms.search.searching import Search
from programs.models import Exercise
from tests.cms.conftest import STARTER_AUTHOR, make_article, make_source
from tests.conftest import client_of

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
    assert titles(words)[:1] == ["Zebras walking"]


def test_only_the_last_word_may_be_unfinished(zebra: ArticlePage) -> None:
    assert titles("striped hoov") == ["Zebras walking"]
    assert titles("stripes hooves") == ["Zebras walking"]  # the stem of striped
    assert titles("stri hooves") == []
    # 'numness' has the stem 'num': as a beginning it would find papers on numeric scales.
    assert titles("numness") == []


def asked(words: str, language: str = "en") -> Search:
    return searching.from_query(
        {"q": words}, SearchPage.objects.get(locale__language_code=language)
    )


NUMB, DIABETES = (
    "Numb feet: why they happen and what helps",
    "Looking after your feet with diabetes",
)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("pins and needles", NUMB),
        ("Pins & needles", NUMB),
        ("tingling", NUMB),
        ("prickling", NUMB),
        ("foot fell asleep", NUMB),
        ("nubm feet", NUMB),
        ("numness", NUMB),
        ("tingeling", NUMB),
        ("excercise for numb feet", NUMB),
        ("diabetis", DIABETES),
        ("what shoes should I wear", "Shoes for numb feet"),
        ("footwear", "Shoes for numb feet"),
        ("shose", "Shoes for numb feet"),
        ("balence", "Balance at home, safely"),
        ("is it an emergency", "When numbness is an emergency"),
        ("balance", "Balance at home, safely"),
        ("sciatica", "How nerves slide and stretch"),
    ],
)
def test_it_forgives(site: HomePage, words: str, first: str) -> None:
    assert _plain(asked(words).results[0].title) == first


def _plain(marked: str) -> str:
    return unescape(strip_tags(marked))


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("nubm feet", "numb feet"),
        ("diabetis", "diabetes"),
        ("numness", "numbness"),
        ("neuropaty", "neuropathy"),
        ("numb feet", ""),
        ("sciatic", ""),
        ("qwertyuiop", ""),
        ("xyz", ""),
    ],
)
def test_it_says_what_it_took_the_words_for(site: HomePage, words: str, meant: str) -> None:
    assert asked(words).meant == meant
    html = page(urlencode({"q": words}))
    assert ("Did you mean" in html) is bool(meant)
    assert f"<strong>{meant}</strong></a>?" in html if meant else True


@pytest.mark.parametrize("words", ["neuropathy", "sciatic", "falls", "diabetes"])
def test_articles_come_before_exercises_before_papers(site: HomePage, words: str) -> None:
    found = asked(words)
    kinds = [result.kind for result in found.results]
    assert kinds[0] == "Articles"
    assert kinds == sorted(kinds, key=["Articles", "Exercises", "Other pages"].index)
    assert {result.kind for result in found.apart.results} == {"Sources"}
    assert [row.kind for row in searching.find(words)][-1] == "source"


def test_more_sources_are_a_click_away(site: HomePage) -> None:
    found = asked("diabetes")
    assert len(found.apart.results) == searching.BESIDE < found.apart.count
    html = page("q=diabetes")
    assert f"All {found.apart.count} sources" in html
    assert "?kind=source&amp;q=diabetes" in html
    assert f"{found.apart.count} results" in page("kind=source&q=diabetes")


@pytest.mark.parametrize("words", ["pie dormido", "hormigueo", "zapatos", "caidas"])
def test_words_of_another_language_are_offered_in_it(site: HomePage, words: str) -> None:
    found = asked(words)
    assert found.results == []
    assert found.meant == ""  # not taken for an English word
    assert [beside.language for beside in found.elsewhere] == ["es"]
    html = page(urlencode({"q": words}))
    assert "In another language: Español" in html
    assert 'lang="es"' in html
    assert 'href="/es/articulos/' in html


def test_an_english_word_on_the_spanish_site_is_offered_in_english(site: HomePage) -> None:
    assert [beside.language for beside in asked("numbness", "es").elsewhere] == ["en"]


def test_accents_may_be_left_out_and_added(site: HomePage) -> None:
    for one, other in (("caídas", "caidas"), ("ciática", "ciatica"), ("úlcera", "ulcera")):
        assert asked(one, "es").count == asked(other, "es").count, one


def test_nothing_holds_all_of_these_words(index: ArticleIndexPage) -> None:
    make_article(index, "First", body=[("paragraph", "<p>A zebra.</p>")])
    make_article(index, "Another", body=[("paragraph", "<p>A gnu and a kudu.</p>")])
    assert titles("zebra gnu") == []
    assert asked("zebra gnu").is_partial
    assert "Nothing holds all of these words" in page("q=zebra+gnu")
    # Two of the words weigh more than one.
    shown = asked("zebra gnu kudu").results
    assert [_plain(result.title) for result in shown] == ["Another", "First"]


def test_an_excerpt_says_under_which_heading_it_stands(index: ArticleIndexPage) -> None:
    body = [
        ("paragraph", "<p>Many animals.</p>"),
        ("heading", "On water"),
        ("paragraph", "<p>Ducks.</p>"),
        ("heading", "On land"),
        ("paragraph", "<p>A zebra &amp; a <b>gnu</b>.</p>"),
    ]
    make_article(index, "Animals", slug="animals", body=body)
    result = asked("zebra").results[0]
    assert result.heading == "On land"
    assert result.part_address == "/articles/animals/#on-land"
    assert result.excerpt == "A <mark>zebra</mark> &amp; a gnu."
    assert 'id="on-land"' in Client().get(result.address).content.decode()
    # What stands before the first heading has none.
    first = asked("many animals").results[0]
    assert (_plain(first.title), first.heading, first.part_address) == ("Animals", "", "")


def test_editors_keep_the_words_that_mean_the_same(zebra: ArticlePage, ed: User) -> None:
    assert titles("stripy horse") == []
    editor, address = client_of(ed), "/cms/snippets/cms/searchsynonyms/add/"
    sent = {"language": "en", "words": "zebra,  stripy   horse,"}
    assert editor.post(address, sent).status_code == 302
    assert SearchSynonyms.objects.filter(words="zebra, stripy horse").exists()
    assert titles("stripy horses") == ["Zebras walking"]
    assert titles("the stripy horse") == ["Zebras walking"]
    assert "Write at least two" in editor.post(address, sent | {"words": "one"}).content.decode()
    again = editor.post(address, sent | {"words": "zebra, stripy horse"})
    assert "in the list already" in again.content.decode()
    SearchSynonyms.objects.filter(words__startswith="zebra").delete()
    assert titles("stripy horse") == []


def test_a_page_that_is_not_there_offers_the_search(site: HomePage) -> None:
    response = Client().get("/articles/no-such-page/")
    assert response.status_code == 404
    assert 'action="/search/"' in response.content.decode()


def test_a_long_question_stays_cheap(site: HomePage, django_assert_max_num_queries: Any) -> None:
    page("q=feet")
    with django_assert_max_num_queries(40):
        page("q=" + "+".join(["why", "do", "my", "feet", "numbb", "tingel"] * 4))


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


def test_a_heading_may_be_the_only_hit(index: ArticleIndexPage) -> None:
    long = "Word " * 60
    body = [("heading", "Zebras"), ("paragraph", f"<p>{long}</p>"), ("heading", "Zebras again")]
    make_article(index, "Animals", body=body)
    assert asked("zebra").results[0].heading in {"Zebras", "Zebras again"}


def test_all_sources_are_asked_for_as_the_words_were_typed(site: HomePage) -> None:
    for number in range(5):
        make_source(key=f"morton{number}", title=f"Morton's foot {number}").save()
    html = page(urlencode({"q": "morton's foot"}))
    assert "?kind=source&amp;q=morton%27s%20foot" in html
