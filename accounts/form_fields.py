"""The fields of a form by what they are, to be filled with what this reader may choose.

Django's `form.fields` says only that each is a field.
"""

from django import forms


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
