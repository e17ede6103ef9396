"""Which period is shown, and for what a file without names is taken along."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.form_fields import choice_field
from accounts.forms import PlainHelper
from patients.sentences import is_sentence
from programs.outcomes import periods
from programs.outcomes.periods import Period


def _choices(found: Sequence[Period]) -> list[tuple[str, str]]:
    return [(one.code, one.words) for one in found]


class PeriodForm(forms.Form):
    """A year or a quarter that is over, and another of the same kind to hold against it."""

    period = forms.ChoiceField(label="Period")
    against = forms.ChoiceField(label="Compared with", required=False)

    def __init__(self, data: Any, *, found: Sequence[Period]) -> None:
        super().__init__({"period": found[0].code, **{key: data[key] for key in data}})
        self.helper = PlainHelper()
        choice_field(self, "period").choices = _choices(found)
        choice_field(self, "against").choices = [("", "Nothing"), *_choices(found)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        now, before = (periods.read(data.get(name) or "") for name in ("period", "against"))
        if now and before and (now.is_year != before.is_year or now == before):
            raise ValidationError("Compare a year with another year, a quarter with a quarter.")
        return {"period": now, "against": before}


class RegistryForm(forms.Form):
    year = forms.ChoiceField(
        label="Year", help_text="Of courses of care that ended. A quarter would be a date."
    )
    purpose = forms.CharField(
        label="What it is for",
        max_length=200,
        help_text="In a sentence: which registry, and who decided on it. It stays in the audit "
        "trail, so name no patient.",
    )

    def __init__(self, data: Any, *, found: Sequence[Period]) -> None:
        super().__init__(data)
        self.helper = PlainHelper()
        choice_field(self, "year").choices = _choices(found)

    def clean_year(self) -> Period:
        year = periods.read(self.cleaned_data["year"])
        assert year is not None, "It is one of the choices."
        return year

    def clean_purpose(self) -> str:
        purpose = str(self.cleaned_data["purpose"]).strip()
        if not is_sentence(purpose):
            raise ValidationError("Say in a sentence what it is for.")
        return purpose
