"""Mail that waits for its turn, and what could not be sent."""

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


class UndeliveredMail(models.Model):
    """An address that the newest mail did not reach. Its row goes with the next that leaves.

    `digest` is the address's, keyed: the table alone names nobody.
    """

    digest = models.CharField(primary_key=True, max_length=64, editable=False)
    failed_at = models.DateTimeField(default=timezone.now, editable=False)
    is_refused = models.BooleanField(editable=False)  # for good; else the server was away too long

    def __str__(self) -> str:
        return f"Undelivered mail {self.digest[:8]}"
