"""A patient's address in the record follows the one they log in with."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed
from django.dispatch import receiver

from accounts import wall
from accounts.addresses import canonical
from accounts.models import User
from patients.actions import patients
from patients.models import Patient


@receiver(email_changed)
def follow(
    user: User,
    to_email_address: EmailAddress,
    from_email_address: EmailAddress | None = None,
    **signal: Any,
) -> None:
    """Unless the clinic writes to another address on purpose.

    The link that confirms an address works without a login: who asks is told here.
    """
    with wall.acting(user):
        patient = Patient.objects.select_related("clinic").filter(user=user).first()
        if patient is None:
            return
        before = from_email_address.email if from_email_address else ""
        if canonical(patient.email) in {"", canonical(before)}:
            patients.change(patient=patient, by=user, email=to_email_address.email)
