"""Answers by large buttons: no slider, no typing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

NO_SIGN = "none"
Words = str | Promise


class ScaleInput(forms.RadioSelect):
    """A button for each number, from 0 to 10 if not said otherwise, with words at the ends."""

    template_name = "components/widgets/scale.html"

    def __init__(self, *, low: Words, high: Words, ends: tuple[int, int], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shown = {"low": low, "high": high, "first": ends[0], "last": ends[1]}

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | self.shown


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
    """0 to 10 if not said otherwise; left empty it is None, never 0."""

    def __init__(
        self, *, low: Words, high: Words, minimum: int = 0, maximum: int = 10, **kwargs: Any
    ) -> None:
        super().__init__(
            choices=[(number, f"{number}") for number in range(minimum, maximum + 1)],
            coerce=int,
            empty_value=None,
            required=False,
            widget=ScaleInput(low=low, high=high, ends=(minimum, maximum)),
            **kwargs,
        )


class CountField(forms.TypedChoiceField):
    """How often, from 0 to 5; left empty it is None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[
                (number, str(number) if number else pgettext_lazy("count", "None"))
                for number in range(5)
            ]
            + [(5, _("5 or more"))],
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

    def __init__(self, *, choices: Sequence[tuple[str, Words]], none: Words, **kwargs: Any) -> None:
        self.offered = [*choices, (NO_SIGN, none)]
        super().__init__(choices=self.offered, required=False, widget=ChipList, **kwargs)

    def leave_out(self, value: str) -> None:
        """Not asked of everybody."""
        self.choices = [one for one in self.offered if one[0] != value]

    def clean(self, value: Any) -> list[str] | None:
        ticked = super().clean(value)
        if not ticked:
            return None
        return [one for one in ticked if one != NO_SIGN]


class NumberField(forms.DecimalField):
    """A number within bounds, whole or not; left empty it is None."""

    def __init__(
        self,
        *,
        minimum: float | None,
        maximum: float | None,
        whole: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            min_value=minimum,
            max_value=maximum,
            decimal_places=0 if whole else 2,
            required=False,
            widget=forms.NumberInput(attrs={"inputmode": "numeric" if whole else "decimal"}),
            **kwargs,
        )

    def clean(self, value: Any) -> float | int | None:
        """Raises ValidationError for what is no number or out of bounds."""
        found = super().clean(value)
        if found is None:
            return None
        return int(found) if found == found.to_integral_value() else float(found)


class YesNoField(forms.TypedChoiceField):
    """Left empty it is None, never no."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("yes", _("Yes")), ("no", _("No"))],
            coerce=lambda value: value == "yes",
            empty_value=None,
            required=False,
            widget=ChoiceRow,
            **kwargs,
        )
