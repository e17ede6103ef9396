"""Forms of notes and of the letters that are made of them."""

from django import forms

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
