"""How long a login lasts, and who may knock at Wagtail's admin."""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from accounts.permissions import Permission

type_get_response = Callable[[HttpRequest], HttpResponse]
# Writing the session on every request would cost each page a query; a twentieth is close enough.
REFRESHES_PER_LIFETIME = 20


def idle_seconds(role_may_enter_portal: bool) -> int:
    age = settings.PORTAL_SESSION_AGE if role_may_enter_portal else settings.WORKSPACE_SESSION_AGE
    return int(age.total_seconds())


class SessionLifetime:
    """Ends a session after its idle time: short for staff, long for patients."""

    def __init__(self, get_response: type_get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A visitor without a session costs nothing here.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            self._extend(request)
        return self.get_response(request)

    def _extend(self, request: HttpRequest) -> None:
        assert request.user.is_authenticated
        age = idle_seconds(request.user.may(Permission.ENTER_PORTAL))
        now = int(time.time())
        if now - request.session.get("seen", 0) > age / REFRESHES_PER_LIFETIME:
            request.session["seen"] = now
            request.session.set_expiry(age)


class AdminDoor:
    """Wagtail's admin does not exist for those who have no business there."""

    def __init__(self, get_response: type_get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> None:
        if not request.path.startswith("/cms/") or not request.user.is_authenticated:
            return
        if request.path.startswith("/cms/account/"):
            raise Http404  # a renamed therapist would sign the audit trail with another's name
        if not (request.user.is_superuser or request.user.may(Permission.WRITE_CONTENT)):
            raise Http404
