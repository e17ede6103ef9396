"""What watches the site is told the truth, soon, and nothing else."""

import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts import jobs
from accounts.models import Heartbeat
from accounts.queue import enqueue
from config import probes, readiness
from tests.as_role import WEB, as_role
from tests.config.test_site import in_production

pytestmark = pytest.mark.django_db
ALL_WELL = dict.fromkeys(readiness.FACTS, "ok")


@pytest.fixture
def working(db):
    """An installation whose worker has just been at work."""
    jobs.beat(timestamp=0)


def age(table, column, minutes):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = now() - interval '{minutes} minutes'")


def facts():
    with as_role(WEB):
        return readiness.facts()


@pytest.fixture
def told(monkeypatch):
    """Of a look that costs nothing."""

    def tell(**facts):
        monkeypatch.setattr(probes, "look", probes.Look(lambda: facts))

    return tell


def test_healthz_asks_nobody(django_assert_num_queries):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "of somebody"
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert "no-store" in answer["Cache-Control"]


def test_all_is_well(working):
    assert facts() == ALL_WELL


@pytest.mark.parametrize(
    ("given", "status"), [({"database": "ok"}, 200), ({"database": "It is away."}, 503)]
)
def test_the_number_says_whether_all_is_well(told, given, status):
    told(**given)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (status, given)


def test_a_worker_that_never_was_and_one_that_stopped(working):
    age("accounts_heartbeat", "beat_at", 4)
    assert facts() == ALL_WELL
    age("accounts_heartbeat", "beat_at", 9)
    assert "for 9 minutes" in facts()["worker"]
    Heartbeat.objects.all().delete()
    assert "No worker has run yet" in facts()["worker"]


def test_a_beat_is_one_row(working):
    jobs.beat(timestamp=0)
    assert Heartbeat.objects.count() == 1


def test_a_job_that_waits_long(working):
    enqueue(jobs.send_mail, mail_id="00000000-0000-0000-0000-000000000000")
    assert facts() == ALL_WELL
    age("procrastinate_events", "at", 180)
    assert "1 jobs wait, the oldest for 3 hours" in facts()["queue"]


@pytest.mark.parametrize(
    "changed", ["priority = -1", "status = 'doing'", "scheduled_at = now() + interval '1 minute'"]
)
def test_a_job_that_nobody_waits_for(working, changed):
    enqueue(jobs.send_mail, mail_id="00000000-0000-0000-0000-000000000000")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE procrastinate_jobs SET {changed}")
    age("procrastinate_events", "at", 180)
    assert ProcrastinateJob.objects.count() == 1
    assert facts() == ALL_WELL


def test_a_table_and_a_migration_that_are_missing(working):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {settings.CACHES['default']['LOCATION']} RENAME TO elsewhere")
        cursor.execute(
            "DELETE FROM django_migrations WHERE id ="
            " (SELECT max(id) FROM django_migrations WHERE app = 'usersessions')"
        )
    found = facts()
    assert "createcachetable" in found["limits"]
    assert "1 migrations are not applied" in found["migrations"]


def test_a_folder_that_takes_nothing(working, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media" / "not made yet")
    settings.PRIVATE_ROOT = str(tmp_path / "file")
    Path(settings.PRIVATE_ROOT).write_text("in its place")
    found = facts()
    assert found["media"] == "ok"
    assert "Nothing can be kept there" in found["private files"]
    assert str(tmp_path) not in str(found)


def test_a_full_disk(working, monkeypatch):
    def full(**kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(readiness.tempfile, "TemporaryFile", full)
    assert "No space left" in facts()["media"]


def test_without_a_database_the_rest_is_still_said(monkeypatch):
    def away():
        raise OperationalError('connection to server at "10.0.0.8" failed, user "footing_web"')

    monkeypatch.setitem(readiness.FACTS, "database", away)
    monkeypatch.setattr(readiness, "database", away)
    found = readiness.facts()
    assert found["database"] == readiness.AWAY
    assert found["worker"] == found["migrations"] == "Not known without the database."
    assert found["media"] == "ok"
    assert "10.0.0.8" not in str(found)


def test_one_check_that_fails_keeps_none_of_the_others(working):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_heartbeat RENAME TO elsewhere")
    with as_role(WEB):
        found = dict(readiness.look_at({"worker": readiness.worker}))
    assert found == {"worker": "It could not be looked at (UndefinedTable)."}


# Hosts, and who waits


def test_a_probe_may_name_any_host_without_tls():
    asked = [
        ("10.1.2.3:8000", "/healthz", False),
        ("10.1.2.3:8000", "/readyz", False),
        ("[::1]", "/readyz", False),
        ("10.1.2.3:8000", "/privacy/", True),
        ("footing.example", "/privacy/", False),
    ]
    found = [in_production(host, path=path, secure=secure)[0] for host, path, secure in asked]
    # The database of this process is not migrated: what is told is told, not redirected.
    assert [one["status"] for one in found] == [200, 503, 503, 400, 301]


def test_whoever_asks_while_one_looks_waits_no_longer_and_starts_nothing():
    started, go_on = [], threading.Event()

    def hang():
        started.append(1)
        go_on.wait()
        return {"database": "ok"}

    look = probes.Look(hang)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            look.facts(seconds=0)
    go_on.set()
    assert look.facts(seconds=20) == {"database": "ok"}
    assert len(started) == 1


def test_a_database_that_hangs_is_said_to(monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr(probes, "look", probes.Look(lambda: go_on.wait() and {}))
    monkeypatch.setattr(probes, "ANSWER_SECONDS", 0)
    answer = Client().get("/readyz")
    go_on.set()
    assert answer.status_code == 503
    assert answer.json() == {"database": "It did not answer within a second."}


def test_a_look_is_kept_for_a_second():
    looks, now = [], [100.0]

    def count():
        looks.append(1)
        return {"looks": str(len(looks))}

    look = probes.Look(count, clock=lambda: now[0])
    assert [look.facts(20) for _ in range(3)] == [{"looks": "1"}] * 3
    now[0] += probes.KEPT_SECONDS
    assert look.facts(20) == {"looks": "2"}
