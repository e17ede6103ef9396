"""Loading the starter library: add what is missing, update what nobody touched, skip the rest.

Rows are matched by their stable code. Each row remembers a digest of what the loader last wrote;
when the row's present content no longer gives that digest, a therapist edited it.
"""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import yaml
from django.core.exceptions import ValidationError
from django.db import transaction

from cms.models import Source
from programs.actions import programs
from programs.documents.content import ProgramContent
from programs.documents.stored import content_of
from programs.library.plain import EXERCISE_FIELDS, exercise_json
from programs.models import (
    Exercise,
    ExercisePrecaution,
    ExerciseText,
    Measure,
    Program,
    ProgressForm,
)
from programs.models.dosage import DOSAGE_FIELDS
from programs.models.exercise_text import SPOKEN, texts_from

FOLDER = Path(__file__).parent
EXERCISE_FILES = (
    "exercises_glide.yaml",
    "exercises_tension.yaml",
    "exercises_balance.yaml",
    "exercises_strength.yaml",
)
TRANSLATED = ("es",)
_PLAIN = [name for name in (*EXERCISE_FIELDS, "is_public") if name not in DOSAGE_FIELDS]
_MEASURE_COLUMNS = ("code", "version", "title", "shipped")
_MEASURE_CONTENT = ("title", "shipped", "definition")


@dataclass
class Report:
    """What a load did, for the command to print."""

    counts: Counter[str] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)


def read(name: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return entries


@transaction.atomic
def load() -> Report:
    """Load exercises, measures, forms and programs. The sources they cite must be there."""
    report = Report()
    entries = [entry for name in EXERCISE_FILES for entry in read(name)]
    for entry in entries:
        _load_exercise(entry, report)
    _link_variants(entries)
    for entry in read("measures.yaml"):
        _load_measure(entry, report)
    for entry in read("forms.yaml"):
        _load_form(entry, report)
    for entry in read("programs.yaml"):
        _load_program(entry, report)
    return report


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _may_write(row: Exercise | Program | ProgressForm, now: str, report: Report) -> bool:
    """Whether the row is new or still as the loader left it; a skipped row is reported."""
    if row.pk is None or row.starter_digest == now:
        return True
    report.skipped.append(str(row))
    return False


def _exercise_content(exercise: Exercise) -> dict[str, Any]:
    """All that a therapist could have edited."""
    return exercise_json(exercise) | {
        "is_public": exercise.is_public,
        "shows_figure": exercise.shows_figure,
        "media": exercise.media.get_prep_value(),
    }


def _load_exercise(entry: dict[str, Any], report: Report) -> None:
    exercise = Exercise.objects.filter(clinic=None, code=entry["code"]).first() or Exercise(
        code=entry["code"]
    )
    known = _digest(_exercise_content(exercise)) if exercise.pk else ""
    if not _may_write(exercise, known, report):
        return
    blank = Exercise()  # for what the entry leaves out
    for name in _PLAIN:
        setattr(exercise, name, entry.get(name, getattr(blank, name)))
    for name, value in entry["dosage"].items():
        setattr(exercise, name, value)
    exercise.tempo = entry.get("tempo", "")
    exercise.motion_data = entry["motion"]
    exercise.citations.set(Source.objects.filter(key__in=entry["citations"]))
    exercise.precaution_rules.set(
        ExercisePrecaution(sort_order=order, **rule)
        for order, rule in enumerate(entry.get("precaution_rules", []))
    )
    exercise.texts.set(_texts(entry["code"]))
    exercise.full_clean()
    added = exercise.pk is None
    exercise.save()
    _finish(exercise, _digest(_exercise_content(exercise)), known, added, "exercises", report)


def _texts(code: str) -> list[ExerciseText]:
    """What the starter library says of an exercise in other languages."""
    said = {language: _translations(language).get(code, {}) for language in TRANSLATED}
    return texts_from({language: words for language, words in said.items() if words})


@cache
def _translations(language: str) -> dict[str, dict[str, Any]]:
    entries = read(f"texts_{language}.yaml")
    return {
        entry["code"]: {name: entry[name] for name in SPOKEN if name in entry} for entry in entries
    }


def _finish(
    row: Exercise | Program | ProgressForm,
    now: str,
    known: str,
    added: bool,
    what: str,
    report: Report,
) -> None:
    type(row).objects.filter(pk=row.pk).update(starter_digest=now)
    outcome = "added" if added else "unchanged" if now == known else "updated"
    report.counts[f"{what} {outcome}"] += 1


def _link_variants(entries: list[dict[str, Any]]) -> None:
    """Easier and harder forms, once all exercises exist; only ever adds."""
    by_code = {row.code: row for row in Exercise.objects.filter(clinic=None)}
    for entry in entries:
        row = by_code[entry["code"]]
        for name in ("easier_exercises", "harder_exercises"):
            if codes := entry.get(name):
                getattr(row, name).add(*(by_code[code] for code in codes))
                row.save(update_fields=[name])


def _load_program(entry: dict[str, Any], report: Report) -> None:
    program = Program.objects.filter(clinic=None, code=entry["code"]).first() or Program(
        code=entry["code"]
    )
    known = _digest(content_of(program).to_json()) if program.pk else ""
    if not _may_write(program, known, report):
        return
    content = ProgramContent.from_json(
        {name: value for name, value in entry.items() if name != "code"}
    )
    now, added = _digest(content.to_json()), program.pk is None
    if now != known:
        programs.write(program, content, by=None, note="Starter library")
    _finish(program, now, known, added, "programs", report)


def _form_content(form: ProgressForm) -> dict[str, Any]:
    return {"title": form.title, "intro": form.intro, "body": form.body.get_prep_value()}


def _load_form(entry: dict[str, Any], report: Report) -> None:
    form = ProgressForm.objects.filter(clinic=None, code=entry["code"]).first() or ProgressForm(
        code=entry["code"]
    )
    known = _digest(_form_content(form)) if form.pk else ""
    if not _may_write(form, known, report):
        return
    added = form.pk is None
    form.title, form.intro = entry["title"], entry["intro"]
    form.body = json.dumps(
        [
            # A part's id names its answers, so it is the same on every load.
            {"type": kind, "value": value, "id": str(uuid5(NAMESPACE_OID, f"{form.code}/{number}"))}
            for number, part in enumerate(entry["body"])
            for kind, value in part.items()
        ]
    )
    form.full_clean()
    form.save()
    form.refresh_from_db()  # blocks read back say their defaults, typed ones do not
    _finish(form, _digest(_form_content(form)), known, added, "forms", report)


def _load_measure(entry: dict[str, Any], report: Report) -> None:
    """A stored version is never rewritten: answers were given on it. One that differs is reported.

    Raise ValueError, naming the entry, for one that is not sound.
    """
    measure = Measure(
        **{name: entry.get(name) for name in _MEASURE_COLUMNS},
        definition={name: value for name, value in entry.items() if name not in _MEASURE_COLUMNS},
    )
    known = Measure.objects.filter(code=measure.code, version=measure.version).first()
    _check_measure(measure, is_new=known is None)
    if known is None:
        measure.save()
    elif any(getattr(known, name) != getattr(measure, name) for name in _MEASURE_CONTENT):
        report.skipped.append(str(known))
    report.counts[f"measures {'unchanged' if known else 'added'}"] += 1


def _check_measure(measure: Measure, *, is_new: bool) -> None:
    try:
        measure.full_clean(validate_unique=is_new, validate_constraints=is_new)
    except ValidationError as error:
        name = f"measures.yaml, {measure.code} version {measure.version}"
        raise ValueError(f"{name}: {'; '.join(error.messages)}") from error
