"""How and when a measure was taken."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Layout
from django import forms

from accounts.form_fields import choice_field
from accounts.forms import PlainHelper
from accounts.models import User
from programs.measures.definition import AnsweredBy, Definition
from programs.models.check_in import AnsweredWith

_ALLOWED: dict[AnsweredBy, list[str]] = {
    AnsweredBy.PATIENT: AnsweredWith.values,
    AnsweredBy.HELPER: [AnsweredWith.CLINIC, AnsweredWith.HELPER],
    AnsweredBy.CLINIC: [AnsweredWith.CLINIC],
}


class RecordForm(forms.Form):
    """Only ways that are safe for the measure are offered (brief 4.1, 4.6).

    `takers` may have measured, whoever writes it down first. `unusual` are numbers that are asked
    about once more; a yes holds for just these numbers.
    """

    sure = forms.MultipleChoiceField(
        label="Is this right?",
        help_text="It is far from what is usual. Tick it if it is meant, or put it right.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick what is right, or put it right."},
    )
    done_on = forms.DateField(
        label="Taken on",
        required=False,
        help_text="Left empty, it is today.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    taken_by = forms.ChoiceField(label="Taken by", required=False)
    answered_with = forms.ChoiceField(label="How it was taken", widget=forms.RadioSelect)
    note = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self,
        data: Any = None,
        *,
        measure: Definition,
        takers: Sequence[User],
        today: dt.date,
        unusual: Sequence[tuple[str, str]] = (),
        initial: dict[str, Any] | None = None,
    ) -> None:
        first = {"answered_with": AnsweredWith.CLINIC, "done_on": today, "taken_by": takers[0].pk}
        super().__init__(data, initial=first | (initial or {}))
        allowed = _ALLOWED[measure.answered_by]
        choice_field(self, "answered_with").choices = [
            choice for choice in AnsweredWith.choices if choice[0] in allowed
        ]
        self.takers = {str(one.pk): one for one in takers}
        choice_field(self, "taken_by").choices = [
            (key, one.name_with_credentials) for key, one in self.takers.items()
        ]
        self.fields["done_on"].widget.attrs["max"] = today.isoformat()
        self.unusual = unusual
        if unusual:
            choice_field(self, "sure").choices = unusual
        else:
            del self.fields["sure"]
        self.helper = PlainHelper()
        self.helper.layout = Layout(*self.fields)

    def clean_sure(self) -> list[str]:
        ticked: list[str] = self.cleaned_data["sure"]
        if {key for key, _ in self.unusual} - set(ticked):
            raise forms.ValidationError("Tick what is right, or put it right.")
        return ticked

    @property
    def taken(self) -> dict[str, Any]:
        """As the action takes it."""
        data = self.cleaned_data
        return {
            "on": data["done_on"],
            "taken_by": self.takers.get(data["taken_by"]),
            "answered_with": data["answered_with"],
            "note": data["note"],
        }
