"""Forms about alerts and what they hold back."""

from typing import Any

from django import forms

from accounts.forms import PlainHelper
from programs.alerts import closing
from programs.models import Alert, Restriction
from programs.models.alert import Ending
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
