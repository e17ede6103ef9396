"""Atom feeds of articles."""

import re
from typing import Any
from uuid import uuid5

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language

from cms.seo import absolute
from cms.site_menu import address as address_of

NEWEST = 20
NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def atom(articles: Any, request: HttpRequest, *, title: str, address: str) -> HttpResponse:
    """The newest of these articles."""
    feed = Atom1Feed(
        title=f"Footing: {_words(title)}",
        link=absolute(address),
        feed_url=absolute(f"{address}feed/"),
        description="",
        language=get_language(),
    )
    for page in articles.prefetch_related("authors")[:NEWEST]:
        feed.add_item(
            title=_words(page.title),
            link=absolute(address_of(page.url_path, request)),
            description=_words(page.lead),
            unique_id=f"urn:uuid:{uuid5(page.translation_key, str(page.locale_id))}",
            pubdate=page.first_published_at,
            updateddate=page.last_published_at,
            author_name=_words(", ".join(str(author) for author in page.authors.all())),
        )
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )


def _words(text: str) -> str:
    """Without the control characters for which XML has no way at all."""
    return NOT_IN_XML.sub("", text)
