"""A record that another clinic gave along as a Bundle (`fhir.record` makes such), read again.

What is not understood is left out; what is of somebody else is, too. All words are the record's.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from accounts.models import Clinic
from fhir import codes, incoming
from fhir.elements import written
from patients.earlier import Caution, Course, Earlier, Entry, Line, Order, PlanVersion
from patients.incoming import Row, UnreadableError

_NO_RECORD = "This is no record as a Bundle of FHIR R4."
_ENTERED_IN_ERROR = "entered-in-error"
# Of the Physical Activity guide: what is said beside it already.
_SAID_TWICE = {codes.EXERCISE_ACTIVITY["code"], codes.ACTIVITY_PANEL["code"]}
_LONGEST = 4000  # letters of one text

Resource = dict[str, Any]


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
    every = list(_resources(bundle))
    patients = [one for one in every if one["resourceType"] == "Patient"]
    if len(patients) != 1:
        raise UnreadableError(f"This holds {len(patients)} people: a record is of one.")
    reader = _Reader(patients[0], every)
    content = reader.content()
    if content.is_empty:
        raise UnreadableError("It says who somebody is, and nothing of their care.")
    names = [_text(one.get("name")) for one in every if one["resourceType"] == "Organization"]
    return Brought(
        row=incoming.row(dict(patients[0]), clinic, keeps_numbers=False),
        clinic_name=next(filter(None, names), "Another clinic")[:120],
        made_at=_text(bundle.get("timestamp"))[:40],
        digest=sha256(data).hexdigest(),
        content=content,
    )


def _resources(bundle: Resource) -> Iterator[Resource]:
    entries = bundle.get("entry")
    for entry in entries if isinstance(entries, list) else []:
        one = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(one, dict) and isinstance(one.get("resourceType"), str):
            yield one


class _Reader:
    def __init__(self, patient: Resource, every: list[Resource]) -> None:
        self.itself = f"Patient/{patient.get('id')}"
        self.kinds: dict[str, list[Resource]] = {}
        self.named: dict[str, Resource] = {}
        for one in every:
            whose = [_reference(one.get(name)) for name in ("subject", "patient", "for")]
            if any(one is not None and not _is(one, self.itself) for one in whose):
                continue  # of somebody else
            self.kinds.setdefault(one["resourceType"], []).append(one)
            self.named[f"{one['resourceType']}/{one.get('id')}"] = one
        self.parts: dict[str, list[Resource]] = {}
        self.alone: list[Resource] = []
        for one in self.kinds.get("Observation", []):
            about = [
                _local(_reference(each) or "")
                for name in ("partOf", "derivedFrom", "focus")
                for each in _list(one.get(name))
            ]
            for each in about:
                self.parts.setdefault(each, []).append(one)
            if not about:
                self.alone.append(one)

    def content(self) -> Earlier:
        return Earlier(
            courses=[self._course(one) for one in self._all("EpisodeOfCare")],
            plans=[self._plan(one) for one in self._all("CarePlan")],
            cautions=[_caution(one) for one in self._all("Flag")],
            sessions=_in_order(self._session(one) for one in self._all("Procedure")),
            forms=_in_order(self._form(one) for one in self._all("QuestionnaireResponse")),
            told=_in_order(_signs(one) for one in self.alone),
            alerts=_in_order(_alert(one) for one in self._all("Task")),
        )

    def _all(self, kind: str) -> list[Resource]:
        return self.kinds.get(kind, [])

    def _find(self, reference: Any) -> Resource:
        return self.named.get(_local(_reference(reference) or ""), {})

    def _about(self, resource: Resource) -> list[Resource]:
        return self.parts.get(f"{resource['resourceType']}/{resource.get('id')}", [])

    def _course(self, episode: Resource) -> Course:
        found = [_dict(one).get("condition") for one in _list(episode.get("diagnosis"))]
        conditions = [self._find(one) for one in found]
        words = [_concept(one.get("code")) for one in conditions]
        sides = [_concept(each) for one in conditions for each in _list(one.get("bodySite"))]
        return Course(
            words="; ".join(filter(None, [*words, *sides])),
            begin=_text(_dict(episode.get("period")).get("start")),
            end=_text(_dict(episode.get("period")).get("end")),
            findings=[_line(each) for one in conditions if one for each in self._about(one)],
        )

    def _plan(self, plan: Resource) -> PlanVersion:
        goals = [self._find(one) for one in _list(plan.get("goal"))]
        orders = [self._find(_dict(one).get("reference")) for one in _list(plan.get("activity"))]
        return PlanVersion(
            title=_text(plan.get("title")),
            status=_text(plan.get("status")),
            begin=_text(_dict(plan.get("period")).get("start")),
            end=_text(_dict(plan.get("period")).get("end")),
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
            if set(_codes(one.get("code"))) & _SAID_TWICE:
                continue
            parts = _list(one.get("component"))
            lines += [_line(_dict(part)) for part in parts] if parts else [_line(one)]
        return _entry(procedure, procedure.get("performedDateTime"), lines)

    def _form(self, response: Resource) -> Entry:
        asked = _text(response.get("questionnaire"))
        form = next((one for one in self._all("Questionnaire") if _address(one) == asked), {})
        labels = dict(_labels(_list(form.get("item"))))
        lines = list(_answers(_list(response.get("item")), labels))
        lines += [_line(one) for one in self._about(response)]
        made = _entry(response, response.get("authored"), lines, _text(form.get("title")))
        extensions = map(_dict, _list(response.get("extension")))
        notes = (_text(_dict(one.get("valueAnnotation")).get("text")) for one in extensions)
        return replace(made, note=" ".join(filter(None, notes)))


def _entry(resource: Resource, at: Any, lines: list[Line], title: str = "") -> Entry:
    status = _text(resource.get("status"))
    notes = (_text(_dict(one).get("text")) for one in _list(resource.get("note")))
    return Entry(
        at=_text(at),
        title=title or _concept(resource.get("code")),
        status=status,
        is_wrong=status == _ENTERED_IN_ERROR,
        lines=lines,
        note=" ".join(filter(None, notes)),
    )


def _signs(observation: Resource) -> Entry:
    title, words = _line(observation)
    at = observation.get("effectiveDateTime")
    return _entry(observation, at, [(title, words)], title)


def _alert(task: Resource) -> Entry:
    lines = [("What", _text(task.get("description"))), ("How urgent", _text(task.get("priority")))]
    return _entry(task, task.get("authoredOn"), [(title, words) for title, words in lines if words])


def _caution(flag: Resource) -> Caution:
    when = _dict(flag.get("period"))
    return Caution(
        words=_concept(flag.get("code")),
        is_active=flag.get("status") == "active",
        begin=_text(when.get("start")),
        end=_text(when.get("end")),
    )


def _order(request: Resource) -> Order:
    details = (_concept(one) for one in _list(request.get("orderDetail")))
    return Order(
        title=_concept(request.get("code")),
        amount="; ".join(filter(None, details)),
        status=_text(request.get("status")),
        note=_text(request.get("patientInstruction")),
    )


def _in_order(entries: Iterator[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda one: one.at)


def _line(found: Resource) -> Line:
    """What was asked or measured, and what was found, in words."""
    return _concept(found.get("code")), _value(found) or "not answered"


def _value(found: Resource, prefix: str = "value") -> str:
    """Of an element that can hold one of many kinds of values; empty where it holds none."""
    for name, said in found.items():
        if not name.startswith(prefix) or said is None:
            continue
        kind = name.removeprefix(prefix)
        if kind == "Boolean":
            return "yes" if said is True else "no"
        if kind == "Quantity":
            return _quantity(_dict(said))
        if kind == "CodeableConcept":
            return _concept(said)
        if kind == "Coding":
            return _text(_dict(said).get("display") or _dict(said).get("code"))
        if isinstance(said, str | int | float):
            return _number(said)
    return ""


def _quantity(said: Resource) -> str:
    number, unit = said.get("value"), _text(said.get("unit"))
    if not isinstance(number, int | float):
        return ""
    return _number(number) if unit in {"", "1", "{score}"} else f"{_number(number)} {unit}"


def _number(value: Any) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:g}" if is_number else _text(value)


def _labels(items: list[Any]) -> Iterator[tuple[str, str]]:
    for one in map(_dict, items):
        yield str(one.get("linkId")), _text(one.get("text"))
        yield from _labels(_list(one.get("item")))


def _answers(items: list[Any], labels: dict[str, str]) -> Iterator[Line]:
    """Question by question, those in groups, too."""
    for one in map(_dict, items):
        key = str(one.get("linkId"))
        said = [_value(_dict(each)) for each in _list(one.get("answer"))]
        if any(said):
            yield labels.get(key) or _text(one.get("text")) or key, "; ".join(filter(None, said))
        yield from _answers(_list(one.get("item")), labels)


def _address(form: Resource) -> str:
    version = f"|{form['version']}" if form.get("version") else ""
    return f"{_text(form.get('url'))}{version}"


def _text(value: Any) -> str:
    return written(value)[:_LONGEST] if isinstance(value, str) else ""


def _dict(value: Any) -> Resource:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _reference(value: Any) -> str | None:
    found = value.get("reference") if isinstance(value, dict) else None
    return found if isinstance(found, str) else None


def _is(reference: str, itself: str) -> bool:
    return _local(reference) == itself


def _local(reference: str) -> str:
    """Kind and id, of a whole address as of a relative one."""
    return "/".join(reference.split("/")[-2:])


def _codes(concept: Any) -> list[str]:
    return [str(_dict(one).get("code")) for one in _list(_dict(concept).get("coding"))]


def _concept(concept: Any) -> str:
    """Its words, else those of a code."""
    said = _dict(concept)
    displays = (_text(_dict(one).get("display")) for one in _list(said.get("coding")))
    return _text(said.get("text")) or next(filter(None, displays), "")
