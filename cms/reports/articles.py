"""What editors have to look at: reviews due, links, pictures, citations."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cms import links
from cms.models import ArticlePage, HelpfulCount

ACCEPTED = "no source is cited, and somebody said that none is needed"
SOON = dt.timedelta(days=60)


@dataclass(frozen=True)
class Row:
    page: Any
    what: str


@dataclass(frozen=True)
class Section:
    title: str
    rows: list[Row]
    nothing: str


def show(request: HttpRequest) -> HttpResponse:
    """All sections on one page: a clinic's articles are few."""
    articles = list(ArticlePage.objects.live().prefetch_related("authors").order_by("title"))
    context = {"sections": sections(articles), "helpful": helpfulness(articles)}
    return render(request, "cms/admin/article_report.html", context)


def sections(articles: list[ArticlePage]) -> list[Section]:
    today = timezone.localdate()
    due = [(page, page.next_review_due) for page in articles if page.next_review_due]
    overdue = [Row(page, f"since {day}") for page, day in due if day <= today]
    soon = [Row(page, f"on {day}") for page, day in due if today < day <= today + SOON]
    never = [Row(page, "no reviewer signed it off") for page in articles if not page.reviewed_by_id]
    dead = links.broken(links.pages_with_text())
    broken = [Row(found.page, f"{found.link}: {found.problem}") for found in dead]
    return [
        Section("Overdue for review", overdue, "No article is overdue."),
        Section("Due within two months", soon, "No review is due soon."),
        Section("Never reviewed", never, "Every article was reviewed."),
        Section("Broken links", broken, "No link is known to be broken."),
        Section(
            "Pictures without words", without_words(articles), "Every picture says what it shows."
        ),
        Section(
            "Articles without citations", uncited(articles), "Every article cites its sources."
        ),
    ]


def without_words(articles: list[ArticlePage]) -> list[Row]:
    """Stored before the rule, or by a program: the form refuses them."""
    return [Row(page, str(image)) for page in articles for image in _silent(page.body)]


def _silent(body: Any) -> list[Any]:
    values = [block.value for block in body if block.block_type == "figure"]
    for block in body:
        if block.block_type == "gallery":
            values += list(block.value["pictures"])
    return [
        value["image"]
        for value in values
        if value["image"] and not value["decorative"] and not value["alt_text"].strip()
    ]


def uncited(articles: list[ArticlePage]) -> list[Row]:
    """Those of which nobody said that they need none come first."""
    found = sorted(
        (page for page in articles if page.cites_nothing), key=lambda page: page.without_citation
    )
    return [
        Row(page, ACCEPTED if page.without_citation else "no source is cited") for page in found
    ]


def helpfulness(articles: list[ArticlePage]) -> list[tuple[Any, int, int]]:
    """Article, yes, no; all days together, the most answered first."""
    pages = {page.pk: page for page in articles}
    counted: dict[int, list[int]] = {}
    for row in HelpfulCount.objects.filter(page__in=pages):
        total = counted.setdefault(row.page_id, [0, 0])
        total[0], total[1] = total[0] + row.yes, total[1] + row.no
    rows = [(pages[pk], yes, no) for pk, (yes, no) in counted.items()]
    return sorted(rows, key=lambda row: -(row[1] + row[2]))
