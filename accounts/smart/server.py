"""The authorization server: authlib's, with what SMART App Launch 2.2 asks for besides.

Apps are led back to an address that was entered, and to no other; PKCE by S256 always; a key
instead of a secret (`private_key_jwt`); a code once, a statement once, a refresh token once. The
caller holds a transaction, in which rows are locked: two at once wait for each other.
"""

import datetime as dt
import hashlib
import re
import time
from contextlib import suppress
from typing import Any
from uuid import UUID

from authlib.integrations.django_oauth2 import AuthorizationServer, RevocationEndpoint
from authlib.integrations.django_oauth2.requests import DjangoOAuth2Payload, DjangoOAuth2Request
from authlib.oauth2.rfc6749 import ClientMixin, InvalidRequestError, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidClientError
from authlib.oauth2.rfc6749.grants import (
    AuthorizationCodeGrant,
    ClientCredentialsGrant,
    RefreshTokenGrant,
)
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oauth2.rfc7636 import CodeChallenge
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import get_random_string
from joserfc import jwt
from joserfc.errors import JoseError

from accounts import wall
from accounts.models import AppAccess, ConnectedApp, User
from accounts.models.connected_app import Reads
from accounts.smart import addresses, keys
from accounts.smart.scopes import LAUNCH, OFFLINE, Level, granted

CODE_LASTS = dt.timedelta(seconds=60)
# SMART 2.2: an hour at the most where a person allowed it, five minutes where nobody did.
ACCESS_LASTS = {Level.PATIENT: dt.timedelta(hours=1), Level.SYSTEM: dt.timedelta(minutes=5)}
# An app that is not used for so long asks again, and each once a year.
REFRESH_LASTS = dt.timedelta(days=90)
ALLOWED_FOR = dt.timedelta(days=365)
LONGEST_STATEMENT = 300  # seconds that a signed statement may be valid, by SMART
CLOCKS_APART = 30  # seconds
MOST_SPENT = 50  # digests of refresh tokens that are remembered
KEY, NO_KEY = JWTBearerClientAssertion.CLIENT_AUTH_METHOD, "none"


def address_of_fhir() -> str:
    """The base that an app names as `aud`, and asks at."""
    return f"{settings.SITE_ADDRESS}/fhir"


def address_of_tokens() -> str:
    return f"{address_of_fhir()}/token"


def address_of_revoking() -> str:
    return f"{address_of_fhir()}/revoke"


def digest(secret: str) -> str:
    """Secrets here are 43 signs at random or more: nothing is guessed from their digest."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


class Client(ClientMixin):
    """A connected app, as authlib asks about it."""

    def __init__(self, app: ConnectedApp) -> None:
        self.app = app
        self.level = Level(app.reads)

    def get_client_id(self) -> str:
        return str(self.app.pk)

    def get_default_redirect_uri(self) -> None:
        """None: an app always says where it is led back to."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        return granted(scope or "", self.level, self.app.kinds) or None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return addresses.leads_back(redirect_uri, self.app.redirect_uris)

    def check_client_secret(self, client_secret: str) -> bool:
        return False

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == (KEY if self.app.has_key else NO_KEY)

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code" and self.app.reads == Reads.PATIENT

    def check_grant_type(self, grant_type: str) -> bool:
        if self.app.reads == Reads.CLINIC:
            return grant_type == "client_credentials"
        return grant_type in {"authorization_code", "refresh_token"}


_UNVERIFIED = (
    JoseError, ValueError, TypeError, KeyError, RecursionError, ValidationError, keys.NoKeysError
)  # fmt: skip


class _Statement(JWTBearerClientAssertion):
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
        client = server.query_client(claims.get("sub"))
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
        self.register_client_auth_method(KEY, _statement)

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
        try:
            key = UUID(client_id)
        except (ValueError, TypeError, AttributeError):
            return None
        app = ConnectedApp.objects.active().select_related("clinic").filter(pk=key).first()
        return Client(app) if app is not None else None

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
    if LAUNCH in access.scope.split() and access.user is not None:
        with wall.acting(access.user):
            token["patient"] = wall.who()
        token["need_patient_banner"] = True


_statement = _Statement()
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


def fetch_keys(request: HttpRequest) -> None:
    """Where an app shows a key that is at an address of its own: fetch it, if it is not known."""
    if assertion := request.POST.get("client_assertion"):
        _statement.fetch(assertion)


def app_of(request: HttpRequest) -> ConnectedApp | None:
    """The app that leads a patient here, if there is such a one, and it asks in plain text."""
    if not _is_written_right(request):
        return None
    client = server.query_client(request.GET.get("client_id"))
    return client.app if client is not None else None
