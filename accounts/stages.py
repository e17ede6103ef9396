"""What is asked between the first proof of who somebody is and the login."""

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from accounts.models import User
from accounts.permissions import PORTAL_ROLES


class SecondFactor(AuthenticateStage):
    """Staff show their passkey, or a code, after their password; a passkey alone is both at once.

    A patient's passkey is one more way in, not a second lock: who has lost their phone still gets
    in by password or by a code. Staff get no code at all (`accounts.forms.RequestLoginCodeForm`).
    """

    def _should_handle(self, request: HttpRequest) -> bool:
        user = self.login.user
        if isinstance(user, User) and user.role in PORTAL_ROLES:
            return False
        return bool(super()._should_handle(request))
