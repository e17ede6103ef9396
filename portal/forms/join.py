"""Getting in for the first time."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from accounts.forms import PlainHelper
from accounts.models import User


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code",
        max_length=20,
        help_text="8 letters and numbers, as on your sheet.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    birth_date = forms.DateField(
        label="Your birth date",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()


class AcceptForm(forms.Form):
    """Email, password, privacy notice."""

    email = forms.EmailField(
        label="Your email address",
        help_text="You log in with it.",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label="Choose a password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
        help_text="At least 10 characters. Three words that only you would put together are good.",
    )
    privacy = forms.BooleanField(
        label="I have read the privacy notice and accept it.",
        error_messages={"required": "Please read the privacy notice and tick the box."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(
                "This address can't be used here. Choose another, or call your clinic."
            )
        return email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.cleaned_data.get("email", "")))
        return password
