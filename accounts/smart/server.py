"""The authorization server: authlib's, with what SMART App Launch 2.2 asks for besides.

Apps are led back to an address that was entered, and to no other; PKCE by S256 always; a key
instead of a secret (`private_key_jwt`); a code once, a statement once, a refresh token once. The
caller holds a transaction, in which rows are locked: two at once wait for each other.
"""

import datetime as dt
import re
from typing import Any

from authlib.integrations.django_oauth2 import AuthorizationServer, RevocationEndpoint
from authlib.integrations.django_oauth2.requests import DjangoOAuth2Payload, DjangoOAuth2Request
from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Request
from authlib.oauth2.rfc6749.grants import (
    AuthorizationCodeGrant,
    ClientCredentialsGrant,
    RefreshTokenGrant,
)
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts import wall
from accounts.models import AppAccess, ConnectedApp, User
from accounts.smart.addresses import address_of_fhir
from accounts.smart.clients import KEY, NO_KEY, Client, client_of, digest
from accounts.smart.scopes import OFFLINE, Level
from accounts.smart.statements import statement

CODE_LASTS = dt.timedelta(seconds=60)
# SMART 2.2: an hour at the most where a person allowed it, five minutes where nobody did.
ACCESS_LASTS = {Level.PATIENT: dt.timedelta(hours=1), Level.SYSTEM: dt.timedelta(minutes=5)}
# An app that is not used for so long asks again, and each once a year.
REFRESH_LASTS = dt.timedelta(days=90)
ALLOWED_FOR = dt.timedelta(days=365)
MOST_SPENT = 50  # digests of refresh tokens that are remembered


class _Code(AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = [KEY, NO_KEY]

    def save_authorization_code(self, code: str, request: Any) -> None:
        now = timezone.now()
        AppAccess.objects.create(
            app=request.client.app,
            user=request.user,
            epoch=request.user.session_epoch,
            scope=request.scope,
            code=digest(code),
            code_until=now + CODE_LASTS,
            challenge=request.payload.data["code_challenge"],
            redirect_uri=request.payload.redirect_uri,
            allowed_at=now,
        )

    def query_authorization_code(self, code: str, client: Client) -> "_Given | None":
        found = _locked(Q(code=digest(code)), client)
        if found is None:
            return None
        if found.code_used:
            _end(found)  # a second time: RFC 6749, 4.1.2
            return None
        is_open = found.code_until is not None and found.code_until > timezone.now()
        return _Given(found) if is_open and found.may_go_on() else None

    def delete_authorization_code(self, authorization_code: "_Given") -> None:
        """It stays, as used, with the token that it was changed for (`_save`)."""

    def authenticate_user(self, authorization_code: "_Given") -> User | None:
        return authorization_code.access.user


class _Refresh(RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = [KEY, NO_KEY]
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> "_Given | None":
        shown = digest(refresh_token)
        found = _locked(Q(refresh=shown) | Q(spent__contains=[shown]), self.request.client)
        if found is None:
            return None
        if found.refresh != shown:
            _end(found)  # used before: by whoever stole it, or from whom it was stolen (RFC 9700)
            return None
        is_open = found.refresh_until is not None and found.refresh_until > timezone.now()
        return _Given(found) if is_open and found.may_go_on() else None

    def authenticate_user(self, refresh_token: "_Given") -> User | None:
        return refresh_token.access.user

    def revoke_old_credential(self, refresh_token: "_Given") -> None:
        """Done with the new one (`_save`)."""


class _Backend(ClientCredentialsGrant):
    """SMART Backend Services."""

    TOKEN_ENDPOINT_AUTH_METHODS = [KEY]


class _Given:
    """A row, as authlib asks about codes and tokens."""

    def __init__(self, access: AppAccess) -> None:
        self.access = access
        self.code_challenge = access.challenge
        self.code_challenge_method = "S256"

    def get_redirect_uri(self) -> str:
        return self.access.redirect_uri

    def get_scope(self) -> str:
        return self.access.scope

    def check_client(self, client: Client) -> bool:
        return self.access.app_id == client.app.pk


def _locked(which: Q, client: Client) -> AppAccess | None:
    rows = AppAccess.objects.select_for_update(of=("self",)).select_related("app", "user")
    return rows.filter(which, app=client.app).first()


def _end(access: AppAccess) -> None:
    if access.ended_at is None:
        access.ended_at = timezone.now()
        access.save(update_fields=["ended_at"])


class _Challenge(CodeChallenge):
    """PKCE, of everybody and by S256 alone."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        data = grant.request.payload.data
        if not data.get("code_challenge") or data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("'code_challenge' with the method S256 is needed.")
        super().validate_code_challenge(grant, redirect_uri)
        if data.get("aud", "").rstrip("/") != address_of_fhir():
            raise InvalidRequestError(f"'aud' is {address_of_fhir()}")


class _Revocation(RevocationEndpoint):
    CLIENT_AUTH_METHODS = [KEY, NO_KEY]

    def query_token(self, token: str, token_type_hint: str | None) -> _Given | None:
        """By either: with one of them all ends that came of the same consent."""
        shown = digest(token)
        found = AppAccess.objects.filter(Q(access=shown) | Q(refresh=shown)).select_related("app")
        return _Given(access) if (access := found.first()) else None

    def revoke_token(self, token: _Given, request: Any) -> None:
        _end(token.access)


class _Request(DjangoOAuth2Request):
    """Of whatever transport: plain HTTP is led to HTTPS before any view (SECURE_SSL_REDIRECT), and
    what reaches us without it in production is our own proxy's word.
    """

    def __init__(self, request: HttpRequest) -> None:
        OAuth2Request.__init__(
            self, method=request.method, uri=settings.SITE_ADDRESS, headers=request.headers
        )
        self.payload = DjangoOAuth2Payload(request)
        self._request = request


class Server(AuthorizationServer):
    def __init__(self) -> None:
        super().__init__(ConnectedApp, AppAccess)
        self.register_grant(_Code, [_Challenge(required=True)])
        self.register_grant(_Refresh)
        self.register_grant(_Backend)
        self.register_endpoint(_Revocation)
        self.register_client_auth_method(KEY, statement)

    def create_oauth2_request(self, request: HttpRequest) -> _Request:
        return _Request(request)

    def create_token_response(self, request: HttpRequest) -> Any:
        return _refusal(request) or super().create_token_response(request)

    def create_endpoint_response(self, name: str, request: HttpRequest) -> Any:
        return _refusal(request) or super().create_endpoint_response(name, request)

    def create_bearer_token_generator(self) -> BearerTokenGenerator:
        return BearerTokenGenerator(
            access_token_generator=lambda **asked: get_random_string(43),
            refresh_token_generator=lambda **asked: get_random_string(64),
            expires_generator=lambda client, grant_type: int(
                ACCESS_LASTS[client.level].total_seconds()
            ),
        )

    def query_client(self, client_id: Any) -> Client | None:
        return client_of(client_id)

    def validate_requested_scope(self, scope: str | None) -> None:
        """What can't be granted is left away (`scopes.granted`); with nothing left it is said."""

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        _save(token, request)

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""


def _save(token: dict[str, Any], request: Any) -> None:
    """Stores digests of what is given out, and says with it whose record it opens."""
    now = timezone.now()
    given = request.authorization_code or request.refresh_token
    if given is not None:
        access = given.access
        access.code_used = True
    else:
        access = AppAccess(app=request.client.app, scope=token["scope"], allowed_at=now)
    access.access, access.access_scope = digest(token["access_token"]), token["scope"]
    access.access_until = now + dt.timedelta(seconds=token["expires_in"])
    lasts_until = min(now + REFRESH_LASTS, access.allowed_at + ALLOWED_FOR)
    if OFFLINE in access.scope.split() and lasts_until > now:
        if access.refresh is not None:
            access.spent = [*access.spent, access.refresh][-MOST_SPENT:]
        access.refresh, access.refresh_until = digest(token["refresh_token"]), lasts_until
    else:
        token.pop("refresh_token", None)
    access.save()
    if access.user is not None:
        with wall.acting(access.user):
            token["patient"] = wall.who()
        token["need_patient_banner"] = True


server = Server()
_WRITTEN = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]*")  # RFC 6749, appendix A
_TOLD_BACK = ("client_id", "grant_type", "redirect_uri", "response_type", "scope")


def _is_written_right(request: HttpRequest) -> bool:
    """authlib repeats what was sent in its errors, and fails where that is no plain text."""
    said = (data.get(name, "") for data in (request.GET, request.POST) for name in _TOLD_BACK)
    return all(_WRITTEN.fullmatch(one) for one in said)


def _refusal(request: HttpRequest) -> Any:
    if _is_written_right(request):
        return None
    return server.handle_error_response(request, InvalidRequestError("Plain text, please."))


def app_of(request: HttpRequest) -> ConnectedApp | None:
    """The app that leads a patient here, if there is such a one, and it asks in plain text."""
    if not _is_written_right(request):
        return None
    client = client_of(request.GET.get("client_id"))
    return client.app if client is not None else None
