"""Who looks after one's patients meanwhile."""

import datetime as dt
from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms

from accounts.form_fields import row_field
from accounts.forms import PlainHelper
from accounts.models import User
from accounts.permissions import Permission, Role
from workspace.forms.patient import DateInput


class CoverForm(forms.Form):
    """A therapist says it of themselves; an administrator also chooses of whom."""

    therapist = forms.ModelChoiceField(
        User.objects.none(), label="Who is away", empty_label="Choose"
    )
    first = forms.DateField(label="First day away", widget=DateInput())
    last = forms.DateField(label="Last day away", widget=DateInput())
    substitute = forms.ModelChoiceField(
        User.objects.none(), label="Who stands in", empty_label="Choose a colleague"
    )

    def __init__(self, data: Any = None, *, user: User, today: dt.date) -> None:
        super().__init__(data)
        staff = User.objects.filter(clinic=user.clinic, role=Role.THERAPIST, is_active=True)
        row_field(self, "substitute").queryset = staff.exclude(pk=user.pk)
        row_field(self, "therapist").queryset = staff
        if not user.may(Permission.SEE_ALL_PATIENTS_OF_CLINIC):
            del self.fields["therapist"]
        for name in ("first", "last"):
            self.fields[name].widget.attrs["min"] = today.isoformat()
        self.helper = PlainHelper()
        shown = ["therapist"] if "therapist" in self.fields else []
        self.helper.layout = Layout(*shown, Div("first", "last", css_class="grid"), "substitute")
