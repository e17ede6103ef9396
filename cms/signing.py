"""Signing off: a reviewer's publishing is on record, with the date and when to look again."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Revision

from cms.models.author import Author
from cms.teams import is_editorial

SIGN = "cms.sign_article"
_READ = ("title", "lead", "body")  # what a review is about


def is_reviewer(user: Any) -> bool:
    """Whether someone made this login a reviewer. A superuser's rights make no clinician."""
    if not (user and user.is_active and user.pk):
        return False
    if not is_editorial(user):
        return False
    app, codename = SIGN.split(".")
    given = Permission.objects.filter(content_type__app_label=app, codename=codename)
    return given.filter(Q(user=user) | Q(group__user=user)).exists()


def is_author(page: Any, user: Any) -> bool:
    """Whether `written_by` names this login of this article."""
    return page.pk in written_by([page.pk], user)


def may_publish(author: Author, user: Any) -> bool:
    """A reviewer, neither whose byline it is nor who wrote the change; a superuser, on record."""
    if user.is_superuser:
        return True
    is_own = author.user_id == user.pk  # in a draft that was not saved yet
    return is_reviewer(user) and not is_own and author.pk not in changed_by([author.pk], user)


def sign(revision: Any, user: Any) -> None:
    """Set reviewer, date and the next review in the revision about to be published.

    Nobody reviews their own article. A text that changed and is published by someone who can't
    sign for it loses its review, so that no page claims what nobody did. Raises nothing; a
    publication by a program, or on schedule (`user` is None), carries the signature of its
    approval.
    """
    if not user:
        return
    page = revision.as_object()
    public = type(page).objects.filter(pk=page.pk, live=True).first()
    if is_reviewer(user) and not is_author(page, user):
        _sign(page, public, user)
    elif public is None or _told(page) != _told(public):
        page.reviewed_by = page.last_reviewed = page.next_review_due = None
    else:
        return
    revision.content = page.serializable_data()
    revision.save(update_fields=["content"])


def _sign(page: Any, public: Any, user: Any) -> None:
    today = timezone.localdate()
    page.reviewed_by, page.last_reviewed = Author.of(user), today
    chosen = page.next_review_due
    if not chosen or chosen <= today or (public and chosen == public.next_review_due):
        page.next_review_due = today + dt.timedelta(days=settings.REVIEW_INTERVAL_DAYS)


def _told(page: Any) -> list[Any]:
    return [page.body.get_prep_value() if name == "body" else getattr(page, name) for name in _READ]


def written_by(pages: list[int], user: Any) -> set[int]:
    """Those of these articles of which this login is named as an author, now or in any draft of it
    that was saved: so that nobody takes their own name off, signs, and puts it on again.

    Three queries, however many they are.
    """
    mine = set(Author.objects.filter(user=user).values_list("pk", flat=True))
    if not mine or not pages:
        return set()
    drafts = Revision.page_revisions.filter(object_id__in=[str(pk) for pk in pages])
    named = drafts.values_list("object_id", "content__authors")
    found = {int(pk) for pk, authors in named if mine & set(authors or [])}
    through = Author.articles.through.objects.filter(author__in=mine, articlepage__in=pages)
    return found | set(through.values_list("articlepage", flat=True))


def changed_by(authors: list[int], user: Any) -> set[int]:
    """Those of these bylines that are this login's, now or in any draft that was saved, and those
    that it changed since they were last published. Nobody's for a superuser.

    Two queries, however many they are.
    """
    if not authors or user.is_superuser:
        return set()
    rows = Author.objects.filter(pk__in=authors)
    public, found = {}, set()
    for pk, named, at in rows.values_list("pk", "user", "live_revision__created_at"):
        public[pk] = at
        if named == user.pk:
            found.add(pk)
    kind = ContentType.objects.get_for_model(Author, for_concrete_model=False)
    drafts = Revision.objects.filter(content_type=kind, object_id__in=[str(pk) for pk in public])
    for pk, named, by, at in drafts.values_list("object_id", "content__user", "user", "created_at"):
        since = public[int(pk)]
        if named == user.pk or (by == user.pk and (since is None or at > since)):
            found.add(int(pk))
    return found
