"""What the worker does about patients' messages. Each job is safe to run twice."""

import logging

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from accounts.mail import RefusedError
from accounts.models import User
from patients import notices
from patients.models import Message

log = logging.getLogger(__name__)
# A mail server that is away for a while: tried again after 1, 3, 5 … minutes, for an hour.
TRY_AGAIN = RetryStrategy(max_attempts=8, wait=60, linear_wait=120)


@app.task(queue="mail", retry=TRY_AGAIN)
def tell_of_message(message_id: str, reader_id: str) -> None:
    """Email one reader that something is waiting."""
    message = Message.objects.select_related("patient__clinic").get(pk=message_id)
    try:
        notices.send(message, User.objects.select_related("clinic").get(uuid=reader_id))
    except RefusedError as error:
        log.error("A notice was refused (%s): message %s", error, message_id)
