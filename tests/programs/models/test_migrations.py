"""Data of the state before a migration, in the state after it."""

import uuid

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from programs.actions import alerts, sessions
from programs.models import Alert, Restriction
from tests.conftest import forget_foot_strength

pytestmark = pytest.mark.django_db
BEFORE, AFTER = ("programs", "0004_alert_codes"), ("programs", "0020_notes")


def migrate_to(target):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no row waits while a table changes
    MigrationExecutor(connection).migrate([target])


def log(plan, **answers):
    return sessions.record(
        session_id=uuid.uuid4(), plan=plan, done={}, by=plan.patient.user, **answers
    )


def held():
    columns = ("alert__rule", "kind", "first", "until", "lifted_words")
    return sorted(map(str, Restriction.objects.values_list(*columns)))


def test_what_open_alerts_held_back_becomes_rows(plan, priya):
    log(plan, pain_before=1, pain_after=6)
    log(plan, settled="next_morning")
    log(plan, stopped=True)
    session = log(plan, near_falls=2)
    [alert] = session.alerts.all()
    alerts.acknowledge(alert=alert, response="Called, all is well.", by=priya)
    forget_foot_strength()
    before = held()
    assert len(before) == 5
    migrate_to(BEFORE)
    migrate_to(AFTER)
    assert held() == before
    assert Alert.objects.get(pk=alert.pk).ending == "done"
