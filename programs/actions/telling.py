"""Mail and notifications to staff that something waits: not what, not about whom."""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from accounts import push
from accounts.jobs import wake_device
from accounts.models import User
from accounts.queue import enqueue

INBOX = "/workspace/inbox/"


def tell(people: Iterable[User], *, is_late: bool = False) -> None:
    """Queued within the transaction: sent exactly when what they are told of is stored."""
    for person in people:
        context = {"person": person, "is_late": is_late, "link": settings.SITE_ADDRESS + INBOX}
        send_mail(
            subject="An alert is overdue" if is_late else "An alert is waiting",
            message=render_to_string("email/alert_waiting.txt", context),
            from_email=settings.DEFAULT_FROM_EMAIL,
            recipient_list=[person.email],
        )
        if push.is_offered():
            for device in person.push_devices.all():
                enqueue(wake_device, device_id=str(device.pk))


def tell_in_the_morning(person: User, *, waiting: int, overdue: int) -> None:
    """How much there is, in numbers."""
    link = settings.SITE_ADDRESS + INBOX
    context = {"person": person, "waiting": waiting, "overdue": overdue, "link": link}
    send_mail(
        subject="Your morning at Footing",
        message=render_to_string("email/morning.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        recipient_list=[person.email],
    )
