"""An installation without a clinic: its first one, and who runs it, are made in the browser.

Whoever does that reads the server's log: the page asks for a code that stands only there. With the
first clinic the page is gone for good.
"""

import logging
import secrets
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from accounts import actions, countries, staff
from accounts.models import Clinic, User
from accounts.permissions import Role

log = logging.getLogger("footing.first_run")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that looks like another
_LOCK = "footing first run"


def is_needed() -> bool:
    return not Clinic.objects.exists()


def code() -> str:
    """The same in each process, made of SECRET_KEY; 'ABCD-EFGH-JKLM'."""
    digest = salted_hmac("accounts.first_run", "code", algorithm="sha256").digest()
    letters = "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:12])
    return "-".join(letters[at : at + 4] for at in range(0, 12, 4))


def tell_code() -> None:
    """To whoever reads the log of the web process; once a minute, however often it is asked."""
    if not cache.add("footing.first_run_told", 1, timeout=60):
        return
    log.warning("Nobody has set up this installation. The code of its set-up page: %s", code())


def is_right(typed: str) -> bool:
    plain = "".join(typed.upper().split()).replace("-", "")
    return secrets.compare_digest(plain.encode(), code().replace("-", "").encode())


@transaction.atomic
def set_up(*, clinic: dict[str, Any], administrator: dict[str, Any]) -> User:
    """The first clinic, and its administrator, who gets a mail to choose a password.

    Raises ValidationError for what makes no sense, and where somebody else was faster.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_LOCK])
    if not is_needed():
        raise ValidationError("This installation is set up already.")
    usual = countries.emergency_number(clinic.get("country", ""))
    number = clinic.get("emergency_number") or usual
    if not number:
        raise ValidationError({"emergency_number": "Write the number that people call there."})
    made = actions.create_clinic(**{**clinic, "emergency_number": number})
    user = actions.create_user(clinic=made, role=Role.CLINIC_ADMIN, **administrator)
    staff.write_to(user=user, by=user)
    return user
