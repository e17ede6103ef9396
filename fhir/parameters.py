"""Search parameters of FHIR R4, asked of a resource as it is written: tokens, dates, references.

Several values of one are alternatives (`a,b`); the same parameter twice asks for both. What is not
known is refused, so that nobody takes more for what they asked for: `Prefer: handling=lenient`
leaves it away instead, and the answer's `self` link says what was asked.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from fhir.elements import Resource
from fhir.outcome import RefusedError


class Type(Enum):
    """As a CapabilityStatement names them."""

    TOKEN = "token"  # noqa: S105 - a code, and no secret
    DATE = "date"
    REFERENCE = "reference"
    STRING = "string"
    URI = "uri"


@dataclass(frozen=True)
class Parameter:
    """`paths` are elements with dots between them, any of which is meant; `system` is that of the
    contact points that are meant, where not all are.
    """

    type: Type
    paths: tuple[str, ...]
    system: str = ""


def _of(type_: Type) -> Callable[..., Parameter]:
    return lambda *paths, system="": Parameter(type_, paths, system)


token, date, reference, string, uri = map(_of, Type)
SUBJECT = reference("subject")
COMMON = {"_id": token("id"), "_lastUpdated": date("meta.lastUpdated")}
# By kind. `patient` is asked before anything is read (`fhir.searching`), and is none of these.
PARAMETERS: dict[str, dict[str, Parameter]] = {
    "Patient": {
        "identifier": token("identifier"),
        "name": string("name.text", "name.family", "name.given"),
        "family": string("name.family"),
        "given": string("name.given"),
        "birthdate": date("birthDate"),
        "gender": token("gender"),
        "email": token("telecom", system="email"),
        "phone": token("telecom", system="phone"),
        "organization": reference("managingOrganization"),
    },
    "RelatedPerson": {"active": token("active"), "name": string("name.text")},
    "EpisodeOfCare": {
        "status": token("status"),
        "date": date("period"),
        "condition": reference("diagnosis.condition"),
        "organization": reference("managingOrganization"),
        "care-manager": reference("careManager"),
    },
    "Condition": {
        "code": token("code"),
        "category": token("category"),
        "clinical-status": token("clinicalStatus"),
    },
    "Flag": {"date": date("period"), "author": reference("author")},
    "CarePlan": {
        "status": token("status"),
        "intent": token("intent"),
        "category": token("category"),
        "date": date("period"),
        "goal": reference("goal"),
        "condition": reference("addresses"),
        "activity-reference": reference("activity.reference"),
        "care-team": reference("careTeam"),
        "replaces": reference("replaces"),
    },
    "Goal": {
        "lifecycle-status": token("lifecycleStatus"),
        "category": token("category"),
        "start-date": date("startDate"),
    },
    "ServiceRequest": {
        "status": token("status"),
        "intent": token("intent"),
        "category": token("category"),
        "code": token("code"),
        "authored": date("authoredOn"),
        "occurrence": date("occurrenceTiming.repeat.boundsPeriod"),
        "requester": reference("requester"),
    },
    "Procedure": {
        "status": token("status"),
        "code": token("code"),
        "date": date("performedDateTime", "performedPeriod"),
        "based-on": reference("basedOn"),
        "performer": reference("performer.actor"),
        "reason-reference": reference("reasonReference"),
    },
    "Observation": {
        "status": token("status"),
        "code": token("code"),
        "category": token("category"),
        "date": date("effectiveDateTime", "effectivePeriod"),
        "performer": reference("performer"),
        "part-of": reference("partOf"),
        "derived-from": reference("derivedFrom"),
        "has-member": reference("hasMember"),
        "data-absent-reason": token("dataAbsentReason"),
    },
    "Questionnaire": {
        "url": uri("url"),
        "version": token("version"),
        "title": string("title"),
        "name": string("name"),
        "status": token("status"),
    },
    "QuestionnaireResponse": {
        "status": token("status"),
        "authored": date("authored"),
        "questionnaire": reference("questionnaire"),
        "based-on": reference("basedOn"),
        "author": reference("author"),
        "source": reference("source"),
    },
    "Task": {
        "status": token("status"),
        "intent": token("intent"),
        "priority": token("priority"),
        "code": token("code"),
        "authored-on": date("authoredOn"),
        "modified": date("lastModified"),
        "period": date("executionPeriod"),
        "owner": reference("owner"),
        "focus": reference("focus"),
    },
    "Consent": {
        "status": token("status"),
        "scope": token("scope"),
        "date": date("dateTime"),
    },
    "Provenance": {
        "target": reference("target"),
        "recorded": date("recorded"),
        "agent": reference("agent.who"),
    },
    "CareTeam": {
        "status": token("status"),
        "participant": reference("participant.member"),
    },
    "Organization": {"identifier": token("identifier"), "name": string("name")},
    "Practitioner": {
        "identifier": token("identifier"),
        "name": string("name.text", "name.family", "name.given"),
        "family": string("name.family"),
        "given": string("name.given"),
        "active": token("active"),
    },
    "PractitionerRole": {
        "practitioner": reference("practitioner"),
        "organization": reference("organization"),
        "active": token("active"),
    },
}
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


def refused(words: str) -> RefusedError:
    return RefusedError(HTTPStatus.BAD_REQUEST, words)


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
    return _span_of(value, place.zone) if of is Type.DATE else value


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


_DATE = re.compile(
    r"(eq|ne|gt|lt|ge|le|sa|eb)?(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?"
    r"(Z|[+-]\d\d:\d\d)?)?)?)?"
)
Span = tuple[dt.datetime, dt.datetime]  # from, and until without it
_FIRST, _LAST = (one.replace(tzinfo=dt.UTC) for one in (dt.datetime.min, dt.datetime.max))
# Whether what was found is so to what was asked for (R4, 3.1.1.4.5).
_COMPARE: dict[str, Callable[[Span, Span], bool]] = {
    "eq": lambda found, asked: asked[0] <= found[0] and found[1] <= asked[1],
    "ne": lambda found, asked: not (asked[0] <= found[0] and found[1] <= asked[1]),
    "gt": lambda found, asked: found[1] > asked[1],
    "lt": lambda found, asked: found[0] < asked[0],
    "ge": lambda found, asked: found[1] > asked[0],
    "le": lambda found, asked: found[0] < asked[1],
    "sa": lambda found, asked: found[0] >= asked[1],
    "eb": lambda found, asked: found[1] <= asked[0],
}


def _date(given: str, modifier: str, place: Place) -> Callable[[Any], bool]:
    said = _DATE.fullmatch(given.replace(" ", "+"))  # a + in an address is a blank
    try:
        asked = span(given.replace(" ", "+").removeprefix((said and said[1]) or ""), place.zone)
    except (ValueError, OverflowError) as error:
        raise refused(f"{given} is no date of FHIR, such as ge2026-01-31.") from error
    compare = _COMPARE[(said and said[1]) or "eq"]
    return lambda found: compare(found, asked)


def place_in_order(one: Resource, path: str, zone: ZoneInfo) -> str:
    """By an id, or by when something began, in UTC; what has no date comes first."""
    value = next(_at(one, path.split(".")), None)
    if path == "id" or value is None:
        return value or ""
    return _span_of(value, zone)[0].astimezone(dt.UTC).isoformat(timespec="microseconds")


def _span_of(value: Any, zone: ZoneInfo) -> Span:
    """Of a date, a moment or a Period; one without an end goes on."""
    if isinstance(value, dict):
        begin = span(value["start"], zone)[0] if value.get("start") else _FIRST
        end = span(value["end"], zone)[1] if value.get("end") else _LAST
        return begin, end
    return span(value, zone)


def span(text: str, zone: ZoneInfo) -> Span:
    """How long a date or moment lasts, as exactly as it says: a day, a second; in `zone` where it
    names none. Raises ValueError or OverflowError for anything else.
    """
    said = _DATE.fullmatch(text)
    if said is None or said[1]:
        raise ValueError(text)
    year, month, day = int(said[2]), int(said[3] or 1), int(said[4] or 1)
    if said[5] is None:
        begin = dt.datetime(year, month, day, tzinfo=zone)
        return begin, _after(begin, said)
    own = zone if said[9] is None else dt.datetime.strptime(said[9], "%z").tzinfo
    part = round(float(said[8] or 0) * 1e6)
    begin = dt.datetime(
        year, month, day, int(said[5]), int(said[6]), int(said[7] or 0), min(part, 999_999), own
    )
    lasts = dt.timedelta(minutes=1) if said[7] is None else dt.timedelta(seconds=1)
    if said[8]:
        lasts = dt.timedelta(microseconds=10 ** max(0, 7 - len(said[8])))
    return begin, begin + lasts


def _after(begin: dt.datetime, said: re.Match[str]) -> dt.datetime:
    if said[4]:
        return begin + dt.timedelta(days=1)
    if said[3]:
        return (begin + dt.timedelta(days=32)).replace(day=1)
    return begin.replace(year=begin.year + 1)


_ASK: dict[Type, Callable[[str, str, Place], Callable[[Any], bool]]] = {
    Type.TOKEN: _token,
    Type.DATE: _date,
    Type.REFERENCE: _reference,
    Type.STRING: _string,
    Type.URI: _uri,
}
