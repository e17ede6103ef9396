"""Forms of remote monitoring: consent and papers, minutes, talks, answers, signing a month."""

import datetime as dt
import uuid
from typing import Any, ClassVar

from crispy_forms.layout import HTML, Div, Fieldset, Layout
from django import forms
from django.http import QueryDict

from accounts.forms import Laid, PlainHelper
from accounts.models import Clinic
from accounts.stale import StampedForm
from programs.models import LiveTalk, MonitoringCare, MonitoringEntry
from programs.models.monitoring import LONGEST, Channel, Partner
from programs.monitoring.words import NOT_ENTERED


def _day_field(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=_day_input(), **more)


def _day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _minutes_field(label: str, *, least: int = 1, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=LONGEST,
        widget=forms.NumberInput(attrs={"class": "short"}),
        **more,
    )


def _id_field() -> forms.UUIDField:
    """Made with the page: sent twice, it is stored once."""
    return forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)


def _words_field(label: str, longest: int = 2000, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": 2}), **more
    )


class MinutesForm(Laid, forms.Form):
    """What was done on a day, apart from talks."""

    entry_id = _id_field()
    done_on = _day_field("Date")
    minutes = _minutes_field("Minutes", help_text="Whole minutes.")
    assistant_minutes = _minutes_field(
        "Of these, by an assistant", least=0, required=False, initial=0
    )
    what = _words_field(
        "What was done",
        help_text=f"Such as: read the week’s answers, eased the plan. {NOT_ENTERED}",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            "entry_id", Div("done_on", "minutes", "assistant_minutes", css_class="short-fields"),
            "what",
        )  # fmt: skip

    def clean_assistant_minutes(self) -> int:
        return self.cleaned_data["assistant_minutes"] or 0


class TalkForm(Laid, forms.Form):
    """A talk in real time. Day and hour are the clinic's."""

    talk_id = _id_field()
    done_on = _day_field("Date")
    time = forms.TimeField(
        label="Began at", widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    minutes = _minutes_field("Minutes", help_text="They count: don’t enter them a second time.")
    assistant_minutes = _minutes_field(
        "Of these, by an assistant", least=0, required=False, initial=0
    )
    channel = forms.ChoiceField(label="How", choices=Channel.choices)
    with_whom = forms.ChoiceField(label="With whom", choices=Partner.choices)
    what = _words_field("What it was about")

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinic = clinic
        self.helper.layout = Layout(
            "talk_id",
            Div("done_on", "time", "minutes", "assistant_minutes", css_class="short-fields"),
            Div("channel", "with_whom", css_class="short-fields"),
            "what",
        )

    def clean_assistant_minutes(self) -> int:
        return self.cleaned_data["assistant_minutes"] or 0

    @property
    def told(self) -> dict[str, Any]:
        """What was entered, with the moment for day and hour."""
        told = dict(self.cleaned_data)
        day, time = told.pop("done_on"), told.pop("time")
        return told | {"began_at": dt.datetime.combine(day, time, self.clinic.zone)}


def _why_field() -> forms.CharField:
    return forms.CharField(label="Why it is put right", max_length=500)


class PutMinutesRightForm(MinutesForm):
    why = _why_field()

    def __init__(self, *args: Any, old: MonitoringEntry, **kwargs: Any) -> None:
        initial = {
            "done_on": old.done_on,
            "minutes": old.minutes,
            "assistant_minutes": old.assistant_minutes,
            "what": old.what,
        }
        super().__init__(*args, initial=initial, **kwargs)
        _allow_none(self)


class PutTalkRightForm(TalkForm):
    why = _why_field()

    def __init__(self, *args: Any, old: LiveTalk, clinic: Clinic, **kwargs: Any) -> None:
        local = old.began_at.astimezone(clinic.zone)
        initial = {
            "done_on": old.done_on,
            "time": local.time(),
            "minutes": old.minutes,
            "assistant_minutes": old.assistant_minutes,
            "channel": old.channel,
            "with_whom": old.with_whom,
            "what": old.what,
        }
        super().__init__(*args, initial=initial, clinic=clinic, **kwargs)
        _allow_none(self)


def _allow_none(form: MinutesForm | TalkForm) -> None:
    form.fields["minutes"] = _minutes_field("Minutes", least=0, help_text="0 takes it back.")
    form.fields["minutes"].initial = form.initial["minutes"]
    form.helper.layout.fields.append("why")


YES_NO = [("no", "No"), ("yes", "Yes")]


def _question(label: str, help_text: str = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
        help_text=help_text,
        error_messages={"required": "Answer yes or no."},
    )


class AnswersForm(Laid, forms.Form):
    """Each is answered: an empty box would be no answer."""

    answers_id = _id_field()
    other_practitioner = _question(
        "Does another practitioner bill this monitoring within these 30 days?",
        "One practitioner a patient in 30 days.",
    )
    physiologic = _question(
        "Is physiologic monitoring (RPM) billed in this month?", "Not both in one month."
    )
    global_period = _question(
        "Is the patient in the global period of an operation?",
        "It binds the operating surgeon, not a therapist who bills elsewhere.",
    )
    home_health = _question(
        "Is a home health plan of care running?", "Settle it with the payer first."
    )
    note = forms.CharField(label="Note", max_length=500, required=False)


class SignForm(Laid, forms.Form):
    shown = forms.CharField(widget=forms.HiddenInput)
    conclusion = _words_field(
        "Conclusion, and what changes in the plan",
        help_text="It stands on the worksheet with your name.",
    )

    def show(self, digest: str) -> None:
        """Signing is about this state of the worksheet."""
        self.initial["shown"] = digest
        if isinstance(self.data, QueryDict):
            self.data = {**self.data.dict(), self.add_prefix("shown"): digest}


class OpenAgainForm(Laid, forms.Form):
    why = _words_field("Why it is opened again")


class PapersForm(StampedForm, forms.ModelForm):
    """What a worksheet stands on besides its counts."""

    class Meta:
        model = MonitoringCare
        fields = (
            "consent_on",
            "consent_how",
            "consent_words",
            "consent_version",
            "cost_told",
            "withdrawn_on",
            "starts_on",
            "platform",
            "set_up_on",
            "set_up_words",
            "set_up_with",
            "set_up_minutes",
            "set_up_assistant_minutes",
            "body",
            "impairment",
            "reason",
            "certified_on",
            "certified_until",
            "referred_by",
            "payer",
        )
        widgets: ClassVar = {
            **{
                name: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
                for name in (
                    "consent_on", "withdrawn_on", "starts_on", "set_up_on", "certified_on",
                    "certified_until",
                )
            },
            **{name: forms.NumberInput(attrs={"class": "short"})
               for name in ("set_up_minutes", "set_up_assistant_minutes")},
            **{name: forms.Textarea(attrs={"rows": rows})
               for name, rows in (("consent_words", 6), ("set_up_words", 3), ("impairment", 2),
                                  ("reason", 2))},
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keep_stamp(self.instance)
        self.helper = PlainHelper()
        self.helper.layout = Layout(
            Fieldset(
                "Consent, before anything is counted",
                Div("consent_on", "consent_how", css_class="grid"),
                "consent_words",
                "consent_version",
                "cost_told",
                Div("starts_on", "withdrawn_on", css_class="grid"),
            ),
            Fieldset(
                "Set-up and teaching",
                "platform",
                Div("set_up_on", "set_up_with", css_class="grid"),
                "set_up_words",
                Div("set_up_minutes", "set_up_assistant_minutes", css_class="grid"),
            ),
            Fieldset(
                "Plan of care",
                Div("certified_on", "certified_until", css_class="grid"),
                "reason",
                HTML(
                    "<p class='small soft'>The codes for device supply are for the musculoskeletal"
                    " system. A purely neurologic diagnosis does not fall under them; an impairment"
                    " that the plan treats, such as unsteadiness, may.</p>"
                ),
                "body",
                "impairment",
                Div("referred_by", "payer", css_class="grid"),
            ),
        )
