"""Footing's answers to what django-allauth asks."""

import secrets
from base64 import b32encode
from hashlib import sha256
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from accounts import devices, lifetime, proof, signals
from accounts.addresses import canonical
from accounts.demo import is_closed_demo
from accounts.models import User
from accounts.permissions import Permission
from accounts.sealing import box

LOCKED_SECONDS = 5 * 60  # one event for so long


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # patients are invited, staff accounts are made by the clinic

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return home_address(cast(User, request.user))

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.mfa.stages.AuthenticateStage": "accounts.stages.SecondFactor"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Raises ReauthenticationRequired itself where allauth would ask nobody; see `proof`."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        if not proof.is_given(context.request):
            raise ReauthenticationRequired
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if isinstance(user, User) and proof.may_use_code(user):
            address = reverse("reauthenticate_by_code")
            methods.append({"id": "code", "description": "", "url": address})
        return methods

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """What wrong passwords are counted by. A device that the account was logged in on has a
        count of its own: a stranger's tries do not lock it out.
        """
        email = canonical(credentials.get("email", ""))  # and no host, which has many spellings
        return f"{'known' if devices.is_known(request, email) else 'any'}-device:{email}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            key = self._get_login_attempts_cache_key(request, **credentials)
            digest = sha256(key.encode(errors="replace")).hexdigest()
            if cache.add(f"locked:{digest}", True, LOCKED_SECONDS):
                signals.locked(request, credentials)
            raise

    def pre_login(self, request: HttpRequest, user: Any, **details: Any) -> HttpResponse | None:
        """Asked of every way in: password, code, passkey."""
        if is_closed_demo(user.email):
            return self.respond_user_inactive(request, user)
        lifetime.note_choice(request)
        return super().pre_login(request, user, **details)

    def post_login(self, request: HttpRequest, user: Any, **details: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **details)
        devices.remember(request, response, user)
        return response

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        lifetime.begin(request)


class FactorAdapter(DefaultMFAAdapter):
    """How a passkey is called, here and on the device that keeps it; secrets of apps are sealed."""

    def encrypt(self, text: str) -> str:
        return box("accounts.factors").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed with another SECRET_KEY opens to a secret that nobody has."""
        try:
            return box("accounts.factors").decrypt(encrypted_text).decode()
        except InvalidToken:
            return b32encode(secrets.token_bytes(20)).decode()

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey {number}").format(number=count + 1)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Footing"}


def home_address(user: User) -> str:
    """The first page after login: workspace, portal, or the editors' desk."""
    if user.may(Permission.ENTER_WORKSPACE):
        return "/workspace/"
    if user.may(Permission.ENTER_PORTAL):
        return "/portal/"
    return reverse("wagtailadmin_home")
