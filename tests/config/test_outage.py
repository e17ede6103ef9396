"""A database that is away costs a process one wait, and is taken again when it is back."""

import sys
import threading

import psycopg
import pytest
from django.db import OperationalError, connection
from psycopg_pool import PoolTimeout

from config.postgresql import watched as watching
from config.postgresql.base import DatabaseWrapper
from config.postgresql.outage import AwayError, Outage
from config.postgresql.watched import HangsError, Watched
from config.settings.database import database

SETTINGS = sys.modules["config.settings.database"]


class Knocks:
    """Of which so many are not answered."""

    def __init__(self, unanswered):
        self.left, self.count = unanswered, 0

    def __call__(self):
        self.count += 1
        if self.left:
            self.left -= 1
            raise psycopg.OperationalError("connection refused")

    def refuse(self, *args, **kwargs):
        self()


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
    monkeypatch.setattr("config.postgresql.base.knock", lambda **params: knock())
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


@pytest.fixture
def watched(pooled, monkeypatch):
    """A connection which knocks as soon as a statement is silent."""
    monkeypatch.setattr(watching, "SILENT_SECONDS", 0)
    outage = Outage()
    monkeypatch.setattr(watching, "outage", outage)
    with Watched.connect(**pooled.get_connection_params()) as connection:
        yield connection, outage


def test_a_slow_statement_is_waited_for(watched):
    connection, outage = watched
    assert connection.execute("SELECT 1 FROM pg_sleep(0.5)").fetchone() == (1,)
    outage.refuse()


def test_a_server_that_turns_away_does_not_hang(watched, monkeypatch):
    connection, outage = watched
    monkeypatch.setattr(watching, "knock", Knocks(unanswered=9).refuse)
    assert connection.execute("SELECT 1 FROM pg_sleep(0.5)").fetchone() == (1,)
    outage.refuse()


def test_nobody_waits_for_a_server_that_hangs(watched, monkeypatch):
    connection, outage = watched
    goes_on, knocks = threading.Event(), []
    monkeypatch.setattr(watching, "knock", lambda *_, **__: goes_on.wait(60))
    monkeypatch.setattr(outage, "begin", knocks.append)
    monkeypatch.setattr(watching, "ANSWER_SECONDS", 0.01)
    with pytest.raises(HangsError):
        connection.execute("SELECT pg_sleep(1)")
    assert connection.closed
    assert len(knocks) == 1
    goes_on.set()


def test_it_is_taken_again_once_it_answers(watched, monkeypatch, threads):
    connection, outage = watched
    monkeypatch.setattr(outage, "is_answered", lambda knock, seconds: False)
    with pytest.raises(HangsError):
        connection.execute("SELECT pg_sleep(1)")
    with pytest.raises(AwayError):
        outage.refuse()
    [run] = threads
    run()  # the knock is a real one, made of a connection that is closed by now
    outage.refuse()


def test_statements_end_as_without_a_watch(watched):
    connection, _ = watched
    with connection.transaction(), pytest.raises(psycopg.errors.DivisionByZero):
        connection.execute("SELECT 1 / 0 FROM pg_sleep(0.3)")
    with connection.cursor() as cursor, cursor.copy("COPY (SELECT 7) TO STDOUT") as rows:
        assert list(rows.rows()) == [("7",)]
    assert connection.execute("SELECT repeat('x', 1000000)").fetchone() == ("x" * 1_000_000,)


def test_who_serves_is_watched_and_commands_are_not(monkeypatch):
    monkeypatch.setattr(SETTINGS, "TEST", False)
    for is_whole, expected in ((False, Watched), (True, None)):
        monkeypatch.setattr(SETTINGS, "FOOTING_WHOLE", is_whole)
        pool = database("postgresql:///footing")["OPTIONS"]["pool"]
        assert pool.get("connection_class") is expected


def test_a_page_waits_less_than_a_second(monkeypatch):
    monkeypatch.setattr(SETTINGS, "TEST", False)
    options = database("postgresql://footing_web@db.example/footing")["OPTIONS"]
    assert 2 * options["pool"]["timeout"] < 1
    assert options["tcp_user_timeout"] == 2000
    slower = database("postgresql://db.example/footing?tcp_user_timeout=9000")["OPTIONS"]
    assert slower["tcp_user_timeout"] == "9000"
