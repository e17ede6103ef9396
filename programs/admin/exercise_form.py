"""The edit form of an exercise in Wagtail's admin."""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.admin.forms import WagtailAdminModelForm

from programs.admin.motion_field import MotionField
from programs.models import Exercise

LADDER = ("easier_exercises", "harder_exercises")
READ_BY_PATIENTS = ("patient_title", "start", "steps", "cue", "patient_care")


class ExerciseForm(WagtailAdminModelForm):
    motion_data = MotionField(label="Motion")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        motion = self.fields["motion_data"]
        motion.required = False  # a blank motion is refused by the model with words of its own
        visible = Exercise.objects.visible_to(self.for_user)
        motion.widget.sources = [(row.pk, str(row)) for row in visible]
        for name in LADDER:
            self.fields[name].queryset = visible
        for name in READ_BY_PATIENTS:
            self.fields[name].widget.attrs["data-reading-grade"] = reverse("footing_reading_grade")

    class Media:
        js = ("js/reading-grade.js",)

    def clean_code(self) -> str:
        """The clinic is not in the form, so the form looks for another of this code itself."""
        code: str = self.cleaned_data["code"]
        same = Exercise.objects.filter(clinic=self.instance.clinic_id, code=code)
        if same.exclude(pk=self.instance.pk).exists():
            raise ValidationError("Another exercise has this code.")
        return code

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        for name in LADDER:
            if self.instance.pk and self.instance in data.get(name, []):
                self.add_error(name, "An exercise is not its own easier or harder form.")
        if not data.get("motion_data") and "motion_data" not in self.errors:
            self.add_error("motion_data", "Set the joint angles.")
        return data
