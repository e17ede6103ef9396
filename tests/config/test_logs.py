"""The log tells what failed, and not whose row it was."""

import logging
import logging.config
import sys
from io import StringIO

import pytest
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, connection, transaction

from tests.conftest import make_patient

pytestmark = pytest.mark.django_db
NAME = "Ana Reyes"


@pytest.fixture(params=["text", "json"])
def log(request):
    """A logger as the settings describe it, and what it wrote."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    described = dict(settings.LOGGING["formatters"][request.param])
    configurator = logging.config.DictConfigurator({"version": 1})
    handler.setFormatter(configurator.configure_formatter(described))
    logger = logging.Logger("tests")
    logger.addHandler(handler)
    return logger, written


def change(table, key, **changed):
    names = ", ".join(f"{name} = %s" for name in changed)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {names} WHERE id = %s", [*changed.values(), key])


def told(log, table, key, **changed):
    logger, written = log
    try:
        change(table, key, **changed)
    except IntegrityError as error:
        logger.exception("It failed: %s", error)
        logger.error("Again", exc_info=sys.exc_info())
    text = written.getvalue()
    assert text.count("violates") >= 4
    return text


@pytest.mark.parametrize(
    "changed",
    [
        {"email": "priya@riverside.test"},  # a key that another has
        {"email": "Colm@riverside.test"},  # a check: the whole row is quoted
        {"last_name": None, "first_name": "Zebedee\nTraceb\nack"},
    ],
)
def test_what_the_database_quotes_is_left_out(priya, colm, log, changed):
    text = told(log, "accounts_user", colm.pk, **changed)
    assert text.count("DETAIL:  left out") >= 4
    for quoted in (priya.email, colm.email, "Colm", "Zebedee", "ack\n"):
        assert quoted not in text, quoted


@pytest.mark.parametrize("changed", [{"record_number": "R-4711"}, {"email": "", "phone": ""}])
def test_of_a_patient_it_quotes_nothing(ana, priya, log, changed):
    make_patient(priya, "Zora", record_number="R-4711")
    text = told(log, "patients_patient", ana.pk, **changed)
    for quoted in ("R-4711", "Ana", ana.email, "1950", "DETAIL"):
        assert quoted not in text, quoted


def test_the_rest_of_a_traceback_stays(priya, log):
    logger, written = log
    try:
        try:
            change("accounts_user", priya.pk, last_name=None)
        except IntegrityError as error:
            raise RuntimeError("Nothing was saved.") from error
    except RuntimeError:
        logger.exception("It failed")
    assert "in change" in written.getvalue()
    end = written.getvalue().rstrip().removesuffix('"}')
    assert end.endswith("RuntimeError: Nothing was saved.")


def test_a_statement_that_is_not_understood_is_not_quoted(db, log):
    logger, written = log
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT no_such, %s FROM accounts_user", [NAME])
    except ProgrammingError:
        logger.exception("It failed")
    assert 'column "no_such" does not exist' in written.getvalue().replace('\\"', '"')
    assert NAME not in written.getvalue()
