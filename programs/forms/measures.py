"""A measure as a form, built from its versioned definition."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from programs.forms.fields import ChoiceList, ChoiceRow, NumberField, ScaleField, YesNoField
from programs.forms.in_clinic import clinic_helper
from programs.forms.layout import question_helper
from programs.measures.definition import Definition
from programs.measures.item import AnswerKind, Item
from programs.measures.spoken import said


class MeasureForm(forms.Form):
    """The answers of one measure; what is left empty is None."""

    def __init__(
        self,
        definition: Definition,
        data: QueryDict | None = None,
        *,
        previous: Mapping[str, Any] | None = None,
        filled_in: Mapping[str, Any] | None = None,
        in_clinic: bool = False,
    ) -> None:
        super().__init__(data, prefix=definition.code, initial=self._initial(filled_in or {}))
        self.definition = definition
        self.title, self.instructions = (
            said(definition.patient_title),
            said(definition.instructions),
        )
        self.previous = previous or {}
        for item in definition.items:
            self._add(item)
        self.helper = clinic_helper(self, definition) if in_clinic else question_helper(self)

    def _add(self, item: Item) -> None:
        self.fields[item.key] = _field(item)

    def _initial(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The fields' values for answers as they are stored."""
        yes_no = {True: "yes", False: "no"}
        return {
            key: yes_no[value] if isinstance(value, bool) else value
            for key, value in answers.items()
        }

    @property
    def is_answered(self) -> bool:
        return any(value not in (None, "") for value in self.cleaned_data.values())

    @property
    def answers(self) -> dict[str, Any]:
        return {name: None if value == "" else value for name, value in self.cleaned_data.items()}

    @property
    def unusual(self) -> list[tuple[str, str]]:
        """Numbers that are possible but seldom: (name and number, in words), to be asked about."""
        return [
            (f"{item.key}={value:g}", f"{self.fields[item.key].label}: {value:g}")
            for item in self.definition.items
            if isinstance(value := self.cleaned_data.get(item.key), int | float)
            and not isinstance(value, bool)
            and item.is_unusual(value)
        ]


class StrengthForm(MeasureForm):
    """Each symptom by how strong and how often (brief 4.2)."""

    def _add(self, item: Item) -> None:
        self.fields[f"{item.key}_strength"] = _row(
            _("%(feeling)s: how strong?") % {"feeling": said(item.label)}, item.choices
        )
        self.fields[f"{item.key}_frequency"] = _row(
            _("%(feeling)s: how often?") % {"feeling": said(item.label)}, item.frequencies
        )

    def _initial(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        return {
            f"{key}_{name}": value
            for key, symptom in answers.items()
            for name, value in symptom.items()
        }

    @property
    def answers(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            item.key: {
                "strength": data[f"{item.key}_strength"] or None,
                "frequency": data[f"{item.key}_frequency"] or None,
            }
            for item in self.definition.items
        }


class ActivitiesForm(MeasureForm):
    """The patient's own activities, each scored; their names come back each time."""

    def _add(self, item: Item) -> None:
        known = self.previous.get("activities", [])
        self.rows = range(item.rows)
        for number in self.rows:
            name = known[number]["name"] if number < len(known) else ""
            self.fields[f"name_{number}"] = forms.CharField(
                label=_("Activity %(number)s") % {"number": number + 1},
                required=False,
                max_length=80,
                initial=name,
                help_text=said(item.help) if not number else "",
            )
            self.fields[f"score_{number}"] = ScaleField(
                label=said(item.label), low=said(item.low), high=said(item.high)
            )

    def _initial(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        return {
            f"{name}_{number}": value
            for number, activity in enumerate(answers.get("activities", ()))
            for name, value in activity.items()
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for number in self.rows:
            if data.get(f"score_{number}") is not None and not data.get(f"name_{number}"):
                self.add_error(f"name_{number}", _("Name the activity you scored."))
        return data

    @property
    def answers(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "activities": [
                {"name": data[f"name_{number}"], "score": data[f"score_{number}"]}
                for number in self.rows
                if data[f"name_{number}"]
            ]
        }


def measure_form(
    definition: Definition,
    data: QueryDict | None = None,
    *,
    previous: Mapping[str, Any] | None = None,
    filled_in: Mapping[str, Any] | None = None,
    in_clinic: bool = False,
) -> MeasureForm:
    """The form for a definition's kind of items; it is of one kind throughout.

    `previous` are older answers, of which names are kept; `filled_in` are shown as answers.
    `in_clinic`: laid out for a therapist who measures.
    """
    kinds = {item.answer for item in definition.items}
    form = MeasureForm
    if AnswerKind.STRENGTH_FREQUENCY in kinds:
        form = StrengthForm
    elif AnswerKind.ACTIVITIES in kinds:
        form = ActivitiesForm
    return form(definition, data, previous=previous, filled_in=filled_in, in_clinic=in_clinic)


def _row(label: str, choices: tuple[tuple[str, str], ...]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=_said(choices), required=False, widget=ChoiceRow)


def _said(choices: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [(value, said(words)) for value, words in choices]


def _field(item: Item) -> forms.Field:
    asked: dict[str, Any] = {"label": said(item.label), "help_text": said(item.help)}
    if item.answer is AnswerKind.SCALE:
        return ScaleField(
            low=said(item.low),
            high=said(item.high),
            minimum=int(item.minimum or 0),
            maximum=int(item.maximum if item.maximum is not None else 10),
            **asked,
        )
    if item.answer is AnswerKind.YES_NO:
        return YesNoField(**asked)
    if item.answer is AnswerKind.CHOICE:
        return forms.ChoiceField(
            choices=_said(item.choices), required=False, widget=ChoiceList, **asked
        )
    if item.unit:
        asked["label"] = f"{said(item.label)} ({said(item.unit)})"
    whole = item.answer is AnswerKind.COUNT
    return NumberField(minimum=item.minimum, maximum=item.maximum, whole=whole, **asked)
