"""Atom feeds of articles."""

from typing import Any
from uuid import uuid5

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language

from cms.seo import absolute
from cms.site_menu import address as address_of

NEWEST = 20


def atom(articles: Any, request: HttpRequest, *, title: str, address: str) -> HttpResponse:
    """The newest of these articles."""
    feed = Atom1Feed(
        title=f"Footing: {title}",
        link=absolute(address),
        feed_url=absolute(f"{address}feed/"),
        description="",
        language=get_language(),
    )
    for page in articles.prefetch_related("authors")[:NEWEST]:
        feed.add_item(
            title=page.title,
            link=absolute(address_of(page.url_path, request)),
            description=page.lead,
            unique_id=f"urn:uuid:{uuid5(page.translation_key, str(page.locale_id))}",
            pubdate=page.first_published_at,
            updateddate=page.last_published_at,
            author_name=", ".join(author.name for author in page.authors.all()),
        )
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )
