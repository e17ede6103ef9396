"""Accepting the privacy notice: at the first login, and when it says something new."""

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts import audit
from accounts.models import User
from patients.models import Patient, PrivacyAcceptance
from patients.privacy import CURRENT


@transaction.atomic
def accept(*, patient: Patient, by: User) -> None:
    """`by`, the patient or who helps them, accepts the notice as it is now; once."""
    _, is_new = PrivacyAcceptance.objects.get_or_create(
        patient=patient, version=CURRENT.number, accepted_by=by
    )
    if is_new:
        audit.record(
            action=audit.Action.CONSENT_GIVEN, patient=patient, by=by, version=CURRENT.number
        )


def version_now() -> str:
    return CURRENT.number


def with_consent(patients: "QuerySet[Patient]", reader: User, version: str) -> "QuerySet[Patient]":
    """Annotated with `accepts_privacy`: whether `reader` accepted this version of the notice."""
    accepted = PrivacyAcceptance.objects.filter(
        patient=OuterRef("pk"), accepted_by=reader, version=version
    )
    return patients.annotate(accepts_privacy=Exists(accepted))
