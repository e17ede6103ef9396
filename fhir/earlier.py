"""A record that another clinic gave along as a Bundle (`fhir.record` makes such), read again.

What is not understood is left out; what is of somebody else is, too. All words are the record's.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from operator import attrgetter
from typing import Any

from accounts.models import Clinic
from fhir import codes, incoming, reading
from fhir.elements import Resource
from fhir.reading import a_dict, a_list
from patients.earlier import Caution, Course, Earlier, Entry, Line, Order, PlanVersion
from patients.incoming import Row, UnreadableError

_NO_RECORD = "This is no record as a Bundle of FHIR R4."
_ENTERED_IN_ERROR = "entered-in-error"
# Of the Physical Activity guide: what is said beside it already.
_SAID_TWICE = {codes.EXERCISE_ACTIVITY["code"], codes.ACTIVITY_PANEL["code"]}
_LONGEST = 4000  # letters of one text
_BEGIN = attrgetter("begin")


@dataclass(frozen=True)
class Brought:
    """Whose it is (as `patients.incoming` looks at one), of which clinic, and what it says."""

    row: Row
    clinic_name: str
    made_at: str
    digest: str
    content: Earlier


def read(data: bytes, clinic: Clinic) -> Brought:
    """Raises UnreadableError for what is no record of one person."""
    try:
        bundle = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(_NO_RECORD) from error
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise UnreadableError(_NO_RECORD)
    every = list(reading.resources(bundle))
    patients = [one for _, one in every if one["resourceType"] == "Patient"]
    if len(patients) != 1:
        raise UnreadableError(f"This holds {len(patients)} people: a record is of one.")
    reader = _Reader(patients[0], every)
    content = reader.content()
    if content.is_empty:
        raise UnreadableError("It says who somebody is, and nothing of their care.")
    names = [_text(one.get("name")) for _, one in every if one["resourceType"] == "Organization"]
    return Brought(
        row=incoming.row(dict(patients[0]), clinic, keeps_numbers=False),
        clinic_name=next(filter(None, names), "Another clinic")[:120],
        made_at=_text(bundle.get("timestamp"))[:40],
        digest=sha256(data).hexdigest(),
        content=content,
    )


class _Reader:
    def __init__(self, patient: Resource, every: list[tuple[str, Resource]]) -> None:
        # Each by kind and id, and by the address that a bundle may give instead (`urn:uuid:…`).
        self.places = {id(one): _place(address, one) for address, one in every}
        self.addresses = {address: self.places[id(one)] for address, one in every if address}
        self.kinds: dict[str, list[Resource]] = {}
        self.named: dict[str, Resource] = {}
        for _, one in every:
            if self._is_of(one, self.places[id(patient)]):
                self.kinds.setdefault(one["resourceType"], []).append(one)
                self.named[self.places[id(one)]] = one
        self.parts: dict[str, list[Resource]] = {}
        self.alone: list[Resource] = []
        for one in self.kinds.get("Observation", []):
            about = [
                self._led(each)
                for name in ("partOf", "derivedFrom", "focus")
                for each in a_list(one.get(name))
            ]
            for each in about:
                self.parts.setdefault(each, []).append(one)
            if not about:
                self.alone.append(one)

    def _led(self, value: Any) -> str:
        """Kind and id that an element leads to; empty where it names none."""
        address = reading.reference(value)
        return self.addresses.get(address) or reading.local(address)

    def _is_of(self, one: Resource, itself: str) -> bool:
        """What names somebody names this patient; what names nobody is of the clinic, or a form."""
        whose = [one[name] for name in ("subject", "patient", "for") if one.get(name) is not None]
        return all(self._led(each) == itself for each in whose)

    def content(self) -> Earlier:
        return Earlier(
            courses=sorted(map(self._course, self._all("EpisodeOfCare")), key=_BEGIN),
            plans=sorted(map(self._plan, self._all("CarePlan")), key=_BEGIN),
            cautions=sorted(map(_caution, self._all("Flag")), key=_BEGIN),
            sessions=_in_order(self._session(one) for one in self._all("Procedure")),
            forms=_in_order(self._form(one) for one in self._all("QuestionnaireResponse")),
            told=_in_order(_signs(one) for one in self.alone),
            alerts=_in_order(_alert(one) for one in self._all("Task")),
        )

    def _all(self, kind: str) -> list[Resource]:
        return self.kinds.get(kind, [])

    def _find(self, reference: Any) -> Resource:
        return self.named.get(self._led(reference), {})

    def _about(self, resource: Resource) -> list[Resource]:
        return self.parts.get(self.places[id(resource)], [])

    def _found(self, resource: Resource) -> list[Line]:
        return [line for one in self._about(resource) for line in _lines(one)]

    def _course(self, episode: Resource) -> Course:
        found = [a_dict(one).get("condition") for one in a_list(episode.get("diagnosis"))]
        conditions = [one for one in map(self._find, found) if one]
        words = [_concept(one.get("code")) for one in conditions]
        sides = [_concept(each) for one in conditions for each in a_list(one.get("bodySite"))]
        return Course(
            words="; ".join(filter(None, [*words, *sides])),
            begin=_text(a_dict(episode.get("period")).get("start")),
            end=_text(a_dict(episode.get("period")).get("end")),
            findings=[line for one in conditions for line in self._found(one)],
        )

    def _plan(self, plan: Resource) -> PlanVersion:
        goals = [self._find(one) for one in a_list(plan.get("goal"))]
        orders = [self._find(a_dict(one).get("reference")) for one in a_list(plan.get("activity"))]
        return PlanVersion(
            title=_text(plan.get("title")),
            status=_text(plan.get("status")),
            notes=[_text(a_dict(one).get("text")) for one in a_list(plan.get("note"))],
            begin=_text(a_dict(plan.get("period")).get("start")),
            end=_text(a_dict(plan.get("period")).get("end")),
            goals=[
                (_concept(one.get("description")), _text(one.get("lifecycleStatus")))
                for one in goals
                if one
            ],
            orders=[_order(one) for one in orders if one],
        )

    def _session(self, procedure: Resource) -> Entry:
        lines: list[Line] = []
        for one in self._about(procedure):
            if set(reading.codes(one.get("code"))) & _SAID_TWICE:
                continue
            lines += _lines(one)
        if why := _concept(procedure.get("statusReason")):
            lines.append(("Why", why))
        return _entry(procedure, procedure.get("performedDateTime"), lines)

    def _form(self, response: Resource) -> Entry:
        asked = _text(response.get("questionnaire"))
        form = next((one for one in self._all("Questionnaire") if _address(one) == asked), {})
        labels = dict(_labels(a_list(form.get("item"))))
        lines = list(_answers(a_list(response.get("item")), labels))
        lines += self._found(response)
        made = _entry(response, response.get("authored"), lines, _text(form.get("title")))
        extensions = map(a_dict, a_list(response.get("extension")))
        notes = (_text(a_dict(one.get("valueAnnotation")).get("text")) for one in extensions)
        return replace(made, note=" ".join(filter(None, notes)))


def _place(address: str, resource: Resource) -> str:
    key = resource.get("id")
    return f"{resource['resourceType']}/{key}" if isinstance(key, str) else address


def _entry(resource: Resource, at: Any, lines: list[Line], title: str = "") -> Entry:
    status = _text(resource.get("status"))
    notes = (_text(a_dict(one).get("text")) for one in a_list(resource.get("note")))
    return Entry(
        at=_text(at),
        title=title or _concept(resource.get("code")),
        status=status,
        is_wrong=status == _ENTERED_IN_ERROR,
        lines=lines,
        note=" ".join(filter(None, notes)),
    )


def _signs(observation: Resource) -> Entry:
    lines, title = _lines(observation), _concept(observation.get("code"))
    return _entry(observation, observation.get("effectiveDateTime"), lines, title)


def _alert(task: Resource) -> Entry:
    lines = [("What", _text(task.get("description"))), ("How urgent", _text(task.get("priority")))]
    return _entry(task, task.get("authoredOn"), [(title, words) for title, words in lines if words])


def _caution(flag: Resource) -> Caution:
    when = a_dict(flag.get("period"))
    return Caution(
        words=_concept(flag.get("code")),
        is_active=flag.get("status") == "active",
        begin=_text(when.get("start")),
        end=_text(when.get("end")),
    )


def _order(request: Resource) -> Order:
    details = (_concept(one) for one in a_list(request.get("orderDetail")))
    return Order(
        title=_concept(request.get("code")),
        amount="; ".join(filter(None, details)),
        status=_text(request.get("status")),
        note=_text(request.get("patientInstruction")),
    )


def _in_order(entries: Iterator[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda one: one.at)


def _lines(found: Resource) -> list[Line]:
    """What was asked or measured, and what was found, in words; part by part where it has some."""
    parts = [found, *map(a_dict, a_list(found.get("component")))]
    lines = []
    for one in parts:
        said = _value(one) or ("not answered" if one.get("dataAbsentReason") else "")
        if said:
            lines.append((_concept(one.get("code")), said))
    return lines


def _value(found: Resource, prefix: str = "value") -> str:
    """Of an element that can hold one of many kinds of values; empty where it holds none."""
    for name, said in found.items():
        if not name.startswith(prefix) or said is None:
            continue
        kind = name.removeprefix(prefix)
        if kind == "Boolean":
            return "yes" if said is True else "no"
        if kind == "Quantity":
            return _quantity(a_dict(said))
        if kind == "CodeableConcept":
            return _concept(said)
        if kind == "Coding":
            return _text(a_dict(said).get("display") or a_dict(said).get("code"))
        if isinstance(said, str | int | float):
            return _number(said)
    return ""


def _quantity(said: Resource) -> str:
    number, unit = said.get("value"), _text(said.get("unit"))
    if not isinstance(number, int | float):
        return ""
    words = f"{_text(said.get('comparator'))} {_number(number)}".strip()
    return words if unit in {"", "1", "{score}"} else f"{words} {unit}"


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _text(value)
    is_whole = math.isfinite(value) and value == int(value)
    return str(int(value) if is_whole else value)


def _labels(items: list[Any]) -> Iterator[tuple[str, str]]:
    for one in map(a_dict, items):
        yield str(one.get("linkId")), _text(one.get("text"))
        yield from _labels(a_list(one.get("item")))


def _answers(items: list[Any], labels: dict[str, str]) -> Iterator[Line]:
    """Question by question, those in groups, too."""
    for one in map(a_dict, items):
        key = str(one.get("linkId"))
        said = [_value(a_dict(each)) for each in a_list(one.get("answer"))]
        if any(said):
            yield labels.get(key) or _text(one.get("text")) or key, "; ".join(filter(None, said))
        yield from _answers(a_list(one.get("item")), labels)


def _address(form: Resource) -> str:
    version = f"|{form['version']}" if form.get("version") else ""
    return f"{_text(form.get('url'))}{version}"


def _text(value: Any) -> str:
    return reading.text(value)[:_LONGEST]


def _concept(concept: Any) -> str:
    return reading.words(concept)[:_LONGEST]
