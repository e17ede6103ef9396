"""What the worker does about mail. Each job is safe to run twice, also at the same moment."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from accounts import mail_queue
from accounts.models import QueuedMail
from accounts.queue import enqueue, left_behind

# After 1, 3, 5 … minutes; `mail_queue.send` gives up after a day.
TRY_AGAIN = RetryStrategy(wait=60, linear_wait=120)


@app.task(queue="mail", retry=TRY_AGAIN)
def send_mail(mail_id: str) -> None:
    mail_queue.send(mail_id)


@app.periodic(cron="*/10 * * * *")
@app.task(queue="clock", queueing_lock="take_up_mail")
def take_up_mail(timestamp: int) -> None:
    """A job for each mail that has lost its own, so that none stays."""
    for mail in left_behind(QueuedMail.objects.all(), send_mail, "mail_id"):
        enqueue(send_mail, mail_id=str(mail.pk))
