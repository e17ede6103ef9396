"""The clinic's settings, each with its default and how far it can go."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, ClassVar, cast

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.form_fields import choice_field, country_field, row_field, zone_field
from accounts.forms import PlainHelper
from accounts.models import Clinic, User
from accounts.permissions import Role
from accounts.stale import StampedForm
from programs.models import Exercise, Program, ProgressForm

OURS = "A choice of operation of ours; certainty low."
BRIEF = "The default is our rule {}'s (docs/alerts.md): a choice of operation, certainty low."
# Where a number comes from, for those that decide about patients.
SOURCES = {
    "critical_minutes": OURS,
    "high_hours": "The severity says so itself: within 24 hours.",
    "moderate_days": "The severity says so itself: within 2 days.",
    "low_days": OURS,
    "screen_days": OURS,
    "silent_days": BRIEF.format("A15"),
    "silent_days_first_phase": BRIEF.format("A15"),
    "low_adherence": BRIEF.format("A16"),
}
MOST_DAYS = 60


class DaysField(forms.CharField):
    """Days, one on each line, as 2026-12-24."""

    widget = forms.Textarea(attrs={"rows": 4, "placeholder": "2026-12-24"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(day.isoformat() for day in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = [line.strip() for line in (value or "").splitlines() if line.strip()]
        if len(lines) > MOST_DAYS:
            raise ValidationError(f"{MOST_DAYS} days at the most.")
        return sorted({_day(line) for line in lines})


def _starters() -> list[tuple[str, list[tuple[str, str]]]]:
    """The starter library by its kinds, each with its code."""
    kinds: list[tuple[str, Any]] = [
        ("Programs", Program), ("Exercises", Exercise), ("Progress forms", ProgressForm),
    ]  # fmt: skip
    return [
        (words, [(row.code, str(row)) for row in
                 model.objects.filter(clinic=None).active().order_by("code")])
        for words, model in kinds
    ]  # fmt: skip


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValidationError(f"Write “{text}” as a day, such as 2026-12-24.") from None


class ClinicForm(StampedForm, forms.ModelForm):
    closed_days = DaysField(
        label="Other days on which it is closed", required=False, help_text="One on each line."
    )

    open_days = DaysField(
        label="Holidays on which it is open all the same",
        required=False,
        help_text="One on each line.",
    )

    left_out = forms.MultipleChoiceField(
        label="Tick what your therapists are not offered",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=Clinic._meta.get_field("left_out").help_text,
    )

    class Meta:
        model = Clinic
        fields = (
            "name", "country", "region", "time_zone", "address", "npi", "language",
            "phone", "emergency_number", "out_of_hours", "out_of_hours_es",
            "office_hours", "keeps_holidays", "open_days", "closed_days",
            "critical_minutes", "high_hours", "moderate_days", "low_days",
            "second_reader", "digest_hour",
            "silent_days", "silent_days_first_phase", "low_adherence",
            "reminder_at", "suggests_reminders", "left_out",
            "screen_days", "glucose_unit", "record_years",
            "monitoring", "monitoring_days", "monitoring_in_person",
        )  # fmt: skip
        widgets: ClassVar = {
            "address": forms.Textarea(attrs={"rows": 3}),
            "reminder_at": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keep_stamp(self.instance)
        words = self.fields["country"].help_text
        self.fields["country"] = country_field(required=False, help_text=words)
        self.fields["time_zone"] = zone_field(self.instance.time_zone)
        choice_field(self, "left_out").choices = _starters()
        row_field(self, "second_reader").queryset = User.objects.filter(
            clinic=self.instance, role=Role.THERAPIST, is_active=True
        )
        row_field(self, "second_reader").empty_label = "Nobody"
        for name in self.fields:
            self.fields[name].help_text = " ".join(self._said_of(name))
        self.helper = PlainHelper()
        self.helper.layout = Layout(*_sections())

    def _said_of(self, name: str) -> Iterable[str]:
        """What it is for, its default and bounds, and where the number comes from."""
        if self.fields[name].help_text:
            yield str(self.fields[name].help_text)
        field = self.fields[name]
        if isinstance(field, forms.IntegerField):
            least, most = _bounds(name)
            field.widget.attrs.update(min=least, max=most)
            yield f"{field.initial} unless you change it; {least} to {most}."
        if name in SOURCES:
            yield SOURCES[name]

    def _post_clean(self) -> None:
        """The action checks the row as a whole."""


def _bounds(name: str) -> tuple[int, int]:
    """As the model has them."""
    checks = cast(models.Field, Clinic._meta.get_field(name)).validators
    least = max(
        (one.limit_value for one in checks if isinstance(one, MinValueValidator)), default=0
    )
    return least, min(one.limit_value for one in checks if isinstance(one, MaxValueValidator))


def _sections() -> list[Fieldset]:
    return [
        Fieldset(
            "The clinic", "name",
            Div("country", "region", css_class="grid"),
            Div("time_zone", "language", css_class="grid"),
            "address", "npi",
        ),
        Fieldset(
            "Telephone", Div("phone", "emergency_number", css_class="grid"),
            "out_of_hours", "out_of_hours_es",
        ),
        Fieldset("When it is open", "office_hours", "keeps_holidays", "open_days", "closed_days"),
        Fieldset(
            "Alerts: by when somebody looks",
            Div("critical_minutes", "high_hours", css_class="grid"),
            Div("moderate_days", "low_days", css_class="grid"),
            Div("second_reader", "digest_hour", css_class="grid"),
        ),
        Fieldset(
            "Alerts that time raises",
            Div("silent_days", "silent_days_first_phase", css_class="grid"), "low_adherence",
        ),
        Fieldset("Reminders that are offered to patients", "reminder_at", "suggests_reminders"),
        Fieldset("Starter library", "left_out", css_class="starters"),
        Fieldset(
            "Records", Div("screen_days", "record_years", css_class="grid"), "glucose_unit",
        ),
        Fieldset(
            "Remote monitoring (US Medicare)", "monitoring", "monitoring_days",
            "monitoring_in_person",
        ),
    ]  # fmt: skip
