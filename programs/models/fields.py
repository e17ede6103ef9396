"""A list of lines in one column, typed one under the other."""

from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.forms import SimpleArrayField


class LinesField(ArrayField):
    """An array of texts that may hold commas: its form field has one item a line."""

    def formfield(self, **kwargs: Any) -> forms.Field:
        kwargs.pop("widget", None)
        return SimpleArrayField(
            self.base_field.formfield() or forms.CharField(),
            delimiter="\n",
            required=not self.blank,
            label=kwargs.get("label") or str(self.verbose_name).capitalize(),
            help_text=self.help_text or "One a line.",
            widget=forms.Textarea(attrs={"rows": 5}),
        )
