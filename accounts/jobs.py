"""What the worker does about mail, logins and the audit trail, and its sign of life. Each job is
safe to run twice, also at the same moment.
"""

import logging

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models.functions import Now
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from accounts import audit_chain, form_keys, mail_queue, push
from accounts.models import Heartbeat, QueuedMail
from accounts.queue import enqueue, left_behind
from accounts.smart import connecting

log = logging.getLogger("footing.audit")
WORKER = "worker"  # of whose heartbeat the row is
# After 1, 3, 5 … minutes; `mail_queue.send` gives up after a day.
TRY_AGAIN = RetryStrategy(wait=60, linear_wait=120)


@app.periodic(cron="* * * * *")
@app.task(queue="clock", queueing_lock="beat")
def beat(timestamp: int) -> None:
    """Every minute: the worker is there (`/readyz`)."""
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"beat_at": Now()})


@app.task(queue="mail", retry=TRY_AGAIN)
def send_mail(mail_id: str) -> None:
    mail_queue.send(mail_id)


@app.task(queue="mail", retry=RetryStrategy(max_attempts=4, wait=30, linear_wait=120))
def wake_device(device_id: str) -> None:
    push.tell(device_id)


@app.periodic(cron="*/10 * * * *")
@app.task(queue="clock", queueing_lock="take_up_mail")
def take_up_mail(timestamp: int) -> None:
    """A job for each mail that has lost its own, so that none stays."""
    for mail in left_behind(QueuedMail.objects.all(), send_mail, "mail_id"):
        enqueue(send_mail, mail_id=str(mail.pk))


@app.periodic(cron="37 3 * * *")
@app.task(queue="clock", queueing_lock="forget_sessions")
def forget_sessions(timestamp: int) -> None:
    """Logins that have ended: nobody comes back by them."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    open_ones = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=open_ones).delete()


@app.periodic(cron="*/15 * * * *")
@app.task(queue="clock", queueing_lock="forget_forms")
def forget_forms(timestamp: int) -> None:
    """Forms whose second sending would no longer be taken for the first."""
    form_keys.forget()


@app.periodic(cron="27 3 * * *")
@app.task(queue="clock", queueing_lock="forget_app_accesses")
def forget_app_accesses(timestamp: int) -> None:
    """Tokens of connected apps that are past their time."""
    connecting.forget()


@app.periodic(cron="17 3 * * *")
@app.task(queue="clock", queueing_lock="anchor_audit")
def anchor_audit(timestamp: int) -> None:
    """Where each chain of the audit trail ends goes to the log, out of the database's reach; what
    is older than the clinics keep it is removed before.
    """
    if settings.AUDIT_KEPT_YEARS:
        audit_chain.forget(settings.AUDIT_KEPT_YEARS)
    for anchor in audit_chain.anchors():
        log.info("%s", anchor)
