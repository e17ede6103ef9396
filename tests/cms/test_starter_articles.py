"""The starter articles: real sources, plain words, the brief's corrections kept."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.test import Client

from accounts.models import User
from cms import citations, editing, links, readability
from cms.article import plain_text
from cms.blocks.media import DRAWINGS
from cms.models import ArticlePage, Author, AuthorPage, HomePage, Source
from cms.starter import articles

pytestmark = pytest.mark.django_db
SLUGS = [articles.read(file)["slug"] for file in articles.ARTICLE_FILES]


def text_of(slug: str) -> str:
    for file in articles.ARTICLE_FILES:
        content = file.read_text(encoding="utf-8")
        if f"slug: {slug}\n" in content:
            return " ".join(content.split())
    raise AssertionError(slug)


@pytest.fixture(params=SLUGS)
def page(request: Any, site: HomePage) -> ArticlePage:
    return ArticlePage.objects.get(slug=request.param)


def test_all_are_there() -> None:
    assert SLUGS == [
        "numb-feet",
        "nerves-slide-and-stretch",
        "balance-at-home",
        "shoes-for-numb-feet",
        "feet-and-diabetes",
        "nerve-injury",
        "emergency-numbness",
        "foot-and-ankle-program",
    ]


def test_the_home_page_names_them_all(site: HomePage, client: Client) -> None:
    home = client.get("/").content.decode()
    for slug in SLUGS:
        assert f'href="/articles/{slug}/"' in home, slug


@pytest.mark.parametrize("name", [name for name, _ in DRAWINGS])
def test_the_words_of_a_drawing_are_read_on_a_phone(name: str) -> None:
    """Within a page 360 units wide, which is about as many pixels there; none smaller than the
    15.5 of `.drawing .soft-text`. Half as wide as high is a wide typeface.
    """
    drawn = render_to_string(f"cms/drawings/{name}.html", {"value": {"alt_text": "x"}})
    root = ElementTree.fromstring(drawn.strip())
    root = root if root.tag == "svg" else root.find("svg") or root
    assert root.get("viewBox", "").split()[2] == "360"
    for text in root.iter("text"):
        if text.get("class") != "disc-number":
            assert float(text.get("x", 0)) + len(text.text or "") * 16 / 2 <= 360, text.text
            assert text.get("font-size") is None


def test_each_cites_sources_that_exist(page: ArticlePage) -> None:
    page.full_clean()
    keys = citations.keys_of(page.body.get_prep_value())
    assert len(keys) >= 3
    assert Source.objects.filter(key__in=keys).count() == len(keys)


def test_each_is_read_at_grade_8_or_lower(page: ArticlePage) -> None:
    found = readability.grade(f"{page.lead}\n{plain_text(page.body)}")
    assert found is not None
    assert found <= readability.CEILING, found


def test_each_says_when_to_get_help_now(page: ArticlePage) -> None:
    html = Client().get(f"/articles/{page.slug}/").content.decode()
    assert '<section class="emergency" aria-labelledby="get-help-now">' in html
    assert "911 in the United States, 112 in Europe" in html
    assert "[@" not in html
    assert "&lt;p&gt;" not in html


def test_each_has_a_figure_and_something_to_read_next(page: ArticlePage) -> None:
    html = Client().get(f"/articles/{page.slug}/").content.decode()
    if page.slug != "emergency-numbness":
        assert 'role="img"' in html
    assert html.split('id="next"')[1].count("article-card__title") >= 3


def test_no_link_inside_is_broken(site: HomePage) -> None:
    assert links.broken(ArticlePage.objects.all()) == []


def test_none_promises_healing_or_a_date() -> None:
    for slug in SLUGS:
        text = text_of(slug).lower()
        for word in ("cure", "heals", "will recover", "reverse", "your feeling will", "guarantee"):
            assert word not in text, (slug, word)


def test_strain_in_a_slide_is_small_not_zero() -> None:
    assert "The strain is small, not zero" in text_of("nerves-slide-and-stretch")
    assert "is small, not zero" in text_of("numb-feet")


def test_no_barefoot_shoe_is_advised() -> None:
    text = text_of("shoes-for-numb-feet")
    assert "we don't advise barefoot-style shoes" in text
    assert "We name no brand" in text


def test_the_case_report_is_named_as_one_patient() -> None:
    for slug in ("shoes-for-numb-feet", "numb-feet"):
        assert "one patient" in text_of(slug)
        assert re.search(r"can't show that (it|the insole) was the reason", text_of(slug))


def test_the_growth_rate_comes_with_its_caution() -> None:
    text = text_of("nerve-injury")
    assert "about 1 millimeter a day [" in text
    assert "It does not fit nerve damage from diabetes" in text
    assert "no countdown" in text.lower()


def test_nothing_claims_a_review_or_a_clinician(site: HomePage) -> None:
    pages = ArticlePage.objects.filter(slug__in=SLUGS)
    assert set(pages.values_list("reviewed_by", flat=True)) == {None}
    [author] = Author.objects.filter(articles__in=pages).distinct()
    assert (author.is_organization, author.credentials) == (True, "")


def test_a_clinic_takes_them_over(site: HomePage, priya: User, colm: User) -> None:
    editing.make_reviewer(user=colm)
    writer = Author.of(priya)
    articles.take_over(writer=writer, reviewer=colm, reviewed="numb-feet")
    assert not Author.objects.get(is_organization=True).articles.exists()
    [reviewed] = ArticlePage.objects.filter(slug__in=SLUGS).exclude(reviewed_by=None)
    assert (reviewed.slug, reviewed.reviewed_by) == ("numb-feet", Author.of(colm))
    html = Client().get("/articles/numb-feet/").content.decode()
    for author in (writer, reviewed.reviewed_by):
        page = AuthorPage.objects.get(author=author)
        assert f'href="{page.url}">{author.name_with_credentials}</a>' in html


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("numb-feet", "falls asleep"),
        ("numb-feet", "comes? and goes?|come and go"),
        ("numb-feet", "all the time|there always|constant"),
        ("numb-feet", "heavy"),
        ("numb-feet", "urge to move|want to move"),
        ("numb-feet", "restless legs"),
        ("numb-feet", "pain is real"),
        ("numb-feet", "walk"),
        ("numb-feet", "stretch"),
        ("nerves-slide-and-stretch", "sciatic nerve"),
        ("shoes-for-numb-feet", "tread"),
        ("shoes-for-numb-feet", "ankle"),
        ("shoes-for-numb-feet", "podiatrist"),
        ("shoes-for-numb-feet", "therapist"),
        ("foot-and-ankle-program", "three phases"),
        ("foot-and-ankle-program", "Ask at your next visit"),
    ],
)
def test_what_the_source_article_has_is_there(site: HomePage, slug: str, said: str) -> None:
    """Point by point; what a case report or a guess would promise is not."""
    page = ArticlePage.objects.get(slug=slug)
    assert re.search(said, f"{page.lead} {plain_text(page.body)}", re.IGNORECASE)


def test_no_single_blood_test_is_promised(site: HomePage) -> None:
    words = plain_text(ArticlePage.objects.get(slug="numb-feet").body)
    assert "simple blood test finds it" not in words


def test_each_ends_with_what_to_do_and_what_to_read_next(page: ArticlePage) -> None:
    assert page.related_by_hand.exists()
    assert page.body.raw_data[-1]["type"] in {"paragraph", "steps", "checklist"}
