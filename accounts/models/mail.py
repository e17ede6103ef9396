"""Mail that waits for its turn."""

import uuid

from django.db import models
from django.utils import timezone


class QueuedMail(models.Model):
    """A mail that is not sent yet. Its row goes when it is, or is given up (`mail_queue`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    sealed = models.TextField(editable=False)

    def __str__(self) -> str:
        return f"Mail {self.pk}"
