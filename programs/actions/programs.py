"""Every write to a program: drafts, versions, sharing, import."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from programs.documents.content import PhaseContent, ProgramContent, RowContent
from programs.documents.stored import content_of, unfinished
from programs.library.keeping import may_change
from programs.models import (
    Exercise,
    Program,
    ProgramExercise,
    ProgramFavorite,
    ProgramForm,
    ProgramPhase,
    ProgramVersion,
    ProgressForm,
)
from programs.models.program import Visibility
from programs.notation import dosage_language

WEEKLY_FORM = "weekly"
# Of the document, as the program's columns are called.
_HEAD = (
    "title",
    "patient_title",
    "summary",
    "entry_gate",
    "notes",
    "no_tension",
    "is_calming",
)


class ChangedMeanwhileError(ValidationError):
    """Somebody, or another window, changed the draft since it was shown."""

    def __init__(self) -> None:
        super().__init__(
            "The draft was changed in another window or by a colleague. You see it as it is now; "
            "nothing of theirs was overwritten. Make your change again."
        )


def may_edit(user: User, program: Program) -> bool:
    """Who may change a program: its owner while it is private, else who keeps the library."""
    if program.visibility == Visibility.PRIVATE:
        return program.owner_id == user.pk
    return may_change(user, program)


def _require_edit(program: Program, by: User) -> None:
    if not may_edit(by, program):
        raise ValidationError("This program is not yours to change. Make a copy of it.")


@transaction.atomic
def create(*, content: ProgramContent, by: User) -> Program:
    """A private draft of the user's own. An administrator without a clinic makes a platform's."""
    program = Program(
        clinic=by.clinic,
        owner=by,
        visibility=Visibility.PRIVATE if by.clinic_id else Visibility.PLATFORM,
        code=_free_code(by),
        title=content.title,
        draft=content.to_json(),
        draft_stamp=1,
        draft_by=by,
    )
    program.full_clean()
    program.save()
    return program


def _free_code(by: User) -> str:
    """'C1', 'C2' …: the clinic's own programs, counted."""
    taken = set(Program.objects.filter(clinic=by.clinic).values_list("code", flat=True))
    number = 1
    while f"C{number}" in taken:
        number += 1
    return f"C{number}"


@transaction.atomic
def copy(*, program: Program, by: User) -> Program:
    content = content_of(program)
    titled = content.to_json() | {"title": f"{content.title} (copy)"[:120]}
    return create(content=ProgramContent.from_json(titled), by=by)


@transaction.atomic
def change_draft(*, program: Program, content: ProgramContent, stamp: int, by: User) -> Program:
    """Keep an edited document. Raises ChangedMeanwhileError for one that was edited since."""
    _require_edit(program, by)
    held = Program.objects.select_for_update().get(pk=program.pk)
    if held.draft_stamp != stamp:
        raise ChangedMeanwhileError
    held.draft, held.draft_by, held.draft_stamp = content.to_json(), by, stamp + 1
    held.save(update_fields=["draft", "draft_by", "draft_stamp", "updated_at"])
    return held


@transaction.atomic
def discard_draft(*, program: Program, by: User) -> Program | None:
    """Back to what is published; a program that never was is gone. Returns what is left."""
    _require_edit(program, by)
    held = Program.objects.select_for_update().get(pk=program.pk)
    if not held.version:
        held.delete()
        return None
    held.draft, held.draft_stamp = None, held.draft_stamp + 1
    held.save(update_fields=["draft", "draft_stamp", "updated_at"])
    return held


@transaction.atomic
def publish(*, program: Program, by: User, note: str = "") -> Program:
    """The draft becomes what is assigned from now on. Plans that were made stay as they are.

    Raises ValidationError for a program without a phase, or a phase without an exercise.
    """
    _require_edit(program, by)
    held = Program.objects.select_for_update().get(pk=program.pk)
    if held.draft is None:
        raise ValidationError("Nothing was changed since the last version.")
    content = ProgramContent.from_json(held.draft)
    if problems := unfinished(content):
        raise ValidationError(problems)
    write(held, content, by=by, note=note)
    return held


def write(program: Program, content: ProgramContent, *, by: User | None, note: str = "") -> None:
    """The rows and a new version from a document. Raises ValidationError for an unknown code."""
    exercises, forms = _known_exercises(program, content), _known_forms(program, content)
    for name in _HEAD:
        setattr(program, name, getattr(content, name))
    program.entry_excludes = list(content.entry_excludes)
    program.caps, program.weeks = dict(content.caps), content.weeks
    program.version += 1
    program.draft, program.draft_stamp = None, program.draft_stamp + 1
    program.full_clean()
    program.save()
    program.phases.all().delete()
    for number, phase in enumerate(content.phases):
        _write_phase(program, content, number, phase, exercises, forms)
    ProgramVersion.objects.create(
        program=program, number=program.version, content=content.to_json(), by=by, note=note
    )


def _write_phase(
    program: Program,
    content: ProgramContent,
    number: int,
    phase: PhaseContent,
    exercises: dict[str, Exercise],
    forms: dict[str, ProgressForm],
) -> None:
    first = content.first_week(number)
    row = ProgramPhase.objects.create(
        program=program,
        number=number + 1,
        title=phase.title,
        goal=phase.goal,
        first_week=first,
        last_week=first + phase.weeks - 1,
        gate=list(phase.gate),
    )
    ProgramExercise.objects.bulk_create(
        _row(row, order, one, exercises[one.exercise])
        for order, one in enumerate(phase.exercises, start=1)
    )
    ProgramForm.objects.bulk_create(
        ProgramForm(phase=row, form=forms[due.form], every_days=due.every_days)
        for due in phase.forms
    )


def _row(phase: ProgramPhase, order: int, one: RowContent, exercise: Exercise) -> ProgramExercise:
    dosage = dosage_language.parse(one.dosage)
    if dosage["angle_limits"] and exercise.motion.is_balance:
        raise ValidationError(f"{exercise.code} has no angles to limit: it is a balance exercise.")
    return ProgramExercise(
        phase=phase,
        exercise=exercise,
        order=order,
        alternates=one.alternates,
        optional=one.optional,
        note=one.note,
        tempo=one.tempo,
        **dosage,
    )


def _known_exercises(program: Program, content: ProgramContent) -> dict[str, Exercise]:
    codes = content.exercise_codes()
    found = _of_clinic(Exercise.objects.active().filter(code__in=codes), program)
    return _complete(found, codes, "exercise")


def _known_forms(program: Program, content: ProgramContent) -> dict[str, ProgressForm]:
    codes = {due.form for phase in content.phases for due in phase.forms}
    found = _of_clinic(ProgressForm.objects.active().filter(code__in=codes), program)
    return _complete(found, codes, "progress form")


def _of_clinic(rows: Any, program: Program) -> dict[str, Any]:
    """By code: the platform's, and over them the clinic's own."""
    own = rows.filter(clinic_id=program.clinic_id)
    return {row.code: row for row in [*rows.filter(clinic=None), *own]}


def _complete(found: dict[str, Any], codes: set[str], what: str) -> dict[str, Any]:
    if missing := sorted(codes - found.keys()):
        raise ValidationError(f"There is no {what} {', '.join(missing)} to prescribe.")
    return found


@transaction.atomic
def share(*, program: Program, visibility: Visibility, by: User) -> Program:
    """Private, the clinic's, or everybody's. Only who keeps the platform gives to the platform."""
    _require_edit(program, by)
    if visibility == Visibility.PLATFORM and by.clinic_id is not None:
        raise ValidationError("Only the platform's administrators share with all clinics.")
    program.visibility = visibility
    program.clinic = None if visibility == Visibility.PLATFORM else program.clinic or by.clinic
    program.owner = program.owner or by
    program.full_clean()
    program.save(update_fields=["visibility", "clinic", "owner", "updated_at"])
    return program


@transaction.atomic
def archive(*, program: Program, by: User, archived: bool = True) -> Program:
    """Off the list of what can be assigned; or back on it. Plans made from it stay."""
    _require_edit(program, by)
    program.archived_at = timezone.now() if archived else None
    program.save(update_fields=["archived_at", "updated_at"])
    return program


@transaction.atomic
def toggle_favorite(*, program: Program, by: User) -> bool:
    """On one's own short list, or off it; says which it is now."""
    favorite, is_new = ProgramFavorite.objects.get_or_create(program=program, user=by)
    if not is_new:
        favorite.delete()
    return is_new
