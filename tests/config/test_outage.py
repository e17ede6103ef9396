"""A database that is away costs a process one wait, and is taken again when it is back."""

import sys

import psycopg
import pytest
from django.db import OperationalError, connection
from psycopg_pool import PoolTimeout

from config.postgresql.base import DatabaseWrapper
from config.postgresql.outage import Outage
from config.settings.database import database


class Knocks:
    """Of which so many are not answered."""

    def __init__(self, unanswered):
        self.left, self.count = unanswered, 0

    def __call__(self):
        self.count += 1
        if self.left:
            self.left -= 1
            raise psycopg.OperationalError("connection refused")


@pytest.fixture
def threads(monkeypatch):
    """What would run beside, run when asked to."""
    begun = []

    class Thread:
        def __init__(self, target, args, **kwargs):
            begun.append(lambda: target(*args))

        def start(self):
            pass

    monkeypatch.setattr("config.postgresql.outage.threading.Thread", Thread)
    return begun


def test_it_refuses_until_a_knock_is_answered(threads, caplog):
    waits, knock = [], Knocks(unanswered=3)
    outage = Outage(wait=waits.append)
    outage.refuse()
    outage.begin(knock)
    outage.begin(knock)  # another request at the same moment
    with pytest.raises(psycopg.OperationalError):
        outage.refuse()
    [run] = threads
    run()
    outage.refuse()
    assert (knock.count, len(waits)) == (4, 3)
    assert caplog.messages == ["The database is away.", "The database is back."]


class Pool:
    """Which counts who waits at it."""

    def __init__(self):
        self.waits, self.is_there = 0, False

    def open(self):
        pass

    def check(self):
        pass

    def getconn(self):
        self.waits += 1
        if not self.is_there:
            raise PoolTimeout("couldn't get a connection after 0.40 sec")
        return "a connection"


def test_one_request_waits_and_those_after_it_do_not(threads, monkeypatch):
    pool, knock = Pool(), Knocks(unanswered=0)
    monkeypatch.setattr(DatabaseWrapper, "pool", pool)
    monkeypatch.setattr("config.postgresql.base.outage", Outage())
    monkeypatch.setattr("config.postgresql.base._knock", lambda params: knock())
    wrapper = DatabaseWrapper({"OPTIONS": {}, "TIME_ZONE": None}, "default")
    for _ in range(5):
        with pytest.raises(OperationalError), wrapper.wrap_database_errors:
            wrapper.get_new_connection({})
    assert pool.waits == 2  # the second for a connection that is broken
    pool.is_there = True
    threads[0]()
    assert wrapper.get_new_connection({}) == "a connection"
    assert knock.count == 1


@pytest.fixture
def pooled(committed):
    """A connection of a process in production, to the test's database."""
    given = connection.settings_dict
    pool = {"min_size": 3, "max_size": 4, "timeout": 0.4, "reconnect_timeout": 0.5}
    wrapper = DatabaseWrapper({**given, "OPTIONS": {**given["OPTIONS"], "pool": pool}}, "pooled")
    wrapper.pool.open(wait=True)
    yield wrapper
    wrapper.close_pool()


def test_connections_that_a_restart_broke_fail_no_page(pooled, threads):
    number = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [own] = cursor.fetchone()
        cursor.execute(number, [own])
        others = [pid for (pid,) in cursor.fetchall()]
        assert len(others) >= 3
        cursor.execute("SELECT count(pg_terminate_backend(pid)) FROM unnest(%s) AS pid", [others])
    fresh = pooled.get_new_connection(pooled.get_connection_params())
    assert fresh.execute("SELECT 1").fetchone() == (1,)
    pooled.pool.putconn(fresh)
    assert threads == []


def test_a_page_waits_less_than_a_second(monkeypatch):
    monkeypatch.setattr(sys.modules["config.settings.database"], "TEST", False)
    options = database("postgresql://footing_web@db.example/footing")["OPTIONS"]
    assert 2 * options["pool"]["timeout"] < 1
    assert options["tcp_user_timeout"] == 2000
    slower = database("postgresql://db.example/footing?tcp_user_timeout=9000")["OPTIONS"]
    assert slower["tcp_user_timeout"] == "9000"
