"""The fields of a form by what they are, to be filled with what this reader may choose.

Django's `form.fields` says only that each is a field.
"""

from typing import Any
from zoneinfo import available_timezones

from django import forms

from accounts import countries


def choice_field(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    """One whose `choices` are set for each form. TypeError for a field of another kind."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is no field with choices.")
    return field


def row_field(form: forms.BaseForm, name: str) -> forms.ModelChoiceField:
    """One whose `queryset` is set for each form. TypeError for a field of another kind."""
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} is no field that chooses rows.")
    return field


def country_field(**given: Any) -> forms.ChoiceField:
    """All countries by their English names."""
    return forms.ChoiceField(
        label="Country", choices=[("", "Choose"), *countries.names().items()], **given
    )


def zone_field(current: str = "") -> forms.ChoiceField:
    """All time zones, and the one that is set."""
    zones = sorted({*countries.zones(), current} & available_timezones())
    named = [(zone, zone.replace("_", " ")) for zone in zones]
    return forms.ChoiceField(label="Time zone", choices=[("", "Choose"), *named])
