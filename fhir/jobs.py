"""What the worker does for other programs. Each job is safe to run twice."""

import time
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from accounts import wall
from accounts.models import AppExport, Clinic, ConnectedApp
from accounts.queue import each, enqueue, left_behind
from accounts.smart import connecting, launching
from fhir import exporting, telling

TRY_AGAIN = RetryStrategy(max_attempts=5, wait=30, linear_wait=120)


@app.task(queue="export", retry=TRY_AGAIN)
def make_export(export_id: str, clinic_id: str, number: str) -> None:
    """One piece; the next is a job of its own."""
    with wall.in_clinic(clinic_id):
        if exporting.make_piece(export_id, int(number)):
            go_on(export_id, clinic_id, int(number) + 1)


def go_on(export_id: str, clinic_id: str, number: int) -> None:
    enqueue(make_export, export_id=export_id, clinic_id=clinic_id, number=str(number))


@app.periodic(cron="13 * * * *")
@app.task(queue="clock", queueing_lock="tidy_up_programs")
def tidy_up(timestamp: int) -> None:
    """Every hour, clinic by clinic: what is past goes, and an export that lost its job goes on."""
    for clinic in Clinic.objects.all():
        with wall.in_clinic(clinic.pk):
            connecting.forget_exports(clinic)
            launching.forget(clinic)
            waiting = AppExport.objects.kept().filter(clinic=clinic, done_at=None)
            telling.forget(clinic.pk)
            for export in left_behind(waiting, make_export, "export_id"):
                go_on(str(export.pk), str(clinic.pk), export.pieces)


@app.periodic(cron="* * * * *")
@app.task(queue="clock", queueing_lock="tell_apps")
def tell_apps(timestamp: int) -> None:
    """Every minute, clinic by clinic: what happened, to the programs that are told of it."""
    each(_told(), _tell_of)


def _told() -> list[UUID]:
    """Clinics with a program that is told of something."""
    told = ConnectedApp.objects.active().exclude(topics=[])
    return list(told.order_by("clinic").values_list("clinic", flat=True).distinct())


def _tell_of(clinic_id: UUID) -> None:
    """A note leaves between two transactions: the first takes it, the second says what came of it.
    What is killed in between is not told again.
    """
    until = time.monotonic() + telling.MOST_SECONDS
    while time.monotonic() < until:
        with wall.in_clinic(clinic_id):
            event = telling.claimed(clinic_id)
        if event is None:
            return
        taken = telling.tell(event)
        with wall.in_clinic(clinic_id):
            telling.store(event, taken)
