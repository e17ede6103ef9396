"""Addresses that an app is led back to, and where its keys are."""

import ipaddress
import re
import socket
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

LOOPBACK = {"127.0.0.1", "[::1]", "localhost"}
# RFC 8252, 7.1: of a program on a device, by a domain name of its makers turned round.
_OWN_SCHEME = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+")
_SIGNS = re.compile(r"[\x21-\x7e]+")  # nothing that a header or a browser would read differently


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
    host = parts.netloc.rpartition(":")[0] if parts.port is not None else parts.netloc
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and host in LOOPBACK:
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
    if parts.scheme != "http" or parts.hostname not in {"127.0.0.1", "::1"}:
        return ""
    return parts._replace(netloc=parts.hostname).geturl()


def origin(address: str) -> str:
    """What a browser's policy names: an origin, or a scheme of an app's own with its colon."""
    parts = urlsplit(address)
    if parts.scheme in {"http", "https"}:
        return f"{parts.scheme}://{parts.netloc}"
    return f"{parts.scheme}:"


def validate_key_set(address: str) -> None:
    """Raises ValidationError for what no key set is asked for at."""
    parts = _split(address)
    if f"{parts.scheme}://{parts.netloc}" in settings.APP_KEYS_FROM:
        return
    if parts.scheme != "https" or not parts.hostname:
        raise ValidationError("Begin with https://")


def is_outside(address: str) -> bool:
    """Whether its name leads to no machine of our own network; those in APP_KEYS_FROM may.

    Whoever enters an address runs one clinic, and not the machines that others are on.
    """
    parts = urlsplit(address)
    if f"{parts.scheme}://{parts.netloc}" in settings.APP_KEYS_FROM:
        return True
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return bool(found) and all(ipaddress.ip_address(one[4][0]).is_global for one in found)
