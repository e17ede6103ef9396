"""What Prometheus is told: enough to be called by, and nobody's name."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse
from django.test import Client, RequestFactory

from accounts.models import Heartbeat
from config import metrics, probes, readiness
from tests.as_role import WEB, as_role

ROOT = Path(settings.BASE_DIR)
TOKEN = "a-token-of-more-than-thirty-two-letters"
ASKING = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def told(settings, monkeypatch, db):
    """`/metrics` with its token set, and facts and numbers that cost no thread."""
    settings.METRICS_TOKEN = TOKEN
    facts, numbers = readiness.facts(), readiness.numbers()
    monkeypatch.setattr(probes, "look", probes.Look(lambda: facts))
    monkeypatch.setattr(metrics, "look", probes.Look(lambda: numbers))


def test_without_a_token_there_is_no_such_address(client, db):
    assert client.get("/metrics", headers=ASKING).status_code == 404
    with pytest.raises(MiddlewareNotUsed):
        metrics.Counted(lambda request: None)


@pytest.mark.parametrize("given", ["", "Bearer ", f"Bearer {TOKEN}x", TOKEN, "Bearer é"])
def test_who_does_not_say_the_token_learns_nothing(client, told, given):
    answer = client.get("/metrics", headers={"Authorization": given})
    assert (answer.status_code, answer.content) == (401, b"")


def test_it_tells_facts_and_how_the_queue_stands(client, told):
    answer = client.get("/metrics", headers=ASKING)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert 'footing_ready{fact="database"} 1.0' in text
    assert 'footing_ready{fact="worker"} 0.0' in text
    for name in readiness.NUMBERS:
        assert re.search(rf"^footing_{name} -?\d", text, re.M), name


def test_the_sites_role_may_ask_all_of_it(db):
    Heartbeat.objects.all().delete()
    with as_role(WEB):
        found = readiness.numbers()
    assert found["worker_beat_seconds"][1] == -1
    assert set(found) == set(readiness.NUMBERS)


def test_while_the_database_is_away_its_fact_is_0_and_the_numbers_are_left_out(
    client, told, monkeypatch
):
    def away():
        raise TimeoutError

    monkeypatch.setattr(probes, "look", probes.Look(lambda: {"database": "It is away."}))
    monkeypatch.setattr(metrics, "look", probes.Look(away))
    text = client.get("/metrics", headers=ASKING).content.decode()
    assert 'footing_ready{fact="database"} 0.0' in text
    assert "footing_jobs_waiting" not in text


def test_a_request_is_named_by_its_view_alone(settings, told, as_ana, ana, priya):
    """Ids, keys, words that were searched for, methods that nobody knows: none is a label."""
    settings.MIDDLEWARE = [*settings.MIDDLEWARE]
    client, key = Client(), "aB3-xY9_kLmN0pQr"
    asked = [
        ("GET", f"/workspace/patients/{ana.pk}/?q=Reyes"), ("GET", f"/portal/join/{key}/"),
        ("GET", f"/nothing/{key}/"), ("BREW", "/account/login/"), ("GET", "/articles/?q=Reyes"),
    ]  # fmt: skip
    for method, path in asked:
        client.generic(method, path, headers={"user-agent": "Reyes"})
    as_ana.get("/portal/")
    text = client.get("/metrics", headers=ASKING).content.decode()
    counted = [line for line in text.splitlines() if line.startswith("footing_requests_total")]
    assert any('view="portal:today"' in line for line in counted), counted
    assert any('method="other"' in line for line in counted)
    for word in (key, str(ana.pk), "Reyes", "Ana", ana.email, priya.email, "BREW"):
        assert word not in text
    names = {name for line in text.splitlines() for name in re.findall(r'(\w+)="', line)}
    assert names <= {"view", "method", "status", "fact", "le", "implementation", "major", "minor",
                     "patchlevel", "version", "generation"}  # fmt: skip


def test_what_is_turned_away_before_any_view_is_counted_too(settings):
    settings.METRICS_TOKEN = TOKEN
    before = metrics.requests.labels(metrics.NO_VIEW, "GET", "400")._value.get()
    counted = metrics.Counted(lambda request: HttpResponse(status=400))
    counted(RequestFactory().get("/x/"))
    assert metrics.requests.labels(metrics.NO_VIEW, "GET", "400")._value.get() == before + 1


class Unix(http.client.HTTPConnection):
    """To a server that listens in a file."""

    def __init__(self, path):
        super().__init__("localhost", timeout=20)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(20)
        self.sock.connect(self.path)


def ask(path, address, **headers):
    connection = Unix(path)
    try:
        connection.request("GET", address, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@contextmanager
def serving(tmp_path, **env):
    """Footing under gunicorn as it is installed, with two processes; where it listens."""
    path = tmp_path / "web.sock"
    url = psycopg.conninfo.make_conninfo(
        os.environ["DATABASE_URL"], dbname=settings.DATABASES["default"]["NAME"]
    )
    (tmp_path / "tmp").mkdir()
    environment = {
        "PATH": os.environ["PATH"], "DATABASE_URL": url, "FOOTING_MODE": "local",
        "FOOTING_VAR": str(tmp_path), "TMPDIR": str(tmp_path / "tmp"), **env,
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn"]
    server = subprocess.Popen(
        [*command, "--bind", f"unix:{path}", "config.wsgi"], cwd=ROOT, env=environment
    )
    try:
        until(path.exists)
        until(lambda: ask(path, "/healthz")[0] == 200)
        yield server, path
    finally:
        server.terminate()
        server.wait(30)


def until(is_so):
    for _ in range(400):
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError("It did not come about in 20 seconds.")


def sum_of(text, view):
    found = re.findall(rf'^footing_requests_total{{.*view="{view}".*}} (\S+)$', text, re.M)
    return sum(map(float, found))


def test_the_processes_of_one_gunicorn_count_together(committed, tmp_path):
    with serving(tmp_path, METRICS_TOKEN=TOKEN) as (server, path):
        scraped = ask(path, "/metrics", **ASKING)
        assert scraped[0] == 200
        begun = sum_of(scraped[1], "healthz")
        for _ in range(20):
            ask(path, "/healthz")
        ask(path, f"/workspace/patients/{uuid.uuid4()}/")
        for _ in range(6):  # whichever of the two answers
            assert sum_of(ask(path, "/metrics", **ASKING)[1], "healthz") == begun + 20
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
        if children.exists():
            [killed, *_] = children.read_text().split()
            os.kill(int(killed), signal.SIGKILL)
            until(lambda: killed not in children.read_text().split())
            until(lambda: len(children.read_text().split()) == 2)
            assert sum_of(ask(path, "/metrics", **ASKING)[1], "healthz") >= begun + 20
        assert list((tmp_path / "tmp").glob("footing-metrics-*"))
    assert not list((tmp_path / "tmp").glob("footing-metrics-*"))
