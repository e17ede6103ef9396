"""An organization's own login (OpenID Connect), held against what the standard asks of a client.

allauth trusts an ID token that it fetched from the provider itself, and sends no nonce. Here every
token is signed with a key that the provider publishes, names the issuer that was set, is meant for
this site and for this very login, and is about the person whose details were fetched beside it.
(OpenID Connect Core 1.0, 3.1.3.7 and 5.3.2; Discovery 1.0, 4.3.)
"""

from hashlib import sha256
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, get_random_string

# By a key of which the provider publishes one half. Never `none`, and never HS256: a secret that
# two know proves nothing, and a published key taken for one would let anybody sign.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
NEEDED = ["iss", "sub", "aud", "exp", "iat", "nonce"]
CLOCKS_DIFFER = 60  # seconds
NONCE = "nonce"


def issuer_of(app: SocialApp) -> str:
    """As it was set, which may be the address of its description as well."""
    address: str = app.settings["server_url"]
    return address.partition("/.well-known/")[0].rstrip("/")


def link_key(issuer: str) -> str:
    """What all links to this issuer begin with: those to another one open nothing."""
    return f"{sha256(issuer.encode()).hexdigest()[:32]}:"


def is_for_this_login(sociallogin: SocialLogin) -> bool:
    """Whether the token answers the question that this browser left with."""
    token = (sociallogin.account.extra_data or {}).get("id_token") or {}
    asked = sociallogin.state.get(NONCE)
    return bool(asked) and constant_time_compare(str(token.get(NONCE)), asked)


class Adapter(OpenIDConnectOAuth2Adapter):
    @property
    def openid_config(self) -> dict[str, Any]:
        """Raises OAuth2Error for a description that names another issuer than was set."""
        config: dict[str, Any] = super().openid_config
        if str(config["issuer"]).rstrip("/") != issuer_of(self.get_provider().app):
            raise OAuth2Error("The description names another issuer.")
        return config

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any
    ) -> SocialLogin:
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("There is no ID token.")
        login: SocialLogin = super().complete_login(request, app, token, **kwargs)
        return login

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                self._key(id_token),
                algorithms=ALGORITHMS,
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                leeway=CLOCKS_DIFFER,
                options={"require": NEEDED},
            )
        except (jwt.PyJWTError, TypeError, ValueError) as error:
            raise OAuth2Error(f"The ID token is refused: {type(error).__name__}") from error
        others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if others else app.client_id) != app.client_id:
            raise OAuth2Error("The ID token was made for somebody else.")
        return claims

    def _key(self, id_token: str) -> jwt.PyJWK:
        """The published one that the token names; it may name none where there is only one."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        named = jwt.get_unverified_header(id_token).get("kid")
        keys = [
            key
            for key in jwt.PyJWKSet.from_dict(answer.json()).keys
            if key.public_key_use in (None, "sig") and named in (None, key.key_id)
        ]
        if len(keys) != 1:
            raise jwt.InvalidKeyError("No published key is the one that the token names.")
        return keys[0]


class Provider(OpenIDConnectProvider):
    oauth2_adapter_class = Adapter

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:
        """With a nonce that the browser's session keeps. What was added to our own address, as
        allauth allows, goes no further: it could set another one.
        """
        nonce = get_random_string(32)
        auth_params = {**self.get_auth_params(), NONCE: nonce}
        kept = {NONCE: nonce}
        response: HttpResponse = super().redirect(
            request, process, next_url, data, auth_params=auth_params, **kept
        )
        return response

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Of the issuer and its number for the person: the same number elsewhere is another's.

        Raises OAuth2Error where the details that were fetched are another person's.
        """
        subject = data["id_token"]["sub"]
        if "userinfo" in data and data["userinfo"].get("sub") != subject:
            raise OAuth2Error("The details are another person's than the ID token's.")
        return link_key(issuer_of(self.app)) + sha256(str(subject).encode()).hexdigest()
