"""A progress form as patients answer it: one Django form a part, laid out with crispy-forms."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from programs.forms.fields import (
    ChoiceList,
    NumberField,
    ScaleField,
    TickedField,
    YesNoField,
)
from programs.forms.foot_map import FootMapField
from programs.forms.layout import question_helper
from programs.forms.measures import MeasureForm, measure_form
from programs.measures.definition import Definition
from programs.measures.spoken import is_in_english_instead, said
from programs.notation import ask_only_if
from programs.notation.question_kinds import QuestionKind

LONGEST_ANSWER = 1000


def _options(part: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Stored as they were written, in whichever language they are read."""
    return [(option, said(option)) for option in part["options"]]


def _asked(part: Mapping[str, Any]) -> dict[str, Any]:
    return {"label": said(part["text"]), "help_text": said(part["help"])}


_FIELDS: dict[QuestionKind, Callable[[Mapping[str, Any]], forms.Field]] = {
    QuestionKind.SCALE: lambda part: ScaleField(
        low=said(part["low"]), high=said(part["high"]), **_asked(part)
    ),
    QuestionKind.NUMBER: lambda part: NumberField(
        minimum=part["minimum"],
        maximum=part["maximum"],
        label=f"{said(part['text'])} ({said(part['unit'])})",
        help_text=said(part["help"]),
    ),
    QuestionKind.ONE_OF: lambda part: forms.ChoiceField(
        choices=_options(part), required=False, widget=ChoiceList, **_asked(part)
    ),
    QuestionKind.MANY_OF: lambda part: TickedField(
        choices=_options(part), none=_("None of these"), **_asked(part)
    ),
    QuestionKind.YES_NO: lambda part: YesNoField(**_asked(part)),
    QuestionKind.TEXT: lambda part: forms.CharField(
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 2}),
        **_asked(part),
    ),
    QuestionKind.FOOT_MAP: lambda part: FootMapField(**_asked(part)),
}


class QuestionForm(forms.Form):
    """One question of the form's own, under its name."""

    def __init__(self, data: QueryDict | None, *, part: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.part = part
        self.name: str = part["name"]
        self.fields[self.name] = _FIELDS[QuestionKind(part["kind"])](part)
        self.helper = question_helper(self)

    @property
    def answer(self) -> Any:
        """None when it was left empty."""
        value = self.cleaned_data[self.name]
        return None if value == "" else value

    @property
    def is_answered(self) -> bool:
        return self.answer is not None


class Version(Protocol):
    """What answering needs of a progress form's version."""

    @property
    def parts(self) -> list[dict[str, Any]]: ...


class Part:
    """A form of the page with its condition."""

    def __init__(self, form: QuestionForm | MeasureForm, part: Mapping[str, Any]) -> None:
        self.form, self.condition = form, part["only_if"]

    @property
    def is_measure(self) -> bool:
        return isinstance(self.form, MeasureForm)


class AnswerForms:
    """All parts of one version, bound to what was posted or empty.

    A part whose condition does not hold is not asked: what it may hold is left out. So are the
    measures `waiting`, by their codes, while nobody should take them.
    """

    def __init__(
        self,
        version: Version,
        definitions: Mapping[tuple[str, int], Definition],
        data: QueryDict | None = None,
        previous: Mapping[str, Any] | None = None,
        *,
        waiting: Collection[str] = (),
    ) -> None:
        self.version = version
        asked = [part for part in version.parts if part.get("measure") not in waiting]
        self.parts = [
            Part(self._form(part, definitions, data, previous or {}), part) for part in asked
        ]
        self.leaves_out = len(asked) < len(version.parts)

    def _form(
        self,
        part: Mapping[str, Any],
        definitions: Mapping[tuple[str, int], Definition],
        data: QueryDict | None,
        previous: Mapping[str, Any],
    ) -> QuestionForm | MeasureForm:
        if part["kind"] != QuestionKind.MEASURE:
            return QuestionForm(data, part=part)
        definition = definitions[part["measure"], part["version"]]
        return measure_form(definition, data, previous=previous.get(definition.code))

    @property
    def is_in_english_instead(self) -> bool:
        """A question of the form, or of one of its measures, is not in the reader's language."""
        own = [part["text"] for part in self.version.parts if part["kind"] != QuestionKind.MEASURE]
        measures = [
            part.form.definition for part in self.parts if isinstance(part.form, MeasureForm)
        ]
        items = [item.label for definition in measures for item in definition.items]
        return is_in_english_instead([*own, *items])

    def is_valid(self) -> bool:
        found = [part.form.is_valid() for part in self.parts]  # each of them shows its errors
        return all(found)

    @property
    def asked(self) -> list[Part]:
        """The parts whose condition holds, given the answers to those before them."""
        answers: dict[str, Any] = {}
        found = []
        for part in self.parts:
            if not ask_only_if.holds(part.condition, answers):
                continue
            found.append(part)
            if isinstance(part.form, QuestionForm):
                answers[part.form.name] = part.form.answer
        return found

    @property
    def is_answered(self) -> bool:
        return any(part.form.is_answered for part in self.asked)

    @property
    def answers(self) -> dict[str, Any]:
        """As a check-in keeps them: by measure, and the form's own by name."""
        kept: dict[str, Any] = {}
        questions = {}
        for part in self.asked:
            if isinstance(part.form, MeasureForm):
                kept[part.form.definition.code] = part.form.answers
            else:
                questions[part.form.name] = part.form.answer
        return kept | ({"questions": questions} if questions else {})
