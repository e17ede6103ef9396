"""A patient closes their account. The clinic's record of their care stays."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from accounts import actions as accounts
from accounts import audit
from accounts.models import User
from patients import team
from patients.actions import caregivers
from patients.models import Patient


@transaction.atomic
def leave(*, patient: Patient, by: User) -> None:
    """Close the patient's login, end its sessions and what others see, and tell the team by mail.

    A new invitation can open a new login later. Raises ValidationError for anyone but the patient.
    """
    locked = Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    if locked.user_id is None or locked.user_id != by.pk:
        raise ValidationError("Only the patient can close the account.")
    audit.record(action=audit.Action.PATIENT_LEFT, patient=locked, by=by, subject=locked)
    for helper in locked.caregivers.filter(ended_at=None):
        caregivers.end(caregiver=helper, by=by)
    locked.invitations.usable().update(withdrawn_at=timezone.now())
    locked.user = None
    locked.save(update_fields=["user"])
    accounts.close(user=by)
    _tell(
        locked, [one.email for one in team.present(locked)]
    )  # queued: it goes out exactly when the account is closed


def _tell(patient: Patient, addresses: list[str]) -> None:
    """Without the patient's name: mail is read by others, too."""
    link = f"{settings.SITE_ADDRESS}/workspace/patients/{patient.pk}/record/"
    for address in addresses:
        send_mail(
            subject="A patient has closed their account",
            message=render_to_string("email/patient_left.txt", {"link": link}),
            from_email=settings.DEFAULT_FROM_EMAIL,
            recipient_list=[address],
        )
