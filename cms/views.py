"""Answers of the public site that are no pages: files for machines, and 'was this helpful?'."""

from urllib.parse import urlsplit
from uuid import UUID

from allauth.core import ratelimit
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Page

from accounts.limits import sender
from cms import sharing
from cms.models import ArticlePage, HelpfulCount, SearchPage
from cms.models.base import PublicPage
from cms.models.search import SearchEntry
from cms.restrictions import unrestricted
from cms.search import findable
from cms.seo import absolute
from cms.site_menu import address

A_DAY = 86_400  # seconds


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *"]
    lines += [f"Disallow: /{door}/" for door in ("account", "cms", "portal", "workspace")]
    lines += ["", f"Sitemap: {absolute('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page, and what the library shows of its own."""
    live = Page.objects.live().not_type(SearchPage).filter(depth__gt=1, alias_of=None)
    pages = unrestricted(live)
    rows = [
        (absolute(address(page.url_path, request)), page.last_published_at)
        for page in pages.order_by("path")
    ]
    shown: list[SearchEntry] = list(findable.visible().exclude(kind__in=["article", "page"]))
    rows += [(absolute(row.address), None) for row in shown if row.address.startswith("/")]
    return render(request, "cms/sitemap.xml", {"rows": rows}, content_type="application/xml")


# The form stands on kept pages, which hold no token. Nothing is done in anybody's name here, and a
# browser tells where a form was sent from.
@csrf_exempt
@require_POST
@never_cache
def helpful(request: HttpRequest, key: UUID) -> HttpResponse:
    """Count one answer about an article; no cookie is read or set."""
    if not sent_from_here(request):
        return HttpResponse("Send this from the article itself.", status=403)
    article = get_object_or_404(ArticlePage.objects.listed_here(), translation_key=key)
    answer = request.POST.get("helpful")
    if answer not in {"yes", "no"}:
        return HttpResponse("Answer yes or no.", status=400)
    too_many = ratelimit.consume_or_429(request, action="helpful", key=sender(request))
    if too_many is not None:
        return too_many
    HelpfulCount.objects.add(page=article, day=timezone.localdate(), helpful=answer == "yes")
    context = {"page": article, "address": address(article.url_path, request)}
    return render(request, "cms/helpful_thanks.html", context)


def sent_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sent it; every current one does."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = urlsplit(request.headers.get("Origin", ""))
    return bool(origin.netloc) and origin.netloc == request.get_host()


@require_safe
def sharing_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a public page. Drawn once, then kept for a day: a link is shared often on one day."""
    page = unrestricted(Page.objects.filter(pk=pk).live()).first()
    shown = page.specific if page else None
    if not isinstance(shown, PublicPage):
        raise Http404
    key = f"sharing.{shown.pk}.{sharing.name(shown)}"
    made = cache.get_or_set(key, lambda: sharing.picture(shown), A_DAY) or b""
    response = HttpResponse(made, content_type="image/png")
    response["ETag"] = f'"{sharing.name(shown)}"'
    patch_cache_control(response, public=True, max_age=A_DAY)
    return response
