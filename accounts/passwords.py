"""Passwords that are guessed first are refused, with the reason."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from zxcvbn import zxcvbn

PRODUCT = "footing"
# Of zxcvbn's 0 to 4: "safely unguessable" where tries at the site itself are limited, as ours are.
# D. Wheeler, zxcvbn: low-budget password strength estimation, USENIX Security 2016.
LEAST = 3
# As far as it is looked at: zxcvbn's time grows fast with signs that stand for letters (0.14 s at
# 20, 5 s at 72, for the worst we know).
LONGEST = 20
OF_YOURS = _("It is built from your name, your clinic's, or Footing's. Choose other words.")
TOO_QUICK = _("It is guessed too quickly. Add one or two words that do not belong together.")


class NotGuessable:
    """Against zxcvbn's offline lists of leaked passwords, words, names, dates and keyboard rows."""

    def validate(self, password: str, user: Any = None) -> None:
        own = _words_of(user)
        found = zxcvbn(password[:LONGEST], user_inputs=own)
        tokens = [
            one["token"] for one in found["sequence"] if one.get("dictionary_name") == "user_inputs"
        ]
        plain = [word for word in own if word.lower() in password.lower()]
        if 2 * max(len("".join(tokens)), len("".join(plain))) > len(password):
            raise ValidationError(OF_YOURS, code="password_of_yours")
        if found["score"] < LEAST:
            raise ValidationError(OF_YOURS if tokens else TOO_QUICK, code="password_too_quick")

    def get_help_text(self) -> str:
        return str(_("Two or three words that do not belong together are hard to guess."))


def _words_of(user: Any) -> list[str]:
    """What a stranger would try first for this person."""
    names = ("first_name", "last_name", "email", "clinic")
    known = " ".join(str(getattr(user, name, None) or "") for name in names)
    return list(dict.fromkeys(re.findall(r"[^\W\d_]{3,}", f"{PRODUCT} {known}")))
