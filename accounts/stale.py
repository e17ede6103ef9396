"""A page that was filled in from an older state of a row does not set the row back.

The page carries a stamp of what it showed; the action compares it while it holds the row.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class StaleError(ValidationError):
    """Somebody changed the row since the page was made.

    `differing` are the names of the fields that saving would have set back, `row` is how it is now.
    """

    def __init__(self, row: Model, fields: Mapping[str, Any]) -> None:
        super().__init__(
            gettext_lazy(
                "Somebody changed this since your page was loaded, so nothing was saved. What you "
                "entered is still here: check it, and save again."
            )
        )
        self.row = row
        self.names = list(fields)
        self.differing = [name for name, value in fields.items() if getattr(row, name) != value]


def stamp_of(row: Model, names: Iterable[str]) -> str:
    """A short name for what these fields hold."""
    held = [(name, getattr(row, name)) for name in sorted(names)]
    return hashlib.sha256(repr(held).encode()).hexdigest()[:16]


def require_read(row: Model, fields: Mapping[str, Any], read: str | None) -> None:
    """Raises StaleError when a page with the stamp `read` showed an older state of `row`, unless
    it says what the row holds already (a second click).

    `row` is held by the transaction; None is for callers that show no page.
    """
    if read is not None and read != stamp_of(row, fields):
        error = StaleError(row, fields)
        if error.differing:
            raise error


class StampedForm(forms.Form):
    """A form that fills in all of a row's fields, and so could set back what others changed.

    Its page renders `read` among the hidden fields.
    """

    read = forms.CharField(required=False, widget=forms.HiddenInput)

    def keep_stamp(self, row: Model | None, names: Iterable[str] | None = None) -> None:
        """Remember what `row` holds now; `names` where they are not those of the form's fields.

        A row that is not there yet has no older state, and its form no stamp.
        """
        if row is None or row._state.adding:
            del self.fields["read"]
            return
        known = [name for name in self.fields if name != "read"] if names is None else names
        self.initial["read"] = stamp_of(row, known)

    def tell(self, error: StaleError) -> None:
        """Say what is different now; saving once more is then meant."""
        now = [f"{self._label(name)}: {_said(error.row, name)}" for name in error.differing]
        self.add_error(None, [*error.messages, _("Now: %s.") % "; ".join(now)])
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["read"] = stamp_of(error.row, error.names)
        self.data = data

    def _label(self, name: str) -> str:
        return str(self[name].label if name in self.fields else name)


def _said(row: Model, name: str) -> str:
    """A field's value as a person reads it."""
    value = getattr(row, name)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        field = row._meta.get_field(name)
        assert isinstance(field, ArrayField)
        choices = dict(field.base_field.choices or [])
        return ", ".join(str(choices.get(one, one)) for one in value) or "–"
    shown = getattr(row, f"get_{name}_display", None)
    words = str(shown() if shown else value) if value is not None else ""
    return words or "–"
