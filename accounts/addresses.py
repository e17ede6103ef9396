"""One spelling of an email address for everybody who stores, compares or looks one up.

Mail goes to that spelling too. No mail host tells letters by their case, and a spelling that looks
like somebody's address is then never the place that a link to their account is sent to.
"""

import unicodedata
from typing import Any

from django.db import models


def canonical(text: str) -> str:
    """Lower case, without blanks around, wide and other compatible letters as plain ones."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    return unicodedata.normalize("NFKC", plain)  # a small letter can have a form of its own


class AddressField(models.EmailField):
    """Kept and looked up in the canonical spelling, whichever way a row or a query is made."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return canonical(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value
