"""An action said no: its words go beside the fields they are about."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest

from accounts.stale import StaleError, StampedForm
from patients.actions import once

Row = TypeVar("Row")


def into_form(form: forms.BaseForm, error: ValidationError) -> None:
    """Add an action's error to a form; what is about no field of it goes on top."""
    if isinstance(error, StaleError) and isinstance(form, StampedForm):
        form.tell(error)
        return
    by_field = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
    for name, texts in by_field.items():
        form.add_error(name if name in form.fields else None, texts)


def stored(form: forms.BaseForm, save: Callable[[], Row]) -> Row | None:
    """What `save` stored of a valid form. None for another form, and where the action said no: its
    words stand in the form then. 404 for the id of somebody else's row.
    """
    if not form.is_valid():
        return None
    try:
        return save()
    except once.NotYours as error:
        raise Http404 from error
    except ValidationError as error:
        into_form(form, error)
        return None


def into_messages(request: HttpRequest, error: ValidationError) -> None:
    for text in error.messages:
        messages.error(request, text)


class RefusedError(Exception):
    """A form of an editor with errors, and where it stands on the page."""

    def __init__(self, place: str, form: forms.BaseForm) -> None:
        super().__init__(place)
        self.place, self.form = place, form


def valid(form: forms.BaseForm, place: str) -> dict[str, Any]:
    """What was typed, understood. Raises RefusedError."""
    if not form.is_valid():
        raise RefusedError(place, form)
    return form.cleaned_data
