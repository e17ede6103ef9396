"""The filters over the list of patients, as they stand in its address."""

from typing import Any, cast
from uuid import UUID

from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.http import QueryDict

from accounts.form_fields import choice_field
from accounts.forms import PlainHelper
from programs.progress.caseload import Care, Choices, Finding, Show, Sort, Wanted

PHASES = 6  # as many as a program of the starter set has, and some more
KEPT = ("show", "care", "therapist", "program", "phase", "finding", "sort")  # in a saved view


NOBODY = "nobody any more"


class CaseloadForm(forms.Form):
    """Each may be left out; what makes no sense is left out, too.

    A therapist or program that is not offered any more stays, so that a view that was saved with
    it finds nobody and does not widen to everybody: `lost` has the names of such filters.
    """

    q = forms.CharField(
        label="Search",
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Name, birth date, phone …"}
        ),
    )
    care = forms.ChoiceField(
        label="Which patients",
        required=False,
        choices=[
            ("", "In care, or something waits"),
            (Care.IN_CARE.value, "In care"),
            (Care.DISCHARGED.value, "Discharged"),
            (Care.EVERYBODY.value, "All"),
        ],
    )
    therapist = forms.ChoiceField(label="Therapist", required=False)
    program = forms.ChoiceField(label="Program", required=False)
    phase = forms.ChoiceField(
        label="Phase",
        required=False,
        choices=[("", "Any"), *((number, str(number)) for number in range(1, PHASES + 1))],
    )
    finding = forms.ChoiceField(
        label="Finding",
        required=False,
        choices=[("", "Any"), *((one.value, one.words) for one in Finding)],
    )
    show = forms.CharField(required=False, widget=forms.HiddenInput)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, offered: Choices) -> None:
        super().__init__(data)
        choice_field(self, "therapist").choices = [
            ("", "Anybody"),
            *((str(one.uuid), str(one)) for one in offered.therapists),
        ]
        choice_field(self, "program").choices = [
            ("", "Any"),
            *((str(one.uuid), str(one)) for one in offered.programs),
        ]
        self.lost = [name for name in ("therapist", "program") if self._is_lost(name)]
        for name in self.lost:
            choices: Any = choice_field(self, name).choices
            choice_field(self, name).choices = [*choices, (data[name], NOBODY)]
        self.helper = PlainHelper()
        self.helper.form_show_errors = False
        self.helper.layout = Layout(
            "show",
            "sort",
            Div("care", "therapist", "program", "phase", "finding", css_class="filters"),
            HTML('<button class="button" type="submit">Show</button>'),
        )

    def _is_lost(self, name: str) -> bool:
        value, choices = self.data.get(name), choice_field(self, name).choices
        return _is_uuid(value) and value not in {key for key, _ in cast(Any, choices)}

    @property
    def wanted(self) -> Wanted:
        self.full_clean()
        known = self.cleaned_data
        sort = known.get("sort", "")
        return Wanted(
            typed=known.get("q", ""),
            show=_one_of(Show, known.get("show")) or Show.ALL,
            care=_one_of(Care, known.get("care")),
            therapist=UUID(known["therapist"]) if known.get("therapist") else None,
            program=UUID(known["program"]) if known.get("program") else None,
            phase=int(known["phase"]) if known.get("phase") else None,
            finding=_one_of(Finding, known.get("finding")),
            sort=_one_of(Sort, sort.removeprefix("-")) or Sort.NEED,
            descending=sort.startswith("-"),
        )

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """Each filter that is set: its name in the address, and what it says."""
        self.full_clean()
        found = []
        for name in ("care", "therapist", "program", "phase", "finding"):
            if value := self.cleaned_data.get(name):
                found.append((name, f"{self.fields[name].label}: {self._said(name, value)}"))
        return found

    def _said(self, name: str, value: str) -> str:
        choices: Any = choice_field(self, name).choices
        return str(next(words for key, words in choices if str(key) == value))


def _is_uuid(value: str | None) -> bool:
    try:
        return str(UUID(value or "")) == value
    except ValueError:
        return False


def _one_of(kind: Any, value: str | None) -> Any:
    return next((one for one in kind if one.value == value), None)


def kept(data: QueryDict) -> str:
    """Of an address what a saved view keeps: nothing that was typed to find a person."""
    query = QueryDict(mutable=True)
    for name in KEPT:
        if value := data.get(name):
            query[name] = str(value)
    return query.urlencode()
