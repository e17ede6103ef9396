"""Forms that were sent and answered a moment ago."""

import uuid

from django.conf import settings
from django.db import models


class AnsweredForm(models.Model):
    """What a form under this key was answered with: where it led. See `accounts.form_keys`."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    location = models.TextField()
    answered_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.location
