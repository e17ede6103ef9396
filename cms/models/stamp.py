"""When public content last changed, as one value that all web processes read."""

import uuid

from django.db import models
from django.db.models import Q


class ContentStamp(models.Model):
    """One row. A random value, not a counter: a restored backup must not repeat an old one."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    value = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_content_stamp")]

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def current(cls) -> uuid.UUID | None:
        """The stamp, or nothing while no content has ever changed. One query."""
        return cls.objects.values_list("value", flat=True).first()

    @classmethod
    def renew(cls) -> None:
        cls.objects.update_or_create(id=1, defaults={"value": uuid.uuid4()})
