"""'Was this helpful?': how many said so on a day. Nothing about who."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F
from wagtail.models import Page


class HelpfulManager(models.Manager["HelpfulCount"]):
    def add(self, *, page: Page, day: Any, helpful: bool) -> None:
        """Count one answer; two at once are both counted."""
        name = "yes" if helpful else "no"
        row, _ = self.get_or_create(page=page, day=day)
        self.filter(pk=row.pk).update(**{name: F(name) + 1})


class HelpfulCount(models.Model):
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    yes = models.PositiveIntegerField(default=0)
    no = models.PositiveIntegerField(default=0)

    objects: ClassVar[HelpfulManager] = HelpfulManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "day"], name="helpful_once_a_day")]

    def __str__(self) -> str:
        return f"{self.page_id} on {self.day}: {self.yes} yes, {self.no} no"
