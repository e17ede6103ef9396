"""Each request has a name, which its answer and its lines of the log bear."""

import json
import logging
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory

from accounts import wall
from config import request_ids
from config.logs import Discreet, Json, WithoutOutages, name_job
from config.postgresql.outage import AwayError
from config.request_ids import HEADER, RequestId
from portal.views import pages
from tests.conftest import client_of

MADE = re.compile(r"[0-9a-f]{32}")


def named(given):
    """What the request was called while it was answered, and in its answer."""
    seen = []

    def answer(request):
        seen.append(request_ids.current())
        return HttpResponse()

    request = RequestFactory().get("/", headers={HEADER: given} if given else {})
    told = RequestId(answer)(request)[HEADER]
    assert seen == [told]
    assert request_ids.current() == ""
    return told


@pytest.mark.parametrize(
    "given", ["0190b5a2-7a53-7cc1-a3f8-0f6b8b1c2d3e", "4f2c9d1e", "01J2WZ8Q4N6X0V5R7T3Y9KBCDM"]
)
def test_a_well_formed_one_is_taken(given):
    assert named(given) == given


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "a b c d e f", "Ana Reyes", "né-ä-12345", '12345678"}']
)
def test_another_is_made(given):
    assert MADE.fullmatch(named(given))


def test_it_ends_with_the_request_also_where_that_fails():
    def fail(request):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        RequestId(fail)(RequestFactory().get("/"))
    assert request_ids.current() == ""


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/healthz", "/account/login/", "/nothing/"])
def test_every_answer_bears_one_also_a_kept_one(path):
    client, given = Client(), "0190b5a2-7a53-7cc1"
    for _ in range(2):
        assert client.get(path, headers={HEADER: given})[HEADER] == given
    assert MADE.fullmatch(client.get(path)[HEADER])


# In the log


def line(formatter, message="It failed", *args, exc_info=None, **extra):
    record = logging.LogRecord("tests", logging.ERROR, "", 0, message, args, exc_info)
    vars(record).update(extra)
    return formatter.format(record)


TEXT = Discreet("{levelname} {name}: {message}", style="{")


def in_request(work):
    return RequestId(lambda request: HttpResponse(work()))(
        RequestFactory().get("/", headers={HEADER: "12345678"})
    ).content.decode()


def test_a_line_of_text_names_the_request():
    assert line(TEXT) == "ERROR tests: It failed"
    assert in_request(lambda: line(TEXT)) == "ERROR tests: It failed [request 12345678]"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/nothing/", "/portal/join/no-such-key/"])
def test_what_django_logs_after_the_middleware_names_it_too(path, caplog):
    given = "0190b5a2-7a53-7cc1"
    Client().get(path, headers={HEADER: given})
    assert caplog.records
    for record in caplog.records:
        assert f"[request {given}]" in TEXT.format(record)
        assert "no-such-key" not in TEXT.format(record)


def test_json_is_one_line_and_holds_what_it_says_and_no_more():
    text = in_request(lambda: line(Json(), "Two\nlines: %s", "é", row={"name": "Ana Reyes"}))
    assert "\n" not in text
    told = json.loads(text)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", told.pop("time"))
    assert told == {
        "level": "ERROR", "logger": "tests", "message": "Two\nlines: é", "request": "12345678"
    }  # fmt: skip


@pytest.mark.parametrize("formatter", [TEXT, Json()])
def test_a_job_names_itself_and_not_its_arguments(formatter):
    job = SimpleNamespace(task_name="accounts.jobs.send_mail", id=7, task_kwargs={"mail": "Ana"})

    async def work():
        return line(formatter)

    text = async_to_sync(name_job)(work, SimpleNamespace(job=job), None)
    assert "accounts.jobs.send_mail[7]" in text
    assert "Ana" not in text
    assert "send_mail" not in line(formatter)


@pytest.mark.parametrize("formatter", [TEXT, Json()])
@pytest.mark.parametrize(
    "key",
    ["portal/join/S3cret", "portal/calendar/S3cret.ics", "account/password/reset/key/1-S3cret"],
)
def test_an_address_that_is_a_key_is_not_told(formatter, key):
    text = line(formatter, "Internal Server Error: %s", f"/{key}/")
    assert "S3cret" not in text
    assert "Internal Server Error: /" in text


@pytest.mark.parametrize(("cause", "is_told"), [(AwayError(), False), (ValueError(), True)])
def test_of_an_outage_each_request_is_a_line(cause, is_told):
    error = OperationalError("The database was away a moment ago.")
    error.__cause__ = cause
    record = logging.LogRecord(
        "tests", logging.ERROR, "", 0, "Unavailable", (), (type(error), error, None)
    )
    assert WithoutOutages().filter(record)
    assert ("OperationalError" in TEXT.format(record)) is is_told


def at_the_server() -> str:
    with wall.in_clinic(uuid.uuid4()), connection.cursor() as cursor:
        cursor.execute("SHOW application_name")
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_the_database_reads_the_name_of_who_asks(ana, monkeypatch):
    read = []
    page = pages.today.load
    monkeypatch.setattr(
        pages.today, "load", lambda patient: read.append(at_the_server()) or page(patient)
    )
    client_of(ana.user).get("/portal/", headers={HEADER: "4f2c9d1e"})
    assert read == ["request 4f2c9d1e"]
    assert "4f2c9d1e" not in at_the_server()


def test_and_the_job_that_the_worker_does():
    async def work():
        return connection.asked_for

    job = SimpleNamespace(task_name="accounts.jobs.send_mail", id=12)
    with ThreadPoolExecutor() as alone:  # a browser's tests leave a loop running in this thread
        read = alone.submit(async_to_sync(name_job), work, SimpleNamespace(job=job), None).result()
    assert read == "job accounts.jobs.send_mail[12]"
