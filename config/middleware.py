"""Middleware that concerns the whole site."""

import logging
from traceback import walk_tb
from urllib.parse import urlsplit

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.core.exceptions import DisallowedHost, ValidationError
from django.db import DataError
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import split_domain_port
from django.urls import NoReverseMatch
from django.utils.deprecation import MiddlewareMixin
from django.views.defaults import bad_request
from PIL import UnidentifiedImageError

log = logging.getLogger(__name__)
# What views of Wagtail and Django raise when something is missing, of another kind, or too deep.
UNEXPECTED = (
    AttributeError, LookupError, TypeError, ValueError, RecursionError,
    NoReverseMatch, ValidationError, ProtectedError, UnidentifiedImageError,
)  # fmt: skip
OURS = ("accounts", "cms", "config", "fhir", "patients", "portal", "programs", "workspace")


class ContentSecurityPolicy(CSPMiddleware):
    """The site's policy; Wagtail's admin has its own, and where rich text is written a third."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith("/cms/") and not report_only:
            match = request.resolver_match  # None where nothing answers
            is_rich = match is not None and match.view_name in settings.RICH_TEXT_VIEWS
            parts.replace = (
                settings.RICH_TEXT_CONTENT_SECURITY_POLICY
                if is_rich
                else settings.ADMIN_CONTENT_SECURITY_POLICY
            )
        return parts


class OwnHost(MiddlewareMixin):
    """400 for a Host header with a port that is not the site's: links in mails are made from it."""

    def process_request(self, request: HttpRequest) -> None:
        if settings.PRODUCTION:
            _, port = split_domain_port(request.get_host())
            if port not in {"", str(urlsplit(settings.SITE_ADDRESS).port or 443)}:
                raise DisallowedHost("The Host header names a port that is not the site's.")


class ResourcePolicy(MiddlewareMixin):
    """No other site embeds what is ours: pictures, styles, answers (CORP)."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class RefusedData(MiddlewareMixin):
    """400 for what no column can hold, such as a NUL or half a surrogate pair.

    Forms say so beside the field. This is for what is stored as it was sent.
    """

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DataError | UnicodeEncodeError):
            return self._at_the_desk(request, exception)
        log.warning("Refused by the database: %s", request.resolver_match)  # not what was sent
        return bad_request(request, exception)

    def _at_the_desk(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """400 for what Wagtail's own views did not expect to be sent, such as a field left out.

        Told to the log whole: it may be a fault of ours.
        """
        if not (
            isinstance(exception, UNEXPECTED)
            and request.path_info.startswith("/cms/")
            and _was_raised_in(exception)
        ):
            return None
        log.error("Wagtail did not expect this: %s", request.resolver_match, exc_info=exception)
        return bad_request(request, exception)


def _was_raised_in(exception: Exception, packages: tuple[str, ...] = ("wagtail", "django")) -> bool:
    """Whether these packages raised it, or what they called, and not what any code of ours called
    besides: then it is ours to mend.
    """
    frames = (frame for frame, _ in walk_tb(exception.__traceback__))
    names = [str(frame.f_globals.get("__name__")).partition(".")[0] for frame in frames]
    known = [name for name in names if name in packages or name in OURS]
    return bool(known) and known[-1] in packages
