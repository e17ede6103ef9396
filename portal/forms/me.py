"""What a patient sets for themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import Laid
from patients.models import Patient
from patients.models.patient import Language, TextSize


class WishesForm(Laid, forms.Form):
    """Language, text size, phone."""

    # Each language by its own name: who needs it reads it.
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[(Language.ENGLISH, "English"), (Language.SPANISH, "Español")],
        widget=forms.RadioSelect,
    )
    text_size = forms.ChoiceField(
        label=_("Text size"),
        help_text=_("Here, and on a plan that you print."),
        choices=TextSize.choices,
        widget=forms.RadioSelect,
    )
    phone = forms.CharField(
        label=_("Phone"),
        help_text=_("Your clinic calls this number."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    @classmethod
    def initial_of(cls, patient: Patient) -> dict[str, str]:
        return {name: getattr(patient, name) for name in cls.base_fields}
