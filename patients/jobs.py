"""What the worker does about patients' messages. Each job is safe to run twice."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from accounts.models import User
from patients import notices
from patients.models import Message

# A mail server that is away for a while: tried again after 1, 3, 5 … minutes, for an hour.
TRY_AGAIN = RetryStrategy(max_attempts=8, wait=60, linear_wait=120)


@app.task(queue="mail", retry=TRY_AGAIN)
def tell_of_message(message_id: str, reader_id: str) -> None:
    """Email one reader that something is waiting."""
    message = Message.objects.select_related("patient__clinic").get(pk=message_id)
    notices.send(message, User.objects.select_related("clinic").get(uuid=reader_id))
