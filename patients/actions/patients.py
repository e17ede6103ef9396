"""Adding patients, changing their details, and deciding who may see them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from accounts import audit, phones
from accounts.models import User
from accounts.permissions import Permission
from accounts.stale import require_read
from patients import searching
from patients.models import CareTeamMember, Patient

# What a record says of a person.
DETAILS = {
    "first_name": "First name",
    "last_name": "Last name",
    "birth_date": "Birth date",
    "sex": "Sex",
    "gender": "Gender",
    "email": "Email",
    "phone": "Phone",
    "language": "Language",
    "record_number": "Record number",
}
MOST_ALIKE = 10
OLDEST = 120  # years


class SamePersonError(ValidationError):
    """Who is added may be in the clinic already: `known`, with the therapists who see them."""

    def __init__(self, known: list[Patient]) -> None:
        super().__init__("Is this somebody whom the clinic knows already? Look before you go on.")
        self.known = known


@transaction.atomic
def add(*, by: User, is_other: bool = False, **fields: Any) -> Patient:
    """A new patient of `by`'s clinic; a therapist who adds one is on the care team.

    Raises SamePersonError where the clinic has somebody like that, unless it `is_other`. All of the
    clinic count, whoever sees them.
    """
    patient = Patient(clinic=by.clinic, created_by=by, **fields)
    check(patient)
    if not is_other and (known := like(patient)):
        raise SamePersonError(known)
    patient.save()
    audit.record(action=audit.Action.PATIENT_ADDED, patient=patient, by=by, subject=patient)
    if by.may(Permission.TREAT):
        join_care_team(patient=patient, therapist=by, by=by)
    return patient


def check(patient: Patient) -> None:
    """Whether it can be stored; writes the telephone number as the clinic's country does. Raises
    ValidationError beside what is wrong.
    """
    _write_phone(patient)
    patient.full_clean()
    _check_birth_date(patient)


def _check_birth_date(patient: Patient) -> None:
    born, today = patient.birth_date, patient.clinic.today()
    if born > today or today.year - born.year > OLDEST:
        raise ValidationError({"birth_date": "Check the birth date."})


def _write_phone(patient: Patient) -> None:
    """As people in the clinic's country do. Raises ValidationError for what can't be a number."""
    try:
        patient.phone = phones.written(patient.phone, patient.clinic.country)
    except ValidationError as error:
        raise ValidationError({"phone": error.messages}) from error


def like(patient: Patient) -> list[Patient]:
    """Others of the clinic who may be the same person, with their care teams."""
    others = Patient.objects.filter(clinic=patient.clinic).exclude(pk=patient.pk)
    found = searching.same_person(
        others,
        first_name=patient.first_name,
        last_name=patient.last_name,
        birth_date=patient.birth_date,
        email=patient.email,
        phone=patient.phone,
    )
    now = CareTeamMember.objects.filter(ended_at=None).select_related("therapist")
    return list(found.prefetch_related(Prefetch("care_team", now))[:MOST_ALIKE])


@transaction.atomic
def change(*, patient: Patient, by: User, read: str | None = None, **fields: Any) -> Patient:
    """New contact or personal details. Which fields changed is audited, not their contents.

    Raises StaleError when somebody changed them since the page with the stamp `read` was made.
    """
    require_read(Patient.objects.select_for_update(no_key=True).get(pk=patient.pk), fields, read)
    changed = [name for name, value in fields.items() if getattr(patient, name) != value]
    for name in changed:
        setattr(patient, name, fields[name])
    if "phone" in changed:  # an older one may be a number and a note
        _write_phone(patient)
    patient.full_clean()
    if "birth_date" in changed:
        _check_birth_date(patient)
    patient.save(update_fields=changed)
    if "email" in changed:  # a link that went to a mistyped address opens nothing
        patient.invitations.usable().update(withdrawn_at=timezone.now())
    audit.record(
        action=audit.Action.PATIENT_CHANGED, patient=patient, by=by, subject=patient, fields=changed
    )
    return patient


@transaction.atomic
def join_care_team(*, patient: Patient, therapist: User, by: User) -> CareTeamMember:
    """Let a therapist of the same clinic see the patient.

    Raises ValidationError for someone of another clinic, not a therapist, or already there.
    """
    # Somebody whose login is being ended treats nobody new: that is waited for.
    held = User.objects.select_for_update(of=("self",), no_key=True)
    therapist = held.select_related("clinic").get(pk=therapist.pk)
    if therapist.clinic_id != patient.clinic_id or not therapist.may(Permission.TREAT):
        raise ValidationError("Choose a therapist of this clinic.")
    member = CareTeamMember(
        clinic_id=patient.clinic_id, patient=patient, therapist=therapist, added_by=by
    )
    member.full_clean()
    member.save()
    audit.record(
        action=audit.Action.CARE_TEAM_JOINED,
        patient=patient,
        by=by,
        subject=member,
        therapist=str(therapist.uuid),
    )
    return member


@transaction.atomic
def leave_care_team(*, member: CareTeamMember, by: User) -> None:
    """End a membership. The last therapist can't leave: a patient is never without one."""
    team = list(
        CareTeamMember.objects.select_for_update().filter(
            patient_id=member.patient_id, ended_at=None
        )
    )
    if member not in team:
        return
    if len(team) == 1:
        raise ValidationError("Add another therapist first: someone has to see this patient.")
    member.ended_at, member.ended_by = timezone.now(), by
    member.save(update_fields=["ended_at", "ended_by"])
    audit.record(
        action=audit.Action.CARE_TEAM_LEFT,
        patient=member.patient,
        by=by,
        subject=member,
        therapist=str(member.therapist.uuid),
    )
