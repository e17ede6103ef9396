"""FHIR's data types as this door writes them: references, codes, moments, narratives.

Plain dictionaries: three years of sessions are some 15,000 resources, and the classes of
fhir.resources take half a millisecond for each. The tests hold what is made against those classes.
"""

import datetime as dt
from collections.abc import Iterable
from html import escape
from typing import Any
from uuid import UUID, uuid5
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


def part_of(key: UUID, name: str) -> UUID:
    """The key of a resource that is no row of its own: the same each time it is made."""
    return uuid5(key, name)


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
    """Without what neither FHIR nor XML has a place for, such as a soft break pasted from Word."""
    return text.translate(_NO_TEXT)


def narrative(lines: Iterable[str]) -> Element:
    """For who reads it without a program for FHIR."""
    said = "".join(f"<p>{escape(written(line))}</p>" for line in lines if line)
    return {
        "status": "generated",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{said}</div>',
    }
