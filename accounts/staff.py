"""Staff's logins, as their clinic's administrator keeps them: invited, changed, ended, begun again.

Who treats patients is handed over first (`programs.actions.handing_over`). The database keeps each
change on record. No password is ever set for somebody else.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from accounts import actions, audit
from accounts.addresses import canonical
from accounts.models import AuditEvent, Clinic, FactorReset, User
from accounts.permissions import PORTAL_ROLES, Permission, Role
from accounts.stale import require_read

# So long an account has stood as it is before it confirms that another's factor is lost.
SETTLED = dt.timedelta(days=7)
CONFIRMED_AT = "/workspace/people/factor/{}/"
# Whom an administrator may make and change.
ROLES = [role for role in Role if role not in PORTAL_ROLES]


def of_clinic(clinic: Clinic) -> QuerySet[User]:
    """Without those whose account was closed for good."""
    here = User.objects.filter(clinic=clinic, role__in=ROLES)
    gone = here.filter(is_active=False, email__endswith=actions.CLOSED)
    return here.exclude(pk__in=gone).order_by("-is_active", "last_name", "first_name", "pk")


@transaction.atomic
def invite(*, by: User, **fields: Any) -> User:
    """A new login, and a mail that says how to choose a password.

    Raises ValidationError beside what is wrong, such as an address that is taken.
    """
    user = actions.create_user(clinic=by.clinic, **fields)
    write_to(user=user, by=by)
    return user


def write_to(*, user: User, by: User) -> None:
    """The mail of the invitation, once more. It holds no key: the address is proven by the next."""
    context = {
        "user": user,
        "by": by,
        "address": settings.SITE_ADDRESS + reverse("account_reset_password"),
    }
    send_mail(
        subject=" ".join(f"{by.clinic} invites you to Footing".split()),
        message=render_to_string("email/staff_invitation.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        recipient_list=[user.email],
    )


@transaction.atomic
def correct_address(*, user: User, email: str, by: User) -> User:
    """Of somebody who has not come in yet; the mail of the invitation goes to the right one.

    Raises ValidationError for others, and for an address that is taken or none.
    """
    user = _held(user, by)
    if not is_invited(user):
        raise ValidationError("They have logged in: they change their address themselves.")
    if canonical(email) != user.email:
        try:
            actions.change_address(user=user, email=email)
        except ValidationError as error:
            raise ValidationError({"email": error.messages}) from error
    write_to(user=user, by=by)
    return user


def is_invited(user: User) -> bool:
    """They have not come in yet."""
    return user.is_active and user.last_login is None


@transaction.atomic
def change(*, user: User, by: User, read: str | None = None, **fields: Any) -> User:
    """Name, credentials or role. Another role ends their sessions.

    Raises ValidationError for one's own role, and where nobody would run the clinic any more,
    StaleError where somebody changed them since the page with the stamp `read` was made.
    """
    user = _held(user, by)
    require_read(user, fields, read)
    role = fields.get("role", user.role)
    if role != user.role:
        _require_not_oneself(user, by)
        if role != Role.CLINIC_ADMIN:
            _require_another_administrator(user)
    for name, value in fields.items():
        setattr(user, name, value)
    user.full_clean(exclude=["password"])
    user.save(update_fields=[*fields])
    if not user.may(Permission.TREAT):
        user.push_devices.all().delete()
    return user


@transaction.atomic
def end(*, user: User, by: User) -> User:
    """They come in no more, in no session; the address stays theirs, so that they can come back. An
    invitation that nobody took is withdrawn for good.

    Raises ValidationError for oneself, and where nobody would run the clinic any more.
    """
    user = _held(user, by)
    _require_not_oneself(user, by)
    _require_another_administrator(user)
    FactorReset.objects.filter(user=user).delete()
    if is_invited(user):
        actions.close(user=user)
        return user
    user.push_devices.all().delete()
    user.is_active = False
    user.save(update_fields=["is_active"])
    return user


@transaction.atomic
def begin_again(*, user: User, by: User) -> User:
    """As they were, with the factors they had; they treat nobody yet."""
    user = _held(user, by)
    user.is_active = True
    user.save(update_fields=["is_active"])
    return user


# A second factor that is lost


@transaction.atomic
def ask_for_factor_reset(*, user: User, by: User, words: str) -> FactorReset:
    """The first of two people. Colleagues get a mail, and so does the person concerned.

    Raises ValidationError for oneself, without words, and while another waits.
    """
    user = _held(user, by)
    if FactorReset.objects.waiting().filter(user=user).exists():
        raise ValidationError("This was asked already; a colleague has to confirm it.")
    FactorReset.objects.filter(user=user).delete()
    reset = FactorReset(user=user, asked_by=by, words=words.strip())
    reset.full_clean()
    reset.save()
    audit.record(action=audit.Action.FACTOR_RESET_ASKED, by=by, account=user, subject=user.uuid)
    context = {
        "reset": reset,
        "address": settings.SITE_ADDRESS + CONFIRMED_AT.format(reset.pk),
    }
    for person in [*_confirmers(reset), user]:
        send_mail(
            subject="A lost second factor",
            message=render_to_string(
                "email/factor_reset.txt", {**context, "person": person, "own": person == user}
            ),
            from_email=settings.DEFAULT_FROM_EMAIL,
            recipient_list=[person.email],
        )
    return reset


def may_confirm(person: User, reset: FactorReset) -> bool:
    return person in _confirmers(reset)


def _confirmers(reset: FactorReset) -> list[User]:
    """Colleagues who work there, and are neither the first nor who it is about; nobody whose
    account was made, changed or begun again lately: that could be the first one's own doing.
    """
    clinic = reset.user.clinic
    assert clinic is not None, "Whoever an administrator holds is of a clinic."
    changed = AuditEvent.objects.filter(
        clinic_id=clinic.pk,
        action__in=[audit.Action.ACCOUNT_ADDED, audit.Action.ACCOUNT_CHANGED],
        at__gt=reset.asked_at - SETTLED,
    )
    young = set(changed.values_list("subject_id", flat=True))
    others = of_clinic(clinic).exclude(pk__in=[reset.user_id, reset.asked_by_id])
    return [
        one for one in others if one.may(Permission.ENTER_WORKSPACE) and str(one.uuid) not in young
    ]


@transaction.atomic
def confirm_factor_reset(*, reset: FactorReset, by: User) -> None:
    """The second: factors and recovery codes are gone, and they make new ones at the next login,
    after a code by mail.

    Raises ValidationError for whoever may not, and for one that was settled or is too old.
    """
    held = FactorReset.objects.waiting().select_for_update(of=("self",)).filter(pk=reset.pk).first()
    if held is None or not may_confirm(by, held):
        raise ValidationError("It is settled already, or you are not the one to confirm it.")
    actions.remove_factors(user=held.user, by=by, asked_by=held.asked_by)
    held.delete()


@transaction.atomic
def refuse_factor_reset(*, reset: FactorReset, by: User) -> None:
    """It is not them, or no longer needed: by any colleague, or the person concerned."""
    if FactorReset.objects.filter(pk=reset.pk).delete()[0]:
        audit.record(
            action=audit.Action.FACTOR_RESET_REFUSED,
            by=by,
            account=reset.user,
            subject=reset.user.uuid,
        )


def _held(user: User, by: User) -> User:
    """Locked with the clinic, so that two administrators can't take each other's role at once."""
    assert by.clinic is not None, "Whoever runs a clinic has one."
    Clinic.objects.select_for_update(no_key=True).get(pk=by.clinic.pk)
    staff = User.objects.select_for_update(of=("self",), no_key=True).filter(role__in=ROLES)
    return staff.select_related("clinic").get(pk=user.pk, clinic=by.clinic)


def _require_not_oneself(user: User, by: User) -> None:
    if user.pk == by.pk:
        raise ValidationError("Another administrator does that for you.")


def _require_another_administrator(user: User) -> None:
    if user.role != Role.CLINIC_ADMIN:
        return
    others = User.objects.filter(clinic=user.clinic, role=Role.CLINIC_ADMIN, is_active=True)
    if not others.exclude(pk=user.pk).exists():
        raise ValidationError("Make somebody else an administrator first: someone has to be.")
