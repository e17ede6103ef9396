"""An article without a citation is published when somebody said that it needs none.

Every way to publish asks: the form of a new and of an edited article (also for later, from an older
version, and when a reviewer approves there) by a tick of its own; a selection in the list of pages
and a public copy by a page in between; approving elsewhere leads to the form. Programs are not
asked: what they load, and what the day of a schedule brings, was decided before.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from wagtail.admin.views.pages import workflow as wagtails
from wagtail.models import Page

from cms.models import ArticlePage

TICK = "without_citation"
SAID = "It cites no source. Cite one, or tick that it is published without a citation."


def of(pages: Iterable[Page]) -> list[ArticlePage]:
    """Those whose newest text is an article that cites nothing, as nobody said it may."""
    pks = [page.pk for page in pages]
    rows = ArticlePage.objects.filter(pk__in=pks).select_related("latest_revision")
    newest = (row.latest_revision.as_object() if row.latest_revision else row for row in rows)
    return [article for article in newest if article.is_uncited]


@transaction.atomic
def accept(*, articles: Iterable[ArticlePage]) -> None:
    """Keeps that somebody said so, where the text itself is kept."""
    for article in articles:
        ArticlePage.objects.filter(pk=article.pk).update(without_citation=True)
        if revision := article.latest_revision:
            revision.content["without_citation"] = True
            revision.save(update_fields=["content"])


def ask_in_between(request: HttpRequest, found: list[ArticlePage]) -> HttpResponse | None:
    """The page that asks, until it was ticked; what was sent comes along with the tick."""
    if not found:
        return None
    if request.POST.get(TICK):
        accept(articles=found)
        return None
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in (TICK, "csrfmiddlewaretoken")
        for value in values
    ]
    context = {"articles": found, "sent": sent, "address": request.get_full_path()}
    return render(request, "cms/admin/uncited.html", context)


def ask_for_selection(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """Before a bulk action: for 'Publish', also of the drafts below the ticked pages."""
    if action_type != "publish" or request.method != "POST":
        return None
    pages = [one for one in objects if isinstance(one, Page)]
    if request.POST.get("include_descendants"):
        below = (page.get_descendants().not_live() for page in list(pages))
        pages += [page for drafts in below for page in drafts]
    return ask_in_between(request, of(pages))


def ask_for_copy(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Before a copy that is public at once: of this page, and with it of those below."""
    is_public = request.POST.get("publish_copies") or request.POST.get("alias")
    if request.method != "POST" or not is_public:
        return None
    pages = [page]
    if request.POST.get("copy_subpages"):
        pages += list(page.get_descendants())
    return ask_in_between(request, of(one for one in pages if one.live))


def workflow_action(request: HttpRequest, page_id: int, **kwargs: Any) -> Any:
    """In the place of Wagtail's, where an article is approved without its form being open."""
    found = of(Page.objects.filter(pk=page_id))
    is_approval = str(kwargs.get("action_name", "")).startswith("approve")
    if is_approval and found and found[0].permissions_for_user(request.user).can_edit():
        address = reverse("wagtailadmin_pages:edit", args=[page_id])
        messages.warning(request, f"Not approved yet. {SAID} Then approve it here.")
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return JsonResponse({"step": "success", "redirect": address})
        return redirect(address)
    return wagtails.WorkflowAction.as_view()(request, page_id=page_id, **kwargs)
