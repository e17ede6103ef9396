"""Moments come out of the database as they went in, in UTC, by the quick loader."""

import datetime as dt

import pytest
from django.db import connection, transaction
from psycopg import adapters, pq

from accounts.models import Clinic

pytestmark = pytest.mark.django_db
UTC, EAST = dt.UTC, dt.timezone(dt.timedelta(hours=5, minutes=45))
MOMENTS = [
    dt.datetime(2026, 3, 29, 1, 59, 59, 999_999, UTC),
    dt.datetime(1956, 3, 14, tzinfo=UTC),
    dt.datetime(2026, 11, 30, 4, 0, 0, 1, EAST),
    dt.datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
]


def test_the_loader_is_psycopgs_own():
    oid = adapters.types["timestamptz"].oid
    connection.ensure_connection()
    used = connection.connection.adapters.get_loader(oid, pq.Format.TEXT)
    assert used is adapters.get_loader(oid, pq.Format.TEXT)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_moment_comes_back_in_utc(moment):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz, ARRAY[%s::timestamptz]", [moment, moment])
        [one, [in_array]] = cursor.fetchone()
    assert one == in_array == moment
    assert one.tzinfo is in_array.tzinfo is UTC


def test_also_where_rows_are_read_bit_by_bit(clinic):
    with transaction.atomic():
        [found] = Clinic.objects.iterator(chunk_size=1)
    assert found.created_at.tzinfo is UTC
    assert found.created_at == Clinic.objects.get().created_at
