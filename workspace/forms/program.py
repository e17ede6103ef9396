"""Forms of the program editor. Each edit of the document is one of them."""

from typing import Any

from django import forms

from accounts.form_fields import choice_field, row_field
from accounts.forms import PlainHelper
from patients.conditions import Condition
from programs.documents import portable
from programs.documents.content import LONGEST_PROGRAM, FormContent, ProgramContent
from programs.models import Exercise, Program, ProgressForm
from programs.models.program import Visibility
from programs.notation import angle_limits, dosage_language, phase_gates
from programs.notation.angle_limits import EXAMPLE
from programs.timing.week import LEAST_EVERY_DAYS, MOST_EVERY_DAYS, WEEK


class HeadForm(forms.Form):
    """For whom the program is, and what has to be minded before it."""

    title = forms.CharField(max_length=120)
    patient_title = forms.CharField(
        label="Title for patients",
        required=False,
        max_length=120,
        help_text="In plain words, such as: Gentle slides for the sole of the foot.",
    )
    summary = forms.CharField(
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For whom, in a sentence or two.",
    )
    entry_gate = forms.CharField(label="Before it", required=False, max_length=250)
    entry_excludes = forms.MultipleChoiceField(
        label="Not begun with",
        choices=Condition.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="A plan from this program can't be activated while one of these is known.",
    )
    notes = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    no_tension = forms.BooleanField(label="Leave tension out", required=False)
    is_calming = forms.BooleanField(
        label="Made for high irritability",
        required=False,
        help_text="Its glides near the sore site are told, not held back, while irritability is "
        "high.",
    )
    caps = forms.CharField(
        label="Angle limits", required=False, max_length=250, help_text=f"Such as: {EXAMPLE}."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()

    @classmethod
    def of(cls, content: ProgramContent) -> "HeadForm":
        return cls(initial=content.to_json() | {"caps": angle_limits.say(content.caps)})

    def clean_entry_excludes(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["entry_excludes"])

    def clean_caps(self) -> angle_limits.Caps:
        try:
            return angle_limits.parse(self.cleaned_data["caps"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class PhaseForm(forms.Form):
    title = forms.CharField(max_length=120)
    weeks = forms.IntegerField(min_value=1, max_value=LONGEST_PROGRAM)
    goal = forms.CharField(required=False, max_length=250)
    gate = forms.CharField(
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Before the next phase, one condition a line",
    )

    def clean_gate(self) -> tuple[phase_gates.Condition, ...]:
        try:
            return tuple(phase_gates.parse(self.cleaned_data["gate"]))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class RowForm(forms.Form):
    dosage = forms.CharField(max_length=200)
    tempo = forms.CharField(required=False, max_length=100)
    note = forms.CharField(required=False, max_length=200)
    optional = forms.BooleanField(required=False)

    def __init__(self, *args: Any, base: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base = base

    def clean_dosage(self) -> str:
        """In the words it is shown back in; what was left out stays as it was."""
        before = dosage_language.parse(self.base)
        try:
            return dosage_language.say(dosage_language.parse(self.cleaned_data["dosage"], before))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class DueForm(forms.Form):
    """One more progress form in a phase."""

    form = forms.ModelChoiceField(ProgressForm.objects.none(), to_field_name="code")
    every_days = forms.IntegerField(
        min_value=LEAST_EVERY_DAYS, max_value=MOST_EVERY_DAYS, initial=WEEK
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row_field(self, "form").queryset = ProgressForm.objects.offered_to(user)

    @property
    def due(self) -> FormContent:
        data = self.cleaned_data
        return FormContent(form=data["form"].code, every_days=data["every_days"])


class PickForm(forms.Form):
    exercise = forms.ModelChoiceField(Exercise.objects.none(), to_field_name="uuid")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row_field(self, "exercise").queryset = Exercise.objects.offered_to(user)


class NewProgramForm(forms.Form):
    title = forms.CharField(max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()


class ImportForm(forms.Form):
    file = forms.FileField(label="A program file (.json)", required=False)
    text = forms.CharField(
        label="or paste it here", required=False, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        upload = data.get("file")
        if upload is not None:
            if (upload.size or 0) > portable.LARGEST:
                raise forms.ValidationError("The file is too large for a program.")
            try:
                data["text"] = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise forms.ValidationError("This file is not text in UTF-8.") from error
        if not data.get("text", "").strip():
            raise forms.ValidationError("Choose a file or paste its text.")
        return data


class ShareForm(forms.Form):
    visibility = forms.ChoiceField(label="Who can use it", choices=Visibility.choices)

    def __init__(self, data: Any = None, *, program: Program, user: Any) -> None:
        super().__init__(data, initial={"visibility": program.visibility})
        self.helper = PlainHelper()
        if user.clinic_id is not None and program.visibility != Visibility.PLATFORM:
            choice_field(self, "visibility").choices = [
                choice for choice in Visibility.choices if choice[0] != Visibility.PLATFORM
            ]
