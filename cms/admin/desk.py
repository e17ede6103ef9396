"""The first page of Wagtail's admin: what to begin, what is open, what waits, what is due.

Each list shows what the person may work on and no more, and costs the same however long it is.
Other apps add their own drafts and things to begin (`also_begin`, `also_draft`): cms knows none.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_info
from wagtail.admin.ui.components import Component
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.permissions import page_permission_policy

from accounts.permissions import Permission
from cms import signing
from cms.admin.authors import AuthorPolicy
from cms.models import ArticleIndexPage, ArticlePage, Author
from cms.reports.articles import SOON
from cms.teams import collections_read_by, is_editorial

MOST = 8  # lines a list shows


@dataclass(frozen=True)
class Start:
    """Something to begin, or the way back."""

    label: str
    address: str
    icon: str
    order: int
    is_first: bool = False


@dataclass(frozen=True)
class Line:
    """One entry of a list; `at` sorts it, the newest first, unless its list says otherwise."""

    title: str
    address: str
    kind: str
    what: str
    at: Any
    is_late: bool = False


_starts: list[Callable[[Any], Iterable[Start]]] = []
_drafts: list[Callable[[Any], Iterable[Line]]] = []


def also_begin(offer: Callable[[Any], Iterable[Start]]) -> None:
    """Register what another app lets somebody begin."""
    _starts.append(offer)


def also_draft(finder: Callable[[Any], Iterable[Line]]) -> None:
    """Register what another app keeps drafts of."""
    _drafts.append(finder)


class StartPanel(Component):
    name = "desk-start"
    template_name = "cms/admin/desk_start.html"
    order = 10

    def __init__(self, user: Any) -> None:
        self.user = user

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        starts = [*_own_starts(self.user), *(one for offer in _starts for one in offer(self.user))]
        return {"starts": sorted(starts, key=lambda start: start.order)}


def _own_starts(user: Any) -> Iterable[Start]:
    indexes = list(
        ArticleIndexPage.objects.filter(alias_of=None).select_related("locale").order_by("path")
    )
    if is_editorial(user) or user.is_superuser:
        for number, index in enumerate(indexes):
            language = "" if not number else f" in {_language(index.locale.language_code)}"
            address = reverse("wagtailadmin_pages:add", args=["cms", "articlepage", index.pk])
            yield Start(f"New article{language}", address, "plus", 10 + number, not number)
    if user.may(Permission.ENTER_WORKSPACE):
        yield Start("Back to the workspace", reverse("first_page"), "arrow-left", 90)


def _language(code: str) -> str:
    """As the admin, which is English, calls it."""
    return str(get_language_info(code)["name"])


class ListPanel(Component):
    """A list of what there is to do, or a calm sentence where there is nothing; `all_at` is the
    address of the whole.
    """

    template_name = "cms/admin/desk_list.html"

    def __init__(
        self, name: str, title: str, nothing: str, order: int, lines: list[Line], all_at: str = ""
    ) -> None:
        self.name, self.title, self.nothing, self.order = name, title, nothing, order
        self.lines, self.all_at = lines, all_at

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {
            "panel": self,
            "lines": self.lines[:MOST],
            "count": len(self.lines),
            "more": max(0, len(self.lines) - MOST),
        }


def drafts_of(user: Any) -> list[Line]:
    """The newest first."""
    found = [*_pages(user), *_authors(user)]
    found += [line for finder in _drafts for line in finder(user)]
    return sorted(found, key=lambda line: line.at, reverse=True)


_REVIEWS = {
    WorkflowState.STATUS_IN_PROGRESS: "with a reviewer",
    WorkflowState.STATUS_NEEDS_CHANGES: "a reviewer asks for changes",
}


def unpublished(entries: Any, user: Any) -> Any:
    """Those with changes that readers don't see, which this person wrote last."""
    drafts = entries.filter(has_unpublished_changes=True, latest_revision__user=user)
    kind = ContentType.objects.get_for_model(entries.model)
    sent = WorkflowState.objects.active().filter(
        base_content_type=kind, object_id=Cast(OuterRef("pk"), CharField())
    )
    drafts = drafts.annotate(review=Subquery(sent.values("status")[:1]))
    return drafts.select_related("latest_revision").defer("latest_revision__content")


def drafted(entry: Any, address: str) -> Line:
    """The line of a draft."""
    changed = entry.latest_revision.created_at
    model = getattr(entry, "specific_class", None) or entry  # of a page, which is read as any page
    open_words = "changes not published" if entry.live else "not published yet"
    words = _REVIEWS.get(entry.review, open_words)
    return Line(
        str(entry.latest_revision.object_str),
        address,
        str(model._meta.verbose_name).capitalize(),
        f"{words}, {_day(changed)}",
        changed,
    )


def _pages(user: Any) -> Iterable[Line]:
    mine = page_permission_policy.instances_user_has_permission_for(user, "change")
    for page in unpublished(mine.filter(alias_of=None), user):
        yield drafted(page, reverse("wagtailadmin_pages:edit", args=[page.pk]))


def _authors(user: Any) -> Iterable[Line]:
    policy = AuthorPolicy(Author)
    if policy.user_has_permission(user, "change"):
        for author in unpublished(policy.seen_by(user), user):
            yield drafted(author, reverse("wagtailsnippets_cms_author:edit", args=[author.pk]))


def reviews_of(user: Any) -> list[Line]:
    """What waits for this person's review, the oldest first."""
    states = list(
        TaskState.objects.reviewable_by(user)
        .select_related("revision__content_type", "workflow_state__requested_by")
        .defer("revision__content")
        .order_by("started_at")
    )
    pages = _sent_in(states, Page)
    authors = _sent_in(states, Author)
    own_pages = signing.written_by(list(pages), user)
    own_authors = signing.changed_by(list(authors), user)
    seen = AuthorPolicy(Author).seen_by(user).filter(pk__in=authors)
    seen_authors = set(seen.values_list("pk", flat=True))
    found = [
        _waiting(state, "Article", reverse("wagtailadmin_pages:edit", args=[pk]))
        for pk, state in pages.items()
        if pk not in own_pages
    ]
    found += [
        _waiting(state, "Author", reverse("wagtailsnippets_cms_author:edit", args=[pk]))
        for pk, state in authors.items()
        if pk in seen_authors and pk not in own_authors
    ]
    return sorted(found, key=lambda line: line.at)


def _sent_in(states: Iterable[TaskState], kind: type) -> dict[int, TaskState]:
    """By what is to be reviewed."""
    found = {}
    for state in states:
        model = state.revision.content_type.model_class()
        if model is not None and issubclass(model, kind):
            found[int(state.revision.object_id)] = state
    return found


def _waiting(state: TaskState, kind: str, address: str) -> Line:
    by = state.workflow_state.requested_by
    words = f"from {by}, {_day(state.started_at)}" if by else f"since {_day(state.started_at)}"
    return Line(str(state.revision.object_str), address, kind, words, state.started_at)


def due_for(user: Any) -> list[Line]:
    """Articles to be looked at again, the most overdue first."""
    today = timezone.localdate()
    mine = page_permission_policy.instances_user_has_permission_for(user, "change")
    due = ArticlePage.objects.live().filter(
        pk__in=mine.order_by().values("pk"), alias_of=None, next_review_due__lte=today + SOON
    )
    rows = due.order_by("next_review_due", "title")
    return [_due(row, today) for row in rows.only("pk", "title", "draft_title", "next_review_due")]


def _due(page: ArticlePage, today: dt.date) -> Line:
    due = page.next_review_due
    assert due is not None
    is_late = due <= today
    words = f"overdue since {_day(due)}" if is_late else f"due {_day(due)}"
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return Line(page.title, address, "Article", words, due, is_late)


def _day(moment: dt.date) -> str:
    day = timezone.localtime(moment) if isinstance(moment, dt.datetime) else moment
    year = "" if day.year == timezone.localdate().year else f" {day.year}"
    return f"{day:%a} {day.day} {day:%b}{year}"


def lay_out(request: HttpRequest, panels: list[Any]) -> None:
    """Ours in the place of Wagtail's, of which the pages one has locked stay."""
    user = request.user
    kept = [panel for panel in panels if getattr(panel, "name", "") == "locked_pages"]
    panels[:] = [
        StartPanel(user),
        ListPanel(
            "desk-drafts", "My drafts", "Nothing of yours is unfinished.", 20, drafts_of(user)
        ),
    ]
    if signing.is_reviewer(user) or user.is_superuser:
        nothing = "Nothing waits for your review."
        panels.append(
            ListPanel("desk-reviews", "Waiting for my review", nothing, 30, reviews_of(user))
        )
    if is_editorial(user) or user.is_superuser:
        nothing, whole = "No article is due within two months.", reverse("footing_article_report")
        panels.append(
            ListPanel("desk-due", "Due for review", nothing, 40, due_for(user), all_at=whole)
        )
    panels.extend(kept)


def tidy_menu(request: HttpRequest, items: list[Any]) -> None:
    """Leaves out the menus of files where there is none: a file is uploaded where it is chosen."""
    read = collections_read_by(request.user)
    models = {"images": get_image_model(), "documents": get_document_model()}
    empty = {
        name
        for name in models.keys() & {item.name for item in items}
        if not models[name].objects.filter(collection__in=read).exists()
    }
    items[:] = [item for item in items if item.name not in empty]


def no_news(request: HttpRequest, items: list[Any]) -> None:
    """Of Wagtail's help its shortcuts stay; its news and its guide are for those who run it."""
    items[:] = [item for item in items if item.name == "keyboard-shortcuts-trigger"]
