"""Forms around a plan's life: choosing programs, pausing, ending."""

from typing import Any, ClassVar

from django import forms

from accounts.form_fields import row_field
from accounts.forms import PlainHelper
from accounts.models import User
from patients.models.episode import Outcome
from programs.actions.discharge import LONGEST_SUMMARY
from programs.models import Pause, Program


class AssignForm(forms.Form):
    """One program, or two to run side by side."""

    program = forms.ModelChoiceField(Program.objects.none(), to_field_name="uuid")
    second = forms.ModelChoiceField(Program.objects.none(), to_field_name="uuid", required=False)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        for name in self.fields:
            row_field(self, name).queryset = Program.objects.offered_to(user)

    @property
    def second_program(self) -> Program | None:
        """The same one twice is one."""
        data = self.cleaned_data
        return data["second"] if data["second"] != data["program"] else None


class PauseForm(forms.ModelForm):
    class Meta:
        model = Pause
        fields = ("why", "first", "last", "note")
        widgets: ClassVar = {
            name: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            for name in ("first", "last")
        }
        help_texts: ClassVar = {
            "last": "Leave it empty to pause until somebody resumes.",
            "note": "For the record; the patient does not see it.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()


class EndForm(forms.Form):
    """How it went, and the summary for the record."""

    outcome = forms.ChoiceField(choices=[("", "Choose"), *Outcome.choices])
    summary = forms.CharField(
        label="Discharge summary",
        required=False,
        max_length=LONGEST_SUMMARY,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text="Put together from the record. Change what you like: it is kept as you leave it.",
    )
    close = forms.BooleanField(
        label="Close the episode, too",
        required=False,
        initial=True,
        help_text="Leave it open when another plan will follow.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()
