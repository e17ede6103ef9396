"""Reading a definition's JSON field by field, with errors that name the measure and the field."""

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

Choice = TypeVar("Choice", bound=StrEnum)
_REQUIRED: Any = object()


class Fields:
    """One JSON object. Every reader takes its field away; `done` refuses what nobody read.

    All readers raise ValueError such as "M2 version 1: items[0].label: is missing".
    """

    def __init__(self, where: str, data: Any, path: str = "") -> None:
        self.where, self.path = where, path
        if not isinstance(data, Mapping):
            raise self.fault("", "has to be a mapping")
        self._left = dict(data)

    def fault(self, name: str, what: str) -> ValueError:
        path = ".".join(part for part in (self.path, name) if part)
        return ValueError(f"{self.where}: {path or 'definition'}: {what}")

    def done(self) -> None:
        for name in self._left:
            raise self.fault(str(name), "is not a field of this kind")

    def _take(self, name: str, default: Any) -> Any:
        if name in self._left:
            return self._left.pop(name)
        if default is _REQUIRED:
            raise self.fault(name, "is missing")
        return default

    def text(self, name: str, default: str = _REQUIRED) -> str:
        value = self._take(name, default)
        if not isinstance(value, str) or (default is _REQUIRED and not value.strip()):
            raise self.fault(name, "has to be words")
        return value

    def number(self, name: str, default: float | None = _REQUIRED) -> float | None:
        """A finite number; null only where the field may be left out."""
        value = self._take(name, default)
        if value is None and default is None:
            return None
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            raise self.fault(name, "has to be a number")
        return value

    def whole(self, name: str, default: int = _REQUIRED) -> int:
        value = self._take(name, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fault(name, "has to be a whole number")
        return value

    def truth(self, name: str) -> bool:
        """True or false; false where it is left out."""
        value = self._take(name, False)
        if not isinstance(value, bool):
            raise self.fault(name, "has to be true or false")
        return value

    def one_of(self, kind: type[Choice], name: str, default: Choice = _REQUIRED) -> Choice:
        value = self._take(name, default)
        try:
            return kind(value)
        except ValueError:
            raise self.fault(name, f"has to be one of {', '.join(kind)}") from None

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of words; empty where it is left out."""
        values = self._take(name, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self.fault(name, "has to be a list of words")
        return tuple(values)

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """[[value, words], ...]: a list, as PostgreSQL's jsonb forgets the order of a mapping."""
        values = self._take(name, [])
        try:
            pairs = tuple((value, words) for value, words in values)
        except (TypeError, ValueError):
            raise self.fault(name, "has to be a list of pairs") from None
        if not all(isinstance(part, str) for pair in pairs for part in pair):
            raise self.fault(name, "has to be a list of pairs of words")
        return pairs

    def part(self, name: str) -> "Fields | None":
        """A JSON object within this one; None where it is left out."""
        value = self._take(name, None)
        return None if value is None else Fields(self.where, value, self._below(name))

    def rows(self, name: str, each: Mapping[str, Any] | None = None) -> list["Fields"]:
        """A list of objects, empty where it is left out. `each` holds what all rows share."""
        values = self._take(name, [])
        if not isinstance(values, list):
            raise self.fault(name, "has to be a list")
        return [self._row(f"{name}[{index}]", value, each) for index, value in enumerate(values)]

    def _row(self, name: str, value: Any, each: Mapping[str, Any] | None) -> "Fields":
        if not isinstance(value, Mapping):
            raise self.fault(name, "has to be a mapping")
        return Fields(self.where, {**(each or {}), **value}, self._below(name))

    def mapping(self, name: str) -> dict[str, Any]:
        """As it stands; empty where it is left out."""
        value = self._take(name, {})
        if not isinstance(value, Mapping):
            raise self.fault(name, "has to be a mapping")
        return dict(value)

    def _below(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name
