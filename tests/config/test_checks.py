"""What `manage.py check --deploy --database default` says of the database's role."""

import pytest
from django.db import connection

from config.checks import database_holds_the_wall
from tests.as_role import WEB, WORKER, as_role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [WEB, WORKER])
def test_the_roles_of_web_and_worker_are_right(role):
    with as_role(role):
        assert database_holds_the_wall(databases=["default"]) == []


def test_the_owner_is_said_to_be_weaker():
    assert [one.id for one in database_holds_the_wall(databases=["default"])] == ["footing.W002"]


def test_a_role_that_passes_the_wall_is_never_right(monkeypatch):
    """Nobody here may make one: the answer of a server that has it."""
    monkeypatch.setattr("config.checks.ASKED", "SELECT true, true")
    assert [one.id for one in database_holds_the_wall(databases=["default"])] == ["footing.W001"]


def test_it_is_asked_only_of_the_databases_named(django_assert_num_queries):
    with django_assert_num_queries(0, connection=connection):
        assert database_holds_the_wall() == []
