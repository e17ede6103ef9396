"""A date in three boxes."""

import datetime as dt
from typing import Any

import pytest
from django import forms
from django.http import QueryDict

from accounts.date_boxes import BirthDateField


class Asked(forms.Form):
    born = BirthDateField()


def answered(**typed: str) -> Asked:
    data = QueryDict(mutable=True)
    data.update(typed)
    return Asked(data)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"born_month": "3", "born_day": "14", "born_year": "1956"}, dt.date(1956, 3, 14)),
        ({"born_month": " 03", "born_day": "04 ", "born_year": "1956"}, dt.date(1956, 3, 4)),
        ({"born": "1956-03-14"}, dt.date(1956, 3, 14)),
    ],
)
def test_it_is_taken(typed: dict[str, str], found: dt.date) -> None:
    form = answered(**typed)
    assert form.is_valid()
    assert form.cleaned_data["born"] == found


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"born_month": "3"},
        {"born_month": "14", "born_day": "3", "born_year": "1956"},
        {"born_month": "2", "born_day": "30", "born_year": "1956"},
        {"born_month": "3", "born_day": "14", "born_year": "56"},
        {"born_month": "³", "born_day": "14", "born_year": "1956"},
        {"born_month": "March", "born_day": "14", "born_year": "1956"},
    ],
)
def test_what_is_no_date_is_said_and_stays(typed: dict[str, Any]) -> None:
    form = answered(**typed)
    assert not form.is_valid()
    html = str(form["born"])
    for name, value in typed.items():
        if value.isascii():
            assert f'name="{name}"' in html
            assert f'value="{value}"' in html
