"""Inviting a patient, and what happens when they accept."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.actions import create_user
from accounts.addresses import canonical
from accounts.models import User
from accounts.permissions import Role
from patients.actions import consents
from patients.models import Invitation, Patient
from patients.models.invitation import code_digest


@transaction.atomic
def invite(*, patient: Patient, by: User) -> Invitation:
    """A new link and code, mailed if the patient has an address. Raises what `make` raises.

    Mail is queued, so it goes out exactly when the invitation is stored.
    """
    invitation = make(patient=patient, by=by)
    if invitation.sent_to:
        _send(invitation)
    return invitation


@transaction.atomic
def make(*, patient: Patient, by: User) -> Invitation:
    """A new link and code to hand over; an open older one stops working.

    Raises ValidationError when the patient already has a login.
    """
    patient = Patient.objects.select_for_update().select_related("clinic").get(pk=patient.pk)
    if patient.user_id is not None:
        raise ValidationError("This patient already has a login.")
    open_ones = Invitation.objects.filter(patient=patient, accepted_at=None, withdrawn_at=None)
    open_ones.update(withdrawn_at=timezone.now())
    invitation = Invitation(
        patient=patient,
        sent_to=patient.email,
        created_by=by,
        expires_at=timezone.now() + settings.INVITATION_AGE,
    )
    invitation.code_digest = code_digest(invitation.code)
    invitation.save()
    audit.record(action=audit.Action.PATIENT_INVITED, patient=patient, by=by, subject=invitation)
    return invitation


def _send(invitation: Invitation) -> None:
    context: dict[str, Any] = {
        "invitation": invitation,
        "patient": invitation.patient,
        "clinic": invitation.patient.clinic,
        "address": f"{settings.SITE_ADDRESS}/portal/join/{invitation.token}/",
    }
    with translation.override(invitation.patient.language):
        subject = gettext("Your invitation from {clinic}").format(
            clinic=invitation.patient.clinic.name
        )
        send_mail(
            subject=" ".join(subject.split()),  # a header has no second line
            message=render_to_string("email/invitation.txt", context),
            from_email=settings.DEFAULT_FROM_EMAIL,
            recipient_list=[invitation.sent_to],
        )


@transaction.atomic
def accept(
    *, invitation: Invitation, email: str, password: str | None, email_is_proven: bool = False
) -> User:
    """Make the patient's login and keep which privacy notice they accepted.

    Without a password they get in by a code or a passkey, so their address has to be proven: it is
    when the invitation went there. Raises ValidationError for an invitation used meanwhile, a taken
    address or a weak password.
    """
    locked = Invitation.objects.usable().select_for_update().filter(pk=invitation.pk).first()
    if locked is None:
        raise ValidationError(_("This invitation was already used. Try to log in instead."))
    is_proven = email_is_proven or canonical(email) == canonical(locked.sent_to)
    if password is None and not is_proven:
        raise ValidationError({"email": _("Confirm this address first.")})
    patient = locked.patient
    try:
        with transaction.atomic():
            user = create_user(
                email=email,
                first_name=patient.first_name,
                last_name=patient.last_name,
                role=Role.PATIENT,
                clinic=patient.clinic,
                password=password,
                email_is_proven=is_proven,
            )
    except IntegrityError as error:
        raise ValidationError({"email": _("This address can't be used here.")}) from error
    patient.user = user
    patient.email = patient.email or user.email
    patient.save(update_fields=["user", "email"])
    locked.accepted_at = timezone.now()
    locked.save(update_fields=["accepted_at"])
    consents.accept(patient=patient, by=user)
    audit.record(
        action=audit.Action.INVITATION_ACCEPTED,
        patient=patient,
        by=user,
        subject=locked,
    )
    return user
