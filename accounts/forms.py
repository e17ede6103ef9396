"""How every form is laid out, and django-allauth's forms in that layout."""

from typing import Any

from allauth.account import forms as allauth_forms
from crispy_forms.helper import FormHelper

from accounts.demo import DemoLogin, offered_logins


class PlainHelper(FormHelper):
    """Fields only: the page writes the form tag and the buttons, which say what they do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form_tag = False
        self.disable_csrf = True
        self.html5_required = True


class Laid:
    """A form with the helper, and without placeholders that repeat the label."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()
        for field in self.fields.values():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)


class LoginForm(Laid, allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""

    @property
    def demo_logins(self) -> list[DemoLogin]:
        return offered_logins()


class ResetPasswordForm(Laid, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(Laid, allauth_forms.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(Laid, allauth_forms.ChangePasswordForm):
    pass


class AddEmailForm(Laid, allauth_forms.AddEmailForm):
    pass
