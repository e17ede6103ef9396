"""A word to the therapist."""

from django import forms


class NoteForm(forms.Form):
    note = forms.CharField(
        label="Anything else for your therapist?",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
