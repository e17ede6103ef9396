"""How often one may do what costs much, or what reaches somebody else.

What tells how somebody's feet are has no limit and is never to get one: sessions, check-ins, signs
that something is wrong, corrections, and what staff decide about alerts. A device that was without
a connection sends many of these at once.
"""

import math
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.internal import ratelimit
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

# So many in so long, for each login (`user`) or for whatever the caller names (`key`). Each number
# is above what somebody at work comes to, and far below what a script does. No time is longer than
# an hour: see `config.cache`. Tries to log in and answers without a login: ACCOUNT_RATE_LIMITS.
LIMITS = {
    # Long pauses, short sentences: on a bad day a dozen. Each is a line that somebody has to read.
    "patient_message": "30/h/user",
    # 80 patients answered in a morning are 20 an hour; with canned answers four a minute.
    "staff_message": "240/h/user",
    # Read and written anew while the page waits, half a second each. Both feet from all sides: 10.
    "picture": "40/h/user",
    # Typed into a field, each about something that was just read.
    "question": "20/h/user",
    # A clinic that begins invites its patients in one morning. Each is a mail to somebody: a
    # patient's address is corrected once or twice, not more.
    "invitation": "120/h/user,6/h/key",
    # A clinic's whole staff in one morning.
    "staff_invitation": "60/h/user",
    # Each is a mail to all colleagues.
    "factor_reset": "5/h/user",
    # Once after setting up, and again until the mail server is right.
    "mail_test": "10/h/user",
    # Relatives and friends: five at a time, and an address that was mistyped.
    "caregiver": "10/h/user",
    # A second of the processor each. A patient prints one plan, and again in larger letters.
    "patient_paper": "20/h/user",
    # 80 plans printed before the clinic opens.
    "staff_paper": "120/h/user",
    # All of a record, in three forms. It is the most that a patient's login can ask for.
    "record": "10/h/user",
    # 200 people, each looked for among all of the clinic.
    "people_file": "30/h/user",
    # Years of somebody's care, read at once; a patient brings one.
    "record_file": "20/h/user",
    # Looked at twice or three times until it is right.
    "form_file": "60/h/user",
    # A patient opened out of the hospital's record: each asks there, and holds a process meanwhile.
    "record_launch": "120/h/user",
    # Letters and plans of all whom one sees in an hour; each waits for that record.
    "record_sent": "240/h/user",
    # Up to 50,000 lines.
    "audit_file": "20/h/user",
    # Every patient that one may see, with a look at the days of each.
    "caseload_file": "20/h/user",
    # All courses of care of a year, twice where one year is held against another.
    "numbers": "120/h/user",
    "numbers_file": "20/h/user",
    # Each asks Crossref or PubMed in the site's name; a reading list is looked up in an afternoon.
    "source_lookup": "120/h/user",
    # Other programs (`fhir`), each app of a patient on its own. It reads a record kind by kind and
    # page by page, and looks for news once a minute at the most.
    "app": "300/m/key",
    # A clinic's own record, which reads all patients one after the other.
    "clinic_app": "1200/m/key",
    # All of a clinic, anew each time.
    "app_export": "4/h/key",
    # Tokens, by network address: a hospital's whole system may come from one, each five minutes.
    "app_token": "120/m/key",
    # Searches of strangers, by network address (`sender`). One person types one in five seconds; a
    # waiting room may share an address.
    "search": "60/m/key",
}
APP = "footing"  # apart from allauth's counts
_WAIT = "footing.wait_seconds"  # in a request: how long until there is room again
View = Callable[..., HttpResponse]


class TooOftenError(ValidationError):
    """Said beside the form, which keeps what was typed. `seconds` until there is room again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(_words(seconds))
        self.seconds = seconds


class Refusal(HttpResponse):
    """A page of its own that says how long to wait: nothing else was shown."""

    status_code = 429


def take(request: HttpRequest, action: str, *, key: str | None = None) -> None:
    """Count one of `action`, a name in the table. Raises TooOftenError where there is no room.

    Behind a door it counts within the request's transaction, so that two at once of one login wait
    for each other, and what failed is not counted.
    """
    assert action in LIMITS, action
    given = {"app": APP, "action": action, "config": LIMITS}
    if ratelimit.consume(request, key=key, limit_get=True, **given) is None:
        request.META[_WAIT] = _seconds_to_wait(request, action, key)
        raise TooOftenError(request.META[_WAIT])


def _seconds_to_wait(request: HttpRequest, action: str, key: str | None) -> int:
    """Until the oldest that counts no longer does; a second where one was just being counted."""
    waits = [1.0]
    for rate in ratelimit.get_rates(app=APP, action=action, config=LIMITS):
        name = ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key)
        counted = cache.get(name, [])
        if counted and len(counted) >= rate.amount:
            waits.append(counted[-1] + rate.duration - time.time())
    return math.ceil(max(waits))


def _words(seconds: int) -> str:
    minutes = math.ceil(seconds / 60)
    return ngettext(
        "That was a lot in a short time. Wait %(count)s minute, then try again.",
        "That was a lot in a short time. Wait %(count)s minutes, then try again.",
        minutes,
    ) % {"count": minutes}


def allows(request: HttpRequest, form: forms.BaseForm, *actions: str) -> bool:
    """Count each; where there is no room the form says so. The view ends with `answered`."""
    try:
        for action in actions:
            take(request, action)
    except TooOftenError as error:
        form.add_error(None, error)
        return False
    return True


def answered(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same, as a 429 that says when to come again if something was refused."""
    if seconds := request.META.get(_WAIT):
        response.status_code = Refusal.status_code
        response["Retry-After"] = str(seconds)
    return response


def refusal(request: HttpRequest, action: str, *, key: str | None = None) -> HttpResponse | None:
    """Count one; a page that says how long to wait where there is no room, else None."""
    try:
        take(request, action, key=key)
    except TooOftenError as error:
        refused = Refusal(render_to_string("429.html", {"words": error.messages}, request))
        add_never_cache_headers(refused)
        return answered(request, refused)
    return None


def limited(action: str) -> Callable[[View], View]:
    """A page or file of which there are only so many. Stands behind the gate."""

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return refusal(request, action) or view(request, *args, **kwargs)

        return counted

    return decorate


def sender(request: HttpRequest) -> str:
    """A network address that can be counted and not read; of IPv6, the network."""
    return salted_hmac(__name__, ratelimit.get_ip(request), algorithm="sha256").hexdigest()
