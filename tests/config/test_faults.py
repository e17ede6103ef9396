"""A Sentry is told where the code failed, and nothing that anybody typed."""

import gzip
import json
import logging
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import pytest
from django.conf import settings

from config import faults
from tests.config.test_environment import machine

# Whatever of these is found at a Sentry has leaked.
WORDS = ["Reyes", "ana@mail.example", "burning", "R-4711", "198.51.100.7", "s3ssion", "b0dy",
         "qu3ry", "l0cal", "hunter2", "crumb"]  # fmt: skip
EVERYTHING = {
    "event_id": "0" * 32, "timestamp": "2026-11-29T12:00:00Z", "platform": "python",
    "level": "error", "logger": "django.request", "transaction": "/workspace/patients/R-4711/",
    "server_name": "Reyes.local", "release": "crumb", "environment": "burning",
    "user": {"id": 7, "email": "ana@mail.example", "ip_address": "198.51.100.7"},
    "message": "Reyes",
    "request": {"url": "https://x/?q=Reyes", "query_string": "qu3ry", "data": "b0dy",
                "cookies": {"session": "s3ssion"}, "headers": {"Authorization": "hunter2"}},
    "breadcrumbs": {"values": [{"message": "crumb", "data": {"sql": "burning"}}]},
    "extra": {"patient": "Reyes"}, "tags": {"patient": "Reyes"}, "modules": {"Reyes": "1"},
    "contexts": {"trace": {"data": "l0cal"}}, "spans": [{"description": "Reyes"}],
    "logentry": {"message": "Failed for %s", "params": ["Reyes"], "formatted": "Failed for Reyes"},
    "threads": {"values": [{"stacktrace": {"frames": [{"vars": {"a": "l0cal"}}]}}]},
    "exception": {"values": [{
        "type": "IntegrityError", "module": "django.db.utils", "value": "DETAIL: (Reyes, burning)",
        "mechanism": {"type": "x", "data": {"a": "Reyes"}},
        "stacktrace": {"frames": [{
            "module": "patients.actions", "function": "save", "filename": "patients/actions.py",
            "lineno": 12, "in_app": True, "vars": {"name": "l0cal"}, "context_line": "Reyes",
            "pre_context": ["Reyes"], "post_context": ["Reyes"], "abs_path": "/home/Reyes/x.py",
        }]},
    }]},
}  # fmt: skip


def test_of_an_event_with_everything_only_the_place_is_left():
    left = faults.scrubbed(EVERYTHING, {})
    assert left["exception"]["values"] == [{
        "type": "IntegrityError", "module": "django.db.utils",
        "stacktrace": {"frames": [{
            "module": "patients.actions", "function": "save", "filename": "patients/actions.py",
            "lineno": 12, "in_app": True,
        }]},
    }]  # fmt: skip
    assert left["level"] == "error"
    told = json.dumps(left)
    for word in WORDS:
        assert word not in told, word


class Sentry(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}
        body = unpack.get(self.headers.get("Content-Encoding"), bytes)(body)
        self.server.bodies.append(body.decode())
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args):
        pass


@contextmanager
def sentry():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sentry)
    server.bodies = []
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def events(server):
    """Of each envelope the parts that are events, and the whole of it as text."""
    for body in server.bodies:
        lines = [json.loads(line) for line in body.splitlines() if line.startswith("{")]
        yield from (line for line in lines if "level" in line)


FAIL = """
import django, logging
from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage as plain
settings.STORAGES["staticfiles"] = {"BACKEND": f"{plain.__module__}.{plain.__name__}"}
django.setup()
from django.test import Client
import cms.caching, sentry_sdk
def broken(request):
    patient = {"name": "l0cal Reyes", "note": "burning", "record": "R-4711"}
    request.user_note = "burning"
    raise ValueError(f"no such patient: {patient}")
cms.caching.may_use = broken
sentry_sdk.set_user({"email": "ana@mail.example", "ip_address": "198.51.100.7"})
sentry_sdk.set_tag("patient", "Reyes"); sentry_sdk.set_extra("note", "burning")
sentry_sdk.add_breadcrumb(message="crumb", data={"sql": "Reyes"})
logging.getLogger("accounts").warning("crumb Reyes")
client = Client(raise_request_exception=False)
client.cookies["__Host-session"] = "s3ssion"
answer = client.post(
    "/portal/join/hunter2/?q=qu3ry", {"name": "b0dy"}, secure=True,
    headers={"host": "footing.example", "x-request-id": "a-request-4711", "x-forwarded-for": "198.51.100.7"},
)
assert answer.status_code == 500, answer.status_code
logging.getLogger("accounts.mail").error("Not sent to %s: %s", "ana@mail.example", "burning")
logging.getLogger("procrastinate.worker").error("Job programs.remind[7](patient='Reyes') failed")
sentry_sdk.flush(5)
"""  # noqa: E501


def run(code, **env):
    done = subprocess.run(
        [sys.executable, "-c", code], env={**machine(), **env}, cwd=settings.BASE_DIR,
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db
def test_a_page_that_fails_is_told_by_kind_and_place():
    with sentry() as server:
        run(FAIL, SENTRY_DSN=f"http://public@127.0.0.1:{server.server_address[1]}/1")
    found = list(events(server))
    whole = "".join(server.bodies)
    for word in WORDS:
        assert word not in whole, word
    [failed] = [one for one in found if "exception" in one]
    [error] = failed["exception"]["values"]
    assert error["type"] == "ValueError"
    assert error["stacktrace"]["frames"][-1]["function"] == "broken"
    assert failed["tags"] == {"request": "a-request-4711"}
    said = [one["logentry"]["message"] for one in found if "logentry" in one]
    assert "Not sent to %s: %s" in said
    assert len(found) == len(said) + 1  # of what others put together not even the sentence


def test_without_an_address_nothing_is_loaded():
    run("import django, sys; django.setup(); assert 'sentry_sdk' not in sys.modules")


def test_the_addresses_form_is_asked_for():
    with pytest.raises(AssertionError, match="SENTRY_DSN"):
        run("import config.settings", SENTRY_DSN="sentry.example")
    with pytest.raises(AssertionError, match="METRICS_TOKEN"):
        run("import config.settings", METRICS_TOKEN="short")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("django.security.DisallowedHost", "Invalid HTTP_HOST header: 'maria-lopez.example'."),
        ("django.security.SuspiciousFileOperation", "Detected path traversal in 'Maria.jpg'"),
    ],
)
def test_what_django_says_of_what_was_sent_is_left_out(name, said):
    record = logging.LogRecord(name, logging.ERROR, "handler.py", 1, said, (), None)
    left = faults.scrubbed({**EVERYTHING, "logger": name}, {"log_record": record})
    assert "logentry" not in left
    assert "aria" not in str(left)


def test_our_own_log_fills_in_its_sentences_behind_a_sign():
    """So that a sentence as the code has it holds nothing of anybody."""
    import ast

    for package in faults.PLAIN_SPOKEN:
        for path in (settings.BASE_DIR / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                    continue
                is_log = ast.unparse(node.func.value) in {"log", "logger", "logging"}
                if is_log and node.func.attr in {"error", "exception", "critical"}:
                    assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}"
