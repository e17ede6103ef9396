"""A sign of life of the worker."""

from django.db import models


class Heartbeat(models.Model):
    """When a job that comes every minute was last done: that there is a worker, and that its clock,
    its queue and its jobs go. One row for all workers.
    """

    name = models.CharField(max_length=30, primary_key=True)
    beat_at = models.DateTimeField()  # the database's clock, so that ages are right

    def __str__(self) -> str:
        return f"{self.name}, {self.beat_at:%Y-%m-%d %H:%M:%S}"
