"""A record system out of which the clinic opens Footing."""

from typing import Any

from django import forms

from accounts.forms import PlainHelper
from accounts.models import ConnectedRecord
from accounts.stale import StampedForm


class RecordSystemForm(StampedForm, forms.ModelForm):
    class Meta:
        model = ConnectedRecord
        fields = ("name", "address", "client_id", "shows_key", "keeps_numbers")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            # Ids of patients there would be another record's.
            del self.fields["address"]
        self.keep_stamp(self.instance)
        self.helper = PlainHelper()

    def _post_clean(self) -> None:
        """The action checks the row as a whole."""
