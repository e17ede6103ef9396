"""What machines read: JSON-LD, Open Graph, canonical, sitemap, robots, feeds, redirects."""

import json
import re
import xml.etree.ElementTree as ET
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from PIL import Image
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from cms import sharing
from cms.models import ArticleIndexPage, ArticlePage, Author, HomePage, TopicPage
from cms.paging import PER_PAGE
from programs.models import Exercise
from tests.cms.conftest import make_article

pytestmark = pytest.mark.django_db
ADDRESS = "/articles/numb-feet/"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def text(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def json_ld(path: str) -> dict[str, Any]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text(path), re.S)
    assert len(found) == 1
    data: dict[str, Any] = json.loads(found[0])
    return data


def test_an_article_says_who_stands_for_it_and_what_it_cites(
    numb_feet: ArticlePage, settings: Any
) -> None:
    data = json_ld(ADDRESS)
    assert data["@type"] == "MedicalWebPage"
    assert data["url"] == f"{settings.SITE_ADDRESS}{ADDRESS}"
    assert data["author"][0]["@type"] == "Organization"
    assert data["reviewedBy"]["@type"] == "Person"
    assert data["reviewedBy"]["name"] == "Tom Becker"
    assert data["lastReviewed"] == "2026-11-20"
    assert len(data["citation"]) == text(ADDRESS).count('class="reference"')
    assert data["citation"][0]["@type"] == "ScholarlyArticle"
    trail = [item["name"] for item in data["breadcrumb"]["itemListElement"]]
    assert trail == ["Home", "Articles", numb_feet.title]


def test_an_article_nobody_reviewed_claims_no_review(site: HomePage) -> None:
    data = json_ld("/articles/nerve-injury/")
    assert "reviewedBy" not in data
    assert "lastReviewed" not in data
    assert "not yet" in text("/articles/nerve-injury/")


def test_nothing_typed_ends_the_data_block(index: ArticleIndexPage) -> None:
    make_article(index, "</script><b>Feet</b>", slug="feet")
    assert json_ld("/articles/feet/")["name"] == "</script><b>Feet</b>"


def test_every_page_names_its_own_address(site: HomePage, settings: Any) -> None:
    for path in ("/", "/articles/", "/topics/", "/topics/nerves/", "/about/", ADDRESS):
        html = text(path)
        assert f'<link rel="canonical" href="{settings.SITE_ADDRESS}{path}">' in html
        assert f'<meta property="og:url" content="{settings.SITE_ADDRESS}{path}">' in html
        assert json_ld(path)["@context"] == "https://schema.org"


def test_each_page_of_a_list_is_its_own(index: ArticleIndexPage) -> None:
    for number in range(PER_PAGE):
        make_article(index, f"Article {number}")
    author = Author.objects.filter(articles__isnull=False).first()
    assert '/articles/?page=2">' in text("/articles/?page=2").partition('rel="canonical"')[2][:80]
    for path in ("/articles/?page=1", f"/articles/?author={author.pk}"):
        assert '/articles/">' in text(path).partition('rel="canonical"')[2][:80]


def test_breadcrumbs_lead_back(site: HomePage) -> None:
    html = text("/topics/nerves/nerve-injury/")
    crumbs = html.split('aria-label="Breadcrumb"')[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]+)"', crumbs) == ["/", "/topics/", "/topics/nerves/"]


def test_the_sitemap_lists_what_is_public_and_nothing_else(
    index: ArticleIndexPage, settings: Any
) -> None:
    public, private = Exercise.objects.filter(clinic=None)[:2]
    Exercise.objects.filter(pk=public.pk).update(is_public=True)
    for exercise in (Exercise.objects.get(pk=public.pk), private):
        exercise.save()
    make_article(index, "Draft", slug="draft").unpublish()
    hidden = make_article(index, "Hidden", slug="hidden")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    found = re.findall(r"<loc>(.*?)</loc>", text("/sitemap.xml"))
    ET.fromstring(text("/sitemap.xml"))
    assert f"{settings.SITE_ADDRESS}{ADDRESS}" in found
    assert f"{settings.SITE_ADDRESS}/exercises/{public.uuid}/" in found
    for word in ("draft", "hidden", "search", str(private.uuid)):
        assert not any(f"/{word}/" in address for address in found), word


def test_robots_name_the_sitemap_and_keep_out_of_the_doors(site: HomePage, settings: Any) -> None:
    said = text("/robots.txt")
    assert f"Sitemap: {settings.SITE_ADDRESS}/sitemap.xml" in said
    for door in ("cms", "portal", "workspace", "account"):
        assert f"Disallow: /{door}/" in said


def test_a_topic_has_a_feed_of_its_articles_and_those_below(site: HomePage) -> None:
    feed = ET.fromstring(text("/topics/nerves/feed/"))
    titles = {entry.findtext("a:title", namespaces=ATOM) for entry in feed.findall("a:entry", ATOM)}
    assert "Nerve injury, and how long it takes" in titles  # its topic is below this one
    assert "Shoes for numb feet" not in titles
    ids = [entry.findtext("a:id", namespaces=ATOM) for entry in feed.findall("a:entry", ATOM)]
    assert all(str(found).startswith("urn:uuid:") for found in ids)


def test_a_draft_is_in_no_feed(index: ArticleIndexPage) -> None:
    page = make_article(index, "Secret draft", slug="secret")
    page.topics = [TopicPage.objects.get(slug="nerves")]
    page.save()
    assert "Secret draft" in text("/topics/nerves/feed/")
    page.unpublish()
    assert "Secret draft" not in text("/topics/nerves/feed/")
    assert "Secret draft" not in text("/articles/feed/")


def test_a_new_slug_leaves_a_redirect(
    numb_feet: ArticlePage, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        numb_feet.slug = "feet-gone-numb"
        numb_feet.save_revision().publish()
    assert Redirect.objects.filter(old_path="/articles/numb-feet").exists()
    moved = Client().get(ADDRESS)
    assert moved.status_code == 301
    assert moved["Location"].endswith("/articles/feet-gone-numb/")


def test_nobody_invented_stands_for_an_article(numb_feet: ArticlePage) -> None:
    Author.objects.update(is_invented=True)
    data = json_ld(ADDRESS)
    assert "reviewedBy" not in data
    assert "lastReviewed" not in data
    assert "author" not in data
    html = Client().get(ADDRESS).content.decode()
    assert "Medically reviewed by" not in html
    assert "not yet reviewed" in html
    assert "(invented for this demonstration)" in html
    assert "No clinician has reviewed it." in html


def test_a_shared_link_has_a_picture_of_its_title(numb_feet: ArticlePage) -> None:
    html = text(ADDRESS)
    (address,) = re.findall(r'<meta property="og:image" content="([^"]+)">', html)
    assert address.startswith("http")
    where = "/" + address.split("/", 3)[3]
    answer = Client().get(where)
    assert answer["Content-Type"] == "image/png"
    with Image.open(BytesIO(answer.content)) as picture:
        assert picture.size == (sharing.WIDTH, sharing.HEIGHT)
        assert len(picture.convert("RGB").getcolors(1_000_000) or []) > 20  # letters, too
    assert "public" in answer["Cache-Control"]
    before = sharing.name(numb_feet)
    numb_feet.title = "#box[Feet] $x$ & <more> 足"  # words, not what draws them
    assert sharing.name(numb_feet) != before
    assert sharing.picture(numb_feet).startswith(b"\x89PNG")


def test_what_is_not_public_has_no_picture(numb_feet: ArticlePage) -> None:
    where = f"/sharing/{numb_feet.pk}.png"
    assert Client().get(where).status_code == 200
    PageViewRestriction.objects.create(page=numb_feet, restriction_type="login")
    assert Client().get(where).status_code == 404
    numb_feet.unpublish()
    assert Client().get(where).status_code == 404
    for pk in (1, 10**9):  # the tree's root, and none
        assert Client().get(f"/sharing/{pk}.png").status_code == 404
