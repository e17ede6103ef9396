"""FHIR's data types as this door writes them: references, codes, moments, narratives.

Plain dictionaries: three years of sessions are some 15,000 resources, and the classes of
fhir.resources take half a millisecond for each. The tests hold what is made against those classes.
"""

import datetime as dt
import re
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

Element = dict[str, Any]
Resource = dict[str, Any]
NOTHING: tuple[Any, ...] = (None, "", [], {})


def filled(**elements: Any) -> Element:
    """Without what is empty: FHIR knows no empty element. False and 0 are something."""
    return {name: value for name, value in elements.items() if value not in NOTHING}


def resource(kind: str, key: object, *profiles: str, **elements: Any) -> Resource:
    meta = {"profile": list(profiles)} if profiles else None
    return filled(resourceType=kind, id=str(key), meta=meta, **elements)


_LONGEST_ID = 64
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9.-]+")


def since(at: dt.datetime | None, made: Resource) -> Resource:
    """A resource that has been as it is since `at`; to a millisecond, in UTC."""
    if at is not None:
        said = at.astimezone(dt.UTC).isoformat(timespec="milliseconds")
        made["meta"] = {"lastUpdated": said, **made.get("meta", {})}
    return made


def part_of(key: UUID, name: str) -> str:
    """The id of a resource that is no row of its own: the row's with its name behind a dot, so that
    it is the same each time, and says where it is found.
    """
    part = _NOT_IN_ID.sub("-", name)
    room = _LONGEST_ID - len(f"{key}.")
    if len(part) > room:
        part = part[: room - 9] + "-" + sha256(name.encode()).hexdigest()[:8]
    return f"{key}.{part}"


def row_of(identity: str) -> UUID | None:
    """The row that an id of ours is of, or of which it is a part; None for any other text."""
    try:
        key = UUID(identity[:36])
    except ValueError:
        return None
    return key if identity[:36] == str(key) and identity[36:37] in {"", "."} else None


def to(kind: str, key: object) -> Element:
    return {"reference": f"{kind}/{key}"}


def coding(system: str, code: str, display: str = "") -> Element:
    return filled(system=system, code=code, display=display)


def concept(text: str = "", *codings: Element) -> Element:
    """Codes where one was verified (`fhir.codes`), and always words."""
    return filled(coding=list(codings), text=text)


def of_uuid(key: object) -> Element:
    return {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{key}"}


def moment(at: dt.datetime, zone: ZoneInfo) -> str:
    """As the clinic's wall had it, with its distance from UTC."""
    return at.astimezone(zone).isoformat(timespec="seconds")


def period(begin: str | None, end: str | None = None) -> Element:
    return filled(start=begin, end=end)


def day(date: dt.date | None) -> str | None:
    return date.isoformat() if date else None


def quantity(value: float, unit: str, code: str) -> Element:
    """In a unit of UCUM."""
    number = int(value) if value == int(value) else value
    return {"value": number, "unit": unit, "system": "http://unitsofmeasure.org", "code": code}


def absent(reason: str = "unknown", text: str = "Not answered") -> Element:
    """Why there is no value: never a 0 that nobody said."""
    return concept(text, coding("http://terminology.hl7.org/CodeSystem/data-absent-reason", reason))


def remark(text: str, author: Element, at: str) -> Element:
    return {"authorReference": author, "time": at, "text": text}


_NO_TEXT = {code: None for code in range(0x20) if chr(code) not in "\t\n\r"}


def written(text: str) -> str:
    """Without what neither FHIR nor XML has a place for, such as a soft break pasted from Word, or
    half a sign.
    """
    return text.translate(_NO_TEXT).encode(errors="replace").decode()


def narrative(lines: Iterable[str]) -> Element:
    """For who reads it without a program for FHIR."""
    said = "".join(f"<p>{escape(written(line))}</p>" for line in lines if line)
    return {
        "status": "generated",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{said}</div>',
    }
