"""Forms of the plan composer."""

from typing import Any, ClassVar

from django import forms

from accounts.forms import PlainHelper
from programs.models import Exercise, Plan, PlanPhase, Prescription
from programs.models.dosage import Side

WEEKDAYS = [(0, "Mon"), (1, "Tue"), (2, "Wed"), (3, "Thu"), (4, "Fri"), (5, "Sat"), (6, "Sun")]
CHECK_INS = [
    ("M2", "What the feet feel, 0–10 each (M2)"),
    ("M3", "Four-symptom foot score, TSS-type (M3)"),
]


class PlanSettingsForm(forms.ModelForm):
    """Start, weekdays, weekly check-in, a word to the patient."""

    weekdays = forms.TypedMultipleChoiceField(
        label="Days of the week",
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one day."},
    )
    symptoms = forms.ChoiceField(label="Weekly check-in asks", choices=CHECK_INS)
    activities = forms.BooleanField(label="and their own activities (M4)", required=False)

    class Meta:
        model = Plan
        fields = ("starts_on", "weekdays", "note")
        widgets: ClassVar = {
            "starts_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()
        measures = self.instance.check_in_measures
        self.fields["symptoms"].initial = "M3" if "M3" in measures else "M2"
        self.fields["activities"].initial = "M4" in measures

    def clean_starts_on(self) -> Any:
        date = self.cleaned_data["starts_on"]
        if date < self.instance.clinic.today():
            raise forms.ValidationError("Choose today or a later day.")
        return date

    @property
    def changes(self) -> dict[str, Any]:
        data = self.cleaned_data
        measures = [data["symptoms"]] + (["M4"] if data["activities"] else [])
        return {
            "starts_on": data["starts_on"],
            "weekdays": data["weekdays"],
            "note": data["note"],
            "check_in_measures": measures,
        }


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
