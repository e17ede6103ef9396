"""Devices that are told when something waits."""

import hashlib
import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

LONGEST_ENDPOINT = 1000


class PushDevice(models.Model):
    """A browser that its owner told to show notifications (Web Push, RFC 8030).

    `endpoint` is the address at the browser maker's push service that reaches just this browser;
    whoever logs in there next and switches it on takes it over.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_devices"
    )
    endpoint = models.URLField(max_length=LONGEST_ENDPOINT, unique=True, editable=False)
    words = models.CharField(max_length=100, blank=True)  # such as 'Firefox, Windows'
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-added_at", "id")

    def __str__(self) -> str:
        return self.words or "A browser"

    @property
    def digest(self) -> str:
        """By which a page tells whether it is this browser, without giving the address away."""
        return hashlib.sha256(self.endpoint.encode()).hexdigest()
