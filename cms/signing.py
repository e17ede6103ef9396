"""Signing off: a reviewer's publishing is on record, with the date and when to look again."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import timezone

SIGN = "cms.sign_article"


def is_reviewer(user: Any) -> bool:
    return bool(user and user.is_active and user.has_perm(SIGN))


def sign(revision: Any, user: Any) -> None:
    """Set reviewer, date and the next review in the revision about to be published.

    Nobody reviews their own article: what a reviewer wrote keeps the review it had. Raises nothing;
    a publication by a program, or on schedule, carries the signature of its approval.
    """
    from cms.models.author import Author  # noqa: PLC0415 - pages are made of this module

    if not is_reviewer(user):
        return
    author = Author.of(user)
    page = revision.as_object()
    if author in page.authors.all():
        return
    page.reviewed_by, page.last_reviewed = author, timezone.localdate()
    page.next_review_due = page.last_reviewed + dt.timedelta(days=settings.REVIEW_INTERVAL_DAYS)
    revision.content = page.serializable_data()
    revision.save(update_fields=["content"])
