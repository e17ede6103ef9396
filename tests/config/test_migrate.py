"""Two migrate at the same moment: one waits."""

import threading
from io import StringIO

import psycopg
from django.core.management import call_command
from django.db import connection

from config.management.commands import migrate


def other():
    """A connection of another process."""
    parts = connection.get_connection_params()
    return psycopg.connect(**{**parts, "cursor_factory": psycopg.Cursor}, autocommit=True)


def test_the_second_waits_until_the_first_is_done(committed, monkeypatch):
    waited, said, go_on = threading.Event(), StringIO(), threading.Event()

    def wait(seconds):
        waited.set()
        go_on.wait(20)

    monkeypatch.setattr(migrate.time, "sleep", wait)
    order = []

    def second():
        call_command("migrate", "--plan", stdout=said)
        order.append("second")
        connection.close()

    thread = threading.Thread(target=second)
    with other() as first:
        first.execute("SELECT pg_advisory_lock(%s)", [migrate.LOCK])
        thread.start()
        assert waited.wait(20)
        order.append("first")
    go_on.set()
    thread.join(60)
    assert order == ["first", "second"]
    assert said.getvalue().startswith("Another migrate is at work")
    assert "No planned migration operations" in said.getvalue()


def test_the_lock_is_gone_afterwards(committed):
    call_command("migrate", "--plan", verbosity=0, stdout=StringIO())
    with other() as next_one:
        found = next_one.execute("SELECT pg_try_advisory_lock(%s)", [migrate.LOCK])
        assert found.fetchone() == (True,)
