"""Forms about who a patient is and who cares for them."""

from collections.abc import Sequence
from typing import Any, ClassVar

from crispy_forms.layout import Div, Layout
from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts.forms import PlainHelper
from accounts.models import User
from accounts.permissions import Role
from accounts.stale import StampedForm
from patients.actions.patients import SamePersonError
from patients.models import Patient

LARGEST_FILE = 2 * 1024 * 1024
LARGEST_RECORD = 30 * 1024 * 1024  # five years of daily sessions


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class PatientForm(StampedForm, forms.ModelForm):
    """A patient's details; the model's constraints speak beside the fields."""

    class Meta:
        model = Patient
        fields = (
            "first_name",
            "last_name",
            "birth_date",
            "sex",
            "gender",
            "email",
            "phone",
            "language",
            "record_number",
        )
        widgets: ClassVar = {"birth_date": DateInput()}
        labels: ClassVar = {
            "sex": "Sex (for norms that differ by it)",
            "gender": "Gender (for other clinics' records)",
        }

    known: Sequence[Patient] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keep_stamp(self.instance)
        self.helper = PlainHelper()
        self.helper.layout = Layout(
            Div("first_name", "last_name", css_class="grid"),
            Div("birth_date", "record_number", css_class="grid"),
            Div("sex", "gender", css_class="grid"),
            Div("email", "phone", css_class="grid"),
            "language",
        )
        self.fields["email"].help_text = "The invitation goes there. Or enter a phone number."

    def ask_if_same(self, error: SamePersonError) -> None:
        """To add them all the same is to be meant."""
        self.known = error.known
        self.add_error(None, error.messages)
        self.fields["is_other"] = forms.BooleanField(
            label="It is somebody else: add them all the same", required=False
        )
        self.helper.layout.append("is_other")


class FileForm(forms.Form):
    """People in a file; the second step carries its text along."""

    file = forms.FileField(label="A file (.csv or .json)", required=False)
    text = forms.CharField(
        label="or paste it here",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        strip=False,
    )
    keeps_numbers = forms.BooleanField(
        label="The file is from this clinic’s own record: keep its record numbers",
        required=False,
        help_text="Another clinic’s numbers are not yours. Those of a spreadsheet are always kept.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (upload := data.get("file")) is not None:
            data["text"] = _text_of(upload)
        if not data.get("text", "").strip():
            raise forms.ValidationError("Choose a file, or paste what is in it.")
        return data


class EarlierForm(forms.Form):
    """A record of another clinic. Where it may be somebody else's, a tick for that very file."""

    file = forms.FileField(label="The record as a file (.json)", help_text="HL7 FHIR R4, 30 MB.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()
        self.helper.layout = Layout("file")

    def clean_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > LARGEST_RECORD:
            raise forms.ValidationError("The file is too large: at most 30 MB.")
        return upload

    def is_sure_of(self, digest: str) -> bool:
        return self.data.get("is_same") == digest

    def ask_if_same(self, who: str, digest: str) -> None:
        """To bring it all the same is to be meant; browsers ask for the file again."""
        words = f"This record is about {who}. Look, then choose it again and tick below."
        self.add_error(None, words)
        self.fields["is_same"] = forms.BooleanField(
            label=f"{who} is the same person",
            required=False,
            widget=forms.CheckboxInput(attrs={"value": digest}, check_test=lambda value: False),
        )
        self.helper.layout.append("is_same")


def _text_of(upload: UploadedFile) -> str:
    """As programs for spreadsheets save it: Unicode, or the letters of Western Windows."""
    if (upload.size or 0) > LARGEST_FILE:
        raise forms.ValidationError("The file is too large: at most 2 MB.")
    content = upload.read()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


class CareTeamForm(forms.Form):
    """Add a colleague to the care team."""

    therapist = forms.ModelChoiceField(
        queryset=User.objects.none(), empty_label="Choose a colleague"
    )

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()
        on_team = patient.care_team.filter(ended_at=None).values("therapist_id")
        field = self.fields["therapist"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.filter(
            clinic_id=patient.clinic_id, role=Role.THERAPIST, is_active=True
        ).exclude(pk__in=on_team)
