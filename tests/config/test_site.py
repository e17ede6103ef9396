import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from tests.conftest import client_of


def settings_process(**env):
    """Import the settings in a fresh process, as a machine would."""
    base = {"PATH": os.environ["PATH"], "DATABASE_URL": "postgresql:///footing"}
    return subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        env={**base, **env},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


GOOD = {
    "SECRET_KEY": "aB3-xY9_kLmN0pQr" * 4,
    "FOOTING_HOST": "footing.example",
    "EMAIL_URL": "smtp://mail.example:25",
    "DEFAULT_FROM_EMAIL": "post@footing.example",
}


def test_production_starts_with_everything_set():
    assert settings_process(**GOOD).returncode == 0


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "x" * 60}, "SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-" + "aB3-" * 15}, "SECRET_KEY"),
        ({"FOOTING_DEMO": "1"}, "FOOTING_DEMO"),
        ({"FOOTING_MODE": "staging"}, "FOOTING_MODE"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL"),
        ({"DEFAULT_FROM_EMAIL": ""}, "DEFAULT_FROM_EMAIL"),
        ({"DEFAULT_FROM_EMAIL": "clinic"}, "DEFAULT_FROM_EMAIL"),
        ({"DEFAULT_FROM_EMAIL": "Riverside, Inc. <a@b.example>"}, "DEFAULT_FROM_EMAIL"),
        ({"DEFAULT_FROM_EMAIL": "a@b.example, c@d.example"}, "DEFAULT_FROM_EMAIL"),
        ({"DEFAULT_FROM_EMAIL": "a@b.example\nBcc: c@d.example"}, "DEFAULT_FROM_EMAIL"),
    ],
)
def test_production_refuses_to_start(changed, words):
    done = settings_process(**(GOOD | changed))
    assert done.returncode != 0
    assert words in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "sender",
    [
        "a@b.example",
        "Clinic <a@b.example>",
        '"Riverside, Inc." <a@b.example>',
        "Praxis Süd <a@b.de>",
    ],
)
def test_a_sender_may_have_a_name(sender):
    assert settings_process(**GOOD | {"DEFAULT_FROM_EMAIL": sender}).returncode == 0


@pytest.mark.parametrize(
    "missing", ["FOOTING_HOST", "EMAIL_URL", "SECRET_KEY", "DEFAULT_FROM_EMAIL"]
)
def test_production_refuses_to_start_without(missing):
    done = settings_process(**{name: value for name, value in GOOD.items() if name != missing})
    assert done.returncode != 0
    assert missing in done.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/workspace/", "/portal/"])
def test_a_database_that_is_away_gives_a_page_that_says_so(path, priya, monkeypatch):
    client = client_of(priya)
    client.raise_request_exception = False

    def away(*args, **kwargs):
        raise OperationalError("could not connect")

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", away)
    answer = client.get(path)
    assert answer.status_code == 503
    assert b"not available for a moment" in answer.content
    assert answer["Retry-After"]


@pytest.mark.django_db
def test_other_faults_are_500_and_blame_nobody(monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("cms.caching.may_use", broken)
    answer = Client(raise_request_exception=False).get("/privacy/")
    assert answer.status_code == 500
    assert b"It was not you" in answer.content
    assert b"a fault of ours" not in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/account/login/", "/portal/join/", "/privacy/", "/nothing-here/"]
)
def test_the_site_allows_no_inline_code_and_no_other_host(path):
    policy = Client().get(path)["Content-Security-Policy"]
    assert "script-src 'self';" in policy + ";"
    assert "style-src 'self';" in policy + ";"
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.django_db
def test_only_wagtails_admin_is_relaxed(priya):
    """For styles alone; address by address in `test_admin_policy.py`."""
    client = client_of(priya)
    policy = client.get("/cms/")["Content-Security-Policy"]
    assert "script-src 'self';" in policy + ";"
    assert policy.count("'unsafe-") == policy.count("style-src-attr 'unsafe-hashes'") == 1
    for address in ("/workspace/", "/account/login/", "/articles/", "/cmsx/"):
        policy = client.get(address)["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "nonce" not in policy


@pytest.mark.django_db
def test_a_form_without_its_token_changes_nothing_and_is_told(priya, ana):
    client = Client(enforce_csrf_checks=True)
    client.force_login(priya)
    answer = client.post(f"/workspace/patients/{ana.pk}/invite/")
    assert answer.status_code == 403
    assert b"open too long" in answer.content


@pytest.mark.django_db
def test_patients_pages_are_never_kept_by_a_browser(as_ana):
    assert "no-store" in as_ana.get("/portal/")["Cache-Control"]


@pytest.mark.parametrize(
    ("code", "whole"),
    [
        ("import config.wsgi", False),
        ("command('procrastinate', '--help')", False),
        ("command('work', '--help')", False),
        ("command('version')", True),
    ],
)
def test_only_commands_speak_for_all_clinics(code, whole):
    """Whatever the environment of the site says."""
    run = """
import runpy, sys
def command(*words):
    sys.argv[1:] = words
    try:
        runpy.run_path("manage.py", run_name="__main__")
    except SystemExit:
        pass
"""
    env = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": os.environ["DATABASE_URL"],
        **GOOD,
        **({} if whole else {"FOOTING_WHOLE": "1"}),
    }
    done = subprocess.run(
        [sys.executable, "-c", f"{run}\n{code}\nfrom django.conf import settings\n"
         "print(settings.FOOTING_WHOLE)"],
        env=env, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == str(whole), done.stderr


# Headers and hosts


IN_PRODUCTION = """
import json, django
from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage as plain
settings.STORAGES["staticfiles"] = {"BACKEND": f"{plain.__module__}.{plain.__name__}"}
django.setup()
from django.test import Client
def ask(host, path="PATH", secure=SECURE):
    answer = Client().get(path, secure=secure, headers={"host": host})
    return {"status": answer.status_code, "headers": dict(answer.headers),
            "cookies": {name: dict(one) for name, one in answer.cookies.items()}}
print(json.dumps([ask(host) for host in HOSTS]))
"""


def in_production(*hosts, path="/account/login/", secure=True, **env):
    env = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": os.environ["DATABASE_URL"],
        **GOOD,
        **env,
    }
    code = IN_PRODUCTION.replace("HOSTS", repr(list(hosts)))
    code = code.replace("PATH", path).replace("SECURE", repr(secure))
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=env,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_host_with_a_foreign_port_is_refused():
    hosts = [f"footing.example{port}" for port in ("", ":443", ":8443", ":80", ":99999", ":0443")]
    found = [one["status"] for one in in_production(*hosts)]
    assert found == [200, 200, 400, 400, 400, 400]
    found = in_production(*hosts, FOOTING_ADDRESS="https://footing.example:8443")
    assert [one["status"] for one in found] == [200, 400, 200, 400, 400, 400]


def test_cookies_in_production_belong_to_this_host_alone():
    [answer] = in_production("footing.example")
    [(name, cookie)] = answer["cookies"].items()
    assert name == "__Host-csrf"
    assert (cookie["secure"], cookie["httponly"], cookie["path"]) == (True, True, "/")
    assert cookie["domain"] == ""


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/account/login/", "/portal/", "/nothing/", "/healthz"])
def test_every_answer_says_what_no_page_uses_and_who_may_embed_it(path):
    headers = Client().get(path).headers
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = headers["Permissions-Policy"]
    for feature in ("camera", "microphone", "geolocation", "payment", "usb"):
        assert f"{feature}=()" in policy
    for feature in (
        "screen-wake-lock",
        "publickey-credentials-get",
        "publickey-credentials-create",
    ):
        assert f"{feature}=(self)" in policy


@pytest.mark.parametrize(("method", "body"), [("GET", b"ok"), ("HEAD", b"")])
def test_head_has_no_body_for_the_server_to_hold_back(monkeypatch, method, body):
    """gunicorn holds it back, with a line in the log for each."""
    from config import wsgi

    class Answer(list):
        closed = False

        def close(self):
            self.closed = True

    answer = Answer([b"ok"])
    monkeypatch.setattr(wsgi, "_django", lambda environ, start_response: answer)
    given = wsgi.application({"REQUEST_METHOD": method}, lambda status, headers: None)
    assert b"".join(given) == body
    assert answer.closed is (method == "HEAD")  # what the answer holds is let go
