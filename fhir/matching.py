"""Whether a resource, as it is written, is what is searched: tokens, words, dates, references.

Several values of one parameter are alternatives (`a,b`); the same parameter twice asks for both.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from fhir.dates import comparison, span_of
from fhir.elements import Resource
from fhir.outcome import refused
from fhir.parameters import COMMON, PARAMETERS, Parameter, Type, reference

_MODIFIERS = {
    Type.TOKEN: {"not", "text"},
    Type.STRING: {"exact", "contains"},
    Type.DATE: set(),
    Type.REFERENCE: set(),
    Type.URI: set(),
}


class Place(NamedTuple):
    """Where is asked: this interface's address, and the clinic's zone, in which a day begins."""

    base: str
    zone: ZoneInfo


MOST_TESTS, MOST_VALUES = 20, 50  # of one search
Test = Callable[[Resource], bool]


@dataclass(frozen=True)
class Asked:
    """One parameter of a search: whether a resource is such."""

    holds: Test
    values: int


def test(kind: str, asked: str, given: str, place: Place) -> Asked | None:
    """What a resource of the kind is asked by one parameter; None for one that is not known.

    `asked` is its name with a modifier. Raises RefusedError for a value that is none.
    """
    name, _, modifier = asked.partition(":")
    parameter = (COMMON | PARAMETERS[kind]).get(name)
    if parameter is None or modifier not in {"", "missing", *_MODIFIERS[parameter.type]}:
        return None
    if modifier == "missing":
        if given not in {"true", "false"}:
            raise refused(f"{asked} is true or false.")
        return Asked(lambda one: (given == "false") == any(True for _ in _found(one, parameter)), 1)
    values = list(dict.fromkeys(_split(given)))
    if not values:
        raise refused(f"{asked}: a value is needed.")
    tests = [_ASK[parameter.type](value, modifier, place) for value in values[: MOST_VALUES + 1]]
    is_not = modifier == "not"
    # What does not say since when it is so may be new.
    unless_silent = name == "_lastUpdated"

    def holds(one: Resource) -> bool:
        found = [_read(value, parameter.type, place) for value in _found(one, parameter)]
        if unless_silent and not found:
            return True
        return is_not != any(each(value) for each in tests for value in found)

    return Asked(holds, len(values))


def _read(value: Any, of: Type, place: Place) -> Any:
    """Once for all that it is held against."""
    return span_of(value, place.zone) if of is Type.DATE else value


def references(one: Resource, name: str) -> Iterator[str]:
    """Where a resource leads by a parameter of type reference, as `Kind/id`."""
    parameter = PARAMETERS[one["resourceType"]].get(name)
    if name in {"patient", "subject"}:
        parameter = reference("subject", "patient", "for")
    for value in _found(one, parameter) if parameter else ():
        if isinstance(value, str):  # a canonical address of a questionnaire of ours
            address, _, version = value.partition("|")
            kind, name = address.split("/")[-2:]
            yield f"{kind}/{name}-{version}" if version else f"{kind}/{name}"
        elif value.get("reference"):
            yield value["reference"]


def _found(one: Resource, parameter: Parameter) -> Iterator[Any]:
    for path in parameter.paths:
        for value in _at(one, path.split(".")):
            if not parameter.system or value.get("system") == parameter.system:
                yield value


def _at(value: Any, path: list[str]) -> Iterator[Any]:
    if isinstance(value, list):
        for each in value:
            yield from _at(each, path)
    elif not path:
        if value is not None:
            yield value
    elif isinstance(value, dict) and path[0] in value:
        yield from _at(value[path[0]], path[1:])


def _split(given: str) -> list[str]:
    r"""Alternatives, of which a comma may be escaped: `\,`. The escapes are still there."""
    return [part for part in re.split(r"(?<!\\),", given) if part]


def _plain(part: str) -> str:
    return re.sub(r"\\([,$|\\])", r"\1", part)


def _token(given: str, modifier: str, place: Place) -> Callable[[Any], bool]:
    """`code`, `system|code`, `|code` without a system, `system|` any of it. Where FHIR has a
    code alone its system is implied.
    """
    if modifier == "text":
        words = _plain(given).casefold()
        return lambda value: words in _words(value)
    parts = re.split(r"(?<!\\)\|", given, maxsplit=1)
    code, system = _plain(parts[-1]).casefold(), _plain(parts[0]) if len(parts) > 1 else None
    return lambda value: any(
        (not code or code == found.casefold())
        and (system is None or system == (of or "") or (bool(system) and isinstance(value, str)))
        for of, found in _codes(value)
    )


def _codes(value: Any) -> Iterator[tuple[str | None, str]]:
    """Each as (system, code): of a code, a Coding, a CodeableConcept, an Identifier."""
    if isinstance(value, bool):
        yield None, str(value).lower()
    elif isinstance(value, str):
        yield None, value
    elif isinstance(value, dict) and "coding" in value:
        for one in value["coding"]:
            yield one.get("system"), one.get("code", "")
    elif isinstance(value, dict):
        yield value.get("system"), value.get("code") or value.get("value") or ""


def _words(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value).casefold()
    shown = [value.get("text", ""), value.get("display", "")]
    shown += [one.get("display", "") for one in value.get("coding", ())]
    return " ".join(shown).casefold()


def _string(given: str, modifier: str, place: Place) -> Callable[[Any], bool]:
    text = _plain(given)
    if modifier == "exact":
        return lambda value: bool(value == text)
    words = text.casefold()
    if modifier == "contains":
        return lambda value: words in str(value).casefold()
    return lambda value: str(value).casefold().startswith(words)


def _uri(given: str, modifier: str, place: Place) -> Callable[[Any], bool]:
    text = _plain(given)
    return lambda value: bool(value == text)


def _reference(given: str, modifier: str, place: Place) -> Callable[[Any], bool]:
    """By `Kind/id`, its whole address or the id alone; a canonical address also without version."""
    text = _plain(given)
    wanted = text.removeprefix(f"{place.base}/")

    def leads(value: Any) -> bool:
        if isinstance(value, str):
            return text in {value, value.partition("|")[0]}
        found = str(value.get("reference", ""))
        return found == wanted or ("/" not in wanted and found.partition("/")[2] == wanted)

    return leads


def _date(given: str, modifier: str, place: Place) -> Callable[[Any], bool]:
    try:
        return comparison(given, place.zone)
    except (ValueError, OverflowError) as error:
        raise refused(f"{given} is no date of FHIR, such as ge2026-01-31.") from error


def place_in_order(one: Resource, path: str, zone: ZoneInfo) -> str:
    """By an id, or by when something began, in UTC; what has no date comes first."""
    value = next(_at(one, path.split(".")), None)
    if path == "id" or value is None:
        return value or ""
    return span_of(value, zone)[0].astimezone(dt.UTC).isoformat(timespec="microseconds")


_ASK: dict[Type, Callable[[str, str, Place], Callable[[Any], bool]]] = {
    Type.TOKEN: _token,
    Type.DATE: _date,
    Type.REFERENCE: _reference,
    Type.STRING: _string,
    Type.URI: _uri,
}
