"""The form of a paper sheet's week: a column a day, a row an exercise."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from patients.actions import once
from patients.models import Patient
from programs.actions.paper import enter
from programs.course import paper
from programs.course.paper import Entry, Grid, PaperDay


class PaperForm(forms.Form):
    """Fields are named by day: tick-2026-11-09 (codes), times-…, pain-…, falls-…, id-…."""

    def __init__(self, data: Any, *, grid: Grid) -> None:
        super().__init__(data)
        self.grid = grid
        for day in grid.days:
            if day.is_open:
                self._add_day(day)

    def _add_day(self, day: PaperDay) -> None:
        codes = [(row.shown.code, row.shown.code) for row in day.prescriptions]
        name = day.date.isoformat()
        self.fields[f"tick-{name}"] = forms.MultipleChoiceField(choices=codes, required=False)
        self.fields[f"pain-{name}"] = forms.IntegerField(
            min_value=0,
            max_value=10,
            required=False,
            error_messages={"invalid": _("Pain is a number from 0 to 10.")},
        )
        self.fields[f"falls-{name}"] = forms.IntegerField(min_value=0, max_value=50, required=False)
        if self.grid.asks_times:
            self.fields[f"times-{name}"] = forms.IntegerField(
                min_value=1, max_value=6, required=False
            )
        self.fields[f"id-{name}"] = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)

    @property
    def columns(self) -> list[dict[str, Any]]:
        """For the template: each day with its fields."""
        return [self._column(day) for day in self.grid.days]

    def _column(self, day: PaperDay) -> dict[str, Any]:
        name = day.date.isoformat()
        if not day.is_open:
            return {"day": day}
        fields = {key: self[f"{key}-{name}"] for key in ("tick", "pain", "falls", "id")}
        return {
            "day": day,
            **fields,
            "times": self[f"times-{name}"] if self.grid.asks_times else None,
            "codes": {row.shown.code for row in day.prescriptions},
            "ticked": set(fields["tick"].value() or []),
            "errors": [
                error
                for key in (*fields, "times")
                for error in self.errors.get(f"{key}-{name}", [])
            ],
        }

    @property
    def rows(self) -> list[tuple[str, str, list[dict[str, Any]]]]:
        """Code, title, and a cell a day."""
        columns = self.columns
        return [
            (code, title, [self._cell(column, code) for column in columns])
            for code, title in self.grid.rows
        ]

    def _cell(self, column: dict[str, Any], code: str) -> dict[str, Any]:
        there = code in column.get("codes", ())
        name = f"tick-{column['day'].date.isoformat()}"
        return {"name": name, "there": there, "ticked": code in column.get("ticked", ()), **column}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.entries:
            raise forms.ValidationError(_("Tick at least one exercise on one day."))
        return data

    @property
    def entries(self) -> list[Entry]:
        """The days on which something is ticked, or a fall or pain is written down."""
        return [entry for day in self.grid.days if day.is_open and (entry := self._entry(day.date))]

    def _entry(self, date: dt.date) -> Entry | None:
        values: dict[str, Any] = {
            key: self.cleaned_data.get(f"{key}-{date.isoformat()}")
            for key in ("tick", "pain", "falls", "id")
        }
        if not values["tick"] and values["pain"] is None and values["falls"] is None:
            return None
        return Entry(
            session_id=values["id"],
            date=date,
            done=frozenset(values["tick"] or ()),
            times=self.cleaned_data.get(f"times-{date.isoformat()}") or 1,
            pain_after=values["pain"],
            falls=values["falls"],
        )


def answered(
    data: Any, *, patient: Patient, last: dt.date | None, by: User
) -> tuple[PaperForm, int]:
    """The form of the week to `last` (today), and how many sessions it stored: 0 shows it."""
    form = PaperForm(data, grid=paper.grid(patient, last or patient.clinic.today()))
    if not form.is_valid():
        return form, 0
    try:
        return form, len(enter(patient=patient, entries=form.entries, by=by))
    except once.NotYours:
        form.add_error(None, _("This page can't be stored. Load it again."))
    except ValidationError as error:
        form.add_error(None, error.messages)
    return form, 0
