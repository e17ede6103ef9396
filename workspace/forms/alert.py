"""Forms about alerts and what they hold back."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from accounts.form_fields import choice_field, row_field
from accounts.forms import Laid, PlainHelper
from accounts.models import User
from patients import team
from programs.alerts import closing
from programs.alerts.due import LONGEST_SNOOZE
from programs.models import Alert, Restriction
from programs.models.alert import Ending, Severity
from programs.models.restriction import Kind


def _words(label: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class AlertForm(forms.Form):
    """How it ended, in a sentence; emergencies and new signs offer what they close with."""

    ending = forms.TypedChoiceField(label="How it ended", coerce=Ending, widget=forms.RadioSelect)
    referred_to = forms.CharField(
        label="Referred to", required=False, max_length=120, help_text="Who, where."
    )
    referred_on = forms.DateField(
        label="For which day",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    response = _words("What was done")

    def __init__(self, *args: Any, alert: Alert, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = closing.endings(alert.rule)
        field = self.fields["ending"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(one.value, one.label) for one in offered]
        if Ending.DONE in offered:
            field.initial = Ending.DONE
        self.helper = PlainHelper()


class NoteForm(Laid, forms.Form):
    words = _words("Done so far")


class HandOverForm(Laid, forms.Form):
    to = forms.ModelChoiceField(User.objects.none(), label="To", empty_label=None)
    words = forms.CharField(label="A word to them", required=False, max_length=1000)

    def __init__(self, *args: Any, alert: Alert, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = [one.pk for one in team.present(alert.patient) if one != by]
        colleagues = User.objects.filter(pk__in=there)
        row_field(self, "to").queryset = colleagues.order_by("last_name", "first_name")
        self.is_possible = colleagues.exists()


# Hours that an alert can be put off; longer ones where its severity allows.
SNOOZES = (
    (1, "1 hour"),
    (2, "2 hours"),
    (24, "1 day"),
    (72, "3 days"),
    (168, "7 days"),
    (336, "14 days"),
)


class SnoozeForm(Laid, forms.Form):
    hours = forms.TypedChoiceField(label="For how long", coerce=int)
    words = _words("Why it can wait")

    def __init__(self, *args: Any, alert: Alert, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        longest = LONGEST_SNOOZE[Severity(alert.severity)]
        choices = [one for one in SNOOZES if dt.timedelta(hours=one[0]) <= longest]
        choice_field(self, "hours").choices = choices

    @property
    def is_possible(self) -> bool:
        return bool(choice_field(self, "hours").choices)

    @property
    def until(self) -> dt.datetime:
        return timezone.now() + dt.timedelta(hours=self.cleaned_data["hours"])


class LiftForm(forms.Form):
    words = _words("Why it may be done again")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()


# A therapist names what is to be left out; single exercises are taken out of the plan instead.
OFFERED = (Kind.ALL, Kind.TODAY, Kind.STANDING, Kind.NERVE, Kind.TENSION)


class RestrictForm(forms.ModelForm):
    """What to leave out, why, and until when."""

    kind = forms.TypedChoiceField(
        label="Leave out", coerce=Kind, choices=[(one.value, one.label) for one in OFFERED]
    )

    class Meta:
        model = Restriction
        fields = ("kind", "until", "why")
        labels = {"why": "Why", "until": "Last day (empty: until it is lifted)"}
        widgets = {"until": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = True
        self.helper = PlainHelper()

    def _post_clean(self) -> None:
        """The action checks the row as a whole."""
