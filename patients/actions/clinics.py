"""What a clinic says about itself, and how it works. The database keeps each change on record, with
before and after.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Clinic, User
from accounts.permissions import Role
from accounts.stale import require_read
from patients.pictures import reencoded

LARGEST_LOGO = 2 * 1024 * 1024  # bytes
LOGO_SIDE = 800  # pixels: 300 a inch at the size it has on a letter


@transaction.atomic
def change_settings(*, clinic: Clinic, by: User, read: str | None = None, **fields: Any) -> Clinic:
    """Set the given fields; times of alerts hold for those that are raised from now on.

    Raises ValidationError beside what is wrong, StaleError where somebody changed them since the
    page with the stamp `read` was made.
    """
    assert by.clinic_id == clinic.pk, "Whoever asks has come through the gate."
    clinic = Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    require_read(clinic, fields, read)
    reader = fields.get("second_reader")
    if reader is not None and not _may_read(reader, clinic):
        raise ValidationError({"second_reader": "Choose a therapist of the clinic."})
    for name, value in fields.items():
        setattr(clinic, name, value)
    clinic.full_clean()
    clinic.save(update_fields=[*fields])
    return clinic


def change_logo(*, clinic: Clinic, by: User, file: UploadedFile | None) -> Clinic:
    """Another picture on letters, or none. A letter keeps the one of its day, so no file is
    deleted. Raises ValidationError for what is too large or can't be read.
    """
    assert by.clinic_id == clinic.pk, "Whoever asks has come through the gate."
    clinic = Clinic.objects.get(pk=clinic.pk)
    clinic.logo = _drawn_anew(file) if file else ""
    clinic.save(update_fields=["logo"])
    return clinic


def _drawn_anew(file: UploadedFile) -> ContentFile:
    if file.size is None or file.size > LARGEST_LOGO:
        raise ValidationError({"picture": "This file is too large. Send one of at most 2 MB."})
    picture = reencoded(file, longest=LOGO_SIDE, form="PNG")
    return ContentFile(picture.data, name="logo.png")


def _may_read(reader: User, clinic: Clinic) -> bool:
    is_here = reader.clinic_id == clinic.pk and reader.is_active
    return is_here and reader.role == Role.THERAPIST
