"""The progress form of a session (brief 4.6)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from programs.forms.fields import ChoiceList, ChoiceRow, CountField, ScaleField, TickedField
from programs.models import Prescription
from programs.models.exercise import Kind
from programs.models.session import Done, Feeling, NewSign, Settled, SkinCheck

PAIN_WORDS: dict[str, Any] = {"low": "no pain", "high": "worst pain"}
YES_NO = [("yes", "Yes"), ("no", "No")]


def is_balance_hold(prescription: Prescription) -> bool:
    """What is held for a time on purpose: the gate 'held 20 s' asks for it (brief 3.1)."""
    is_balance = prescription.shown.kind == Kind.BALANCE
    return is_balance and prescription.reps == 1 and prescription.hold_seconds > 0


class SessionForm(forms.Form):
    """Every question may be left empty, and is then stored as not answered."""

    pain_before = ScaleField(label="Pain in your feet now, before you start", **PAIN_WORDS)
    pain_after = ScaleField(label="Pain in your feet now, after the exercises", **PAIN_WORDS)
    effort = ScaleField(label="How hard was it?", low="no effort", high="hardest")
    settled = forms.ChoiceField(
        label="How long until your feet were as before?",
        choices=Settled.choices,
        required=False,
        widget=ChoiceList,
    )
    feelings = TickedField(
        label="What did your feet feel?", choices=Feeling.choices, none="Nothing unusual"
    )
    skin_check = forms.ChoiceField(
        label="Did you look at the skin of both feet?",
        choices=SkinCheck.choices,
        required=False,
        widget=ChoiceList,
    )
    falls = CountField(label="Falls since your last session")
    fall_injury = forms.TypedChoiceField(
        label="If you fell: were you hurt, or did you hit your head?",
        choices=YES_NO,
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        widget=ChoiceRow,
    )
    near_falls = CountField(label="Near-falls since your last session")
    new_signs = TickedField(
        label="Did any of these happen?", choices=NewSign.choices, none="None of these"
    )
    note = forms.CharField(
        label="Anything else for your therapist?",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, prescriptions: Sequence[Prescription], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prescriptions = prescriptions
        for prescription in prescriptions:
            self.fields[f"done_{prescription.pk}"] = forms.ChoiceField(
                label="Did you do it?", choices=Done.choices, required=False, widget=ChoiceRow
            )
            if is_balance_hold(prescription):
                self.fields[f"held_{prescription.pk}"] = forms.TypedChoiceField(
                    label="How many did you hold for the whole time, with no hand and no step?",
                    choices=[(number, str(number)) for number in range(prescription.sets + 1)],
                    coerce=int,
                    empty_value=None,
                    required=False,
                    widget=ChoiceRow,
                )

    @property
    def exercises(self) -> list[tuple[Prescription, list[forms.BoundField]]]:
        """Each with its questions."""
        names = ("done", "held")
        return [
            (row, [self[f"{name}_{row.pk}"] for name in names if f"{name}_{row.pk}" in self.fields])
            for row in self.prescriptions
        ]

    @property
    def held(self) -> dict[UUID, int | None]:
        return {
            row.pk: self.cleaned_data[f"held_{row.pk}"]
            for row in self.prescriptions
            if is_balance_hold(row)
        }

    @property
    def done(self) -> dict[UUID, str]:
        return {row.pk: self.cleaned_data[f"done_{row.pk}"] for row in self.prescriptions}

    @property
    def answers(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.base_fields}
