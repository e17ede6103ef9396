"""A question for the care team."""

from django import forms

from programs.models.question import LONGEST


class AskForm(forms.Form):
    text = forms.CharField(
        label="Your question",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Write a few words."},
    )
