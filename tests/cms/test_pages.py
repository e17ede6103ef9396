"""Pages: where they may stand, what they refuse, what they show, what they cost."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Page
from wagtail.test.utils import WagtailPageTestCase

from accounts.models import User
from cms import citations
from cms.caching import freshness
from cms.models import (
    ArticleIndexPage,
    ArticlePage,
    Author,
    AuthorPage,
    FeaturedArticle,
    HomePage,
    SearchPage,
    Source,
    StandardPage,
    TopicPage,
)
from programs.models import Exercise
from tests.cms.conftest import STARTER_AUTHOR, make_article
from tests.cms.every_block import make_image

pytestmark = pytest.mark.django_db
PAGE_TYPES = (
    HomePage,
    ArticleIndexPage,
    ArticlePage,
    TopicPage,
    StandardPage,
    AuthorPage,
    SearchPage,
)
PATHS = [
    "/",
    "/articles/",
    "/articles/numb-feet/",
    "/articles/shoes-for-numb-feet/",
    "/topics/",
    "/topics/nerves/",
    "/about/",
    "/about/the-footing-project/",
    "/how-we-review/",
    "/search/?q=nerve",
    "/es/",
    "/es/articulos/",
    "/es/articulos/pies-adormecidos/",
    "/es/temas/nervios/",
    "/es/sobre-nosotros/",
    "/es/buscar/?q=nervio",
]


class TestTree(WagtailPageTestCase):
    def test_where_pages_may_stand(self) -> None:
        below = {
            HomePage: {ArticleIndexPage, TopicPage, StandardPage, SearchPage},
            ArticleIndexPage: {ArticlePage},
            ArticlePage: {},
            TopicPage: {TopicPage},
            StandardPage: {AuthorPage},
            AuthorPage: {},
            SearchPage: {},
        }
        for model, children in below.items():
            self.assertAllowedSubpageTypes(model, children)
        self.assertAllowedParentPageTypes(HomePage, {Page})
        self.assertAllowedParentPageTypes(TopicPage, {HomePage, TopicPage})
        self.assertAllowedParentPageTypes(AuthorPage, {StandardPage})

    def test_each_says_what_it_is_for_and_renders(self) -> None:
        for model in PAGE_TYPES:
            assert model.page_description
            for page in model.objects.live():
                if page.locale.language_code == "en":  # asked without the address's language
                    self.assertPageIsRoutable(page)
                self.assertPageIsRenderable(page)

    def test_each_can_be_edited(self) -> None:
        root = User.objects.create_superuser(email="root@footing.test", password="x")
        self.client.force_login(root)
        for model in PAGE_TYPES:
            page = model.objects.first()
            assert self.client.get(f"/cms/pages/{page.pk}/edit/").status_code == 200, model


class Ids(HTMLParser):
    """All ids, all inner links, and the levels of headings, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.levels: list[int] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if "id" in given:
            self.ids.append(str(given["id"]))
        if str(given.get("href", "")).startswith("#"):
            self.links.append(str(given["href"])[1:])
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))


def page_text(path: str = "/articles/numb-feet/") -> str:
    response = Client().get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_article_shows_who_stands_for_it(numb_feet: ArticlePage) -> None:
    html = page_text()
    assert STARTER_AUTHOR in html
    assert "Tom Becker, PT, PhD" in html
    assert "Medically reviewed by" in html
    assert "Put the name of" in html
    assert "does not replace your doctor" in html
    assert re.search(r"about \d+ minutes", html)


def test_every_mark_became_a_link_and_every_link_has_its_target(numb_feet: ArticlePage) -> None:
    html = page_text()
    found = Ids(html)
    assert "[@" not in html
    assert len(found.ids) == len(set(found.ids))
    assert set(found.links) <= set(found.ids)
    assert {"ref-1", "cite-1", "get-help-now", "references"} <= set(found.ids)
    assert "data-cite" not in html
    assert "<embed" not in html
    assert html.count('class="reference"') >= 10
    assert "https://doi.org/10.1016/j.jcot.2019.08.003" in html
    assert "https://pubmed.ncbi.nlm.nih.gov/31528058/" in html


@pytest.mark.parametrize("path", PATHS)
def test_headings_step_down_one_at_a_time(numb_feet: ArticlePage, path: str) -> None:
    levels = Ids(page_text(path)).levels
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("path", PATHS)
def test_nothing_inline_and_nothing_from_elsewhere(numb_feet: ArticlePage, path: str) -> None:
    html = page_text(path)
    assert all(" src=" in tag or "ld+json" in tag for tag in re.findall(r"<script[^>]*>", html))
    assert "<style" not in html
    assert not re.search(r"\sstyle=|\son\w+=", html)
    assert not re.search(r'(src|srcset)="(https?:)?//', html)


def test_exercises_are_shown_without_dosage(numb_feet: ArticlePage) -> None:
    html = page_text()
    exercise = Exercise.objects.get(clinic=None, code="G01")
    assert exercise.patient_title in html
    assert exercise.steps[0] in html
    assert html.count("Ask your therapist.") == 2
    assert exercise.dosage_text not in html


def test_a_deleted_exercise_leaves_a_gap_not_an_error(numb_feet: ArticlePage) -> None:
    assert page_text().count("Ask your therapist.") == 2
    for block in numb_feet.body.raw_data:
        if block["type"] == "exercise":
            block["value"] = 0
    numb_feet.save()
    assert page_text().count("Ask your therapist.") == 0


def test_a_low_certainty_exercise_says_so(numb_feet: ArticlePage) -> None:
    Exercise.objects.filter(code="G01").update(certainty="low")
    assert "Low certainty" in page_text()


def test_the_article_costs_nine_queries(
    numb_feet: ArticlePage, django_assert_num_queries: Any
) -> None:
    freshness.current()
    client = Client()
    client.get("/articles/numb-feet/no-such-page/")  # keeps the menus, too
    with django_assert_num_queries(9):
        assert client.get("/articles/numb-feet/").status_code == 200


@pytest.mark.parametrize(("path", "queries"), [("/", 9), ("/articles/", 12)])
def test_lists_cost_the_same_for_three_more(
    index: ArticleIndexPage, django_assert_num_queries: Any, path: str, queries: int
) -> None:
    for page in ArticlePage.objects.exclude(slug="numb-feet"):
        page.unpublish()
    FeaturedArticle.objects.all().delete()
    freshness.current()
    Client().get(path)
    with django_assert_num_queries(queries):
        assert Client().get(path).content.count(b"article-card__title") == 1
    make_article(index, "Second")
    make_article(index, "Third")
    with django_assert_num_queries(queries):
        assert Client().get(path).content.count(b"article-card__title") == 3


def test_lists_show_what_to_do_when_empty(numb_feet: ArticlePage) -> None:
    for page in ArticlePage.objects.all():
        page.unpublish()
    assert "No article is published yet" in page_text("/")
    assert "No article is published yet" in page_text("/articles/")


def test_an_unpublished_article_is_not_found(numb_feet: ArticlePage) -> None:
    numb_feet.unpublish()
    assert Client().get("/articles/numb-feet/").status_code == 404


def test_the_nav_follows_a_renamed_index(
    index: ArticleIndexPage, django_capture_on_commit_callbacks: Any
) -> None:
    page_text("/")
    with django_capture_on_commit_callbacks(execute=True):
        index.slug = "read"
        index.save_revision().publish()
    for path in ("/", "/read/", "/read/numb-feet/"):
        assert 'href="/read/"' in page_text(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            f"Sure {citations.mark(['boyd2010', 'nobody2001'])}.",
            "No source has this key: nobody2001",
        ),
        ("Sure [@boyd2010].", "[@boyd2010] is only text"),
    ],
)
def test_a_wrong_citation_is_refused_and_named(
    numb_feet: ArticlePage, text: str, message: str
) -> None:
    numb_feet.body = [("key_points", [f"<p>{text}</p>"])]
    with pytest.raises(ValidationError) as refused:
        numb_feet.full_clean()
    assert message in refused.value.message_dict["body"][0]


def test_a_citation_in_the_lead_is_refused(numb_feet: ArticlePage) -> None:
    numb_feet.lead = "Sure [@boyd2010]."
    with pytest.raises(ValidationError) as refused:
        numb_feet.full_clean()
    assert "lead" in refused.value.message_dict


def test_a_review_needs_person_and_date(numb_feet: ArticlePage) -> None:
    numb_feet.reviewed_by = None
    with pytest.raises(ValidationError, match="both a reviewer and a date"):
        numb_feet.full_clean()


def test_the_next_review_comes_after_the_last(numb_feet: ArticlePage) -> None:
    numb_feet.next_review_due = numb_feet.last_reviewed
    with pytest.raises(ValidationError, match="after the last one"):
        numb_feet.full_clean()


def test_contents_repeat_no_anchor(index: ArticleIndexPage) -> None:
    body = [("heading", "References"), ("heading", "Feet"), ("heading", "Feet")]
    make_article(index, body=body)
    found = Ids(page_text("/articles/second/"))
    assert {"references-2", "feet", "feet-2"} <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))


def test_text_from_editors_is_escaped(index: ArticleIndexPage) -> None:
    body = [
        ("heading", "<i>one</i>"),
        ("definition", {"term": "<u>two</u>", "meaning": "<p>x</p>"}),
    ]
    make_article(index, "<b>Feet</b>", slug="feet", body=body)
    html = page_text("/articles/feet/")
    for tag in ("<b>Feet", "<i>one", "<u>two"):
        assert tag not in html


def test_the_editors_forms_open(admin_client: Client, numb_feet: ArticlePage) -> None:
    source, author = Source.objects.first(), Author.objects.first()
    for path in (
        f"/cms/pages/{numb_feet.pk}/edit/",
        f"/cms/snippets/cms/source/edit/{source.pk}/",
        f"/cms/snippets/cms/author/edit/{author.pk}/",
        "/cms/snippets/cms/source/",
    ):
        assert admin_client.get(path).status_code == 200, path


def test_a_retracted_source_says_so_to_readers(numb_feet: ArticlePage) -> None:
    assert "Retracted by its journal" not in page_text()
    Source.objects.filter(key="bhandari2019").update(is_retracted=True)
    assert page_text().count("Retracted by its journal") == 1


def test_markup_in_a_sources_title_is_text_for_readers(numb_feet: ArticlePage) -> None:
    Source.objects.filter(key="bhandari2019").update(title="<script>alert(1)</script>")
    html = page_text()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_source_that_is_gone_leaves_no_key(numb_feet: ArticlePage) -> None:
    """Deleted past every protection, as with SQL by hand."""
    Source.objects.filter(key="bastyr2005")._raw_delete("default")
    html = page_text()
    assert "bastyr2005" not in html
    assert "data-cite" not in html


def test_the_home_page_leads_to_articles_by_questions(
    site: HomePage, django_assert_num_queries: Any
) -> None:
    html = Client().get("/").content.decode()
    part = html.split('id="questions"')[1].split("</section>")[0]
    assert [question in part for question in ("Why are my feet numb?", "Is it an emergency?")]
    assert part.index("Why are my feet numb?") < part.index("Is it an emergency?")
    assert 'href="/articles/numb-feet/"' in part
    freshness.current()
    with django_assert_num_queries(10):  # one for all that is featured
        Client().get("/")
    # Each article once, and none that is not public.
    assert html.split("<main")[1].count('href="/articles/numb-feet/"') == 1
    ArticlePage.objects.get(slug="numb-feet").unpublish()
    assert "Why are my feet numb?" not in Client().get("/").content.decode()
    spanish = Client().get("/es/").content.decode()
    assert "¿Es una emergencia?" in spanish
    assert 'href="/es/articulos/emergencia-adormecimiento/"' in spanish


# Pictures of people and topics


def test_an_author_has_a_face_once_a_reviewer_has_seen_it(site: HomePage) -> None:
    """Its size is made when the author is published: a reader's look writes nothing."""
    author = Author.objects.get(name=STARTER_AUTHOR)
    page = AuthorPage.objects.get(author=author)
    assert 'class="portrait"' not in Client().get(page.url).content.decode()
    author.portrait = make_image("Face")
    author.save_revision()
    assert not author.portrait.renditions.exists()
    assert 'class="portrait"' not in Client().get(page.url).content.decode()
    author.latest_revision.publish()
    author.refresh_from_db()
    assert author.portrait.renditions.count() == 1
    shown = Client().get(page.url).content.decode()
    assert author.portrait.renditions.get().url in shown
    assert author.portrait.renditions.count() == 1


def test_a_topic_has_a_picture_in_each_language(site: HomePage) -> None:
    for address in ("/topics/nerves/", "/es/temas/nervios/"):
        head = Client().get(address).content.decode().partition("<h1>")[0]
        assert "card-art--head" in head, address
    narrower = Client().get("/topics/").content.decode().partition('id="of-topic"')[0]
    assert narrower.count('class="card-art figure"') == 4
    TopicPage.objects.filter(slug="nerves").update(picture="")
    assert "card-art--head" not in Client().get("/topics/nerves/?anew").content.decode()


@pytest.mark.parametrize("asked", ["999999999", "-1", "x", ""])
def test_a_link_that_names_no_author_of_today_lists_all(
    client: Client, site: HomePage, asked: str
) -> None:
    everything = client.get("/articles/").content.decode()
    shown = client.get(f"/articles/?author={asked}").content.decode()
    assert "No article is published yet" not in shown
    assert re.findall(r'href="(/articles/[\w-]+/)"', shown) == re.findall(
        r'href="(/articles/[\w-]+/)"', everything
    )


def test_a_list_by_author_holds_theirs_alone(client: Client, index: ArticleIndexPage) -> None:
    other = make_article(index, "Of somebody else")
    author = Author.objects.create(name="Somebody Else")
    other.authors.set([author])
    other.save_revision().publish()
    shown = client.get(f"/articles/?author={author.pk}").content.decode()
    found = re.findall(r'href="(/articles/[\w-]+/)"', shown.partition("<main")[2])
    assert set(found) == {"/articles/feed/", f"/articles/{other.slug}/"}
