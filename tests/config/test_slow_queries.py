"""A slow query is named as the code wrote it, without what was asked for."""

import pytest
from django.db import connection

from config import slow_queries
from patients.models import Patient

pytestmark = pytest.mark.django_db


@pytest.fixture
def slow(settings, monkeypatch):
    """Each query takes a second; the log is told of those of half a one."""
    settings.SLOW_QUERY_MS = 500
    ticks = iter(range(1000))
    monkeypatch.setattr(slow_queries, "perf_counter", lambda: next(ticks))
    with connection.execute_wrapper(slow_queries.timed):
        yield


def test_it_is_named_without_its_values(slow, ana, caplog):
    assert Patient.objects.filter(last_name="Reyes", email=ana.email).exists()
    [line] = [line for line in caplog.messages if "patients_patient" in line]
    assert line.startswith("A query took 1000 ms: SELECT")
    assert "%s" in line
    for word in ("Reyes", ana.email, str(ana.pk)):
        assert word not in line


def test_what_a_statement_itself_quotes_is_left_out(slow, caplog):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'Ana''s foot',\n   'Reyes'")
    assert caplog.messages == ["A query took 1000 ms: SELECT '…', '…'"]


def test_a_quick_one_is_not_named(slow, settings, caplog):
    settings.SLOW_QUERY_MS = 2000
    Patient.objects.exists()
    assert caplog.messages == []


def test_a_very_long_one_is_cut():
    assert len(slow_queries.plain("SELECT " + "x, " * 5000)) == slow_queries.LONGEST


@pytest.mark.parametrize(("told", "count"), [(0, 0), (200, 1)])
def test_connections_are_watched_where_it_is_said(settings, monkeypatch, told, count):
    settings.SLOW_QUERY_MS = told
    made = []
    monkeypatch.setattr(
        slow_queries.connection_created, "connect", lambda one, **_: made.append(one)
    )
    slow_queries.watch()
    assert len(made) == count

    class Connection:
        execute_wrappers = []

    for one in made * 2:
        one(connection=Connection)
    assert len(Connection.execute_wrappers) == count
