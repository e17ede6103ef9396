"""What editors have to look at, and links to other sites."""

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from cms import links
from cms.models import ArticleIndexPage, ArticlePage, Author, CheckedLink, Source, StandardPage
from cms.reports import articles as reports
from tests.cms.conftest import make_article
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


def rows(title: str) -> dict[str, str]:
    found = reports.sections(list(ArticlePage.objects.live()))
    section = next(section for section in found if section.title == title)
    return {row.page.title: row.what for row in section.rows}


def due_in(page: ArticlePage, days: int) -> None:
    today = timezone.localdate()
    page.reviewed_by = Author.objects.first()
    page.last_reviewed = today - dt.timedelta(days=400)
    page.next_review_due = today + dt.timedelta(days=days)
    page.save()


@pytest.mark.parametrize(
    ("days", "section"),
    [
        (-1, "Overdue for review"),
        (0, "Overdue for review"),
        (1, "Due within two months"),
        (60, "Due within two months"),
        (61, ""),
    ],
)
def test_reviews_due_and_overdue(index: ArticleIndexPage, days: int, section: str) -> None:
    page = make_article(index, "Looked at")
    assert "Looked at" in rows("Never reviewed")
    due_in(page, days)
    assert "Looked at" not in rows("Never reviewed")
    for title in ("Overdue for review", "Due within two months"):
        assert ("Looked at" in rows(title)) is (title == section)


def test_links_to_nowhere_are_named(index: ArticleIndexPage, numb_feet: ArticlePage) -> None:
    text = (
        f'<p><a linktype="page" id="{numb_feet.pk}">fine</a>'
        ' <a linktype="page" id="999999">gone</a>'
        ' <a href="/articles/numb-feet/#top">fine</a> <a href="/privacy/">fine</a>'
        ' <a href="/articles/nowhere/">gone</a> <a href="https://dead.example/x">dead</a></p>'
    )
    page = make_article(index, "Links", body=[("paragraph", text)])
    CheckedLink.objects.create(
        url="https://dead.example/x", checked_at=timezone.now(), problem="It answers 404."
    )
    assert [found.link for found in links.broken([page])] == [
        "page 999999",
        "/articles/nowhere/",
        "https://dead.example/x",
    ]
    numb_feet.unpublish()
    assert f"page {numb_feet.pk}" in [found.link for found in links.broken([page])]


def test_articles_without_citations_are_named(index: ArticleIndexPage) -> None:
    make_article(index, "Sure of itself")
    assert set(rows("Articles without citations")) == {"Sure of itself"}
    make_article(index, "A greeting", without_citation=True)
    found = rows("Articles without citations")
    assert "somebody said that none is needed" in found["A greeting"]
    assert found["Sure of itself"] == "no source is cited"


def test_the_report_opens_for_writers_only(numb_feet: ArticlePage, priya: Any, ana: Any) -> None:
    address = "/cms/reports/articles/"
    assert b"Never reviewed" in client_of(priya).get(address).content
    assert client_of(ana.user).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_other_sites_are_asked_and_remembered(
    index: ArticleIndexPage, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    text = '<p><a href="https://dead.example/x">x</a> <a href="https://fine.example/">y</a></p>'
    cites = '<p>So<embed embedtype="citation" keys="bhandari2019"/></p>'
    ArticlePage.objects.live().update(live=False)
    make_article(index, "Links", body=[("paragraph", text)])
    make_article(index, "Cites", body=[("paragraph", cites)])
    about = StandardPage.objects.get(slug="about", locale=index.locale)
    about.body = [("paragraph", '<p><a href="https://gone.example/">z</a></p>')]
    about.save_revision().publish()
    CheckedLink.objects.create(url="https://old.example/", checked_at=timezone.now())
    gone = (404, "It answers 404.")
    doi = Source.objects.get(key="bhandari2019").doi_url
    answers = dict.fromkeys(("https://dead.example/x", "https://gone.example/", doi), gone)
    monkeypatch.setattr(links, "ask", lambda url, timeout: answers.get(url, (200, "")))
    call_command("check_links")
    assert "https://dead.example/x: It answers 404." in capsys.readouterr().out
    assert dict(CheckedLink.objects.values_list("url", "problem")) == {
        "https://dead.example/x": "It answers 404.",
        "https://gone.example/": "It answers 404.",
        doi: "It answers 404.",
        "https://fine.example/": "",
    }
    [section] = [part for part in reports.sections([]) if part.title == "Broken links"]
    assert {row.page.title for row in section.rows} == {"Links", "Cites", about.title}
