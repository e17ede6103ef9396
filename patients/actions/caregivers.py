"""A patient lets a relative or friend help, changes how much they see, and ends it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import actions as accounts
from accounts import audit, wall
from accounts.addresses import canonical
from accounts.models import User
from accounts.permissions import Permission, Role
from patients.actions import consents
from patients.caregivers import MOST, cared_for
from patients.models import Caregiver, Patient

TAKEN = _("This address can't be used here. Ask for an invitation to another address.")


@transaction.atomic
def invite(
    *, patient: Patient, by: User, name: str, email: str, does_sessions: bool, reads_messages: bool
) -> Caregiver:
    """Mail a link, which opens together with the code that the patient tells.

    Raises ValidationError for anyone but the patient, an address that is on the list already or is
    the patient's own, and for more people than a family.
    """
    locked = Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    _require_patient(locked, by)
    if canonical(email) == by.email:
        raise ValidationError({"email": _("This is your own address.")})
    waiting = locked.caregivers.filter(accepted_at=None, ended_at=None)
    lapsed = waiting.filter(expires_at__lte=timezone.now())
    lapsed.update(ended_at=timezone.now(), ended_by=by)
    if locked.caregivers.filter(ended_at=None).count() >= MOST:
        raise ValidationError(
            ngettext(
                "%(most)s person can help you here at a time.",
                "%(most)s people can help you here at a time.",
                MOST,
            )
            % {"most": MOST}
        )
    caregiver = Caregiver(
        patient=locked,
        clinic_id=locked.clinic_id,
        name=name,
        email=canonical(email),
        does_sessions=does_sessions,
        reads_messages=reads_messages,
        expires_at=timezone.now() + settings.INVITATION_AGE,
    )
    caregiver.full_clean()
    caregiver.save()
    audit.record(
        action=audit.Action.CAREGIVER_INVITED,
        patient=locked,
        by=by,
        subject=caregiver,
        does_sessions=does_sessions,
        reads_messages=reads_messages,
    )
    _send(caregiver)
    return caregiver


def _require_patient(patient: Patient, by: User) -> None:
    if patient.user_id is None or patient.user_id != by.pk:
        raise ValidationError(_("Only the patient decides who helps."))


def _send(caregiver: Caregiver) -> None:
    """In the patient's language: nobody knows the other's yet."""
    patient = caregiver.patient
    with translation.override(patient.language):
        context = {
            "caregiver": caregiver,
            "patient": patient,
            "clinic": patient.clinic,
            "address": f"{settings.SITE_ADDRESS}/portal/help/{caregiver.token}/",
        }
        send_mail(
            subject=gettext("An invitation to help"),
            message=render_to_string("email/caregiver_invitation.txt", context),
            from_email=settings.DEFAULT_FROM_EMAIL,
            recipient_list=[caregiver.email],
        )


@transaction.atomic
def accept(*, caregiver: Caregiver, password: str | None) -> User:
    """Make the login of somebody new. Without a password they get in by a code or a passkey: the
    invitation went to their address, so that is proven.

    Raises ValidationError for an invitation that was used or withdrawn meanwhile, an address that
    has a login, or a weak password.
    """
    locked = _usable(caregiver)
    first, __, last = locked.name.rpartition(" ")
    try:
        with transaction.atomic():
            user = accounts.create_user(
                email=locked.email,
                first_name=first,
                last_name=last,
                role=Role.CAREGIVER,
                clinic=locked.patient.clinic,
                password=password,
            )
    except IntegrityError as error:
        raise ValidationError(TAKEN) from error
    return _linked(locked, user)


@transaction.atomic
def accept_as(*, caregiver: Caregiver, by: User) -> User:
    """Somebody who has helped another patient of the clinic accepts with the login they have.

    Raises ValidationError for anybody else, and what `accept` raises for the invitation.
    """
    locked = _usable(caregiver)
    if not by.is_caregiver or by.email != locked.email:
        raise ValidationError(TAKEN)
    return _linked(locked, by)


def _usable(caregiver: Caregiver) -> Caregiver:
    usable = Caregiver.objects.usable().select_for_update(of=("self",))
    locked: Caregiver | None = usable.filter(pk=caregiver.pk).first()
    if locked is None:
        raise ValidationError(_("This invitation was already used. Try to log in instead."))
    return locked


def _linked(caregiver: Caregiver, user: User) -> User:
    caregiver.user, caregiver.accepted_at = user, timezone.now()
    caregiver.save(update_fields=["user", "accepted_at"])
    with wall.acting(user, caregiver.patient_id):  # from now on they may, and act in their own name
        consents.accept(patient=caregiver.patient, by=user)
        audit.record(
            action=audit.Action.CAREGIVER_ACCEPTED,
            patient=caregiver.patient,
            by=user,
            subject=caregiver,
        )
    return user


@transaction.atomic
def change(*, caregiver: Caregiver, by: User, does_sessions: bool, reads_messages: bool) -> None:
    """How much they see, from their next page on. Raises ValidationError for anyone but the patient
    and where it has ended.
    """
    _require_patient(caregiver.patient, by)
    locked = _not_ended(caregiver)
    if (locked.does_sessions, locked.reads_messages) == (does_sessions, reads_messages):
        return
    locked.does_sessions, locked.reads_messages = does_sessions, reads_messages
    locked.save(update_fields=["does_sessions", "reads_messages"])
    audit.record(
        action=audit.Action.CAREGIVER_CHANGED,
        patient=locked.patient,
        by=by,
        subject=locked,
        does_sessions=does_sessions,
        reads_messages=reads_messages,
    )


def _not_ended(caregiver: Caregiver) -> Caregiver:
    rows = Caregiver.objects.select_for_update(of=("self",)).filter(ended_at=None)
    locked: Caregiver | None = rows.filter(pk=caregiver.pk).first()
    if locked is None:
        raise ValidationError(_("This has ended already."))
    return locked


@transaction.atomic
def end(*, caregiver: Caregiver, by: User) -> None:
    """They see nothing of the patient from now on; a login that helps nobody else closes.

    By the patient, by whoever helps, or by the clinic for a patient who asks for it. Once.
    """
    locked = Caregiver.objects.select_for_update(of=("self",)).filter(pk=caregiver.pk).first()
    if locked is None or locked.ended_at is not None:
        return
    is_theirs = by.pk in (locked.patient.user_id, locked.user_id)
    if not (is_theirs or by.may(Permission.MANAGE_CARE_TEAMS)):
        raise ValidationError(_("Only the patient decides who helps."))
    audit.record(action=audit.Action.CAREGIVER_ENDED, patient=locked.patient, by=by, subject=locked)
    locked.ended_at, locked.ended_by = timezone.now(), by
    locked.save(update_fields=["ended_at", "ended_by"])
    close_if_idle(locked.user)


def close_if_idle(user: User | None) -> None:
    """Close a caregiver's login when nobody shares with it any more."""
    if user is not None and user.is_caregiver and not cared_for(user):
        accounts.close(user=user)
