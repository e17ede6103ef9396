"""Middleware that concerns the whole site."""

import logging
from urllib.parse import urlsplit

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import split_domain_port
from django.utils.deprecation import MiddlewareMixin
from django.views.defaults import bad_request

log = logging.getLogger(__name__)


class ContentSecurityPolicy(CSPMiddleware):
    """The strict policy everywhere, and the one that Wagtail's admin can live with under it."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith("/cms/") and not report_only:
            parts.replace = settings.ADMIN_CONTENT_SECURITY_POLICY
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
            return None
        log.warning("Refused by the database: %s", request.resolver_match)  # not what was sent
        return bad_request(request, exception)
