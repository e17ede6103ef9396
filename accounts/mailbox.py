"""Staff's first second factor is made by whoever also reads the mail of the account's address.

A password may have been guessed or taken. Alone it would make a factor, and shut its owner out. So
a session shows the mailbox first: by a code that is mailed when it is needed, or by the link to a
new password, which was opened in it. Another address for the account waits for the same, as it
would be the next code's.
"""

import time

from django.http import HttpRequest

from accounts import factors
from accounts.models import User
from accounts.permissions import Role

_KEY = "mailbox_shown"  # in a session: whose, and when
HOLDS_SECONDS = 30 * 60  # from opening the link to choosing a password, and a phone at hand


def note(request: HttpRequest, user: User) -> None:
    """`user` has just shown it."""
    request.session[_KEY] = [user.pk, int(time.time())]


def is_asked_for(request: HttpRequest) -> bool:
    """Whether this person has to show it before they make a factor or change their address."""
    user = request.user
    if not isinstance(user, User) or user.role == Role.PATIENT or factors.has_one(user):
        return False
    whose, when = request.session.get(_KEY, [None, 0])
    return bool(whose != user.pk or time.time() - when > HOLDS_SECONDS)
