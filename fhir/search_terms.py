"""What a search asks, understood: whose, which, in which order, how many, and what comes along.

What is not known is refused, so that nobody takes more for what they asked for: `Prefer:
handling=lenient` leaves it away instead, and the answer's `self` link says what was asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from accounts.smart.addresses import address_of_fhir
from fhir.access import Reader, key_of
from fhir.elements import Resource
from fhir.matching import MOST_TESTS, MOST_VALUES, Asked, Place, test
from fhir.outcome import refused
from fhir.parameters import COMMON, PARAMETERS, Type

A_PAGE, LONGEST_PAGE = 100, 500
# Of the clinic, and not of one patient.
OF_CLINIC = ("Organization", "Practitioner", "PractitionerRole", "Questionnaire")
_SHAPING = {"_count", "_after", "_sort", "_include", "_revinclude", "_summary"}
# Of R4's parameters for all kinds, those that would find less: not known here, and never left away
# unasked. What else begins with `_` shapes an answer, and is.
_NARROWING = {
    "_content", "_filter", "_has", "_in", "_language", "_list", "_profile", "_query", "_security",
    "_source", "_tag", "_text", "_type",
}  # fmt: skip


# What a Provenance of ours is of.
_WITH_PROVENANCE = {"CarePlan", "Procedure", "ServiceRequest"}


@dataclass
class Search:
    """What is asked, understood."""

    kind: str
    place: Place
    patient: UUID | None = None
    is_of_nobody: bool = False  # of a patient who is not to be seen, or none
    ids: list[str] = field(default_factory=list)
    tests: list[Asked] = field(default_factory=list)
    used: list[tuple[str, str]] = field(default_factory=list)
    count: int = A_PAGE
    after: str = ""
    sort: str = ""
    includes: list[str] = field(default_factory=list)
    with_provenance: bool = False
    is_count_alone: bool = False

    def holds(self, one: Resource) -> bool:
        return all(asked.holds(one) for asked in self.tests)


def understood(
    reader: Reader, kind: str, asked: Mapping[str, list[str]], *, lenient: bool
) -> Search:
    """Raises RefusedError for what is not known, unless `lenient`, and for values that are none."""
    search = Search(kind, Place(address_of_fhir(), reader.clinic.zone))
    pairs = dict.fromkeys((name, one) for name, values in asked.items() for one in values)
    for name, given in pairs:
        if _take(search, name, given) or _shapes_alone(name):
            continue
        if not lenient:
            known = ", ".join(["_id", "_lastUpdated", *_of_patient(kind), *PARAMETERS[kind]])
            raise refused(f"{name} is not known of {kind}. Known: {known}.")
    if len(search.tests) > MOST_TESTS or sum(one.values for one in search.tests) > MOST_VALUES:
        raise refused(f"At most {MOST_TESTS} parameters with {MOST_VALUES} values in all.")
    return search


def _shapes_alone(name: str) -> bool:
    own = name.partition(":")[0]
    return own.startswith("_") and own not in _NARROWING | _SHAPING | COMMON.keys()


def _of_patient(kind: str) -> tuple[str, ...]:
    return () if kind in {*OF_CLINIC, "Patient"} else ("patient", "subject")


def _take(search: Search, name: str, given: str) -> bool:
    """Whether it is known here."""
    if name in _SHAPING:
        is_known = _shape(search, name, given)
    elif name.removesuffix(":Patient") in _of_patient(search.kind):
        _of_whom(search, given)
        is_known = True
    else:
        asks = test(search.kind, name, given, search.place)
        if asks is not None:
            search.tests.append(asks)
        if name == "_id":
            search.ids = list(dict.fromkeys(one for one in given.split(",") if one))
        is_known = asks is not None
    if is_known and name != "_after":
        search.used.append((name, given))
    return is_known


def _of_whom(search: Search, given: str) -> None:
    """Raises RefusedError for several patients, and for none."""
    if not given or "," in given:
        raise refused("One patient in a search.")
    key = key_of(given, "Patient", search.place.base)
    search.is_of_nobody |= key is None or search.patient not in {None, key}
    search.patient = key


def _shape(search: Search, name: str, given: str) -> bool:
    """What a page looks like. Raises RefusedError for a value that is none."""
    if name == "_count":
        if not (given.isascii() and given.isdecimal() and len(given) < 7):
            raise refused("_count is a number.")
        search.count = min(int(given), LONGEST_PAGE)
        search.is_count_alone |= int(given) == 0
    elif name == "_after":
        search.after = given
    elif name == "_sort":
        search.sort = given
        if sortable(search.kind, given.removeprefix("-")) is None:
            raise refused(f"{search.kind} is sorted by _id, _lastUpdated or one of its dates.")
    elif name == "_summary":
        search.is_count_alone |= given == "count"
    elif name == "_revinclude":
        search.with_provenance |= search.kind in _WITH_PROVENANCE
        return ":".join(given.split(":")[:2]) == "Provenance:target"
    else:
        kind, _, parameter = given.partition(":")
        search.includes.append(parameter.partition(":")[0])
        return kind == search.kind and search.includes[-1] in includable(kind)
    return True


def includable(kind: str) -> list[str]:
    """Parameters whose resources an answer can bring along."""
    of_patient = [] if kind == "Provenance" else list(_of_patient(kind))
    own = (name for name, one in PARAMETERS[kind].items() if one.type is Type.REFERENCE)
    return [*of_patient, *own]


def sortable(kind: str, name: str) -> str | None:
    """The path of what it is sorted by."""
    if name in {"_id", "_lastUpdated"}:
        return {"_id": "id", "_lastUpdated": "meta.lastUpdated"}[name]
    known = PARAMETERS[kind].get(name)
    return known.paths[0] if known is not None and known.type is Type.DATE else None
