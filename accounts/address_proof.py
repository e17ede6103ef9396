"""Proving that a mailbox is somebody's before there is an account: a code that goes there.

What waits for the proof stands in the session, the code only as a keyed digest. One at a time.
"""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

_KEY = "address_proof"


def begin(request: HttpRequest, *, email: str, **waiting: Any) -> None:
    """Mail a code, and keep what waits for it (small and JSON)."""
    adapter = get_adapter(request)
    code = adapter.generate_login_code()
    request.session[_KEY] = {
        **waiting,
        "email": email,
        "digest": _digest(code),
        "until": time.time() + settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT,
        "tries": settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS,
    }
    adapter.send_mail("account/email/login_code", email, {"code": code})


def pending(request: HttpRequest) -> dict[str, Any] | None:
    """What waits, with its `email`; None when it took too long or too many tries."""
    proof: dict[str, Any] | None = request.session.get(_KEY)
    if proof is None or proof["until"] < time.time() or proof["tries"] <= 0:
        return None
    return proof


def is_right(request: HttpRequest, code: str) -> bool:
    """One try, counted."""
    proof = pending(request)
    if proof is None:
        return False
    proof["tries"] -= 1
    request.session[_KEY] = proof
    return constant_time_compare(_digest(code), proof["digest"])


def end(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def _digest(code: str) -> str:
    digits = "".join(sign for sign in code if sign.isdecimal())
    return salted_hmac(_KEY, digits, algorithm="sha256").hexdigest()
