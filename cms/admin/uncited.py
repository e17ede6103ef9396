"""An article without a citation is published when somebody said that it needs none.

Every way to publish asks: the form of a new and of an edited article (also for later, from an older
version, and when a reviewer approves there) by a tick of its own; a selection in the list of pages
and a public copy by a page in between; approving elsewhere leads to the form. Programs are not
asked: what they load, and what the day of a schedule brings, was decided before.

The word stays with an article whose text is rewritten: it stands ticked beside the text for whoever
publishes it, and the first citation takes it back. A copy or translation begins without it. Who
gave it is in the page's history.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from wagtail.admin.views.pages import workflow as wagtails
from wagtail.log_actions import LogActionRegistry, log
from wagtail.models import Page

from cms.models import ArticlePage
from cms.models.article import UNCITED_COPIED, UNCITED_SAID

TICK = "without_citation"
SAID = "It cites no source. Cite one, or tick that it is published without a citation."


def of(pages: Iterable[Page]) -> list[ArticlePage]:
    """Those whose newest text is an article that cites nothing, as nobody said it may."""
    pks = [page.pk for page in pages]
    rows = ArticlePage.objects.filter(pk__in=pks).select_related("latest_revision")
    newest = (row.latest_revision.as_object() if row.latest_revision else row for row in rows)
    return [article for article in newest if article.is_uncited]


@transaction.atomic
def accept(*, articles: Iterable[ArticlePage], by: Any) -> None:
    """Keeps that somebody said so, where the text itself is kept, and who it was."""
    for article in articles:
        ArticlePage.objects.filter(pk=article.pk).update(without_citation=True)
        if revision := article.latest_revision:
            revision.content["without_citation"] = True
            revision.save(update_fields=["content"])
        log(instance=article, action=UNCITED_SAID, user=by, revision=revision)


def ask_in_between(request: HttpRequest, found: list[ArticlePage]) -> HttpResponse | None:
    """The page that asks, until it was ticked; what was sent comes along with the tick."""
    if not found or request.POST.get(TICK):
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
    """Before a bulk action: for 'Publish', also of the drafts below the ticked pages. Of what the
    person may not publish nothing is asked or said: it stays as it is.
    """
    if action_type != "publish" or request.method != "POST":
        return None
    pages = [one for one in objects if isinstance(one, Page)]
    if request.POST.get("include_descendants"):
        below = (page.get_descendants().not_live() for page in list(pages))
        pages += [page for drafts in below for page in drafts]
    mine = [one for one in pages if one.permissions_for_user(request.user).can_publish()]
    found = of(mine)
    if request.POST.get(TICK):
        accept(articles=found, by=request.user)
    return ask_in_between(request, found)


def ask_for_copy(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Before a copy that is public at once: of this page, and with it of those below.

    A yes lets the copy pass, and says nothing of what is copied. A copy has no word of its own, so
    also one of an article that may stand so is asked about; an alias is that article.
    """
    is_public = request.POST.get("publish_copies") or request.POST.get("alias")
    if request.method != "POST" or not is_public:
        return None
    pages = [page]
    if request.POST.get("copy_subpages"):
        pages += list(page.get_descendants())
    live = ArticlePage.objects.filter(pk__in=[one.pk for one in pages], live=True)
    is_alias = bool(request.POST.get("alias"))
    found = [one for one in live if (one.is_uncited if is_alias else one.cites_nothing)]
    return ask_in_between(request, found)


def log_copy(request: HttpRequest, page: Page, copy: Page) -> None:
    """After a copy that somebody said may be public so: on record with the copies."""
    if not request.POST.get(TICK):
        return
    made = ArticlePage.objects.descendant_of(copy, inclusive=True)
    for article in made.filter(live=True):
        if article.cites_nothing:
            log(instance=article, action=UNCITED_COPIED, user=request.user)


def log_actions(actions: LogActionRegistry) -> None:
    said = "Said that it may be public without a citation"
    actions.register_action(UNCITED_SAID, "Needs no citation", said)
    copied = "Copied in public without a citation"
    actions.register_action(UNCITED_COPIED, "Copied without a citation", copied)


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
