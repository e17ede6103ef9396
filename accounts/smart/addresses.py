"""Addresses: ours that apps are told, where they lead patients back to, where they are asked."""

import re
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

LOOPBACK = {"127.0.0.1", "localhost"}
# What a policy of pages (CSP) can name: anything else would begin a directive of its own.
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)
# RFC 8252, 7.1: of a program on a device, by a domain name of its makers turned round.
_OWN_SCHEME = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+")
_SIGNS = re.compile(r"[\x21-\x7e]+")  # nothing that a header or a browser would read differently


def address_of_fhir() -> str:
    """The base that an app names as `aud`, and asks at."""
    return f"{settings.SITE_ADDRESS}/fhir"


def address_of_tokens() -> str:
    return f"{address_of_fhir()}/token"


def address_of_revoking() -> str:
    return f"{address_of_fhir()}/revoke"


def _split(address: str) -> SplitResult:
    """Raises ValidationError for what no browser would take as it is written."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - raises for one that is none
    except ValueError as error:
        raise ValidationError("This is no address.") from error
    odd = not _SIGNS.fullmatch(address) or set(address) & set("\\<>\"'`{}|^")
    if odd or parts.fragment or address.endswith("#") or "@" in parts.netloc or "*" in address:
        raise ValidationError(
            "Write the whole address: without blanks, signs that stand for others, names, or a #."
        )
    return parts


def validate_way_back(address: str) -> None:
    """https, http to the same device, or a scheme of the program's own such as `org.example.app`.

    Raises ValidationError.
    """
    parts = _split(address)
    host = parts.hostname or ""
    if parts.scheme in {"http", "https"} and not _HOST.fullmatch(host):
        raise ValidationError("This is no address.")
    if parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK):
        return
    if _OWN_SCHEME.fullmatch(parts.scheme):
        return
    raise ValidationError(
        "Begin with https://, or with the app's own name such as org.example.app:"
    )


def leads_back(asked: str, registered: list[str]) -> bool:
    """Exactly one of those that were entered; on the same device the port is free (RFC 8252, 7.3).

    Those addresses are compared without it: a program takes the port that the system gives it.
    """
    return asked in registered or any(
        _without_port(asked) == _without_port(one) != "" for one in registered
    )


def _without_port(address: str) -> str:
    """Empty for what does not lead to the same device."""
    try:
        parts = _split(address)
    except ValidationError:
        return ""
    if parts.scheme != "http" or parts.hostname != "127.0.0.1":
        return ""
    return parts._replace(netloc=parts.hostname).geturl()


def origin(address: str) -> str:
    """What a browser's policy names: an origin, or a scheme of an app's own with its colon."""
    parts = urlsplit(address)
    if parts.scheme in {"http", "https"}:
        return f"{parts.scheme}://{parts.netloc}"
    return f"{parts.scheme}:"


def validate_asked(address: str) -> None:
    """Raises ValidationError for an address at which we ask no app."""
    parts = _split(address)
    if f"{parts.scheme}://{parts.netloc}" in settings.APP_ORIGINS:
        return
    if parts.scheme != "https" or not _HOST.fullmatch(parts.hostname or ""):
        raise ValidationError("Begin with https:// and a name.")
