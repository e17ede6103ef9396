"""A measure as a therapist fills it in: what is taken beside each number, feet to tap."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms

from programs.forms.foot_sites import FootSites
from programs.forms.layout import question_helper
from programs.measures.definition import Definition
from programs.measures.foot_sites import on_a_foot
from programs.measures.item import Item


class NumberWithRange(Field):
    """A number with its range beside it."""

    template = "components/number_question.html"

    def __init__(self, item: Item) -> None:
        super().__init__(item.key)
        self.range = range_words(item)

    def render(self, *args: Any, **kwargs: Any) -> Any:
        return super().render(*args, extra_context={"range": self.range}, **kwargs)


def range_words(item: Item) -> str:
    """'2 to 300 s; under 5 or over 60 it is asked once more', or ''."""
    if item.minimum is None or item.maximum is None:
        return ""
    unit = f" {item.unit}" if item.unit else ""
    words = f"{item.minimum:g} to {item.maximum:g}{unit}"
    seldom = [
        f"{word} {limit:g}"
        for word, limit in (("under", item.usual_from), ("over", item.usual_to))
        if limit is not None
    ]
    return f"{words}; {' or '.join(seldom)} it is asked once more" if seldom else words


def clinic_helper(form: forms.Form, definition: Definition) -> FormHelper:
    helper = question_helper(form)
    numbers = {
        item.key: NumberWithRange(item)
        for item in definition.items
        if isinstance(getattr(form.fields.get(item.key), "widget", None), forms.NumberInput)
    }
    laid = zip(form.fields, helper.layout.fields, strict=True)
    fields = [numbers.get(name, field) for name, field in laid]
    on_feet = on_a_foot(definition)
    helper.layout = Layout(FootSites(definition, *fields)) if on_feet else Layout(*fields)
    return helper
