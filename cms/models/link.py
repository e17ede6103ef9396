"""Links to other sites, as `check_links` last found them."""

from django.db import models


class CheckedLink(models.Model):
    url = models.URLField(max_length=1000, unique=True)
    checked_at = models.DateTimeField()
    # The answer's number, or empty when there was none.
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True, help_text="Empty when it answered.")

    class Meta:
        ordering = ["url"]

    def __str__(self) -> str:
        return f"{self.url}: {self.problem or 'fine'}"
