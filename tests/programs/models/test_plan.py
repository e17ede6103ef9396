"""What the database itself holds of plans and their versions."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from programs.actions import plans
from programs.models import Plan
from programs.models.plan import PlanStatus

pytestmark = pytest.mark.django_db


def test_two_active_versions_are_impossible_in_the_database(plan, priya):
    draft = plans.adapt(plan=plan, by=priya, reason="Going well.")
    now = dt.datetime.now(dt.UTC)
    with pytest.raises(IntegrityError, match="plan_one_active"), transaction.atomic():
        Plan.objects.filter(pk=draft.pk).update(
            status=PlanStatus.ACTIVE, activated_at=now, effective_at=now, activated_by=priya
        )


def test_two_versions_never_hold_at_the_same_moment_in_the_database(plan, priya):
    """Also where only one of them is called active."""
    draft = plans.adapt(plan=plan, by=priya, reason="Going well.")
    now = dt.datetime.now(dt.UTC)
    with pytest.raises(IntegrityError, match="plan_no_two_at_once"), transaction.atomic():
        Plan.objects.filter(pk=draft.pk).update(
            status=PlanStatus.REPLACED,
            activated_at=now,
            effective_at=now,
            activated_by=priya,
            closed_at=now + dt.timedelta(hours=1),
            closed_by=priya,
        )


def test_versions_count_up_without_gaps_in_the_database(plan, priya):
    with pytest.raises(IntegrityError, match="without gaps"), transaction.atomic():
        Plan.objects.create(
            patient=plan.patient,
            episode=plan.episode,
            version=plan.version + 2,
            title="Skipped one",
            starts_on=dt.date(2026, 1, 1),
            created_by=priya,
        )


@pytest.mark.parametrize("fields", [{"note": "Rewritten"}, {"weekdays": [1]}, {"caps": {"a": 1}}])
def test_the_database_refuses_to_rewrite_a_frozen_plan(plan, fields):
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(**fields)


@pytest.mark.parametrize("sql", ["UPDATE programs_prescription SET sets = 9 WHERE plan_id = %s",
                                 "DELETE FROM programs_planphase WHERE plan_id = %s"])  # fmt: skip
def test_the_database_refuses_to_change_a_frozen_plan(plan, sql):
    with (
        pytest.raises(IntegrityError, match="frozen"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, [plan.pk])


def test_the_database_refuses_a_new_line_in_a_frozen_plan(plan):
    row = plan.prescriptions.first()
    row.pk, row.snapshot = uuid.uuid4(), None
    row._state.adding = True
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        row.save(force_insert=True)
