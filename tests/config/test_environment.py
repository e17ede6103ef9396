"""The table of the environment in docs/operating.md names what a machine has to be told."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from accounts.permissions import Role
from config.setup.check import production
from tests.conftest import make_clinic, make_user
from tests.smtp import mail_server

ROOT = Path(settings.BASE_DIR)
HOST = "footing.example"
# What the table calls required, filled in; one more there fails the tests below.
FILLED = {
    "SECRET_KEY": "aB3-xY9_kLmN0pQr" * 4,
    "FOOTING_HOST": HOST,
    "DEFAULT_FROM_EMAIL": "Riverside <post@footing.example>",
}
RESET = """
import django; django.setup()
from django.core.management import call_command
from django.test import Client
fields, host = {"email": "priya@riverside.test"}, "footing.example"
answer = Client().post("/account/password/reset/", fields, secure=True, headers={"host": host})
assert answer.status_code == 302, answer.content
call_command("procrastinate", "worker", "--one-shot")
"""
SHOW = """
import json
from config import settings
print(json.dumps({name: repr(getattr(settings, name)) for name in dir(settings) if name.isupper()}))
"""


def table():
    """Each name with its default, as the table has it."""
    text = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[A-Z].*?) \| .* \| (.*) \|$", text.split("## Environment")[1], re.M)
    found = {}
    for cell, default in rows:
        names = re.findall(r"`(\w+)`", cell)
        defaults = default.split(", ") if len(names) > 1 else [default]
        found |= dict(zip(names, defaults, strict=True))
    return found


def required():
    return [name for name, default in table().items() if default == "required"]


def spelled_out(name, default):
    """What one would write into the environment to get the default of the table."""
    words = {"off": "0", "empty": "", "`https://` + host": f"https://{HOST}"}
    plain = default.strip("`")
    is_path = name.endswith("_ROOT") or name == "FOOTING_VAR"
    return words.get(default, str(ROOT / plain) if is_path else plain)


def machine(port=25):
    """The environment of a machine that was told what is required, and nothing else."""
    url = psycopg.conninfo.make_conninfo(
        os.environ["DATABASE_URL"], dbname=settings.DATABASES["default"]["NAME"]
    )
    values = FILLED | {"DATABASE_URL": url, "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    told = {name: values[name] for name in required()}
    return {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings", **told}


def with_defaults():
    return {
        name: spelled_out(name, default)
        for name, default in table().items()
        if default != "required"
    }


def python(code, env):
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_table_names_all_that_the_settings_ask_for():
    asked = set()
    for path in (ROOT / "config/settings").glob("*.py"):
        asked |= set(re.findall(r"env\.\w+\(\s*\"(\w+)\"", path.read_text(encoding="utf-8")))
    assert asked == set(table())


@pytest.mark.parametrize("missing", required())
@pytest.mark.parametrize(
    "command",
    [["manage.py", "work"], ["-m", "gunicorn", "--check-config", "config.wsgi"]],
    ids=["worker", "web"],
)
def test_without_a_required_one_nothing_starts_and_one_sentence_names_it(missing, command):
    env = {name: value for name, value in machine().items() if name != missing}
    done = subprocess.run(
        [sys.executable, *command], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    said = [line for line in done.stderr.splitlines() if "ImproperlyConfigured: " in line]
    assert said, done.stderr
    assert {line.partition("ImproperlyConfigured: ")[2] for line in said} == {
        said[-1].partition("ImproperlyConfigured: ")[2]
    }
    assert missing in said[-1]
    others = [name for name in required() if name != missing and name in said[-1]]
    assert others == []


def test_the_check_is_told_all_that_is_required():
    given = production("postgresql:///footing")
    assert [name for name in required() if not given.get(name)] == []


def test_the_defaults_are_what_the_table_says():
    plain = json.loads(python(SHOW, machine()))
    spelled = json.loads(python(SHOW, {**machine(), **with_defaults()}))
    assert spelled == plain


def test_mail_is_handed_over_with_patience():
    assert json.loads(python(SHOW, machine()))["MAIL_SERVER"] == "'accounts.smtp.EmailBackend'"


def test_a_machine_hashes_passwords_as_django_does():
    """The demo's known password is hashed quickly, nobody else's is."""
    assert "PASSWORD_HASHERS" not in json.loads(python(SHOW, machine()))
    demo = json.loads(python(SHOW, {**machine(), "FOOTING_MODE": "local", "FOOTING_DEMO": "1"}))
    assert "MD5" in demo["PASSWORD_HASHERS"]


@pytest.mark.parametrize("told", [dict, with_defaults], ids=["required only", "defaults, too"])
def test_a_machine_set_up_by_the_table_mails_a_new_password(committed, told):
    make_user(make_clinic(), "Priya", Role.THERAPIST)
    with mail_server() as server:
        python(RESET, {**machine(server.port), **told()})
    [letter] = server.letters
    assert letter["To"] == "priya@riverside.test"
    assert letter["From"] == FILLED["DEFAULT_FROM_EMAIL"]
    assert f"https://{HOST}/account/password/reset/key/" in letter.get_content()
