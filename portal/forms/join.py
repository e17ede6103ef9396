"""Getting in for the first time."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.addresses import canonical
from accounts.date_boxes import BirthDateField
from accounts.forms import PlainHelper, shared_device
from accounts.models import User


class Way(TextChoices):
    """How somebody logs in from now on. Each can add the others later."""

    PASSWORD = "password", _("With a password")
    PASSKEY = "passkey", _("With a passkey: your finger, your face or this device's PIN")
    CODE = "code", _("With a code that we email you each time")


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("8 letters and numbers, as on your sheet."),
        error_messages={"required": _("Type the code from your sheet.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    birth_date = BirthDateField(
        label=_("Your birth date"),
        error_messages={
            "required": _("Type the month, the day and the year that you were born."),
            "invalid": _(
                "That is no date. Type the month, the day and the year, such as 3 14 1956."
            ),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()


class NewLoginForm(forms.Form):
    """The way in, and the privacy notice."""

    way = forms.ChoiceField(
        label=_("How do you want to log in?"),
        error_messages={"required": _("Choose how you want to log in.")},
        choices=Way.choices,
        initial=Way.PASSWORD,
        widget=forms.RadioSelect,
    )
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
        help_text=_(
            "At least 10 characters. Three words that only you would put together are good."
        ),
    )
    shared_device = shared_device()
    privacy = forms.BooleanField(
        label=_("I have read the privacy notice and accept it."),
        error_messages={"required": _("Please read the privacy notice and tick the box.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()

    def clean_password(self) -> str | None:
        """None where another way was chosen."""
        if self.cleaned_data.get("way") != Way.PASSWORD:
            return None
        password: str = self.cleaned_data["password"]
        if not password:
            raise forms.ValidationError(_("Choose a password, or another way to log in."))
        validate_password(password, User(email=self.address))
        return password

    @property
    def address(self) -> str:
        """What they will log in with."""
        return str(self.cleaned_data.get("email", ""))


class AcceptForm(NewLoginForm):
    email = forms.EmailField(
        label=_("Your email address"),
        help_text=_("You log in with it."),
        error_messages={"required": _("Type your email address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    field_order = ("email",)

    def clean_email(self) -> str:
        email = canonical(self.cleaned_data["email"])
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(
                _("This address can't be used here. Choose another, or call your clinic.")
            )
        return email
