"""Each line is ok, or says what to mend and how."""

import datetime as dt
from collections import namedtuple
from io import StringIO

import pytest
from django.conf import settings as site
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts import jobs
from cms.models import ArticlePage
from config import doctor, readiness
from tests.as_role import WEB, as_role
from tests.smtp import mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def healthy(db, settings, monkeypatch):
    """As after the first minute of a machine that was set up by the book."""
    jobs.beat(timestamp=0)
    settings.PRODUCTION = settings.BEHIND_PROXY = settings.STAFF_SECOND_FACTOR = True
    settings.ALLOWED_HOSTS = ["footing.example"]
    settings.SITE_ADDRESS = "https://footing.example"
    settings.BACKUP_KEYS = ["age1"]
    monkeypatch.setattr(doctor.keeping, "kept", lambda: {"footing-.age": timezone.now()})
    ArticlePage.objects.update(next_review_due=None)
    return settings


def examine(*options, ends_with=0):
    out = StringIO()
    try:
        with as_role(WEB):
            call_command("doctor", *options, stdout=out)
        code = 0
    except SystemExit as end:
        code = end.code
    assert code == ends_with, out.getvalue()
    return dict(line.split(": ", 1) for line in out.getvalue().splitlines())


def to_mend(*options):
    """The one line that is not ok."""
    lines = examine(*options, ends_with=1)
    [found] = [(name, words) for name, words in lines.items() if words.startswith("mend: ")]
    return found


def test_a_healthy_one(healthy):
    lines = examine()
    assert lines.pop("mail").startswith("not tried")
    assert set(lines.values()) == {"ok"}
    assert set(lines) == set(doctor.examination())


def test_whatever_readyz_tells_is_told_too():
    assert set(readiness.FACTS.values()) <= set(doctor.examination().values())


@pytest.mark.parametrize(
    ("setting", "value", "name", "words"),
    [
        ("BEHIND_PROXY", False, "proxy", "BEHIND_PROXY"),
        ("SITE_ADDRESS", "http://footing.example", "address", "https://"),
        ("SITE_ADDRESS", "https://other.example", "address", "another host"),
        ("STAFF_SECOND_FACTOR", False, "second factors", "STAFF_SECOND_FACTOR"),
    ],
)
def test_settings(healthy, setting, value, name, words):
    setattr(healthy, setting, value)
    found = to_mend()
    assert found[0] == name
    assert words in found[1]


def test_staff_without_a_second_factor(healthy, priya, ana):
    assert to_mend() == (
        "second factors", "mend: 1 of 1 staff have none: they make one at their next login."
    )  # fmt: skip


def test_an_overdue_article(healthy):
    page = ArticlePage.objects.live()[0]
    ArticlePage.objects.filter(pk=page.pk).update(
        next_review_due=timezone.localdate() - dt.timedelta(days=1)
    )
    name, words = to_mend()
    assert name == "articles' reviews"
    assert words.startswith("mend: 1 articles are overdue")


def test_clocks_apart(healthy, monkeypatch):
    now = doctor.time.time
    monkeypatch.setattr(doctor.time, "time", lambda: now() + 90)
    name, words = to_mend()
    assert name == "clock"
    assert "+90 s off" in words


def test_no_room(healthy, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: usage(100, 99, 1024**3))
    lines = examine(ends_with=1)
    assert lines["room for media"].startswith("mend: 1.0 GB are free")
    assert lines["room for private files"].startswith("mend: 1.0 GB are free")


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("OLDEST_SERVER", 99, "too old"),
        ("EXTENSIONS", {"pg_trgm", "no_such"}, "no_such missing"),
        ("WEB", "no_such", "no_such are missing: run config/setup/roles.sql"),
    ],
)
def test_the_database(healthy, monkeypatch, name, change, words):
    monkeypatch.setattr(doctor, name, change)
    assert words in to_mend()[1]


def test_roles_without_their_rights(healthy):
    with connection.cursor() as cursor:
        cursor.execute(f"REVOKE INSERT ON accounts_user FROM {WEB}")
    assert "may not write" in to_mend()[1]


def test_a_role_that_passes_the_wall(healthy, monkeypatch):
    monkeypatch.setattr("config.checks.ASKED", "SELECT true, true")
    assert "passes the wall" in to_mend()[1]


def test_mail_is_sent_past_the_queue(healthy):
    healthy.MAIL_SERVER = "django.core.mail.backends.smtp.EmailBackend"
    with mail_server() as server:
        healthy.EMAIL_HOST, healthy.EMAIL_PORT = "127.0.0.1", server.port
        lines = examine("--mail", "ops@clinic.example")
    assert lines["mail to ops@clinic.example, sent now"] == "ok"
    [letter] = server.letters
    assert (letter["To"], letter["From"]) == ("ops@clinic.example", site.DEFAULT_FROM_EMAIL)


def test_a_mail_that_is_refused(healthy):
    healthy.MAIL_SERVER = "django.core.mail.backends.smtp.EmailBackend"
    with mail_server(refusal="RCPT") as server:
        healthy.EMAIL_HOST, healthy.EMAIL_PORT = "127.0.0.1", server.port
        lines = examine("--mail", "ops@clinic.example", ends_with=1)
    assert "look at EMAIL_URL" in lines["mail to ops@clinic.example, sent now"]
