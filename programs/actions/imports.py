"""A program out of a file, with the exercises that are new here."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from programs.actions import programs
from programs.documents.portable import read
from programs.models import Program


@transaction.atomic
def import_program(*, text: str, by: User) -> Program:
    """A private draft of the user's, with the exercises that are new here as drafts of the library:
    a person looks at each and publishes it before it can be assigned.

    Raises ValidationError with every fault of the file.
    """
    incoming = read(text, by)
    if incoming.faults or incoming.content is None:
        raise ValidationError([str(fault) for fault in incoming.faults])
    for exercise in incoming.new:
        exercise.live, exercise.has_unpublished_changes = False, True
        exercise.full_clean()
        exercise.save()
        exercise.save_revision(user=by)
    return programs.create(content=incoming.content, by=by)
