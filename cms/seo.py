"""What machines read: whole addresses and JSON-LD (schema.org)."""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from cms.site_menu import Crumb

_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def absolute(address: str) -> str:
    return f"{settings.SITE_ADDRESS.rstrip('/')}{address}"


def as_script(data: dict[str, Any]) -> SafeString:
    """A data block: browsers never run it, so the content policy has nothing to refuse."""
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


def breadcrumbs(crumbs: Sequence[Crumb]) -> SafeString:
    return as_script({"@context": "https://schema.org", **_trail(crumbs)})


def _trail(crumbs: Sequence[Crumb]) -> dict[str, Any]:
    items = [
        {
            "@type": "ListItem",
            "position": number,
            "name": crumb.title,
            "item": absolute(crumb.address),
        }
        for number, crumb in enumerate(crumbs, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def medical_web_page(
    page: Any,
    *,
    address: str,
    authors: Sequence[Any],
    reviewer: Any,
    sources: Sequence[Any],
    crumbs: list[Crumb],
) -> SafeString:
    """An article, who stands for it, and what it cites. Nobody invented stands for anything."""
    is_reviewed = reviewer is not None and not reviewer.is_invented
    data = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "name": page.title,
        "description": page.summary,
        "url": absolute(address),
        "inLanguage": get_language(),
        "datePublished": _date(page.first_published_at),
        "dateModified": _date(page.last_published_at),
        "lastReviewed": _date(page.last_reviewed) if is_reviewed else None,
        "author": [_author(author) for author in authors if not author.is_invented],
        "reviewedBy": _author(reviewer) if is_reviewed else None,
        "audience": {"@type": "MedicalAudience", "audienceType": "Patient"},
        "citation": [_work(source) for source in sources],
        "breadcrumb": _trail([*crumbs, Crumb(page.title, address)]),
    }
    return as_script({name: value for name, value in data.items() if value})


def _date(value: Any) -> str | None:
    return value.isoformat() if value else None


def _author(author: Any) -> dict[str, str]:
    said = {
        "@type": "Organization" if author.is_organization else "Person",
        "name": author.name,
        "honorificSuffix": author.credentials,
        "description": author.biography,
    }
    return {name: value for name, value in said.items() if value}


def _work(source: Any) -> dict[str, str]:
    said = {
        "@type": "ScholarlyArticle",
        "name": source.title,
        "datePublished": str(source.year or ""),
        "url": source.doi_url or source.pubmed_url or source.url,
    }
    return {name: value for name, value in said.items() if value}
