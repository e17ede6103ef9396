"""Exports that a spreadsheet program opens."""

import csv
import datetime as dt
from io import BytesIO, StringIO

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from accounts.models import User
from cms.admin.spreadsheets import guarded
from cms.models import Source
from tests.cms.conftest import make_source
from tests.conftest import client_of

FORMULAS = ['=HYPERLINK("x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_a_formula(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert guarded([text, "b"]) == f"'{text}, b"


def test_other_cells_stay_as_they_are() -> None:
    moment = dt.datetime(2026, 11, 28, tzinfo=dt.UTC)
    assert [guarded(one) for one in (-5, 0.5, None, True, moment)] == [-5, 0.5, None, True, moment]
    assert guarded("Numb feet = what?") == "Numb feet = what?"


@pytest.fixture
def root(db: None) -> Client:
    return client_of(User.objects.create_superuser(email="root@platform.test", password="x"))


@pytest.mark.parametrize("text", FORMULAS[:4])
def test_the_site_history_is_guarded(root: Client, text: str) -> None:
    source = make_source()
    source.save()
    ModelLogEntry.objects.create(
        content_type=ContentType.objects.get_for_model(Source),
        label=text,
        action="wagtail.edit",
        timestamp=dt.datetime.now(dt.UTC),
        object_id=source.pk,
    )
    answer = root.get("/cms/reports/site-history/?export=csv")
    cells = [cell for row in csv.reader(StringIO(answer.content.decode())) for cell in row]
    assert f"'{text}" in cells
    assert text not in cells
    sheet = load_workbook(
        BytesIO(root.get("/cms/reports/site-history/?export=xlsx").getvalue())
    ).active
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value == text]
    assert [cell.data_type for cell in found] == ["s"]
