"""Secrets in the database are sealed with the site's own: a copy of it alone opens none."""

import base64

from cryptography.fernet import Fernet
from django.utils.crypto import salted_hmac


def box(purpose: str) -> Fernet:
    """Seals and opens for one purpose; what was sealed for another does not open."""
    key = salted_hmac(purpose, "key", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
