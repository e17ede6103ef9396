"""Answers by large buttons: no slider, no typing."""

from typing import Any

from django import forms

NO_SIGN = "none"


class ScaleInput(forms.RadioSelect):
    """Eleven buttons from 0 to 10 with words at the ends."""

    template_name = "components/widgets/scale.html"

    def __init__(self, *, low: str, high: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.low, self.high = low, high

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"low": self.low, "high": self.high}


class ChoiceRow(forms.RadioSelect):
    """A few short choices side by side."""

    template_name = "components/widgets/choice_row.html"


class ChoiceList(forms.RadioSelect):
    """Choices in sentences, one under the other."""

    template_name = "components/widgets/choices.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"one_column": True}


class ChipList(forms.CheckboxSelectMultiple):
    """Several may be ticked."""

    template_name = "components/widgets/choices.html"


class ScaleField(forms.TypedChoiceField):
    """0 to 10; left empty it is None, never 0."""

    def __init__(self, *, low: str, high: str, **kwargs: Any) -> None:
        super().__init__(
            choices=[(number, str(number)) for number in range(11)],
            coerce=int,
            empty_value=None,
            required=False,
            widget=ScaleInput(low=low, high=high),
            **kwargs,
        )


class CountField(forms.TypedChoiceField):
    """How often, from 0 to 5; left empty it is None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[(number, str(number) if number else "None") for number in range(5)]
            + [(5, "5 or more")],
            coerce=int,
            empty_value=None,
            required=False,
            widget=ChoiceRow,
            **kwargs,
        )


class TickedField(forms.MultipleChoiceField):
    """Several of many. Nothing ticked is None; 'none of these' is an empty list.

    Whoever ticks 'none' and a sign means the sign: a warning is never held back by a form error.
    """

    def __init__(self, *, choices: list[tuple[str, str]], none: str, **kwargs: Any) -> None:
        super().__init__(
            choices=[*choices, (NO_SIGN, none)], required=False, widget=ChipList, **kwargs
        )

    def clean(self, value: Any) -> list[str] | None:
        ticked = super().clean(value)
        if not ticked:
            return None
        return [one for one in ticked if one != NO_SIGN]
