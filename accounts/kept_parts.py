"""Parts of pages that are rendered once a process for the same facts.

A question of a form, an exercise with its figure, the words of the stop screen: most of a page is
the same for each who opens it, and rendering it again is most of what the page costs. `{%
include_kept %}` gives a template nothing but the values that it names (no request, no reader, no
query) and keeps what came of them by their content: another value, language or time zone is another
part, and nothing has to be thrown away when something changes.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Mapping
from decimal import Decimal
from enum import Enum
from functools import cache, singledispatch
from typing import Any, cast
from uuid import UUID

from django.db import connection
from django.db.models import Model
from django.forms import BoundField, Widget
from django.template import engines
from django.template.backends.django import Template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

MOST = 1_000  # parts a process keeps; the oldest go first
PLAIN = (
    type(None),
    str,
    int,
    float,
    UUID,
    dt.date,
    dt.time,
    dt.timedelta,
    dt.tzinfo,
    Decimal,
    Enum,
)

# Most of what a part is made of: a page has some thousand, and to ask for their bases takes time.
_EXACTLY_PLAIN = frozenset({*PLAIN, bool, SafeString})

_parts: dict[Hashable, SafeString] = {}
_surroundings: list[Callable[[], Hashable]] = [get_language, timezone.get_current_timezone_name]


class _NotKeptError(Exception):
    """It holds what somebody answered: such a part is rendered each time."""


def depends_on(read: Callable[[], Hashable]) -> None:
    """What parts also depend on without being given it, such as whom figures show."""
    if read not in _surroundings:
        _surroundings.append(read)


def rendered(name: str, given: Mapping[str, Any]) -> SafeString:
    """The template with these values alone. Raises TypeError for one whose content is not known
    here, RuntimeError where it asks the database.
    """
    template = cast(Template, engines["django"].get_template(name))
    try:
        content = tuple((key, told(value)) for key, value in given.items())
    except _NotKeptError:
        return mark_safe(template.render(dict(given)))
    key = (template.template, content, *(read() for read in _surroundings))
    if (part := _parts.get(key)) is None:
        part = _parts[key] = _anew(template, given)
        while len(_parts) > MOST:
            _parts.pop(next(iter(_parts)), None)
    return part


def _anew(template: Template, given: Mapping[str, Any]) -> SafeString:
    with connection.execute_wrapper(_refuse):
        return mark_safe(template.render(dict(given)))


def _refuse(*given: Any) -> Any:
    raise RuntimeError("What is kept asks nothing of the database: give it what it shows.")


def told(value: Any) -> Hashable:
    """All that a template could show of a value, to compare it by; with types, as 1 is True."""
    kind = type(value)
    return (kind, value) if kind in _EXACTLY_PLAIN else _told(value)


@singledispatch
def _told(value: Any) -> Hashable:
    if isinstance(value, PLAIN):
        return type(value), value
    if dataclasses.is_dataclass(value):
        kind = cast(type, type(value))
        return kind, tuple([told(getattr(value, name)) for name in _fields(kind)])
    raise TypeError(f"{type(value).__name__} is not told apart by its content.")


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@_told.register
def _words(value: Promise) -> Hashable:
    """To be translated: what it says in this language follows from what it was made of."""
    made_of = cast(Any, value)
    return type(value), told(made_of._args), told(made_of._kw)


@_told.register
def _mapping(value: Mapping) -> Hashable:
    return type(value), tuple([(told(key), told(one)) for key, one in value.items()])


@_told.register(list)
@_told.register(tuple)
def _in_order(value: Iterable[Any]) -> Hashable:
    return type(value), tuple(map(told, value))


@_told.register(set)
@_told.register(frozenset)
def _in_any_order(value: Iterable[Any]) -> Hashable:
    return type(value), frozenset(map(told, value))


@_told.register
def _row(row: Model) -> Hashable:
    """Its own columns; the rows that it carries would be shown and not be told."""
    carried = [*row._state.fields_cache, *getattr(row, "_prefetched_objects_cache", ())]
    if carried:
        raise TypeError(f"{type(row).__name__} carries {', '.join(carried)}: give those alone.")
    names = [field.attname for field in row._meta.concrete_fields]
    loaded = row.__dict__
    return type(row), tuple((name, told(loaded[name])) for name in names if name in loaded)


@_told.register
def _question(field: BoundField) -> Hashable:
    """A question that nobody answered yet."""
    if field.form.is_bound or field.value() is not None:
        raise _NotKeptError
    shown = (field.html_name, field.auto_id, field.label, field.help_text, field.field.required)
    return type(field.field), told(shown), _widget(field.field.widget)


def _widget(widget: Widget) -> Hashable:
    parts = ((name, value) for name, value in vars(widget).items() if name != "choices")
    choices = list(getattr(widget, "choices", ()))
    return type(widget), tuple((name, told(value)) for name, value in parts), told(choices)
