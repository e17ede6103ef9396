"""Connected apps, as authlib asks about them."""

import hashlib
from typing import Any
from uuid import UUID

from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion

from accounts.models import ConnectedApp
from accounts.smart import addresses
from accounts.smart.scopes import Level, granted

# How an app shows who it is, by authlib's names.
KEY, NO_KEY = JWTBearerClientAssertion.CLIENT_AUTH_METHOD, "none"


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
        return response_type == "code" and self.app.reads == Level.PATIENT

    def check_grant_type(self, grant_type: str) -> bool:
        if self.app.reads == Level.SYSTEM:
            return grant_type == "client_credentials"
        return grant_type in {"authorization_code", "refresh_token"}


def client_of(client_id: Any) -> Client | None:
    """The app of a client_id that is none of a text at random, and has not ended."""
    try:
        key = UUID(client_id)
    except (ValueError, TypeError, AttributeError):
        return None
    app = ConnectedApp.objects.active().select_related("clinic").filter(pk=key).first()
    return Client(app) if app is not None else None
