"""Queries that are built and compiled once a process, and run with other values from then on.

On the pages that people wait for, Django takes more time to build a queryset and to write its SQL
than PostgreSQL takes to answer. A function under `@compiled` says a query whose shape never
changes, and gets all that does change as its arguments:

    @compiled
    def _starts(plan: UUID) -> QuerySet[PhaseStart]:
        return PhaseStart.objects.filter(plan=plan).order_by("on", "at")

Each argument stands in the SQL as it is given; one that does not, or that changes the SQL, is
refused when it is first called. What is missing (None) and what is one of a few (yes or no, a
member of an enum) may change it: each has a shape of its own. Many keys are one argument, for
`any_of`:

    Plan.objects.filter(patient__any_of=patients)

What comes back is that queryset, to be read and nothing else: filtering it further is refused. What
the function reads besides its arguments is read once.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from copy import copy
from enum import Enum
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast
from uuid import UUID, uuid4

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, ForeignObject, Lookup, QuerySet

P = ParamSpec("P")
Rows = TypeVar("Rows", bound=QuerySet[Any, Any])
OF_SHAPE = (type(None), bool, Enum)


if TYPE_CHECKING:
    _Lookup = Lookup[Any]
else:  # knows no parameters
    _Lookup = Lookup


@Field.register_lookup
@ForeignObject.register_lookup
class AnyOf(_Lookup):
    """As Django's `in`, with the values as one array: the same statement for however many."""

    lookup_name = "any_of"

    def get_prep_lookup(self) -> list[Any]:
        field = getattr(self.lhs.output_field, "target_field", self.lhs.output_field)
        return [field.get_prep_value(value) for value in self.rhs]

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (value,)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if not self.rhs:
            raise EmptyResultSet
        left, left_params = self.process_lhs(compiler, connection)
        right, params = self.process_rhs(compiler, connection)
        kind = self.lhs.output_field.db_type(connection)
        return f"{left} = ANY({right}::{kind}[])", (*left_params, *params)


def compiled(build: Callable[P, Rows]) -> Callable[P, Rows]:
    """The function of a fixed query, compiled when it is first called."""
    shapes: dict[tuple[Any, ...], _Shape] = {}

    @wraps(build)
    def again(*given: P.args, **named: P.kwargs) -> Rows:
        assert not named, "By position: they are told apart by it."
        if [] in given:  # nothing to compile it with
            return build(*given, **named)
        kinds = tuple(one if isinstance(one, OF_SHAPE) else type(one) for one in given)
        if kinds not in shapes:
            shapes[kinds] = _Shape(cast(Any, build), given)
        return cast(Rows, shapes[kinds].with_values(given))

    return again


def _other(value: Any) -> Any:
    """Of the same type, and not equal."""
    match value:
        case UUID():
            return uuid4()
        case int():
            return value + 1
        case str():
            return f"{value}x"
        case dt.datetime() | dt.date():
            return value + dt.timedelta(days=1)
        case [first, *more]:
            return [_other(first), *more]
    raise TypeError(f"{type(value).__name__} is no argument of a compiled query.")


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
        for number, value in enumerate(given):
            if isinstance(value, OF_SHAPE):
                continue
            other = _other(value)
            changed = build(*given[:number], other, *given[number + 1 :]).query
            sql, params = changed.get_compiler(DEFAULT_DB_ALIAS).as_sql()
            places = [at for at, one in enumerate(params) if one != self.params[at]]
            if sql != self.sql or not places or any(params[at] != other for at in places):
                raise ValueError(f"{build.__qualname__} is not the same query with other values.")
            self.places += [(at, number) for at in places]

    def with_values(self, values: Sequence[Any]) -> QuerySet[Any]:
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
