"""Something is wrong: all signs of brief 1.9, on any day."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.forms.fields import ChipList
from programs.models.session import NewSign, SkinCheck

SKIN = "skin"
_SKIN = (SKIN, SkinCheck.CHANGED.label)
# What needs help at once comes first (brief 1.9, tier A), then what needs it today.
_FIRST = (
    NewSign.STROKE,
    NewSign.SUDDEN,
    NewSign.CHEST,
    NewSign.SADDLE,
    NewSign.COLD_FOOT,
    NewSign.CANT_MOVE,
    NewSign.CLIMBING,
    NewSign.CORD,
    NewSign.TENSE_LEG,
    NewSign.HIT_HEAD,
)


def choices(*, asks_sugar: bool) -> list[tuple[str, Any]]:
    later = [
        one for one in NewSign if one not in _FIRST and (asks_sugar or one is not NewSign.LOW_SUGAR)
    ]
    first = [(one.value, one.label) for one in _FIRST]
    return [*first, _SKIN, *((one.value, one.label) for one in later)]


class SignsForm(forms.Form):
    """At least one sign, or there is nothing to tell."""

    signs = forms.MultipleChoiceField(
        label=_("What is wrong? Tick all that fit."),
        widget=ChipList,
        error_messages={
            "required": _("Tick what is wrong. If it is something else, call your clinic.")
        },
    )
    note = forms.CharField(
        label=_("Do you want to say more?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, asks_sugar: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["signs"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices(asks_sugar=asks_sugar)

    @property
    def answers(self) -> dict[str, Any]:
        """As `sign_reports.record` takes them."""
        ticked = self.cleaned_data["signs"]
        return {
            "signs": [one for one in ticked if one != SKIN],
            "skin_changed": SKIN in ticked,
            "note": self.cleaned_data["note"],
        }
