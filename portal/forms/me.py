"""What a patient sets for themselves."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.forms import Laid
from accounts.stale import StampedForm
from patients.models import Patient
from patients.models.patient import Language, ShownPerson, TextSize
from programs.motion import people, portrait


def pictured() -> list[tuple[str, Any]]:
    """Each of the people by their face."""
    faces = {person.name: portrait(person) for person in people.PEOPLE}
    return [
        (code, format_html("{} {}", mark_safe(faces.get(code, "")), label))
        for code, label in ShownPerson.choices
    ]


class WishesForm(Laid, StampedForm):
    """Language, text size, whom they see, phone."""

    # Each language by its own name: who needs it reads it.
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[(Language.ENGLISH, "English"), (Language.SPANISH, "Español")],
        widget=forms.RadioSelect,
    )
    text_size = forms.ChoiceField(
        label=_("Text size"),
        help_text=_("Here, and on a plan that you print."),
        choices=TextSize.choices,
        widget=forms.RadioSelect,
    )
    shown_person = forms.ChoiceField(
        label=_("Who shows your exercises"),
        choices=pictured,
        required=False,
        widget=forms.RadioSelect,
    )
    phone = forms.CharField(
        label=_("Phone"),
        help_text=_("Your clinic calls this number."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, data: QueryDict | None, *, patient: Patient) -> None:
        wishes = ("language", "text_size", "shown_person", "phone")
        super().__init__(data, initial={name: getattr(patient, name) for name in wishes})
        self.keep_stamp(patient)
