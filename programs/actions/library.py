"""Every write to the library beside Wagtail's own edit form."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from programs.library.codes import free_code
from programs.library.keeping import may_change
from programs.models import Exercise, ExercisePrecaution
from programs.models.exercise_text import texts_from, texts_json

_KEPT = {"id", "uuid", "clinic", "code", "starter_digest", "archived_at", "updated_at"}
# What Wagtail keeps about the published row; a copy starts as a draft of its own.
_WAGTAIL = {
    "live",
    "has_unpublished_changes",
    "first_published_at",
    "last_published_at",
    "live_revision",
    "latest_revision",
    "go_live_at",
    "expire_at",
    "expired",
    "locked",
    "locked_at",
    "locked_by",
}


@transaction.atomic
def copy_exercise(*, exercise: Exercise, by: User) -> Exercise:
    """A draft of the user's clinic, the same but for its code; nothing of it is public."""
    fields = {
        field.name: getattr(exercise, field.name)
        for field in Exercise._meta.concrete_fields
        if field.name not in _KEPT | _WAGTAIL
    }
    copy = Exercise(
        **fields | {"is_public": False, "title": f"{exercise.title[:113]} (copy)"},
        code=free_code(exercise.code, by),
        clinic=by.clinic,
        live=False,
        has_unpublished_changes=True,
    )
    for name in ("citations", "easier_exercises", "harder_exercises"):
        getattr(copy, name).set(getattr(exercise, name).all())
    copy.precaution_rules.set(
        ExercisePrecaution(
            sort_order=row.sort_order, condition=row.condition, effect=row.effect, words=row.words
        )
        for row in exercise.precaution_rules.all()
    )
    copy.texts.set(texts_from(texts_json(exercise.texts.all())))
    copy.save()
    copy.save_revision(user=by, log_action=False)
    log(instance=copy, action="wagtail.create", user=by)
    return copy


@transaction.atomic
def archive_exercise(*, exercise: Exercise, by: User) -> Exercise:
    """Nobody can prescribe or read it any more; plans and articles that have it keep it.

    Raises ValidationError for an entry that is not the user's to change.
    """
    _require_change(exercise, by)
    Exercise.objects.filter(pk=exercise.pk).update(archived_at=timezone.now())
    exercise.refresh_from_db(fields=["archived_at"])
    log(instance=exercise, action="footing.archive", user=by)
    return exercise


@transaction.atomic
def restore_exercise(*, exercise: Exercise, by: User) -> Exercise:
    _require_change(exercise, by)
    Exercise.objects.filter(pk=exercise.pk).update(archived_at=None)
    exercise.refresh_from_db(fields=["archived_at"])
    log(instance=exercise, action="footing.restore", user=by)
    return exercise


def _require_change(exercise: Exercise, by: User) -> None:
    if not may_change(by, exercise):
        raise ValidationError("This exercise belongs to the platform. Make a copy for your clinic.")
