"""When a patient wants to be reminded, and how."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.form_fields import choice_field
from accounts.stale import StampedForm
from patients import sms
from patients.models import Patient
from programs.models import ReminderChoice
from programs.models.reminder import MOST_TIMES, times_of

# What most patients look for, before the long list.
NEAR = [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
]


def _zones(patient: Patient) -> list[tuple[str, str]]:
    places = sorted(name for name in available_timezones() if "/" in name and "Etc/" not in name)
    own = gettext("The same as my clinic’s (%(zone)s)") % {"zone": _words(patient.clinic.time_zone)}
    return [("", own), *((name, _words(name)) for name in [*NEAR, *places])]


def _words(zone: str) -> str:
    return zone.replace("_", " ")


# What is chosen here, all of it at once.
CHOSEN = ("times", "time_zone", "by_email", "by_sms", "repeat")


class RemindersForm(StampedForm):
    by_email = forms.BooleanField(label=_("Remind me by email"), required=False)
    by_sms = forms.BooleanField(label=_("Remind me by text message"), required=False)
    time_1 = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}),
        error_messages={"required": _("Choose a time.")},
    )
    time_2 = forms.TimeField(
        label=_("A second time"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    time_3 = forms.TimeField(
        label=_("A third time"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    repeat = forms.BooleanField(
        label=_("Remind me once more later that day if I have logged nothing"), required=False
    )
    time_zone = forms.ChoiceField(label=_("My time zone"), required=False)

    def __init__(
        self, data: QueryDict | None, *, patient: Patient, choice: ReminderChoice | None
    ) -> None:
        super().__init__(data, initial=_initial(patient, choice))
        self.keep_stamp(choice, CHOSEN)
        choice_field(self, "time_zone").choices = _zones(patient)
        if not (patient.phone and sms.backend()):
            del self.fields["by_sms"]

    @property
    def times(self) -> list[Any]:
        return [self[f"time_{number}"] for number in range(1, MOST_TIMES + 1)]

    @property
    def chosen(self) -> dict[str, Any]:
        """What `reminders.choose` takes."""
        data = self.cleaned_data
        times = {data[f"time_{number}"] for number in range(1, MOST_TIMES + 1)} - {None}
        return {
            "read": data.get("read"),
            "times": sorted(times),
            "time_zone": data["time_zone"],
            "by_email": data["by_email"],
            "by_sms": data.get("by_sms", False),
            "repeat": data["repeat"],
        }


def _initial(patient: Patient, choice: ReminderChoice | None) -> dict[str, Any]:
    """What was chosen; at first what the clinic suggests."""
    times = times_of(choice, patient.clinic)
    initial: dict[str, Any] = {
        f"time_{number}": f"{at:%H:%M}" for number, at in enumerate(times, 1)
    }
    if choice is None:
        initial["by_email"] = patient.clinic.suggests_reminders
    else:
        for name in ("by_email", "by_sms", "repeat", "time_zone"):
            initial[name] = getattr(choice, name)
    return initial
