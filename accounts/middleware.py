"""How long a login lasts, which language it speaks, and who may knock at Wagtail's admin."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from accounts import lifetime
from accounts.permissions import Permission

type_get_response = Callable[[HttpRequest], HttpResponse]
# What people read in their own language. The public site is kept for all readers alike: there the
# address tells the language. Staff's pages are English.
SPOKEN_TO = ("/account/", "/portal/", "/privacy/")


class SessionLifetime:
    """Ends a session after its idle time: short for staff, long for patients."""

    def __init__(self, get_response: type_get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A visitor without a session costs nothing here.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            lifetime.go_on(request)
        return self.get_response(request)


class Language:
    """The language of the portal and of the account's pages: the patient's, else the browser's; of
    a public page, what its address says.

    The portal's gate knows the patient and keeps their language in the session for the pages that
    do not (see `portal.access`).
    """

    def __init__(self, get_response: type_get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(SPOKEN_TO):
            language = translation.get_language_from_path(request.path_info)
            with translation.override(language or settings.LANGUAGE_CODE):
                return self.get_response(request)
        with translation.override(self._of(request)):
            response = self.get_response(request)
        patch_vary_headers(response, ["Accept-Language"])
        return response

    def _of(self, request: HttpRequest) -> str:
        chosen = None
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            chosen = request.session.get("language")
        return chosen or translation.get_language_from_request(request)


# Parts of Wagtail's admin that nobody has: a renamed therapist would sign the audit trail with
# another's name, and bulk actions would end logins (the pages of users: accounts.wagtail_users).
CLOSED = ("/cms/account/", "/cms/bulk/accounts/")
# And what only those without a clinic have: it names every clinic's exercises.
OF_THE_PLATFORM = "/cms/reports/site-history/"


class AdminDoor:
    """Wagtail's admin does not exist for those who have no business there."""

    def __init__(self, get_response: type_get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> None:
        if not request.path.startswith("/cms/") or not request.user.is_authenticated:
            return
        if not (request.user.is_superuser or request.user.may(Permission.WRITE_CONTENT)):
            raise Http404
        if request.path.startswith(CLOSED):
            raise Http404
        if request.user.clinic_id and request.path.startswith(OF_THE_PLATFORM):
            raise Http404
