"""What the worker does about patients' messages. Each job is safe to run twice."""

import logging

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from accounts import mail, wall
from accounts.mail import RefusedError
from accounts.models import User
from patients import notices
from patients.models import Message

log = logging.getLogger(__name__)
# A mail server that is away for a while: tried again after 1, 3, 5 … minutes, for an hour.
TRY_AGAIN = RetryStrategy(max_attempts=8, wait=60, linear_wait=120)


@app.task(queue="mail", retry=TRY_AGAIN)
def tell_of_message(message_id: str, reader_id: str, clinic_id: str) -> None:
    """Email one reader that something is waiting, unless they have read it or may not any more."""
    with wall.in_clinic(clinic_id):
        message = Message.objects.select_related("patient__clinic").get(pk=message_id)
        letter = notices.letter(message, User.objects.select_related("clinic").get(uuid=reader_id))
    if letter is None:
        return
    try:
        mail.deliver(letter)
    except RefusedError as error:
        log.error("A notice was refused (%s): message %s", error, message_id)
