"""Forms of notes and of the letters that are made of them."""

import datetime as dt

from django import forms
from django.http import QueryDict

from accounts.forms import Laid
from programs.models import ClinicalNote, Letter


class NoteForm(Laid, forms.ModelForm):
    """The text alone: kind, language and days are the page's."""

    class Meta:
        model = ClinicalNote
        fields = ("text",)
        labels = {"text": "Text of the note"}
        widgets = {"text": forms.Textarea(attrs={"rows": 30})}

    def _post_clean(self) -> None:
        """The action checks the row as a whole."""


class NewNoteForm(NoteForm):
    """With the days that its text was made of."""

    first = forms.DateField(widget=forms.HiddenInput)
    last = forms.DateField(widget=forms.HiddenInput)

    @property
    def days(self) -> tuple[dt.date, dt.date] | None:
        """As they were sent."""
        sent = getattr(self, "cleaned_data", {})
        return (sent["first"], sent["last"]) if {"first", "last"} <= sent.keys() else None

    def show(self, first: dt.date, last: dt.date) -> None:
        """Saving is about the days that the page shows."""
        self.initial.update(first=first, last=last)
        if isinstance(self.data, QueryDict):
            days = {"first": first.isoformat(), "last": last.isoformat()}
            self.data = {**self.data.dict(), **days}


class LetterForm(Laid, forms.ModelForm):
    """To whom, about what, and the text; what has to stand on it comes by itself."""

    class Meta:
        model = Letter
        fields = ("name", "address", "subject", "text")
        labels = {
            "name": "To",
            "address": "Address, a line each",
            "subject": "Subject",
            "text": "Text of the letter",
        }
        help_texts = {"name": "As it stands in the address and after “Dear”, such as Dr. Lee."}
        widgets = {
            "address": forms.Textarea(attrs={"rows": 3}),
            "text": forms.Textarea(attrs={"rows": 24}),
        }

    def _post_clean(self) -> None:
        """The action checks the row as a whole."""
