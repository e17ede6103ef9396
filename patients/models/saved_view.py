"""Lists of patients that a therapist comes back to."""

import uuid

from django.conf import settings
from django.db import models

from accounts.models import Clinic


class SavedView(models.Model):
    """Filters and order of the caseload under a name; never what was typed to find somebody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+", editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="saved_views",
        editable=False,
    )
    name = models.CharField("name of this view", max_length=40)
    query = models.CharField(max_length=400, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                name="saved_view_name_once",
                violation_error_message="You have a view of this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
