"""No request talks to the mail server: what is written waits for the worker, which does."""

import datetime as dt
import logging
import re
import smtplib
import traceback

import pytest
from django.core import mail
from django.core.mail import BadHeaderError, EmailMultiAlternatives, send_mail
from django.db import transaction
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts import jobs, mail_queue
from accounts.mail import NotSentError
from accounts.models import QueuedMail, UndeliveredMail
from accounts.smtp import EmailBackend
from patients.models import Invitation, Patient
from tests.conftest import PASSWORD, client_of, make_patient, prove
from tests.smtp import mail_server

pytestmark = pytest.mark.django_db
NEW = "paper-and-stone"


@pytest.fixture
def queue(settings):
    """As in production. `queue(server)` says where mail goes."""
    settings.EMAIL_BACKEND = "accounts.mail_backend.QueueBackend"
    settings.MAIL_SERVER = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 0.3

    def goes_to(port):
        settings.EMAIL_PORT = port

    return goes_to


def work():
    """What the worker would do, without one."""
    for job in ProcrastinateJob.objects.filter(task_name=jobs.send_mail.name).order_by("id"):
        jobs.send_mail(**job.args)


def write(**fields):
    send_mail("Hello", "Dora's code is 1234-5678", None, ["dora@patients.test"], **fields)
    return QueuedMail.objects.get()


# What a request does


def reset(ana, priya):
    answer = Client().post("/account/password/reset/", {"email": priya.email})
    assert answer.url == "/account/password/reset/done/"


def ask_for_a_code(ana, priya):
    answer = Client().post("/account/login/code/", {"email": ana.email})
    assert answer.url == "/account/login/code/confirm/"


def ask_for_an_unknown_one(ana, priya):
    answer = Client().post("/account/login/code/", {"email": "nobody@patients.test"})
    assert answer.url == "/account/login/code/confirm/"


def invite(ana, priya):
    dora = make_patient(priya, "Dora")
    answer = client_of(priya).post(f"/workspace/patients/{dora.pk}/invite/")
    assert answer.status_code == 302
    assert Invitation.objects.usable().filter(patient=dora).exists()


def change_the_password(ana, priya):
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    client = Client()
    client.post("/account/login/", {"login": priya.email, "password": PASSWORD})
    assert client.post("/account/password/change/", fields).status_code == 302
    priya.refresh_from_db()
    assert priya.check_password(NEW)


def leave(ana, priya):
    assert prove(client_of(ana.user)).post("/portal/me/leave/").status_code == 200
    assert Patient.objects.get(pk=ana.pk).user is None


ACTS = {
    reset: "priya@riverside.test",
    ask_for_a_code: "ana@patients.test",
    ask_for_an_unknown_one: "nobody@patients.test",
    invite: "dora@patients.test",
    change_the_password: "priya@riverside.test",
    leave: "priya@riverside.test",
}


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
@pytest.mark.parametrize("manners", [{"hangs": True}, {"refusal": "550 Nobody"}])
def test_a_request_does_its_act_whatever_the_mail_server_does(queue, ana, priya, act, manners):
    with mail_server(**manners) as server:
        queue(server.port)
        act(ana, priya)
        assert server.connections == 0
    assert QueuedMail.objects.count() == 1


@pytest.mark.parametrize(
    ("act", "address"), ACTS.items(), ids=lambda it: getattr(it, "__name__", "")
)
def test_the_worker_sends_what_was_queued_and_keeps_nothing(queue, ana, priya, act, address):
    act(ana, priya)
    with mail_server() as server:
        queue(server.port)
        work()
        work()
    [letter] = server.letters
    assert letter["To"] == address
    assert "footing@localhost" in letter["From"]
    assert not QueuedMail.objects.exists()


def test_a_code_from_the_queue_opens_the_door(queue, ana):
    client = Client()
    client.post("/account/login/code/", {"email": ana.email})
    with mail_server() as server:
        queue(server.port)
        work()
    code = re.search(r"\d{4}-\d{4}", server.letters[0].get_content())[0]
    assert client.post("/account/login/code/confirm/", {"code": code}).url == "/portal/"


def test_mail_is_in_the_language_of_the_request(queue, ana):
    Client().post("/account/login/code/", {"email": ana.email}, headers={"Accept-Language": "es"})
    letter = mail_queue.unseal(QueuedMail.objects.get().sealed)
    assert "código" in letter.body


def test_mail_rolled_back_with_its_cause_is_not_queued(queue):
    point = transaction.savepoint()
    write()
    assert ProcrastinateJob.objects.exists()
    transaction.savepoint_rollback(point)
    assert not QueuedMail.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_an_act_whose_mail_can_not_be_queued_is_not_done(queue, priya, monkeypatch):
    dora = make_patient(priya, "Dora")
    monkeypatch.setattr(mail_queue, "seal", lambda message: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        client_of(priya).post(f"/workspace/patients/{dora.pk}/invite/")
    assert not Invitation.objects.filter(patient=dora).exists()


def test_a_wrong_header_is_told_to_who_wrote_it(queue):
    with pytest.raises(BadHeaderError):
        send_mail("Hello\nBcc: x@y.test", "", None, ["dora@patients.test"])
    assert not QueuedMail.objects.exists()


# What is kept


def test_what_waits_can_not_be_read_in_the_database(queue):
    queued = write()
    [job] = ProcrastinateJob.objects.all()
    for text in (queued.sealed, str(job.args)):
        for secret in ("1234-5678", "dora", "Dora", "Hello"):
            assert secret not in text


def test_a_mail_comes_out_as_it_went_in():
    letter = EmailMultiAlternatives(
        subject="Grüße",
        body="Text",
        from_email="Clinic <a@b.test>",
        to=["c@d.test"],
        cc=["e@f.test"],
        bcc=["g@h.test"],
        reply_to=["i@j.test"],
        headers={"List-Unsubscribe": "<https://k.test>", "Date": "Mon, 23 Nov 2026 09:00:00 -0000"},
    )
    letter.attach_alternative("<p>Text</p>", "text/html")
    again = mail_queue.unseal(mail_queue.seal(letter))

    def lines(message):
        text = re.sub(r"={15}\d+==", "boundary", message.message().as_string())
        return [line for line in text.splitlines() if not line.startswith("Message-ID")]

    assert lines(again) == lines(letter)
    assert again.recipients() == letter.recipients()


def test_a_mail_that_is_sent_again_is_the_same_mail():
    sealed = mail_queue.seal(EmailMultiAlternatives("Hello", "", to=["c@d.test"]))
    first, again = (mail_queue.unseal(sealed).message()["Message-ID"] for _ in range(2))
    assert first == again is not None
    other = mail_queue.seal(EmailMultiAlternatives("Hello", "", to=["c@d.test"]))
    assert mail_queue.unseal(other).message()["Message-ID"] != first


def test_an_attachment_is_refused_and_not_lost_on_the_way():
    letter = mail.EmailMessage("Hello", "", to=["c@d.test"])
    letter.attach("plan.pdf", b"%PDF", "application/pdf")
    with pytest.raises(ValueError, match="attachments"):
        mail_queue.seal(letter)


def test_mail_sealed_with_another_secret_is_given_up(queue, settings, caplog):
    write()
    settings.SECRET_KEY = "another"
    work()
    assert not QueuedMail.objects.exists()
    assert "another SECRET_KEY" in caplog.text


# What the server says


def test_a_server_that_is_away_is_tried_again(queue):
    with mail_server() as server:
        queue(server.port)
    assert_tried_again()  # nobody listens there any more


@pytest.mark.parametrize(
    "manners", [{"refusal": "450 Dora: later"}, {"refusal": "451 Dora: later"}, {"hangs": True}]
)
def test_a_server_that_asks_for_patience_is_tried_again(queue, manners):
    with mail_server(**manners) as server:
        queue(server.port)
        assert_tried_again()
        assert server.connections == 1
    with mail_server() as friendly:
        queue(friendly.port)
        work()
    assert [letter["To"] for letter in friendly.letters] == ["dora@patients.test"]
    assert not QueuedMail.objects.exists()


def assert_tried_again():
    """And what the worker would log of it names nobody."""
    write()
    [job] = ProcrastinateJob.objects.all()
    with pytest.raises(NotSentError) as raised:
        work()
    assert jobs.send_mail.get_retry_exception(raised.value, job.procrastinate_job) is not None
    assert "dora" not in "".join(traceback.format_exception(raised.value)).lower()
    assert QueuedMail.objects.count() == 1


def test_a_server_that_takes_its_time_to_say_that_it_has_a_mail_gets_it_once(queue, settings):
    settings.MAIL_SERVER = "accounts.smtp.EmailBackend"
    write()
    with mail_server(slow_end=2 * settings.EMAIL_TIMEOUT) as server:
        queue(server.port)
        work()
        work()
    assert len(server.letters) == 1
    assert not QueuedMail.objects.exists()


def test_one_that_hangs_is_left_soon_all_the_same(queue, settings):
    settings.MAIL_SERVER = "accounts.smtp.EmailBackend"
    with mail_server(hangs=True) as server:
        queue(server.port)
        assert_tried_again()


def test_its_patience_holds_over_ssl_as_well():
    backend = EmailBackend(host="127.0.0.1", use_ssl=True)
    assert issubclass(backend.connection_class, smtplib.SMTP_SSL)
    assert backend.connection_class.data is EmailBackend(use_ssl=False).connection_class.data


def test_a_mail_that_is_refused_for_good_is_given_up_and_the_log_names_nobody(queue, caplog):
    queued = write()
    with mail_server(refusal="550 Dora is unknown") as server:
        queue(server.port)
        work()
    assert_given_up(queued, caplog)
    assert "SMTPRecipientsRefused" in caplog.text


def test_a_mail_is_given_up_after_a_day(queue, caplog):
    queued = write()
    QueuedMail.objects.update(written_at=queued.written_at - dt.timedelta(hours=25))
    with mail_server(refusal="450 Dora: later") as server:
        queue(server.port)
        work()
    assert_given_up(queued, caplog)


def assert_given_up(queued, caplog):
    assert not QueuedMail.objects.exists()
    [line] = [line for line in caplog.records if line.name == "accounts.mail_queue"]
    assert line.levelno == logging.ERROR
    assert str(queued.pk) in line.getMessage()
    assert "dora" not in caplog.text.lower()


@pytest.mark.parametrize(
    ("refusal", "hours", "words"),
    [("550 unknown", 0, "check the address"), ("450 later", 25, "for a day")],
)
def test_whoever_wrote_it_is_told_until_one_arrives(queue, ana, priya, refusal, hours, words):
    record = f"/workspace/patients/{make_patient(priya, 'Dora', email='dora@patients.test').pk}/"
    client = client_of(priya)
    client.post(record + "invite/")
    QueuedMail.objects.update(written_at=timezone.now() - dt.timedelta(hours=hours))
    assert "could not be delivered" not in client.get(record + "record/").content.decode()
    with mail_server(refusal=refusal) as server:
        queue(server.port)
        work()
    page = client.get(record + "record/").content.decode()
    assert "could not be delivered" in page
    assert words in page
    assert "dora" not in repr(UndeliveredMail.objects.values()).lower()
    send_mail("Hello", "Again", None, ["Dora@Patients.Test"])
    with mail_server() as friendly:
        queue(friendly.port)
        work()
    assert not UndeliveredMail.objects.exists()
    assert "could not be delivered" not in client.get(record + "record/").content.decode()


def test_staff_that_no_mail_reaches_are_seen_by_who_invited_them(queue, ruth, priya):
    write_to = client_of(ruth)
    send_mail("Hello", "Hello", None, [priya.email])
    with mail_server(refusal="550 unknown") as server:
        queue(server.port)
        work()
    page = write_to.get(f"/workspace/people/{priya.uuid}/").content.decode()
    assert "could not be delivered" in page


def test_a_mail_whose_job_is_lost_is_taken_up(queue):
    queued = write()
    jobs.take_up_mail(timestamp=0)
    assert ProcrastinateJob.objects.count() == 1  # it still has its own
    ProcrastinateJob.objects.all()._raw_delete(using="default")
    for _ in range(2):
        jobs.take_up_mail(timestamp=0)
    [job] = ProcrastinateJob.objects.all()
    assert job.args == {"mail_id": str(queued.pk)}
