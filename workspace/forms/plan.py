"""Forms of the plan composer."""

from typing import Any, ClassVar

from django import forms

from accounts.forms import PlainHelper
from accounts.models import User
from programs.models import Exercise, Plan, PlanPhase, Prescription, ProgressForm
from programs.models.dosage import Side

WEEKDAYS = [(0, "Mon"), (1, "Tue"), (2, "Wed"), (3, "Thu"), (4, "Fri"), (5, "Sat"), (6, "Sun")]


class FormChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} ({obj.code})"


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
        # A form that was archived since stays on a plan that has it.
        visible = ProgressForm.objects.visible_to(user).active() | ProgressForm.objects.filter(
            pk__in=there
        )
        self.fields["forms"].queryset = visible.distinct()  # type: ignore[attr-defined]
        self.fields["forms"].initial = list(there)

    def clean_starts_on(self) -> Any:
        date = self.cleaned_data["starts_on"]
        if date < self.instance.clinic.today():
            raise forms.ValidationError("Choose today or a later day.")
        return date

    @property
    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("starts_on", "weekdays", "note")}


class PrescriptionForm(forms.ModelForm):
    """One line of the composer, saved by itself."""

    class Meta:
        model = Prescription
        fields = (
            "included",
            "sets",
            "reps",
            "hold_seconds",
            "times_per_day",
            "days_per_week",
            "side",
            "note",
            "gate_reason",
        )
        widgets: ClassVar = {
            "gate_reason": forms.Textarea(attrs={"rows": 2}),
            "side": forms.Select(choices=Side.choices),
        }
        labels: ClassVar = {
            "hold_seconds": "hold, s",
            "times_per_day": "times a day",
            "days_per_week": "days a week",
            "gate_reason": "Your reason",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        prescription = kwargs["instance"]
        super().__init__(*args, **(kwargs | {"prefix": f"p{prescription.pk}"}))

    @property
    def dose_fields(self) -> list[forms.BoundField]:
        names = ("sets", "reps", "hold_seconds", "times_per_day", "days_per_week", "side")
        return [self[name] for name in names]


class ExerciseField(forms.ModelChoiceField):
    """With kind and, where it is low, certainty: therapists see it wherever they choose."""

    def label_from_instance(self, obj: Exercise) -> str:
        low = ", low certainty" if obj.is_low_certainty else ""
        home = "" if obj.home_use else ", clinic only"
        return f"{obj.code} {obj.title} ({obj.get_kind_display().lower()}{low}{home})"


class AddExerciseForm(forms.Form):
    """An exercise of the library, into a phase."""

    phase = forms.ModelChoiceField(queryset=PlanPhase.objects.none(), empty_label=None)
    exercise = ExerciseField(queryset=Exercise.objects.none(), empty_label="Choose an exercise")

    def __init__(self, *args: Any, plan: Plan, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()
        phase, exercise = self.fields["phase"], self.fields["exercise"]
        assert isinstance(phase, forms.ModelChoiceField)
        assert isinstance(exercise, forms.ModelChoiceField)
        phase.queryset = plan.phases.all()
        exercise.queryset = Exercise.objects.visible_to(user).active()


class AlertForm(forms.Form):
    response = forms.CharField(
        label="What was done", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()
