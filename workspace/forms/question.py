"""The answer to a patient's question."""

from typing import Any

from django import forms

from accounts.forms import PlainHelper
from programs.models.question import LONGEST


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label="Your answer",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="The patient reads it in the portal. In plain words.",
        error_messages={"required": "Write a few words."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()
