"""The one place where jobs are queued, and how one job does many things."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db.models import QuerySet, UUIDField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import JobDeferrer
from procrastinate.manager import JobManager
from procrastinate.tasks import Task

Row = TypeVar("Row")


def enqueue(task: Task[..., Any, ...], **arguments: str) -> None:
    """Queue a job within the transaction that is open: both are committed, or neither.

    `task.defer` would do so in a web process only: in a worker it takes a connection of the
    worker's own and commits at once, and the job may run before there is what it was queued for.
    """
    queue = JobManager(DjangoConnector())
    JobDeferrer(queue, task.configure().job).defer(**arguments)


def left_behind(rows: QuerySet[Any], task: Task[..., Any, ...], argument: str) -> QuerySet[Any]:
    """Those of `rows` that no job of `task`, waiting or running, names in `argument`."""
    named = Cast(KeyTextTransform(argument, "args"), UUIDField())
    alive = ProcrastinateJob.objects.filter(task_name=task.name, status__in=["todo", "doing"])
    return rows.exclude(pk__in=alive.annotate(named=named).values("named"))


def each(rows: Iterable[Row], work: Callable[[Row], object]) -> None:
    """By the clock: one that fails keeps none of the others waiting. What failed is raised when all
    had their turn, so that the job shows as failed.
    """
    failures: list[Exception] = []
    for row in rows:
        try:
            work(row)
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup("Failed for some", failures)
