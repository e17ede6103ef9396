"""Every write of accounts; what an administrator does with staff's is in `accounts.staff`."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit, push
from accounts.addresses import canonical
from accounts.models import Clinic, PushDevice, User
from accounts.models.push import LONGEST_ENDPOINT
from accounts.permissions import Role

CLOSED = "@closed.invalid"  # no address, and nobody's
MOST_PUSH_DEVICES = 10  # of one person


@transaction.atomic
def create_clinic(*, name: str, time_zone: str, phone: str, **fields: Any) -> Clinic:
    """A new clinic; the first keeps the public site. Raises ValidationError for a time zone that
    does not exist.
    """
    is_first = not Clinic.objects.exists()
    clinic = Clinic(name=name, time_zone=time_zone, phone=phone, is_editorial=is_first, **fields)
    clinic.full_clean()
    clinic.save()
    return clinic


@transaction.atomic
def keep_public_site(*, clinic: Clinic, keeps: bool) -> None:
    """Whether the clinic's therapists and editors write pages, authors and sources for all."""
    clinic.is_editorial = keeps
    clinic.save(update_fields=["is_editorial"])


@transaction.atomic
def create_user(
    *,
    email: str,
    first_name: str,
    last_name: str,
    role: Role,
    clinic: Clinic | None,
    password: str | None = None,
    credentials: str = "",
    npi: str = "",
    email_is_proven: bool = True,
) -> User:
    """A new login. Without a password it is set through 'forgot password'.

    Raises ValidationError for a taken address, a weak password, or a role without its clinic.
    """
    user = User(
        email=canonical(email),
        first_name=first_name,
        last_name=last_name,
        role=role,
        clinic=clinic,
        credentials=credentials,
        npi=npi,
    )
    if password is not None:
        validate_password(password, user)
    user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save()
    # django-allauth changes addresses by this row. The clinic vouches for its staff's.
    EmailAddress.objects.create(user=user, email=user.email, verified=email_is_proven, primary=True)
    return user


@transaction.atomic
def remove_factors(*, user: User, by: User | None = None, asked_by: User | None = None) -> int:
    """For somebody whose device is lost, by a command, or by two people. How many there were.

    Sessions end, too: one may be open on the device that is lost.
    """
    count, _ = Authenticator.objects.filter(user=user).delete()
    user.push_devices.all().delete()
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    if count:
        audit.record(
            action=audit.Action.FACTOR_REMOVED,
            by=by,
            account=user,
            subject=user.uuid,
            all=count,
            asked_by=str(asked_by or ""),
        )
    return count


@transaction.atomic
def add_push_device(*, user: User, endpoint: str, words: str = "") -> PushDevice:
    """Notifications are on in this browser; the oldest of too many goes.

    Raises ValidationError for an address at no push service that we know.
    """
    if not push.is_served(endpoint) or len(endpoint) > LONGEST_ENDPOINT:
        raise ValidationError("This browser’s notifications come from a service that is not known.")
    device, is_new = PushDevice.objects.update_or_create(
        endpoint=endpoint, defaults={"user": user, "words": words[:100], "added_at": timezone.now()}
    )
    if is_new:
        audit.record(action=audit.Action.PUSH_ADDED, by=user, account=user, device=device.words)
    for old in user.push_devices.all()[MOST_PUSH_DEVICES:]:
        old.delete()
    return device


@transaction.atomic
def remove_push_device(*, device: PushDevice, by: User) -> None:
    """Notifications are off in this browser."""
    owner, words = device.user, device.words
    device.delete()
    audit.record(action=audit.Action.PUSH_REMOVED, by=by, account=owner, device=words)


@transaction.atomic
def change_address(*, user: User, email: str) -> User:
    """Another address by the clinic's word, for somebody who can't log in to change it.

    Raises ValidationError for one that is taken or none.
    """
    user.email = canonical(email)
    user.full_clean(exclude=["password"])
    user.save(update_fields=["email"])
    EmailAddress.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    return user


@transaction.atomic
def close(*, user: User) -> None:
    """End a login for good: every way in, every open session, and the address, which is free again.

    The row stays, since records say who wrote them.
    """
    remove_factors(user=user)
    SocialAccount.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    user.push_devices.all().delete()
    user.email = f"{user.uuid}{CLOSED}"
    user.is_active = False  # the login backend refuses it, in sessions that are open, too
    user.set_unusable_password()
    user.save(update_fields=["email", "is_active", "password"])
