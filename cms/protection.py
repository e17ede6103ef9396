"""A source in use can't be deleted, by whichever way."""

from typing import Any

from django.db.models import ProtectedError
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from cms import usage
from cms.models.source import Source


@receiver(pre_delete, sender=Source)
def refuse_while_used(instance: Source, **kwargs: Any) -> None:
    """Raises ProtectedError that names what uses it, before anything is deleted."""
    if uses := usage.of_source(instance):
        raise ProtectedError(f"{instance.short} is cited: {usage.told(uses)}.", {instance})
