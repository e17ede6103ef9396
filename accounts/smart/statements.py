"""How an app shows who it is: by a statement that it signed (`private_key_jwt`, RFC 7523)."""

import time
from contextlib import suppress
from typing import Any

from authlib.oauth2.rfc6749.errors import InvalidClientError
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from joserfc import jwt
from joserfc.errors import JoseError

from accounts.smart import keys
from accounts.smart.addresses import address_of_tokens
from accounts.smart.clients import Client, client_of, digest

LONGEST_STATEMENT = 300  # seconds that a statement may be valid, by SMART
CLOCKS_APART = 30  # seconds
_UNVERIFIED = (
    JoseError, ValueError, TypeError, KeyError, RecursionError, ValidationError, keys.NoKeysError
)  # fmt: skip


class Statement(JWTBearerClientAssertion):
    """A statement that the app signed: `private_key_jwt` of SMART's asymmetric keys."""

    def __init__(self) -> None:
        super().__init__(leeway=CLOCKS_APART)

    def get_audiences(self) -> list[str]:
        return [address_of_tokens()]

    def resolve_client_public_key(self, client: Client) -> None:
        """None: the key is chosen with the statement's header, in the next step."""

    def __call__(self, query_client: Any, request: Any) -> Client | None:
        data = request.form
        if data.get("client_assertion_type") != self.CLIENT_ASSERTION_TYPE:
            return None
        headers, claims = self._said(data.get("client_assertion") or "")
        if data.get("client_id", "") not in ("", claims.get("sub")):
            raise InvalidClientError(description="'client_id' is not the 'sub' of the assertion.")
        client = query_client(claims.get("sub"))
        if client is None:
            raise InvalidClientError(description="The client does not exist on this server.")
        self._verified(client, str(headers.get("kid", "")), data["client_assertion"])
        request.client = self.authenticate_client(client)
        return client

    def _said(self, assertion: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Header and claims, which nobody has verified yet. Raises InvalidClientError."""
        try:
            headers, claims = self.extract_assertion(assertion)
        except (RecursionError, TypeError, ValueError) as error:
            raise InvalidClientError(description="Invalid JWT assertion.") from error
        return headers, claims

    def fetch(self, assertion: str) -> None:
        """The app's keys into the cache, before there is a transaction that would wait for them."""
        try:
            headers, claims = self._said(assertion)
        except InvalidClientError:
            return
        client = client_of(claims.get("sub"))
        if client is not None and client.app.key_set_address:
            with suppress(keys.NoKeysError):
                keys.at(client.app.key_set_address, kid=str(headers.get("kid", "")))

    def _verified(self, client: Client, kid: str, assertion: str) -> None:
        app = client.app
        try:
            known = (
                keys.at(app.key_set_address, kid=kid)
                if app.key_set_address
                else keys.read(app.key_set)
            )
            token = jwt.decode(assertion, known, algorithms=keys.ALGORITHMS)
        except _UNVERIFIED as error:
            raise InvalidClientError(description="The assertion can't be verified.") from error
        self.verify_claims(token.claims)

    def verify_claims(self, claims: Any) -> None:
        super().verify_claims(claims)
        until = claims["exp"]
        if not isinstance(until, int | float) or until > time.time() + (
            LONGEST_STATEMENT + CLOCKS_APART
        ):
            raise InvalidClientError(description="'exp' is at most five minutes ahead.")

    def validate_jti(self, claims: Any, jti: Any) -> bool:
        if not isinstance(jti, str) or not 0 < len(jti) <= 500:
            raise InvalidClientError(description="'jti' is a text.")
        used = digest(f"{claims['sub']} {jti}")
        return bool(cache.add(f"app-statement:{used}", 1, LONGEST_STATEMENT + 2 * CLOCKS_APART))


statement = Statement()


def fetch_keys(request: HttpRequest) -> None:
    """Where an app shows a key that is at an address of its own: fetch it, if it is not known."""
    if assertion := request.POST.get("client_assertion"):
        statement.fetch(assertion)
