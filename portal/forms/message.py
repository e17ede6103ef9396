"""A message to the care team."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from patients.models.message import LONGEST
from patients.pictures import ACCEPTED


class MessageForm(forms.Form):
    # Made with the page: sent twice, it is stored once.
    message_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Your message"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    picture = forms.FileField(
        label=_("Add a picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_("Such as a photo of the skin of your foot. Only your care team can see it."),
    )
