"""What is looked for in the audit trail."""

from typing import Any

from django import forms

from accounts.audit import Action
from accounts.form_fields import choice_field, row_field
from accounts.forms import PlainHelper
from accounts.models import Clinic, User
from accounts.permissions import PORTAL_ROLES
from patients.trail import Wanted


class AuditForm(forms.Form):
    patient = forms.CharField(
        label="Patient", required=False, max_length=100, help_text="Name or record number."
    )
    person = forms.ModelChoiceField(
        User.objects.none(), label="Who", required=False, empty_label="Everybody"
    )
    action = forms.ChoiceField(label="What", required=False)
    since = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, data: Any, *, clinic: Clinic) -> None:
        super().__init__(data)
        self.helper = PlainHelper()
        staff = User.objects.filter(clinic=clinic).exclude(role__in=PORTAL_ROLES)
        row_field(self, "person").queryset = staff.order_by("last_name", "first_name")
        acts = sorted(Action.choices, key=lambda choice: str(choice[1]))
        choice_field(self, "action").choices = [("", "Anything"), *acts]

    @property
    def wanted(self) -> Wanted:
        """What was typed, as far as it makes sense; the fields say what does not."""
        found = self.cleaned_data if self.is_valid() else {}
        person = found.get("person")
        return Wanted(
            patient=found.get("patient", ""),
            person=person.uuid if person else None,
            action=found.get("action", ""),
            since=found.get("since"),
            until=found.get("until"),
        )
