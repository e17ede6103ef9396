"""What the worker does for other programs. Each job is safe to run twice."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from accounts import wall
from accounts.models import AppExport, Clinic
from accounts.queue import enqueue, left_behind
from accounts.smart import connecting
from fhir import exporting

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
@app.task(queue="clock", queueing_lock="keep_exports")
def keep_exports(timestamp: int) -> None:
    """Every hour, clinic by clinic: files that are past go, and what has lost its job goes on."""
    for clinic in Clinic.objects.all():
        with wall.in_clinic(clinic.pk):
            connecting.forget_exports(clinic)
            waiting = AppExport.objects.kept().filter(clinic=clinic, done_at=None)
            for export in left_behind(waiting, make_export, "export_id"):
                go_on(str(export.pk), str(clinic.pk), export.pieces)
