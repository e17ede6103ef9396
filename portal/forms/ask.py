"""A question for the care team."""

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models.question import LONGEST


class AskForm(forms.Form):
    text = forms.CharField(
        label=_("Your question"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write a few words.")},
    )
