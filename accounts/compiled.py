"""Queries that are built and compiled once a process, and run with other values from then on.

On the pages that people wait for, Django takes more time to build a queryset and to write its SQL
than PostgreSQL takes to answer. A function under `@compiled` says a query whose shape never
changes, and gets all that does change as its arguments:

    @compiled
    def _starts(plan: UUID) -> QuerySet[PhaseStart]:
        return PhaseStart.objects.filter(plan=plan).order_by("on", "at")

Each argument stands in the SQL as it is given; one that does not, or that changes the SQL, is
refused when it is first called. What comes back is that queryset, to be read and nothing else:
filtering it further is refused. A list of values is an argument, too; each length has a shape of
its own. What the function reads besides its arguments is read once.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from copy import copy
from functools import wraps
from itertools import chain
from typing import Any, ParamSpec, TypeVar, cast
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

P = ParamSpec("P")
Rows = TypeVar("Rows", bound=QuerySet[Any, Any])
LONGEST = 8  # values of a list; a longer one is compiled each time, or shapes would be many


def compiled(build: Callable[P, Rows]) -> Callable[P, Rows]:
    """The function of a fixed query, compiled when it is first called."""
    shapes: dict[tuple[int, ...], _Shape] = {}

    @wraps(build)
    def again(*given: P.args, **named: P.kwargs) -> Rows:
        assert not named, "By position: they are told apart by it."
        values = [_once(one) for one in given]
        lengths = tuple(len(one) if isinstance(one, list) else -1 for one in values)
        if 0 in lengths or max(lengths, default=0) > LONGEST:
            return build(*given, **named)
        if lengths not in shapes:
            shapes[lengths] = _Shape(cast(Any, build), values)
        return cast(Rows, shapes[lengths].with_values(_flat(values)))

    return again


def _once(given: Any) -> Any:
    """A list without what it names twice, as the database is asked for it."""
    return list(dict.fromkeys(given)) if isinstance(given, list | tuple) else given


def _flat(given: Sequence[Any]) -> list[Any]:
    parts = (one if isinstance(one, list) else (one,) for one in given)
    return list(chain.from_iterable(parts))


def _other(value: Any) -> Any:
    """Of the same type, and not equal."""
    match value:
        case UUID():
            return uuid4()
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return f"{value}x"
        case dt.datetime() | dt.date():
            return value + dt.timedelta(days=1)
    raise TypeError(f"{type(value).__name__} is no argument of a compiled query.")


def _changed(given: Sequence[Any], number: int, value: Any) -> list[Any]:
    """The arguments with another value in a place, counted through lists."""
    flat = _flat(given)
    flat[number] = value
    values = iter(flat)
    return [[next(values) for _ in one] if isinstance(one, list) else next(values) for one in given]


def _refuse(*given: Any, **named: Any) -> Any:
    raise TypeError("A compiled query is read as it is: what is to change is its argument.")


class _Shape:
    """SQL, where in its parameters each value stands, and how rows become objects."""

    def __init__(self, build: Callable[..., QuerySet[Any]], given: Sequence[Any]) -> None:
        self.queryset = build(*given)
        self.compiler: Any = self.queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, params = self.compiler.as_sql()
        self.params: tuple[Any, ...] = tuple(params)
        self.converters: Any = None
        # One value after the other is changed: what changes with it among the parameters is its.
        self.places: list[tuple[int, int]] = []
        self.types = [type(value) for value in _flat(given)]
        for number, value in enumerate(_flat(given)):
            other = _other(value)
            changed = build(*_changed(given, number, other)).query
            sql, params = changed.get_compiler(DEFAULT_DB_ALIAS).as_sql()
            places = [at for at, one in enumerate(params) if one != self.params[at]]
            if sql != self.sql or not places or any(params[at] != other for at in places):
                raise ValueError(f"{build.__qualname__} is not the same query with other values.")
            self.places += [(at, number) for at in places]

    def with_values(self, values: Sequence[Any]) -> QuerySet[Any]:
        if [type(value) for value in values] != self.types:
            raise TypeError("A compiled query takes the same kinds of values each time.")
        params = list(self.params)
        for at, number in self.places:
            params[at] = values[number]
        compiler = copy(self.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *given, **named: (self.sql, tuple(params))
        compiler.get_converters = self._converters
        query: Any = copy(self.queryset.query)
        query.get_compiler = lambda *given, **named: compiler
        query.chain = query.clone = _refuse
        first: Any = self.queryset
        found = type(first)(first.model, query, first._db, first._hints)
        found._iterable_class, found._fields = first._iterable_class, first._fields
        found._prefetch_related_lookups = first._prefetch_related_lookups
        found._known_related_objects = first._known_related_objects
        return cast(QuerySet[Any], found)

    def _converters(self, expressions: Any) -> Any:
        """The same for all rows that this query ever has."""
        if self.converters is None:
            self.converters = type(self.compiler).get_converters(self.compiler, expressions)
        return self.converters
