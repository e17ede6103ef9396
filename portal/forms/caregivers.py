"""Letting somebody help, and accepting to help."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import Laid, PlainHelper
from patients.models import Caregiver
from portal.forms.join import NewLoginForm


def shares() -> dict[str, forms.BooleanField]:
    """What can be shared beside the plan, which everybody sees who helps."""
    return {
        "does_sessions": forms.BooleanField(
            label=_("Do sessions with me and send them"),
            help_text=_("Your therapist sees who sent a session."),
            required=False,
        ),
        "reads_messages": forms.BooleanField(
            label=_("Read my messages with the care team"),
            help_text=_("Only you write there."),
            required=False,
        ),
    }


class SharesForm(Laid, forms.Form):
    does_sessions, reads_messages = shares().values()

    def __init__(self, *args: Any, caregiver: Caregiver, **kwargs: Any) -> None:
        names = ("does_sessions", "reads_messages")
        initial = {name: getattr(caregiver, name) for name in names}
        super().__init__(*args, initial=initial, auto_id=f"{caregiver.pk}_%s", **kwargs)


class InviteForm(Laid, forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        error_messages={"required": _("Type the name of who helps you.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("Email address"),
        help_text=_("The invitation goes there. Check it twice."),
        error_messages={"required": _("Type their email address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    does_sessions, reads_messages = shares().values()


class _WithCode(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("8 letters and numbers. The person you help tells you."),
        error_messages={"required": _("Type the code that they told you.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def __init__(self, *args: Any, caregiver: Caregiver, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.caregiver = caregiver
        self.helper = PlainHelper()

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not self.caregiver.is_code(code):
            raise forms.ValidationError(
                _("This is not the code. Ask the person you help to read it to you."), "wrong"
            )
        return code


class HelpForm(_WithCode, NewLoginForm):
    """Of somebody who is new here."""

    field_order = ("code",)

    @property
    def address(self) -> str:
        return self.caregiver.email


class HelpAlsoForm(_WithCode):
    """Of somebody who helps another patient already."""

    privacy = NewLoginForm.base_fields["privacy"]
