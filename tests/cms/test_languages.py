"""The public site in Spanish: a tree of its own below /es/, English with a note for the rest."""

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Locale, Page

from accounts.models import User
from cms.models import ArticlePage, Author, AuthorPage, HelpfulCount, HomePage, TopicPage
from cms.starter import translations
from cms.starter.stored import read

pytestmark = pytest.mark.django_db

ONLY_ENGLISH = "Por ahora, solo en inglés"
SPANISH = "/es/articulos/pies-adormecidos/"


@pytest.fixture
def spanish() -> ArticlePage:
    return ArticlePage.objects.get(slug="pies-adormecidos")


def text(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def titles(html: str) -> list[str]:
    return re.findall(r'article-card__title"><a href="[^"]*">([^<]*)', html)


@pytest.mark.parametrize(
    ("path", "language", "home"), [("/", "en", "Home"), ("/es/", "es", "Inicio")]
)
def test_the_address_tells_the_language(path: str, language: str, home: str) -> None:
    html = text(path)
    assert f'<html lang="{language}"' in html
    assert f'<a href="{path}" aria-current="page">{home}</a>' in html


def test_the_readers_browser_does_not_change_a_public_page() -> None:
    asked = Client(headers={"accept-language": "es"}).get("/")
    assert '<html lang="en"' in asked.content.decode()
    assert "Accept-Language" not in asked.headers.get("Vary", "")


def test_a_translated_page_leads_to_the_other_and_back() -> None:
    english, spanish = text("/articles/numb-feet/"), text(SPANISH)
    assert f'<a href="{SPANISH}" lang="es" hreflang="es">Español</a>' in english
    assert '<a href="/articles/numb-feet/" lang="en" hreflang="en">English</a>' in spanish
    for html in (english, spanish):
        assert html.count('rel="alternate" hreflang=') == 2


def untranslated() -> ArticlePage:
    """The article about shoes, as long as nobody had translated it."""
    shoes: ArticlePage = ArticlePage.objects.get(slug="shoes-for-numb-feet")
    shoes.get_translations().delete()
    return shoes


def test_a_page_that_is_not_translated_leads_to_the_home_page() -> None:
    html = text(untranslated().url)
    assert '<a href="/es/" lang="es" hreflang="es">Español</a>' in html
    assert 'rel="alternate" hreflang="es"' not in html


def test_a_site_in_one_language_says_nothing_of_others() -> None:
    HomePage.objects.get(locale__language_code="es").delete()
    assert "hreflang" not in text("/articles/numb-feet/")


def test_a_list_shows_what_is_translated_and_names_what_is_not(spanish: ArticlePage) -> None:
    html = text("/es/articulos/")
    assert spanish.title in titles(html)
    assert len(titles(html)) == len(translations.files("es"))
    assert "Numb feet: why" not in html
    assert titles(text("/es/"))
    assert spanish.title not in titles(text("/articles/"))
    assert ONLY_ENGLISH not in text("/articles/")


def test_a_topic_lists_its_articles_in_its_language(spanish: ArticlePage) -> None:
    html = text("/es/temas/nervios/")
    assert spanish.title in titles(html)
    assert "Lesión de un nervio" in html
    assert '<a class="tags__topic" href="/es/temas/nervios/">Nervios</a>' in text(SPANISH)


def test_a_translation_is_not_reviewed_until_it_is(
    numb_feet: ArticlePage, spanish: ArticlePage
) -> None:
    spanish.delete()
    copy = numb_feet.copy_for_translation(Locale.objects.get(language_code="es"))
    copy.slug = SPANISH.strip("/").rpartition("/")[2]
    copy.save_revision().publish()
    assert (copy.reviewed_by, copy.next_review_due) == (None, None)
    assert "aún sin revisar" in text(SPANISH)


def test_an_exercise_in_it_speaks_spanish() -> None:
    html = text(SPANISH)
    assert "Mire arriba, extienda la pierna" in html
    assert "Look up, kick out" not in html


def test_one_without_words_says_so(spanish: ArticlePage) -> None:
    exercise = next(b.value for b in spanish.body if b.block_type == "exercise")
    exercise.texts.all().delete()
    html = text(SPANISH)
    assert ONLY_ENGLISH in html
    assert "Look up, kick out" in html


def test_related_articles_are_read_in_the_language(spanish: ArticlePage) -> None:
    emergency = ArticlePage.objects.get(slug="emergencia-adormecimiento")
    assert titles(text(SPANISH))[0] == emergency.title
    spanish_ids = set(ArticlePage.objects.filter(locale=spanish.locale).values_list("pk"))
    assert len(spanish_ids) == len(translations.files("es"))


def test_a_link_inside_leads_to_the_translation() -> None:
    for article in ArticlePage.objects.filter(locale__language_code="es"):
        assert not re.search(r'<a href="/articles/[^"]+">', text(article.url)), article.slug
    assert '<a href="/es/articulos/emergencia-adormecimiento/">' in text(
        "/es/articulos/equilibrio-en-casa/"
    )


def test_the_search_stems_and_finds_in_its_language() -> None:
    assert "<mark>Pies</mark> adormecidos" in text("/es/buscar/?q=pie")
    assert "Numb feet: why" not in text("/es/buscar/?q=feet")
    assert "Nothing found" in text("/search/?q=adormecidos")
    found = text("/es/buscar/?q=bhandari")
    assert "resultado" in found
    topic = TopicPage.objects.get(slug="nervios")
    assert "adormecidos" in text(f"/es/buscar/?q=pies&topic={topic.pk}")


def test_the_feed_and_the_data_for_machines_name_the_language() -> None:
    feed = ET.fromstring(text("/es/temas/nervios/feed/"))
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "es"
    assert '"inLanguage": "es"' in text(SPANISH)
    assert f"{SPANISH}</loc>" in text("/sitemap.xml")


def test_helpful_counts_for_the_page_that_was_read(spanish: ArticlePage) -> None:
    client = Client(headers={"sec-fetch-site": "same-origin"})
    address = f"/es/helpful/{spanish.translation_key}/"
    assert address in text(SPANISH)
    answer = client.post(address, {"helpful": "yes"})
    assert "Gracias" in answer.content.decode()
    assert HelpfulCount.objects.get().page_id == spanish.pk


def test_an_alias_is_listed_nowhere(spanish: ArticlePage) -> None:
    shoes = untranslated()
    alias = shoes.copy_for_translation(spanish.locale, alias=True)
    html = text("/es/articulos/")
    assert titles(html).count(shoes.title) == 1
    assert ONLY_ENGLISH in html
    assert alias.url not in text("/sitemap.xml")
    assert ONLY_ENGLISH in text(alias.url).split("<article")[0]


def test_an_author_has_one_page_a_language(spanish: ArticlePage) -> None:
    page = AuthorPage.objects.get(slug="the-footing-project")
    second = AuthorPage(title="Again", slug="again", author=page.author, locale=page.locale)
    with pytest.raises(ValidationError, match="has a page already"):
        second.clean()
    translated = page.copy_for_translation(spanish.locale)
    translated.save_revision().publish()
    assert f'href="{translated.url}"' in text(SPANISH)
    assert 'href="/about/the-footing-project/"' in text("/articles/numb-feet/")


def test_a_writer_begins_a_translation_in_the_admin(priya: User) -> None:
    page = untranslated()
    client = Client()
    client.force_login(priya)
    locale = Locale.objects.get(language_code="es")
    client.post(f"/cms/translation/submit/page/{page.pk}/", {"locales": [locale.pk]})
    draft = page.get_translation(locale)
    assert not draft.live
    assert draft.url_path.startswith("/footing-es/articulos/")
    assert [author.pk for author in draft.authors.all()] == list(
        Author.objects.filter(articles=page).values_list("pk", flat=True)
    )


def test_the_starter_pages_are_translated_block_by_block() -> None:
    site = read(translations.FOLDER / "site.yaml")
    spanish = read(translations.FOLDER / "es" / "site.yaml")
    assert [page["slug"] for page in site["pages"]] == [
        page["translates"] for page in spanish["pages"]
    ]
    for english, other in zip(site["pages"], spanish["pages"], strict=True):
        assert shape(english["body"]) == shape(other["body"]), english["slug"]
    for file in translations.files("es"):
        other = read(file)
        (english,) = (
            entry
            for path in (translations.FOLDER / "articles_content").glob("*.yaml")
            if (entry := read(path))["slug"] == other["translates"]
        )
        assert shape(english["body"]) == shape(other["body"]), file.name
        assert cited(english["body"]) == cited(other["body"]), file.name


def shape(value: Any) -> Any:
    """Its structure without its words."""
    if isinstance(value, list):
        return [shape(one) for one in value]
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    return re.findall(r"<[^>]+>", value) if isinstance(value, str) else value


def cited(value: Any) -> list[str]:
    return re.findall(r"\[@[^\]]+\]", str(value))


def test_what_a_spanish_article_costs(django_assert_num_queries: Any) -> None:
    client = Client()
    client.get("/es/articulos/no-such-page/")
    with django_assert_num_queries(16):
        assert client.get(SPANISH).status_code == 200


def test_the_trees_stand_side_by_side() -> None:
    assert list(Page.objects.filter(depth=2).values_list("slug", flat=True)) == [
        "footing",
        "footing-es",
    ]


@pytest.mark.parametrize(("slug", "count"), [("numb-feet", 1), ("pies-adormecidos", 0)])
def test_the_reading_grade_is_told_for_english_only(slug: str, count: int, priya: User) -> None:
    client = Client()
    client.force_login(priya)
    page = ArticlePage.objects.get(slug=slug)
    html = client.get(f"/cms/pages/{page.pk}/edit/").content.decode()
    assert html.count('id="panel-child-content-reading_grade-heading"') == count
