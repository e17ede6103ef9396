"""Forms about the episode: findings, red flags, closing."""

from typing import Any, ClassVar

from crispy_forms.layout import Div, Layout
from django import forms

from accounts.forms import PlainHelper
from accounts.stale import StampedForm
from patients.models import Episode
from patients.red_flags import RED_FLAGS


class EpisodeForm(StampedForm, forms.ModelForm):
    class Meta:
        model = Episode
        fields = (
            "cause",
            "nerves",
            "side",
            "sensation",
            "irritability",
            "fall_risk",
            "falls_12_months",
            "walking_aid",
            "helper_at_home",
            "conditions",
            "nerve_surgery_on",
            "has_glucose_meter",
            "foot_risk",
            "precautions",
        )
        widgets: ClassVar = {
            "precautions": forms.Textarea(attrs={"rows": 3}),
            "nerve_surgery_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keep_stamp(self.instance)
        self.helper = PlainHelper()
        self.helper.layout = Layout(
            Div("cause", "side", css_class="grid"),
            "nerves",
            Div("sensation", "irritability", css_class="grid"),
            Div("fall_risk", "falls_12_months", css_class="grid"),
            Div("walking_aid", css_class="grid"),
            "helper_at_home",
            "conditions",
            Div("nerve_surgery_on", "foot_risk", css_class="grid"),
            "has_glucose_meter",
            "precautions",
        )


class RedFlagForm(forms.Form):
    """Each sign is answered yes or no. What was left open is a no only where the therapist says
    that all were asked: an unanswered question by itself is not a no. With `each`,
    every one is answered by itself.
    """

    asked_all = forms.BooleanField(
        required=False, label="I asked each of these. What has no answer above is a no."
    )
    note = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), label="Note"
    )

    def __init__(self, data: Any = None, *, each: bool) -> None:
        super().__init__(data)
        for flag in RED_FLAGS:
            self.fields[flag.code] = forms.ChoiceField(
                label=flag.label,
                choices=[("no", "No"), ("yes", "Yes")],
                widget=forms.RadioSelect,
                required=False,
                help_text=f"{flag.tier.label}: {flag.action}",
            )
        if each:
            del self.fields["asked_all"]
        self.order_fields([*(flag.code for flag in RED_FLAGS), "asked_all", "note"])

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        is_summed_up = False
        for flag in RED_FLAGS:
            if answers.get(flag.code) or flag.code in self.errors:
                continue
            if answers.get("asked_all"):
                answers[flag.code], is_summed_up = "no", True
            else:
                self.add_error(flag.code, "Answer yes or no.")
        return answers | {"summed_up": is_summed_up}

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[flag.code] for flag in RED_FLAGS]

    @property
    def present(self) -> list[str]:
        return [flag.code for flag in RED_FLAGS if self.cleaned_data[flag.code] == "yes"]


class RefusalForm(forms.Form):
    reason = forms.CharField(
        label="Why it is not so", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()


class ClearanceForm(forms.Form):
    note = forms.CharField(
        label="Why it is safe to go on, and on whose word",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()
