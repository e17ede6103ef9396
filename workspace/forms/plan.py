"""Forms of the plan composer."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from accounts.form_fields import row_field
from accounts.forms import PlainHelper
from accounts.models import User
from programs.models import Plan, Prescription, ProgressForm
from programs.notation import dosage_language
from programs.timing.week import DAY_NAMES

WEEKDAYS = list(enumerate(DAY_NAMES))


class FormChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class PlanSettingsForm(forms.ModelForm):
    """Start, weekdays, progress forms, a word to the patient."""

    weekdays = forms.TypedMultipleChoiceField(
        label="Days of the week",
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one day."},
    )
    forms = FormChoices(
        ProgressForm.objects.none(),
        label="Progress forms",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="A form that is added is due every week in each phase.",
    )

    class Meta:
        model = Plan
        fields = ("starts_on", "weekdays", "note")
        widgets: ClassVar = {
            "starts_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()
        there = self.instance.forms.values_list("version__form_id", flat=True)
        # A form that was archived or left out since stays on a plan that has it.
        visible = ProgressForm.objects.offered_to(user) | ProgressForm.objects.filter(pk__in=there)
        field = row_field(self, "forms")
        field.queryset, field.initial = visible.distinct(), list(there)

    def clean_starts_on(self) -> Any:
        date = self.cleaned_data["starts_on"]
        if "starts_on" in self.changed_data and date < self.instance.clinic.today():
            raise forms.ValidationError("Choose today or a later day.")
        return date

    @property
    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("starts_on", "weekdays", "note")}


class LineForm(forms.Form):
    """One line of the composer: the dosage in words, as it is shown back."""

    dosage = forms.CharField(max_length=200)
    note = forms.CharField(required=False, max_length=200)
    included = forms.BooleanField(required=False)
    gate_reason = forms.CharField(required=False, max_length=500)

    def __init__(self, *args: Any, row: Prescription, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row

    def clean(self) -> dict[str, Any]:
        """The words become the dosage's numbers; what was left out stays as it was."""
        data: dict[str, Any] = super().clean() or {}
        words = data.pop("dosage", None)
        if words is None:
            return data
        try:
            return data | dosage_language.parse(words, self.row.dosage)
        except ValueError as error:
            self.add_error("dosage", str(error))
            return data

    def refused(self, error: ValidationError) -> "LineForm":
        """With an action's error beside the field that it is about."""
        by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, texts in by_field.items():
            self.add_error("gate_reason" if name == "gate_reason" else "dosage", texts)
        return self


class DaysForm(forms.Form):
    """The days of one exercise, chosen in the week grid."""

    days = forms.TypedMultipleChoiceField(
        choices=WEEKDAYS,
        coerce=int,
        error_messages={"required": "Choose at least one day, or take the exercise out."},
    )
