"""Two records of one person."""

from typing import Any

from django import forms

from accounts.forms import PlainHelper


class MergeForm(forms.Form):
    """Nothing of it can be taken back, so that it is said in full."""

    is_same = forms.BooleanField(
        label="I have compared both records: they are of the same person",
        error_messages={"required": "Compare both records, and tick it if they are of one person."},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.helper = PlainHelper()
