"""How a measure was taken."""

from typing import Any

from django import forms

from accounts.form_fields import choice_field
from accounts.forms import PlainHelper
from programs.measures.definition import AnsweredBy, Definition
from programs.models.check_in import AnsweredWith

_ALLOWED: dict[AnsweredBy, list[str]] = {
    AnsweredBy.PATIENT: AnsweredWith.values,
    AnsweredBy.HELPER: [AnsweredWith.CLINIC, AnsweredWith.HELPER],
    AnsweredBy.CLINIC: [AnsweredWith.CLINIC],
}


class RecordForm(forms.Form):
    """Only ways that are safe for the measure are offered (brief 4.1, 4.6)."""

    answered_with = forms.ChoiceField(label="How it was taken", widget=forms.RadioSelect)
    note = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, measure: Definition) -> None:
        super().__init__(data, initial={"answered_with": AnsweredWith.CLINIC})
        allowed = _ALLOWED[measure.answered_by]
        choice_field(self, "answered_with").choices = [
            choice for choice in AnsweredWith.choices if choice[0] in allowed
        ]
        self.helper = PlainHelper()
