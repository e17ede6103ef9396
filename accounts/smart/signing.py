"""How we show who we are: a signed word about what is sent, or for whom we ask a token."""

import base64
import hashlib
import time
import uuid
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from joserfc import jwt
from joserfc.jwk import ECKey

from accounts.own_keys import own_key
from accounts.smart.addresses import address_of_fhir, origin

ALGORITHM = "ES384"
LASTS_SECONDS = 300


@lru_cache(maxsize=1)
def _key() -> ECKey:
    key = ECKey.import_key(own_key("accounts.smart", ec.SECP384R1()))
    return ECKey.import_key(
        key.as_dict(private=True, use="sig", alg=ALGORITHM, kid=key.thumbprint())
    )


def public_keys() -> dict[str, Any]:
    """A JSON Web Key Set, by which an app verifies what we signed."""
    return {"keys": [_key().as_dict(private=False)]}


def signed(body: bytes, *, to: str, identity: str) -> str:
    """About this body, for the origin of this address, once: `identity` is the same when it is sent
    again. A JWT with `sha256`, the digest of the body as base64url.
    """
    digest = base64.urlsafe_b64encode(hashlib.sha256(body).digest()).rstrip(b"=").decode()
    now = int(time.time())
    said = {
        "iss": address_of_fhir(),
        "aud": origin(to),
        "iat": now,
        "exp": now + LASTS_SECONDS,
        "jti": identity,
        "sha256": digest,
    }
    return jwt.encode({"alg": ALGORITHM, "kid": _key().kid}, said, _key(), algorithms=[ALGORITHM])


def assertion(client_id: str, *, to: str) -> str:
    """Who we are, for the server of tokens at this address (`private_key_jwt`, RFC 7523)."""
    now = int(time.time())
    said = {
        "iss": client_id,
        "sub": client_id,
        "aud": to,
        "iat": now,
        "exp": now + LASTS_SECONDS,
        "jti": uuid.uuid4().hex,
    }
    head = {"alg": ALGORITHM, "typ": "JWT", "kid": _key().kid, "jku": address_of_keys()}
    return jwt.encode(head, said, _key(), algorithms=[ALGORITHM])


def address_of_keys() -> str:
    return f"{settings.SITE_ADDRESS}/fhir/.well-known/jwks.json"
