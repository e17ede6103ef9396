"""What the worker does about messages and sealed records. Each job is safe to run twice."""

import logging

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from accounts import mail, wall
from accounts.mail import RefusedError
from accounts.models import Clinic, User
from patients import notices
from patients.actions import erasing
from patients.models import Message

log = logging.getLogger(__name__)
# A mail server that is away for a while: tried again after 1, 3, 5 … minutes, for an hour.
TRY_AGAIN = RetryStrategy(max_attempts=8, wait=60, linear_wait=120)


@app.periodic(cron="47 3 * * *")
@app.task(queue="clock", queueing_lock="destroy_sealed")
def destroy_sealed(timestamp: int) -> None:
    """Every night, clinic by clinic: sealed records that no law keeps any more."""
    for clinic in Clinic.objects.all():
        with wall.in_clinic(clinic.pk):
            erasing.destroy_past(clinic)


@app.task(queue="mail", retry=TRY_AGAIN)
def tell_of_message(message_id: str, reader_id: str, clinic_id: str) -> None:
    """Email one reader that something is waiting, unless they have read it or may not any more."""
    with wall.in_clinic(clinic_id):
        message = Message.objects.select_related("patient__clinic").filter(pk=message_id).first()
        reader = User.objects.select_related("clinic").filter(uuid=reader_id).first()
        if message is None or reader is None:  # who wrote it was erased meanwhile
            return
        letter = notices.letter(message, reader)
    if letter is None:
        return
    try:
        mail.deliver(letter)
    except RefusedError as error:
        log.error("A notice was refused (%s): message %s", error, message_id)
