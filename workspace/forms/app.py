"""A program of somebody else, and what it may read."""

import json
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError

from accounts.forms import PlainHelper
from accounts.models import ConnectedApp
from accounts.models.connected_app import Topic
from accounts.smart.scopes import KINDS
from accounts.stale import StampedForm

MOST_ADDRESSES = 10
# In a clinic's words; patients read those of `accounts.smart.scopes`.
WORDS = {
    "Patient": "who somebody is and how they are reached",
    "RelatedPerson": "who helps a patient",
    "Condition": "what is known of the numb feet",
    "EpisodeOfCare": "courses of care",
    "Flag": "red flags, and what is left out",
    "CarePlan": "plans in their versions",
    "Goal": "goals of phases",
    "ServiceRequest": "exercises with their dosage",
    "Procedure": "sessions",
    "Observation": "answers about pain, numbness and falls; scores; findings",
    "Questionnaire": "what forms ask",
    "QuestionnaireResponse": "answered forms, measures and red-flag screens",
    "Task": "alerts and what was done about them",
    "Consent": "privacy notice and remote monitoring",
    "Provenance": "who wrote what",
    "CareTeam": "who treats",
    "Organization": "the clinic",
    "Practitioner": "staff",
    "PractitionerRole": "roles of staff",
}


class AddressesField(forms.CharField):
    """Addresses, one on each line."""

    widget = forms.Textarea(attrs={"rows": 3, "placeholder": "https://app.example.org/back"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = [line.strip() for line in (value or "").splitlines() if line.strip()]
        if len(lines) > MOST_ADDRESSES:
            raise ValidationError(f"{MOST_ADDRESSES} addresses at the most.")
        return list(dict.fromkeys(lines))


class KeySetField(forms.CharField):
    widget = forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return json.dumps(value, indent=2) if isinstance(value, dict) else value or ""

    def to_python(self, value: Any) -> Any:
        """None for an empty field. Raises ValidationError for what is no JSON."""
        if not (value or "").strip():
            return None
        try:
            return json.loads(value)
        except (ValueError, RecursionError) as error:
            raise ValidationError('This is no key set. It begins with {"keys": [.') from error


class AppForm(StampedForm, forms.ModelForm):
    redirect_uris = AddressesField(
        label="Addresses that a patient may be led back to",
        required=False,
        help_text="One on each line, exactly as the app names them. For apps of patients.",
    )
    key_set = KeySetField(
        label="Its public keys",
        required=False,
        help_text="A JSON Web Key Set, where there is no address. Never a private key.",
    )
    kinds = forms.MultipleChoiceField(
        label="What it may read at the most",
        choices=[(kind, f"{kind}: {WORDS[kind]}") for kind in KINDS],
        widget=forms.CheckboxSelectMultiple,
    )

    topics = forms.MultipleChoiceField(
        label="What it is told of as it happens",
        choices=Topic.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="By a signed note that names nobody. For programs that read the clinic.",
    )

    class Meta:
        model = ConnectedApp
        fields = (
            "name", "reads", "redirect_uris", "key_set_address", "key_set", "kinds", "topics",
            "hook_address",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.initial["kinds"] = list(KINDS)
        else:
            # What its tokens were given for would be another thing.
            del self.fields["reads"]
        self.keep_stamp(self.instance)
        self.helper = PlainHelper()
        self.helper.layout = Layout(
            Fieldset("The app", *(name for name in ("name", "reads") if name in self.fields)),
            Fieldset("Where it leads patients back to", "redirect_uris"),
            Fieldset("How it shows who it is", "key_set_address", "key_set"),
            "kinds",
            "topics",
            "hook_address",
        )

    def _post_clean(self) -> None:
        """The action checks the row as a whole."""
