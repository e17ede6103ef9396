"""People in a file, looked at before any of them is added: what is wrong, and who is known already.

A row is what a file says of one person, by the names of `Patient`'s fields. Files of other records
are read in `fhir.incoming`, spreadsheets here.
"""

import csv
import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import Clinic, User
from patients.actions import patients as actions
from patients.actions.patients import DETAILS
from patients.models import Patient
from patients.models.patient import Gender, Language, Sex

MOST = 200  # people in one file: each is looked for among all of the clinic
NEEDED = ("first_name", "last_name", "birth_date")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_CHOICES: dict[str, Any] = {"sex": Sex, "gender": Gender, "language": Language}


class UnreadableError(ValidationError):
    """The file as a whole: said beside the field."""


@dataclass(frozen=True)
class Row:
    """What a file says of one person, `faults` of what could not be understood."""

    said: dict[str, Any]
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Person:
    """One of the file. `number` counts from 1. `same` has their record number; `alike` may be them,
    as `actions.like` finds them; `twice` is the number of an earlier one in the file.
    """

    number: int
    said: dict[str, Any]
    faults: list[str]
    same: Patient | None
    alike: list[Patient]
    twice: int | None

    @property
    def can_be_added(self) -> bool:
        return not self.faults and self.same is None

    @property
    def is_new(self) -> bool:
        """Nobody is known who may be them."""
        return self.can_be_added and not self.alike and self.twice is None

    @property
    def key(self) -> str:
        """What a tick stands for: this one, seen beside those who were known then."""
        return f"{self.number}:{','.join(sorted(str(one.pk) for one in self.alike))}"

    def __str__(self) -> str:
        names = (self.said.get("first_name", ""), self.said.get("last_name", ""))
        return " ".join(filter(None, names)) or f"Number {self.number}"


def look(rows: Iterable[Row], by: User) -> list[Person]:
    """Each as it would be added to the clinic of `by`. Stores nothing."""
    assert by.clinic is not None, "Whoever adds patients has a clinic."
    seen: dict[str, int] = {}
    found = []
    for number, row in enumerate(rows, start=1):
        found.append(_look(number, row, by, seen))
        for name in _names(row):
            seen.setdefault(name, number)
    return found


def _names(row: Row) -> list[str]:
    """By which one person of a file is told from another: who they are, and their number."""
    who = "\n".join(str(row.said.get(name, "")).casefold() for name in NEEDED)
    number = row.said.get("record_number")
    return [who, f"number {number}"] if number else [who]


def _look(number: int, row: Row, by: User, seen: Mapping[str, int]) -> Person:
    assert by.clinic is not None
    said = {"language": by.clinic.language} | {key: one for key, one in row.said.items() if one}
    patient = Patient(clinic=by.clinic, created_by=by, **said)
    faults = list(row.faults)
    same = _of_number(by.clinic, str(said.get("record_number", "")))
    if not faults and same is None:
        faults += _faults(patient)
    # Also where something else is wrong: who is known can be found all the same.
    is_named = all(said.get(name) for name in NEEDED)
    alike = actions.like(patient) if is_named and same is None else []
    twice = next((seen[name] for name in _names(row) if name in seen), None)
    return Person(number, said, faults, same, alike, twice)


def _faults(patient: Patient) -> list[str]:
    """What the record refuses, under the columns' names."""
    try:
        actions.check(patient)
    except ValidationError as error:
        return [
            f"{DETAILS[name]}: {words}" if name in DETAILS else words
            for name, every in error.message_dict.items()
            for words in every
        ]
    return []


def _of_number(clinic: Clinic, number: str) -> Patient | None:
    if not number:
        return None
    return Patient.objects.filter(clinic=clinic, record_number=number).first()


def read_csv(text: str, clinic: Clinic) -> tuple[list[Row], list[str]]:
    """The rows, and the headings that were not understood. Raises UnreadableError for a file that
    is no list of people.
    """
    lines = [line for line in text.replace("\x00", "").splitlines() if line.strip()]
    if not lines:
        raise UnreadableError("There is nothing in this file.")
    try:
        head, *rows = csv.reader(lines, delimiter=_delimiter(lines[0]))
    except csv.Error as error:
        raise UnreadableError("A quotation mark is not closed in this file.") from error
    names = {_plain(words): name for name, words in DETAILS.items()}
    columns = [names.get(_plain(one)) for one in head]
    lacking = [DETAILS[name] for name in NEEDED if name not in columns]
    if lacking:
        raise UnreadableError(f"The first line has to name the columns; not found: {lacking[0]}.")
    if len(rows) > MOST:
        raise UnreadableError(f"{len(rows)} people: at most {MOST} in one file.")
    unknown = [one for one, name in zip(head, columns, strict=True) if name is None and one.strip()]
    return [_row(columns, row, clinic) for row in rows], unknown


def _delimiter(head: str) -> str:
    """What divides the first line most often, as programs differ by the country they are set to."""
    return max(",;\t", key=head.count)


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z]", "", heading.lower())


def _row(columns: Sequence[str | None], row: Sequence[str], clinic: Clinic) -> Row:
    cells = dict(zip(columns, row, strict=False))
    said: dict[str, Any] = {}
    # More cells than headings: a quotation mark that is not closed, or a comma too many.
    faults = ["This line has more cells than the first one."] if len(row) > len(columns) else []
    for name, typed in cells.items():
        # A quote in front keeps spreadsheets from reading a formula.
        text = re.sub(r"^'(?=[=+@-])", "", typed.strip())
        if name is None or not text:
            continue
        try:
            said[name] = _understood(name, text, clinic)
        except ValueError as error:
            faults.append(f"{DETAILS[name]}: {error}")
    faults += [f"{DETAILS[name]} is missing." for name in NEEDED if not cells.get(name, "").strip()]
    return Row(said, faults)


def _understood(name: str, text: str, clinic: Clinic) -> Any:
    """Raises ValueError with a sentence."""
    if name == "birth_date":
        return birth_date(text, clinic)
    if name in _CHOICES:
        return _chosen(_CHOICES[name], text)
    return text


def birth_date(text: str, clinic: Clinic) -> dt.date:
    """'1956-03-14'; in the United States also '3/14/1956'. Elsewhere a date with strokes could be
    either. Raises ValueError with a sentence.
    """
    american = _AMERICAN.fullmatch(text) if clinic.country == "US" else None
    try:
        if american:
            month, day, year = map(int, american.groups())
            return dt.date(year, month, day)
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"“{text}” is not understood. Write 1956-03-14.") from error


def _chosen(choices: Any, text: str) -> str:
    """By its value, its word or its first letter."""
    for value, label in choices.choices:
        if text.casefold() in {value.casefold(), str(label).casefold(), str(label)[0].casefold()}:
            return str(value)
    known = ", ".join(str(label) for _, label in choices.choices)
    raise ValueError(f"“{text}” is none of {known}.")
