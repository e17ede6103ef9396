"""The same code, statement or refresh token shown several times at one moment opens once."""

import pytest
from django.core.cache import cache

from accounts.models import AppAccess
from accounts.permissions import Role
from tests.conftest import make_user
from tests.fhir.apps import (
    clinic_app,
    code_for,
    exchange,
    patient_app,
    renew,
    statement,
    system_token,
)
from tests.patients.test_messages_at_once import at_once, cast


@pytest.fixture
def people(committed):
    ana, user = cast()
    yield make_user(ana.clinic, "Ruth", Role.CLINIC_ADMIN), user
    cache.clear()


def statuses(ask):
    return sorted(at_once(4, lambda index: ask().status_code))


def test_a_code(people):
    ruth, user = people
    app = patient_app(ruth)
    back, verifier = code_for(app, user)
    assert statuses(lambda: exchange(app, back["code"], verifier)) == [200, 400, 400, 400]
    assert AppAccess.objects.get().ended_at is not None


def test_a_refresh_token(people):
    ruth, user = people
    app = patient_app(ruth)
    back, verifier = code_for(app, user)
    token = exchange(app, back["code"], verifier).json()["refresh_token"]
    assert statuses(lambda: renew(app, token)) == [200, 400, 400, 400]


def test_a_statement(people):
    app = clinic_app(people[0])
    said = statement(app)
    assert statuses(lambda: system_token(app, said=said)) == [200, 400, 400, 400]
    assert AppAccess.objects.count() == 1
