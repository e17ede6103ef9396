"""Mail that came back is told to who wrote it, whoever tells it."""

import base64
import io
import json
import sys
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.test import RequestFactory

from accounts import bounces, mail_queue
from accounts.models import UndeliveredMail

pytestmark = pytest.mark.django_db
SECRET = "events:a-long-enough-word"
REPORT = """\
From: MAILER-DAEMON@mail.example (Mail Delivery System)
To: post@clinic.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
Arrival-Date: Sun, 29 Nov 2026 08:00:00 +0000

{blocks}
--B
Content-Type: message/rfc822

Subject: Your invitation

Secret words.

--B--
"""


def block(address, action="failed", named="Final-Recipient", kind="rfc822"):
    return f"{named}: {kind}; {address}\nAction: {action}\nStatus: 5.1.1\n"


def report(*blocks):
    return REPORT.replace("{blocks}", "\n".join(blocks)).encode()


def test_a_report_names_whom_the_mail_did_not_reach():
    assert bounces.take(report(block("Ana@Mail.Example"), block("bert@mail.example"))) == 2
    noted = mail_queue.undelivered("ana@mail.example")
    assert noted is not None
    assert noted.is_refused
    assert mail_queue.undelivered("bert@mail.example")
    assert not mail_queue.undelivered("cleo@mail.example")


@pytest.mark.parametrize(
    "content",
    [
        report(block("ana@mail.example", action="delayed")),
        report(block("ana@mail.example", action="relayed")),
        report(block("+15550134", kind="x-phone")),
        report(block("nobody")),
        report(),
        b"Subject: hello\n\nana@mail.example",
        b"",
        bytes(range(256)) * 40,
    ],
)
def test_what_is_no_such_report_notes_nobody(content):
    assert bounces.take(content) == 0
    assert not UndeliveredMail.objects.exists()


def test_the_address_it_was_written_to_counts():
    """Not the one that it was passed on to."""
    both = (
        block("old@mail.example", named="Original-Recipient") + "Final-Recipient: rfc822; x@y.z\n"
    )
    bounces.take(report(both))
    assert mail_queue.undelivered("old@mail.example")
    assert not mail_queue.undelivered("x@y.z")


def test_one_report_fills_no_table():
    many = [block(f"a{number}@mail.example") for number in range(500)]
    assert bounces.take(report(*many)) == bounces.MOST_RECIPIENTS


def test_the_next_mail_that_leaves_takes_it_back(monkeypatch):
    bounces.take(report(block("ana@mail.example")))
    monkeypatch.setattr("accounts.mail.deliver", lambda message: None)
    message = EmailMessage("Hello", "Words.", to=["ana@mail.example"])
    queued = mail_queue.QueuedMail.objects.create(sealed=mail_queue.seal(message))
    mail_queue.send(str(queued.pk))
    assert not mail_queue.undelivered("ana@mail.example")


def test_the_mail_server_hands_it_to_a_command(monkeypatch):
    content = SimpleNamespace(buffer=io.BytesIO(report(block("ana@mail.example"))))
    monkeypatch.setattr(sys, "stdin", content)
    out = io.StringIO()
    call_command("take_bounce", stdout=out)
    assert out.getvalue() == "1 addresses noted.\n"
    assert mail_queue.undelivered("ana@mail.example")


# A mail service


@pytest.fixture
def tell(settings):
    """What Postmark tells, with a secret."""
    settings.MAIL_EVENTS_FROM = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    [address] = bounces.addresses()

    def post(event, secret=SECRET):
        word = base64.b64encode(secret.encode()).decode()
        request = RequestFactory().post(
            "/mail/events/postmark/tracking/",
            json.dumps(event),
            content_type="application/json",
            HTTP_AUTHORIZATION=f"Basic {word}",
        )
        return address.callback(request)

    return post


def bounce(**changed):
    return {
        "RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1, "ID": 42,
        "MessageID": "m-1", "Email": "ana@mail.example", "BouncedAt": "2026-11-29T08:00:00Z",
        "Description": "Unknown user",
    } | changed  # fmt: skip


def test_a_service_tells_a_bounce_once_it_has_shown_who_it_is(tell):
    with pytest.raises(SuspiciousOperation):  # which Django answers by 400
        tell(bounce(), secret="events:guessed-guessed-word")
    assert not UndeliveredMail.objects.exists()
    assert tell(bounce()).status_code == 200
    assert mail_queue.undelivered("ana@mail.example")


@pytest.mark.parametrize(
    ("event", "is_noted"),
    [
        (bounce(Type="Transient", TypeCode=2), False),
        (bounce(Type="SpamComplaint", TypeCode=512, RecordType="SpamComplaint"), True),
        ({"RecordType": "Delivery", "MessageID": "m", "Recipient": "ana@mail.example",
          "DeliveredAt": "2026-11-29T08:00:00Z"}, False),
    ],
)  # fmt: skip
def test_only_what_did_not_arrive_is_noted(tell, event, is_noted):
    tell(event)
    assert bool(mail_queue.undelivered("ana@mail.example")) is is_noted


def test_without_a_service_there_is_no_address(settings, client):
    assert bounces.addresses() == []
    assert client.post("/mail/events/postmark/tracking/").status_code == 404
    settings.MAIL_EVENTS_FROM = "pigeon"
    with pytest.raises(ImproperlyConfigured, match="is one of amazon_ses, brevo"):
        bounces.addresses()
