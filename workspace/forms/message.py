"""A message to a patient, and the clinic's canned answers."""

import uuid
from typing import Any

from django import forms

from accounts.forms import PlainHelper
from accounts.stale import StampedForm
from patients.models import CannedAnswer
from patients.models.message import LONGEST
from patients.pictures import ACCEPTED


class MessageForm(forms.Form):
    # Made with the page: sent twice, it is stored once.
    message_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    text = forms.CharField(
        label="Your message",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="The patient reads it in the portal. In plain words.",
    )
    picture = forms.FileField(
        label="Add a picture",
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()


class CannedAnswerForm(StampedForm, forms.ModelForm):
    class Meta:
        model = CannedAnswer
        fields = ["title", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}
        help_texts = {"title": "For finding it; the patient does not see it."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keep_stamp(self.instance)
        self.helper = PlainHelper()
