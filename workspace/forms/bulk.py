"""The form of one change for several patients."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.form_fields import choice_field, row_field
from accounts.forms import PlainHelper
from accounts.models import User
from programs.actions.bulk import BulkChange, What
from programs.models import Exercise, Plan, Program

WHATS = [
    (What.DOSAGE, "New dosage for an exercise"),
    (What.SWAP, "One exercise in place of another"),
    (What.ADD, "One exercise more"),
    (What.REMOVE, "Take an exercise out"),
]


class ExerciseField(forms.ModelChoiceField):
    """With kind and, where it is low, certainty: therapists see it wherever they choose."""

    def label_from_instance(self, obj: Exercise) -> str:
        low = ", low certainty" if obj.is_low_certainty else ""
        return f"{obj.code} {obj.title} ({obj.get_kind_display().lower()}{low})"


class BulkForm(forms.Form):
    what = forms.ChoiceField(label="What changes", choices=WHATS)
    exercise = ExerciseField(Exercise.objects.none(), label="Exercise")
    dosage = forms.CharField(
        label="New dosage, in words",
        required=False,
        max_length=200,
        help_text="For a new dosage: days and side stay as each patient has them when left out; "
        "an amount without a hold or a rest means none.",
    )
    other = ExerciseField(
        Exercise.objects.none(),
        label="In its place",
        required=False,
        help_text="For one exercise in place of another.",
    )
    phase = forms.IntegerField(
        label="Phase", min_value=1, initial=1, required=False, help_text="For one exercise more."
    )
    reason = forms.CharField(label="Why it changes, for the record", max_length=250)
    plans = forms.MultipleChoiceField(
        label="For whom", error_messages={"required": "Choose at least one patient."}
    )

    def __init__(self, data: Any, *, plans: Sequence[Plan], program: Program, user: User) -> None:
        super().__init__(data)
        self.helper = PlainHelper()
        self.among = {str(plan.pk): plan for plan in plans}
        at_home = Exercise.objects.filter(home_use=True)
        row_field(self, "exercise").queryset = at_home.visible_to(user).active()
        row_field(self, "other").queryset = at_home.offered_to(user)
        choice_field(self, "plans").choices = [
            (key, str(plan.patient)) for key, plan in self.among.items()
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("what") == What.DOSAGE and not data.get("dosage"):
            self.add_error("dosage", "Write the new dosage, such as 3x10.")
        if data.get("what") == What.SWAP and not data.get("other"):
            self.add_error("other", "Choose the exercise to put in its place.")
        return data

    @property
    def chosen(self) -> list[Plan]:
        return [self.among[key] for key in self.cleaned_data["plans"]]

    @property
    def change(self) -> BulkChange:
        data = self.cleaned_data
        return BulkChange(
            what=What(data["what"]),
            exercise=data["exercise"],
            reason=data["reason"],
            dosage=data["dosage"],
            other=data["other"],
            phase=data["phase"] or 1,
        )
