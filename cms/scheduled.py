"""Articles and entries of the library with a date to go live, or to end.

Wagtail's command `publish_scheduled` does the same for who sees all clinics. The worker sees one
clinic at a time, and what it can't see it can't publish.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page, Revision

from accounts import wall
from accounts.models import Clinic
from accounts.queue import each


def publish_due() -> None:
    """What is due now, each in a transaction of its own, the platform's first. One that fails keeps
    none of the others waiting. Raises ExceptionGroup in the end.
    """
    now = timezone.now()
    owners: list[UUID | None] = [None, *Clinic.objects.values_list("pk", flat=True)]
    each(_due(owners, now), lambda one: _change(*one))


Due = tuple[UUID | None, type[Model], Any]


def _due(owners: list[UUID | None], now: dt.datetime) -> Iterator[Due]:
    """Owner, model and key: an object past its last day, or a revision that may go live."""
    for owner in owners:
        with _writing_of(owner):
            ended = [
                (owner, model, one.pk)
                for model in _with_drafts()
                for one in model._default_manager.filter(live=True, expire_at__lt=now)
                if _owner(one) == owner
            ]
            waiting = Revision.objects.filter(approved_go_live_at__lt=now)
            begun = [
                (owner, Revision, revision.pk)
                for revision in waiting.order_by("approved_go_live_at")
                if (one := revision.content_object) is not None and _owner(one) == owner
            ]
        yield from ended
        yield from begun


def _change(owner: UUID | None, model: type[Model], key: Any) -> None:
    with _writing_of(owner):
        one = model._default_manager.filter(pk=key).first()
        if isinstance(one, Revision):
            one.publish(log_action="wagtail.publish.scheduled")
        elif isinstance(one, DraftStateMixin):
            one.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _writing_of(owner: UUID | None) -> AbstractContextManager[None]:
    """A transaction that writes the library of one clinic, or what is the platform's."""
    if owner is None:
        return wall.telling("footing_tell(NULL, NULL, 'all')", [])
    return wall.telling("footing_tell(%s, %s, 'own')", [owner, owner])


def _with_drafts() -> list[type[Any]]:
    others = (model for model in apps.get_models() if issubclass(model, DraftStateMixin))
    return [Page, *(model for model in others if not issubclass(model, Page))]


def _owner(one: Any) -> UUID | None:
    """Pages and authors are the site's, whoever wrote them."""
    return getattr(one, "clinic_id", None)
