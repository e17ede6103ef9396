"""Staff of the clinic: who they are, and who takes over from them."""

from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms

from accounts import staff
from accounts.form_fields import row_field
from accounts.forms import PlainHelper
from accounts.models import User
from accounts.permissions import Role
from accounts.stale import StampedForm

ROLES = [(role.value, role.label) for role in staff.ROLES]
HINTS = {
    Role.THERAPIST: "sees and treats the patients of their care teams",
    Role.CLINIC_ADMIN: "sees all patients of the clinic, keeps teams and settings, decides nothing "
    "clinical",
    Role.EDITOR: "writes articles and sees no patient",
}


class PersonForm(StampedForm, forms.ModelForm):
    class Meta:
        model = User
        fields = ("first_name", "last_name", "credentials", "npi")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name"):
            self.fields[name].required = True
        self.keep_stamp(self.instance)
        self.helper = PlainHelper()
        self.helper.layout = Layout(
            Div("first_name", "last_name", css_class="grid"),
            Div("credentials", "npi", css_class="grid"),
        )

    def _post_clean(self) -> None:
        """The action checks the row as a whole."""


class InviteForm(PersonForm):
    email = forms.EmailField(max_length=254)
    role = forms.ChoiceField(
        choices=ROLES,
        help_text="; ".join(f"{role.label}: {hint}" for role, hint in HINTS.items()) + ".",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            Div("first_name", "last_name", css_class="grid"),
            Div("email", "role", css_class="grid"),
            Div("credentials", "npi", css_class="grid"),
        )


class TakerForm(forms.Form):
    """To whom a caseload goes."""

    to = forms.ModelChoiceField(
        User.objects.none(), label="Who takes over", empty_label="Choose", required=False
    )

    def __init__(self, data: Any = None, *, person: User, prefix: str | None = None) -> None:
        super().__init__(data, prefix=prefix)
        others = User.objects.filter(clinic=person.clinic, role=Role.THERAPIST, is_active=True)
        row_field(self, "to").queryset = others.exclude(pk=person.pk)
        self.helper = PlainHelper()


class RoleForm(TakerForm):
    role = forms.ChoiceField(choices=ROLES)
    field_order = ("role", "to")

    def __init__(self, data: Any = None, *, person: User, prefix: str | None = None) -> None:
        super().__init__(data, person=person, prefix=prefix)
        self.initial["role"] = person.role
        self.fields["to"].help_text = "Where the other role treats nobody."


class AddressForm(forms.Form):
    """The right address of somebody who was invited at a wrong one."""

    email = forms.EmailField(label="Email", max_length=254)

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data, prefix="write")
        self.initial["email"] = person.email
        self.helper = PlainHelper()


class FactorResetForm(forms.Form):
    words = forms.CharField(
        label="How do you know that it is them?",
        max_length=200,
        help_text="Such as: she stood at my desk. A call can be somebody else’s.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()


class BareForm(forms.Form):
    """A button only; what is refused stands above it."""
