"""How every form is laid out, and django-allauth's forms in that layout."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.totp import forms as app_forms
from allauth.mfa.webauthn import forms as passkey_forms
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import first_run, lifetime
from accounts.addresses import canonical
from accounts.demo import DemoLogin, is_closed_demo, offered_logins
from accounts.form_fields import country_field, zone_field
from accounts.models import Clinic, User
from accounts.permissions import PORTAL_ROLES

CODE_SECONDS = (2 * settings.MFA_TOTP_TOLERANCE + 1) * 30


class PlainHelper(FormHelper):
    """Fields only: the page writes the form tag and the buttons, which say what they do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form_tag = False
        self.disable_csrf = True
        self.html5_required = True
        self.render_hidden_fields = True


class Laid(forms.BaseForm):
    """A form with the helper, and without placeholders that repeat the label."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


def shared_device() -> forms.BooleanField:
    """The box by which a login ends with the browser. Its name is `lifetime.SHARED`."""
    return forms.BooleanField(
        label=_("Other people use this device too"),
        help_text=_("Then you are logged out when you close the browser or take a long break."),
        required=False,
    )


class CanonicalEmail(forms.BaseForm):
    """A form whose `email` is looked up and counted against its limits in one spelling."""

    def clean_email(self) -> str:
        self.cleaned_data["email"] = canonical(self.cleaned_data["email"])
        # Each of allauth's forms that it is mixed into has one.
        email: str = super().clean_email()  # type: ignore[misc]
        return email


class LoginForm(Laid, allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields[lifetime.SHARED] = shared_device()

    def clean_login(self) -> str:
        return canonical(super().clean_login())

    @property
    def single_sign_on(self) -> str:
        """What staff may log in with instead; empty where there is none."""
        return settings.OIDC_NAME if settings.OIDC_ISSUER else ""

    @property
    def demo_logins(self) -> list[DemoLogin]:
        return offered_logins()

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        response: HttpResponse = super().login(request, redirect_url)
        if request.user.is_authenticated:  # not where a second factor is still asked
            lifetime.begin(request)  # allauth has just set an age of its own
        return response


class RequestLoginCodeForm(Laid, CanonicalEmail, allauth_forms.RequestLoginCodeForm):
    """A code goes to the proven address of a patient or caregiver only.

    Everyone else is shown the same page, and gets a mail that says how they do get in: the answer
    is the same in shape and time whether an account exists or not.
    """

    shared_device = shared_device()

    def clean_email(self) -> str:
        email: str = super().clean_email()
        proven = EmailAddress.objects.filter(
            user=self._user, user__role__in=PORTAL_ROLES, email=email, verified=True
        )
        if is_closed_demo(email) or not proven.exists():
            self._user: Any = None
        return email

    def clean(self) -> dict[str, Any] | None:
        lifetime.note_choice(context.request)
        return super().clean()


class ConfirmLoginCodeForm(Laid, allauth_forms.ConfirmLoginCodeForm):
    pass


class ProofForm(Laid, forms.Form):
    """The code that went to an address, to show that it is one's own."""

    code = ConfirmLoginCodeForm.base_fields["code"]


class ReauthenticateForm(Laid, allauth_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class ResetPasswordForm(Laid, CanonicalEmail, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(Laid, allauth_forms.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(Laid, allauth_forms.ChangePasswordForm):
    pass


class SetPasswordForm(Laid, allauth_forms.SetPasswordForm):
    pass


class AddEmailForm(Laid, CanonicalEmail, allauth_forms.AddEmailForm):
    pass


class Code(Laid):
    """A form for one code, typed on a number pad or pasted with blanks."""

    label = _("Code from your app, or a recovery code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("data") is not None:
            kwargs["data"] = kwargs["data"].copy()
            kwargs["data"]["code"] = "".join(kwargs["data"].get("code", "").split())[:40]
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = self.label
        code.widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}

    def clean_code(self) -> str:
        """A code counts once, for as long as it would be right."""
        # Each of allauth's forms that it is mixed into has one.
        code: str = super().clean_code()  # type: ignore[misc]
        user: User = self.user  # type: ignore[attr-defined]
        if not cache.add(f"factor-code:{user.pk}:{code}", True, CODE_SECONDS):
            raise get_adapter().validation_error("incorrect_code")
        return code


class FactorCodeForm(Code, factor_forms.AuthenticateForm):
    pass


class ProveByCodeForm(Code, factor_forms.ReauthenticateForm):
    pass


class ActivateAppForm(Code, app_forms.ActivateTOTPForm):
    label = _("The six digits that the app shows now")


class AddPasskeyForm(Laid, passkey_forms.AddWebAuthnForm):
    """Always one that opens the account alone, with the device's own lock."""

    passwordless = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label = _("A name for it")
        name.help_text = _("Such as: my phone.")

    def clean_passwordless(self) -> bool:
        return True


class RenamePasskeyForm(Laid, passkey_forms.EditWebAuthnForm):
    name = forms.CharField(label=_("Name"), max_length=60)


class FirstRunForm(forms.ModelForm):
    """The first clinic and who runs it; the code shows that the server is theirs."""

    code = forms.CharField(label="Code of this page", help_text="It stands in the server’s log.")
    first_name = forms.CharField(max_length=150, label="Your first name")
    last_name = forms.CharField(max_length=150, label="Your last name")
    email = forms.EmailField(max_length=254, label="Your email", help_text="A mail goes there.")
    country = country_field()
    time_zone = zone_field()

    class Meta:
        model = Clinic
        fields = (
            "name", "country", "time_zone", "phone", "emergency_number", "office_hours", "language"
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Name of the clinic"
        number = self.fields["emergency_number"]
        number.required, number.initial = False, ""
        number.help_text = "Left empty: the one of the country, where it is known here."
        self.helper = PlainHelper()
        self.helper.layout = Layout(
            "code",
            Fieldset(
                "The clinic",
                "name",
                Div("country", "time_zone", css_class="grid"),
                Div("phone", "emergency_number", css_class="grid"),
                "office_hours",
                "language",
            ),
            Fieldset(
                "Who runs it",
                Div("first_name", "last_name", css_class="grid"),
                "email",
            ),
        )

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        if not first_run.is_right(typed):
            first_run.tell_code()
            raise forms.ValidationError("This is not the code. It stands in the newest log.")
        return typed

    def _post_clean(self) -> None:
        """The action checks the rows as a whole."""

    @property
    def parts(self) -> dict[str, dict[str, Any]]:
        """What was typed about each of the two."""
        about_you = ("first_name", "last_name", "email")
        return {
            "clinic": {name: self.cleaned_data[name] for name in self._meta.fields or ()},
            "administrator": {name: self.cleaned_data[name] for name in about_you},
        }
