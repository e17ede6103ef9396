"""People's names: stored as CSL-JSON, edited one a line."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from cms import names


class NamesFormField(forms.JSONField):
    """One name a line, as journals write them, instead of JSON."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return names.write_lines(value) if isinstance(value, list) else value

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data

    def to_python(self, value: Any) -> Any:
        return names.parse_lines(value) if isinstance(value, str) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data or "") != (initial or []))


class NamesField(models.JSONField):
    """Authors or editors as CSL-JSON names (cms.names)."""

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(self, **{"form_class": NamesFormField, **kwargs})


def validate_names(value: Any) -> None:
    if problem := names.problem(value):
        raise ValidationError(problem)
