"""What the machine lacks is said to who uses the site, and is no fault of the code."""

import errno

import pytest
from django.core.cache import cache
from django.db import DatabaseError, IntegrityError, OperationalError, connection
from django.test import Client
from psycopg import errors

from config.trouble import AWAY, CLOSED, FULL, STANDBY, UNFINISHED, said_by, trouble_of
from tests.conftest import PASSWORD


def caused(kind, cause):
    error = kind("it quotes Ana Reyes")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (OperationalError("away"), AWAY),
        (caused(OperationalError, errors.DiskFull()), FULL),
        (caused(DatabaseError, errors.ReadOnlySqlTransaction()), STANDBY),
        (caused(DatabaseError, errors.UndefinedTable()), UNFINISHED),
        (caused(DatabaseError, errors.UndefinedColumn()), UNFINISHED),
        (OSError(errno.ENOSPC, "full"), FULL),
        (OSError(errno.EDQUOT, "quota"), FULL),
        (PermissionError(errno.EACCES, "closed"), CLOSED),
        (OSError(errno.EROFS, "read-only"), CLOSED),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), None),
        (FileNotFoundError(errno.ENOENT, "gone"), None),
        (caused(IntegrityError, errors.UniqueViolation()), None),
        (ValueError("ours"), None),
        (None, None),
    ],
)
def test_what_is_the_machines_and_what_is_ours(error, trouble):
    assert trouble_of(error) == trouble


def test_a_path_and_a_statement_are_not_told():
    assert said_by(PermissionError(13, "Permission denied", "/messages/ana.jpg")) == (
        "Permission denied"
    )


@pytest.mark.django_db
def test_the_table_of_limits_is_missing(priya, caplog):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {cache._table} RENAME TO elsewhere")
    answer = Client(raise_request_exception=False).post(
        "/account/login/", {"login": priya.email, "password": PASSWORD}
    )
    assert answer.status_code == 503
    assert b"not available for a moment" in answer.content
    assert 'relation "footing_cache" does not exist' in caplog.text
    assert priya.email not in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "status", "words"),
    [
        (errno.ENOSPC, 507, b"no room left"),
        (errno.EACCES, 503, b"not available for a moment"),
        (errno.ENOENT, 500, b"It was not you"),
    ],
)
def test_a_folder_that_fails(as_priya, ana, monkeypatch, caplog, number, status, words):
    def fail(*args, **kwargs):
        raise OSError(number, "it failed", f"/private/messages/{ana.pk}.jpg")

    monkeypatch.setattr("cms.caching.may_use", fail)
    as_priya.raise_request_exception = False
    answer = as_priya.get("/privacy/")
    assert answer.status_code == status
    assert words in answer.content
    assert b"/private/" not in answer.content
