"""A patient who left something empty reads what to do, not that a field is required."""

import importlib
import inspect
import pkgutil

import pytest
from django import forms

from portal import forms as of_portal

MODULES = [
    importlib.import_module(f"portal.forms.{one.name}")
    for one in pkgutil.iter_modules(of_portal.__path__)
]
FORMS = sorted(
    {
        found
        for module in MODULES
        for _, found in inspect.getmembers(module, inspect.isclass)
        if issubclass(found, forms.Form) and found.__module__ == module.__name__
    },
    key=lambda one: one.__qualname__,
)
# One is chosen before anybody looks, and none can be taken back.
CHOSEN = {"language", "text_size"}


@pytest.mark.parametrize("form", FORMS, ids=lambda one: one.__qualname__)
def test_what_is_required_says_what_to_do(form: type[forms.Form]) -> None:
    plain = str(forms.Field.default_error_messages["required"])
    for name, field in form.base_fields.items():
        if field.required and not field.widget.is_hidden and name not in CHOSEN:
            assert str(field.error_messages["required"]) != plain, name


def test_there_are_forms() -> None:
    assert len(FORMS) > 8
