"""Workers that take the same mail at the same moment: real threads and transactions."""

from django.core.mail import send_mail

from accounts import jobs
from accounts.models import QueuedMail
from tests.patients.test_messages_at_once import at_once
from tests.smtp import mail_server


def test_workers_at_once_send_a_mail_once(committed, settings):
    settings.EMAIL_BACKEND = "accounts.mail_backend.QueueBackend"
    settings.MAIL_SERVER = "django.core.mail.backends.smtp.EmailBackend"
    send_mail("Hello", "", None, ["dora@patients.test"])
    queued = QueuedMail.objects.get()
    with mail_server() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        assert at_once(4, lambda index: jobs.send_mail(str(queued.pk))) == [None] * 4
    assert len(server.letters) == 1
    assert not QueuedMail.objects.exists()
