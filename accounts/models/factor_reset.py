"""A second factor that is lost: two people say that it is really them who asks."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

LASTS = dt.timedelta(hours=24)


class FactorResetQuerySet(models.QuerySet["FactorReset"]):
    def waiting(self) -> "FactorResetQuerySet":
        return self.filter(asked_at__gt=timezone.now() - LASTS)


class FactorReset(models.Model):
    """An administrator has asked for it, and a second person has not answered yet. Then the row is
    gone; the audit trail keeps who they were.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="factor_reset"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    words = models.CharField("how you know that it is them", max_length=200)

    objects = FactorResetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(user=models.F("asked_by")),
                name="factor_reset_by_another",
                violation_error_message="Somebody else has to ask for it.",
            )
        ]

    def __str__(self) -> str:
        return f"Second factor of {self.user}"
