"""Columns: a list of choices that is ticked in forms, and when a row was last changed."""

from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class ChoiceArrayField(ArrayField):
    """An array whose items are choices: its form field is a row of checkboxes."""

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.TypedMultipleChoiceField(
            choices=self.base_field.choices or [],
            coerce=self.base_field.to_python,
            required=not self.blank,
            label=kwargs.get("label") or str(self.verbose_name).capitalize(),
            help_text=self.help_text,
            widget=forms.CheckboxSelectMultiple,
        )


def when_changed() -> Any:
    """When a row that changes was last changed: the database sets it, whoever writes (a trigger in
    the migrations). Programs that read again what is new ask by it (`fhir`).
    """
    return models.DateTimeField(db_default=Now(), editable=False)
