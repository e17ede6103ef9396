"""Erasing a person, and finding what is sealed of one."""

from typing import Any

from django import forms

from accounts.forms import Laid
from patients.actions.erasing import Reason
from patients.models import Patient


class EraseForm(Laid, forms.Form):
    """Nothing brings a record back, so the name is typed once."""

    last_name = forms.CharField(
        label="The patient's last name",
        help_text="As it stands above. What is erased can't be brought back.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.patient = patient

    def clean_last_name(self) -> str:
        typed: str = self.cleaned_data["last_name"]
        if typed.strip().casefold() != self.patient.last_name.strip().casefold():
            raise forms.ValidationError("This is not the last name of this patient.")
        return typed


class FindSealedForm(Laid, forms.Form):
    first_name = forms.CharField(label="First name", max_length=80)
    last_name = forms.CharField(label="Last name", max_length=80)
    birth_date = forms.DateField(
        label="Birth date",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class OpenSealedForm(Laid, forms.Form):
    reason = forms.ChoiceField(
        label="Why is it opened?", choices=Reason.CHOICES, widget=forms.RadioSelect
    )
