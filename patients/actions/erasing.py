"""Erasing a person: what no law keeps is gone at once, and the rest is sealed until it may go."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import connection, transaction
from django.db.models.fields.files import FieldFile
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import Clinic, User
from accounts.permissions import Permission, Role
from accounts.smart import connecting
from patients import retention
from patients.actions import caregivers
from patients.models import Message, Patient, SealedRecord
from patients.models.sealed_record import digest_of


class Reason:
    """Why a sealed record is opened; what a clinic may have to answer for."""

    CHOICES = (
        ("person", "The person asked for it"),
        ("authority", "A court or an authority asked for it"),
        ("claim", "A claim for damages"),
        ("audit", "The payer or the law asks for proof of treatment"),
    )


@transaction.atomic
def ask(*, patient: Patient, by: User) -> None:
    """The patient wishes to be erased; the clinic's administrators are told by mail, namelessly.

    Once. Raises ValidationError for anyone but the patient.
    """
    locked = _own(patient, by)
    if locked.erasure_asked_at is not None:
        return
    locked.erasure_asked_at = timezone.now()
    locked.save(update_fields=["erasure_asked_at"])
    audit.record(action=audit.Action.ERASURE_ASKED, patient=locked, by=by, subject=locked)
    administrators = User.objects.filter(
        clinic_id=locked.clinic_id, role=Role.CLINIC_ADMIN, is_active=True
    )
    link = f"{settings.SITE_ADDRESS}/workspace/erasure/"
    for administrator in administrators:
        send_mail(
            subject="A patient asks to be erased",
            message=render_to_string("email/erasure_asked.txt", {"link": link}),
            from_email=settings.DEFAULT_FROM_EMAIL,
            recipient_list=[administrator.email],
        )


@transaction.atomic
def take_back(*, patient: Patient, by: User) -> None:
    """Raises ValidationError for anyone but the patient."""
    locked = _own(patient, by)
    if locked.erasure_asked_at is None:
        return
    locked.erasure_asked_at = None
    locked.save(update_fields=["erasure_asked_at"])
    audit.record(action=audit.Action.ERASURE_TAKEN_BACK, patient=locked, by=by, subject=locked)


def _own(patient: Patient, by: User) -> Patient:
    locked = Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    if locked.user_id is None or locked.user_id != by.pk:
        raise ValidationError(_("Only the patient asks for this."))
    return locked


@transaction.atomic
def erase(
    *, patient: Patient, by: User, archive: Callable[[Patient], bytes]
) -> SealedRecord | None:
    """Delete every row and file of the patient, and the login. While the law keeps the record, it
    stays as `archive` makes it, sealed: that is returned, else None.

    The database lets nobody but the clinic's administrator do it. Raises ValidationError for
    others.
    """
    if not by.may(Permission.ERASE_PATIENTS):
        raise ValidationError("Only the clinic's administrator erases a patient.")
    locked = Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    until = retention.kept_until(locked)
    sealed = None
    if until >= locked.clinic.today():
        sealed = _sealed(locked, by, archive(locked))
    audit.record(
        action=audit.Action.PATIENT_ERASED,
        patient=locked,
        by=by,
        subject=locked,
        sealed=str(sealed.pk) if sealed else None,
        kept_until=until.isoformat() if sealed else None,
    )
    logins = [locked.user] if locked.user else []
    ended = locked.mergedpatients.exclude(login=None).select_related("login")
    logins += [one.login for one in ended if one.login]
    helpers = [one.user for one in locked.caregivers.exclude(user=None).select_related("user")]
    pictures = [one.picture for one in Message.objects.filter(patient=locked).exclude(picture="")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT footing_erase_patient(%s)", [locked.pk])
    for login in logins:
        login.delete()
    for helper in helpers:
        caregivers.close_if_idle(helper)
    # Whole clinics in files, of the last day: each has somebody in it who is gone now.
    connecting.forget_exports(locked.clinic, also_kept=True)
    for picture in pictures:
        transaction.on_commit(partial(_remove, picture))
    return sealed


def _sealed(patient: Patient, by: User, archive: bytes) -> SealedRecord:
    sealed = SealedRecord(
        clinic_id=patient.clinic_id,
        who=digest_of(patient.first_name, patient.last_name, patient.birth_date),
        sealed_by=by,
        kept_until=retention.kept_until(patient),
    )
    sealed.seal(archive)
    sealed.save()
    return sealed


def _remove(picture: FieldFile) -> None:
    if picture.name:
        picture.storage.delete(picture.name)


@transaction.atomic
def opened(*, sealed: SealedRecord, by: User, reason: str) -> bytes:
    """The archive of a sealed record, on record with one of `Reason`'s."""
    if not by.may(Permission.ERASE_PATIENTS) or reason not in dict(Reason.CHOICES):
        raise ValidationError("Say why it is opened.")
    audit.record(
        action=audit.Action.SEALED_RECORD_OPENED,
        by=by,
        clinic_id=sealed.clinic_id,
        subject=sealed,
        reason=reason,
    )
    return sealed.opened()


@transaction.atomic
def destroy_past(clinic: Clinic) -> int:
    """Sealed records whose time is over, by the clock. How many they were."""
    past = SealedRecord.objects.filter(clinic=clinic, kept_until__lt=clinic.today())
    gone = list(past.values_list("pk", flat=True))
    for one in gone:
        audit.record(
            action=audit.Action.SEALED_RECORD_DESTROYED, by=None, clinic_id=clinic.pk, subject=one
        )
    past.delete()
    return len(gone)
