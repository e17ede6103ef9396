"""A program with its exercises as one JSON file, so that clinics can share.

Reading looks before anything is written: it names each fault with its line, and says what is new.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import yaml
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Field, IntegerField

from accounts.models import User
from cms.models import Source
from programs.documents.content import ContentError, ProgramContent
from programs.documents.stored import content_of
from programs.library.codes import free_code
from programs.library.plain import EXERCISE_FIELDS, exercise_json
from programs.models import Exercise, ExercisePrecaution, Program, ProgressForm
from programs.models.exercise_text import texts_from

FORMAT = "footing-program"
VERSION = 1
LARGEST = 1_000_000  # characters


def write(program: Program, user: User) -> str:
    """What the user sees of the program, with each exercise it names. Pictures stay behind."""
    content = content_of(program)
    rows = Exercise.objects.visible_to(user).filter(code__in=content.exercise_codes())
    rows = rows.prefetch_related("precaution_rules", "citations", "texts").order_by("code")
    data = {
        "format": FORMAT,
        "version": VERSION,
        "program": content.to_json(),
        "exercises": [exercise_json(row) for row in rows],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


@dataclass(frozen=True)
class Fault:
    """What is wrong, and on which line of the file (None where it can't be told)."""

    line: int | None
    words: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.words}" if self.line else self.words


@dataclass
class Incoming:
    """A file that was read: its program, which exercises are new or known, and its faults."""

    content: ProgramContent | None = None
    new: list[Exercise] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    # The file's code of an exercise and the one that it gets or has here.
    codes: dict[str, str] = field(default_factory=dict)


def read(text: str, user: User) -> Incoming:
    """Everything about a file, without saving anything."""
    found = Incoming()
    try:
        data = _parsed(text)
    except json.JSONDecodeError as error:
        found.faults.append(Fault(error.lineno, f"{error.msg} (column {error.colno})."))
        return found
    except ValueError as error:
        found.faults.append(Fault(None, str(error)))
        return found
    lines = _Lines(text)
    for number, entry in enumerate(data["exercises"]):
        try:
            _read_exercise(entry, user, found)
        except ContentError as error:
            line = lines.of("exercises", number, *error.path)
            found.faults.append(Fault(line, str(error)))
    _read_program(data["program"], user, found, lines)
    return found


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > LARGEST:
        raise ValueError("The file is too large for a program.")
    try:
        data = json.loads(text)
    except RecursionError as error:
        raise ValueError("The file is nested too deeply for a program.") from error
    if "\\u0000" in json.dumps(data):
        raise ValueError("The file holds a sign that can't be kept (NUL).")
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError("This is not a program of Footing: its format is missing.")
    if data.get("version") != VERSION:
        raise ValueError(f"This file has version {data.get('version')}; only {VERSION} is known.")
    if not isinstance(data.get("exercises"), list) or not isinstance(data.get("program"), dict):
        raise ValueError("The file needs a program and a list of exercises.")
    return data


class _Lines:
    """Where in the file something is. JSON is YAML too, whose parser keeps the lines."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def root(self) -> Any:
        """Composed when the first fault asks for it: it takes longer than all the rest."""
        try:
            return yaml.compose(self.text.replace("\t", " "), Loader=yaml.SafeLoader)
        except (yaml.YAMLError, RecursionError):
            return None

    def of(self, *path: str | int) -> int | None:
        """The line of the deepest part of the path that is there, counted from 1."""
        node = self.root
        line = node.start_mark.line + 1 if node else None
        for step in path:
            node, at = _child(node, step)
            if node is None:
                break
            line = at
        return line


def _child(node: Any, step: str | int) -> tuple[Any, int]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line + 1
    return None, 0


def _read_exercise(entry: Any, user: User, found: Incoming) -> None:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("code"), str):
        raise ContentError("An exercise is an object with a code.")
    code = entry["code"]
    if code in found.codes:
        raise ContentError(f"{code} stands in the file twice.", "code")
    made = _made(entry, user)
    same = _same_here(made, entry, user)
    if same is not None:
        found.known.append(same.code)
        found.codes[code] = same.code
        return
    visible = Exercise.objects.visible_to(user)
    taken = visible.filter(code=code).exists() or code in found.codes.values()
    made.code = free_code(code, user) if taken else code
    found.codes[code] = made.code
    found.new.append(made)


def _same_here(made: Exercise, entry: Mapping[str, Any], user: User) -> Exercise | None:
    """The library's exercise of this code, when it is the same in all that a file carries."""
    for row in Exercise.objects.offered_to(user).filter(code=entry["code"]):
        here, there = exercise_json(row), exercise_json(made)
        if {**here, "citations": []} == {**there, "citations": []}:
            return row
    return None


def _made(entry: Mapping[str, Any], user: User) -> Exercise:
    """An unsaved exercise of the user's clinic. Raises ContentError naming the field."""
    names = {"code", "motion", "precaution_rules", "citations", "texts", *EXERCISE_FIELDS}
    for name in entry:
        if name not in names:
            raise ContentError(f"“{name}” is not known here.", name)
    if missing := [name for name in ("title", "kind", "motion") if name not in entry]:
        raise ContentError(f"“{missing[0]}” is missing.")
    _check_shapes(entry)
    try:
        exercise = Exercise(
            clinic=user.clinic,
            code=entry["code"],
            motion_data=entry["motion"],
            **{name: entry[name] for name in EXERCISE_FIELDS if name in entry},
        )
        exercise.precaution_rules.set(
            ExercisePrecaution(sort_order=order, **rule)
            for order, rule in enumerate(entry.get("precaution_rules", []))
        )
        exercise.citations.set(Source.objects.filter(key__in=entry.get("citations", [])))
        exercise.full_clean(validate_unique=False, validate_constraints=False)
        exercise.texts.set(texts_from(entry.get("texts", {})))
        for rule in exercise.precaution_rules.all():
            rule.clean_fields(exclude=["exercise"])
        for text in exercise.texts.all():
            text.clean_fields(exclude=["exercise"])
    except ValidationError as error:
        name, words = next(iter(error.message_dict.items()))
        raise ContentError(words[0], {"motion_data": "motion"}.get(name, name)) from error
    except (TypeError, ValueError) as error:
        raise ContentError(
            "A precaution, a citation or another language is not written as it should be."
        ) from error
    return exercise


# What a field's value is in a file, and how that is called.
_SHAPES: tuple[tuple[type[Field[Any, Any]], type, str], ...] = (
    (ArrayField, list, "a list of texts"),
    (BooleanField, bool, "true or false"),
    (IntegerField, int, "a whole number"),
    (Field, str, "a text"),
)


def _check_shapes(entry: Mapping[str, Any]) -> None:
    """Raises ContentError naming the first field that holds a value of another kind."""
    for name in EXERCISE_FIELDS:
        field: Any = Exercise._meta.get_field(name)
        value = entry.get(name, field.get_default())
        kind, words = next((kind, words) for of, kind, words in _SHAPES if isinstance(field, of))
        if not (_is(value, kind) or (value is None and field.null)):
            raise ContentError(f"“{name}” is {words}.", name)
    if not _is(entry["motion"], dict):
        raise ContentError("“motion” is an object.", "motion")
    if not isinstance(entry.get("precaution_rules", []), list):
        raise ContentError("“precaution_rules” is a list.", "precaution_rules")
    if not _is(entry.get("citations", []), list):
        raise ContentError("“citations” is a list of texts.", "citations")
    texts = entry.get("texts", {})
    if not _is(texts, dict) or not all(_is(words, dict) for words in texts.values()):
        raise ContentError("“texts” is an object of languages, each with its fields.", "texts")


def _is(value: Any, kind: type) -> bool:
    if kind is list:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return type(value) is kind  # true is no whole number


def _read_program(data: Any, user: User, found: Incoming, lines: _Lines) -> None:
    try:
        content = ProgramContent.from_json(data)
        _check_references(content, user, found)
    except ContentError as error:
        found.faults.append(Fault(lines.of("program", *error.path), str(error)))
        return
    found.content = _renamed(content, found.codes)


def _check_references(content: ProgramContent, user: User, found: Incoming) -> None:
    here = set(Exercise.objects.offered_to(user).values_list("code", flat=True))
    forms = set(ProgressForm.objects.offered_to(user).values_list("code", flat=True))
    for number, phase in enumerate(content.phases):
        for row, one in enumerate(phase.exercises):
            if one.exercise not in found.codes and one.exercise not in here:
                raise ContentError(
                    f"{one.exercise} is neither in the file nor in the library.",
                    *("phases", number, "exercises", row, "exercise"),
                )
        for place, due in enumerate(phase.forms):
            if due.form not in forms:
                raise ContentError(
                    f"There is no progress form “{due.form}” here.",
                    *("phases", number, "forms", place, "form"),
                )


def _renamed(content: ProgramContent, codes: Mapping[str, str]) -> ProgramContent:
    """With the codes that the exercises have here."""
    data = content.to_json()
    for phase in data["phases"]:
        for row in phase["exercises"]:
            row["exercise"] = codes.get(row["exercise"], row["exercise"])
    return ProgramContent.from_json(data)
