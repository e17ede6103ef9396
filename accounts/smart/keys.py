"""Public keys by which an app shows who it is: JSON Web Key Sets (RFC 7517)."""

import hashlib
import time
from http import HTTPStatus
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from accounts.smart.asking import NoAnswerError, json_of

ALGORITHMS = ["RS384", "ES384"]  # what SMART 2.2 asks a server for, and no weaker one
SHORTEST_RSA = 2048  # bits
MOST_KEYS = 20
SECRET = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}  # members of keys that are not public
TIMEOUT_SECONDS = 5.0  # for all of it
LARGEST = 64 * 1024  # bytes
_JSON = {"Accept": "application/json"}
# So long keys are used without asking again; when nobody answers then, for a day.
FRESH_SECONDS, KEPT_SECONDS = 3600, 24 * 3600
# A key that is not known lets the address be asked again, and not at every request.
PAUSE_SECONDS = 60
# Others wait so long for who asks already.
WAIT_SECONDS, LOOK_SECONDS = 2.0, 0.1


class NoKeysError(Exception):
    """The address gave none."""


def read(data: Any) -> KeySet:
    """Raises ValidationError for anything but a set of public keys that we verify with."""
    try:
        found = KeySet.import_key_set({"keys": usable(data)})
        for key in found.keys:
            if isinstance(key, RSAKey) and key.public_key.key_size < SHORTEST_RSA:
                raise ValidationError(f"An RSA key has at least {SHORTEST_RSA} bits.")
            assert isinstance(key, RSAKey | ECKey)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValidationError("One of these keys can't be read.") from error
    return found


def usable(data: Any) -> list[Any]:
    """Those for what we verify. Raises ValidationError where there is none, or a secret one."""
    listed = data.get("keys") if isinstance(data, dict) else None
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_KEYS:
        raise ValidationError(f'A key set has the form {{"keys": [...]}}, with 1 to {MOST_KEYS}.')
    if any(isinstance(one, dict) and SECRET & one.keys() for one in listed):
        raise ValidationError("This holds a private key. Make a new one, and send the public half.")
    found = [one for one in listed if isinstance(one, dict) and _is_for_signing(one)]
    if not found:
        raise ValidationError("No key of these is for RS384 or ES384.")
    return found


def _is_for_signing(one: dict[str, Any]) -> bool:
    if one.get("use", "sig") != "sig" or not isinstance(one.get("kid"), str):
        return False
    is_curve = one.get("kty") == "EC" and one.get("crv") == "P-384"
    return one.get("alg", ALGORITHMS[0]) in ALGORITHMS and (one.get("kty") == "RSA" or is_curve)


def at(address: str, *, kid: str) -> KeySet:
    """The keys at an address; asked again where `kid` is none of those that were kept, and hourly.

    Raises NoKeysError.
    """
    kept = name_of(address, "kept")
    known = cache.get(kept)
    is_fresh = known is not None and time.time() - known["at"] < FRESH_SECONDS
    if is_fresh and _has(known, kid):
        return read(known)
    if cache.add(name_of(address, "asked"), 1, PAUSE_SECONDS):
        try:
            known = {"keys": _asked(address), "at": time.time()}
            cache.set(kept, known, KEPT_SECONDS)
        except NoKeysError:
            if not _has(known, kid):
                raise
    deadline = time.monotonic() + WAIT_SECONDS
    while known is None and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)
        known = cache.get(kept)
    if known is None:
        raise NoKeysError("It was asked a moment ago, and gave none.")
    return read(known)


def _has(known: Any, kid: str) -> bool:
    return known is not None and any(one["kid"] == kid for one in known["keys"])


def name_of(address: str, what: str) -> str:
    """In the cache, whose names are short."""
    return f"app-keys:{what}:{hashlib.sha256(address.encode()).hexdigest()}"


def _asked(address: str) -> list[Any]:
    try:
        status, _, said = json_of(
            "GET", address, seconds=TIMEOUT_SECONDS, largest=LARGEST, headers=_JSON
        )
        if status != HTTPStatus.OK:
            raise NoKeysError(f"It answers {status}.")
        found = usable(said)
        read({"keys": found})
    except (ValidationError, NoAnswerError) as error:
        raise NoKeysError(f"No key set: {type(error).__name__}.") from error
    return found
