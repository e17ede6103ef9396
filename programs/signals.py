"""A changed exercise shows on public pages at once."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from cms.caching import content_changed
from programs.models import Exercise


@receiver([post_save, post_delete], sender=Exercise)
def refresh_public_pages(**kwargs: Any) -> None:
    content_changed()
