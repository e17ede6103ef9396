"""Where a clinic keeps its pictures, documents and videos."""

from django.contrib.auth.models import Group
from django.db import models
from wagtail.models import Collection

from accounts.models import Clinic


class ClinicFiles(models.Model):
    """A clinic's collection, and the group that its staff are in (`cms.teams`)."""

    clinic = models.OneToOneField(
        Clinic, on_delete=models.CASCADE, primary_key=True, related_name="files"
    )
    collection = models.OneToOneField(Collection, on_delete=models.PROTECT, related_name="+")
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Files of {self.clinic}"
