"""The weekly check-in: one form a measure, in the measures' own words (brief 4.1)."""

from typing import Any

from django import forms

from portal.forms.widgets import ChoiceRow, ScaleField
from programs.scoring import M2_ITEMS, M3_ITEMS

ACTIVITIES = 3
STRENGTHS = [("none", "None"), ("mild", "Mild"), ("moderate", "Moderate"), ("severe", "Severe")]
FREQUENCIES = [
    ("occasional", "Now and then"),
    ("frequent", "Often"),
    ("almost_continuous", "Almost all the time"),
]


class MeasureForm(forms.Form):
    """The answers of one measure; empty ones are None."""

    title = ""
    code = ""

    def __init__(self, *args: Any, previous: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **(kwargs | {"prefix": self.code}))

    @property
    def is_answered(self) -> bool:
        return any(value not in (None, "") for value in self.cleaned_data.values())


class FootFeelingsForm(MeasureForm):
    """M2: four feelings, 0 to 10 each, average of the last 24 hours."""

    title = "What your feet felt, on average in the last 24 hours"
    code = "M2"

    def __init__(self, *args: Any, previous: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, previous=previous, **kwargs)
        for key, label in M2_ITEMS.items():
            self.fields[key] = ScaleField(label=label, low="not at all", high="worst")

    @property
    def answers(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class FourSymptomsForm(MeasureForm):
    """M3: how strong and how often, for four symptoms, last 24 hours."""

    title = "Your feet in the last 24 hours"
    code = "M3"

    def __init__(self, *args: Any, previous: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, previous=previous, **kwargs)
        for key, label in M3_ITEMS.items():
            self.fields[f"{key}_strength"] = _row(f"{label}: how strong?", STRENGTHS)
            self.fields[f"{key}_frequency"] = _row(f"{label}: how often?", FREQUENCIES)

    @property
    def answers(self) -> dict[str, Any]:
        return {
            key: {
                "strength": self.cleaned_data[f"{key}_strength"] or None,
                "frequency": self.cleaned_data[f"{key}_frequency"] or None,
            }
            for key in M3_ITEMS
        }


class ActivitiesForm(MeasureForm):
    """M4: the patient's own activities, 0 cannot do to 10 as before. Names come back each week."""

    title = "Things you want to do again"
    code = "M4"

    def __init__(self, *args: Any, previous: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, previous=previous, **kwargs)
        known = (previous or {}).get("activities", [])
        for number in range(ACTIVITIES):
            name = known[number]["name"] if number < len(known) else ""
            self.fields[f"name_{number}"] = forms.CharField(
                label=f"Activity {number + 1}",
                required=False,
                max_length=80,
                initial=name,
                help_text="Such as: walk to the shop" if not number else "",
            )
            self.fields[f"score_{number}"] = ScaleField(
                label="How well can you do it?", low="cannot do it", high="as before"
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for number in range(ACTIVITIES):
            if data.get(f"score_{number}") is not None and not data.get(f"name_{number}"):
                self.add_error(f"name_{number}", "Name the activity you scored.")
        return data

    @property
    def answers(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "activities": [
                {"name": data[f"name_{number}"], "score": data[f"score_{number}"]}
                for number in range(ACTIVITIES)
                if data[f"name_{number}"]
            ]
        }


def _row(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=ChoiceRow)


class NoteForm(forms.Form):
    note = forms.CharField(
        label="Anything else for your therapist?",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


MEASURE_FORMS = {form.code: form for form in (FootFeelingsForm, FourSymptomsForm, ActivitiesForm)}
