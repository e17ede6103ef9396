"""Short codes for paper or the telephone. None is stored: each is derived from a row's id and the
site's secret, so a copy of the database opens nothing, and a code can be shown again.
"""

import hashlib
import hmac
from uuid import UUID

from django.conf import settings

# No 0/O, 1/I/L, U: nothing to mistake on paper. 30 signs, 8 of them: 39 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8


def code_of(purpose: str, key: UUID) -> str:
    """As printed: two groups of four."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{purpose}:{key}".encode(), hashlib.sha256)
    number = int.from_bytes(digest.digest(), "big")
    signs = ""
    for _ in range(LENGTH):
        number, index = divmod(number, len(ALPHABET))
        signs += ALPHABET[index]
    return f"{signs[:4]}-{signs[4:]}"


def normalized_code(text: str) -> str:
    """Capitals, without the blanks and dashes people type."""
    return "".join(sign for sign in text.upper() if sign.isalnum())
