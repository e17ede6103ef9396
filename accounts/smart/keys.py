"""Public keys by which an app shows who it is: JSON Web Key Sets (RFC 7517)."""

import hashlib
from typing import Any

import requests
from django.core.cache import cache
from django.core.exceptions import ValidationError
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from accounts.smart.addresses import is_outside

ALGORITHMS = ["RS384", "ES384"]  # what SMART 2.2 asks a server for, and no weaker one
SHORTEST_RSA = 2048  # bits
MOST_KEYS = 20
TIMEOUT_SECONDS = 5
LARGEST = 64 * 1024  # bytes
KEPT_SECONDS = 3600
# A key that is not known lets the address be asked again, and not at every request.
PAUSE_SECONDS = 60


class NoKeysError(Exception):
    """The address gave none."""


def read(data: Any) -> KeySet:
    """Raises ValidationError for anything but a set of public keys that we verify with."""
    listed = data.get("keys") if isinstance(data, dict) else None
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_KEYS:
        raise ValidationError(f'A key set has the form {{"keys": [...]}}, with 1 to {MOST_KEYS}.')
    usable = [one for one in listed if isinstance(one, dict) and _is_for_signing(one)]
    if any(one.get("d") for one in usable):
        raise ValidationError("This holds a private key. Make a new one, and send the public half.")
    if not usable:
        raise ValidationError("No key of these is for RS384 or ES384.")
    try:
        found = KeySet.import_key_set({"keys": usable})
        for key in found.keys:
            if isinstance(key, RSAKey) and key.public_key.key_size < SHORTEST_RSA:
                raise ValidationError(f"An RSA key has at least {SHORTEST_RSA} bits.")
            assert isinstance(key, RSAKey | ECKey)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValidationError("One of these keys can't be read.") from error
    return found


def _is_for_signing(one: dict[str, Any]) -> bool:
    if one.get("use", "sig") != "sig" or not isinstance(one.get("kid"), str):
        return False
    is_curve = one.get("kty") == "EC" and one.get("crv") == "P-384"
    return one.get("alg", ALGORITHMS[0]) in ALGORITHMS and (one.get("kty") == "RSA" or is_curve)


def at(address: str, *, kid: str) -> KeySet:
    """The keys at an address; asked again where `kid` is none of those that were kept.

    Raises NoKeysError.
    """
    kept, paused = name_of(address, "kept"), name_of(address, "asked")
    known = cache.get(kept)
    if known is not None and any(one.get("kid") == kid for one in known["keys"]):
        return read(known)
    if cache.add(paused, 1, PAUSE_SECONDS):
        known = _asked(address)
        cache.set(kept, known, KEPT_SECONDS)
    if known is None:
        raise NoKeysError("It was asked a moment ago, and gave none.")
    return read(known)


def name_of(address: str, what: str) -> str:
    """In the cache, whose names are short."""
    return f"app-keys:{what}:{hashlib.sha256(address.encode()).hexdigest()}"


def _asked(address: str) -> Any:
    if not is_outside(address):
        raise NoKeysError("The address leads nowhere, or into our own network.")
    try:
        with requests.get(
            address,
            headers={"Accept": "application/json"},
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
            stream=True,
        ) as answer:
            if answer.status_code != requests.codes.ok:
                raise NoKeysError(f"It answers {answer.status_code}.")
            body = answer.raw.read(LARGEST + 1, decode_content=True)
            if len(body) > LARGEST:
                raise NoKeysError("It answers too much.")
            answer._content = body  # what `json` reads
            data = answer.json()
        read(data)
    except (requests.RequestException, ValidationError, ValueError, OSError) as error:
        raise NoKeysError(f"No key set: {type(error).__name__}.") from error
    return data
