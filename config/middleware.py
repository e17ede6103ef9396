"""Middleware that concerns the whole site."""

import logging

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin
from django.views.defaults import bad_request

log = logging.getLogger(__name__)


class ContentSecurityPolicy(CSPMiddleware):
    """The strict policy everywhere, and the one that Wagtail's admin can live with under it."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith("/cms/") and not report_only:
            parts.replace = settings.ADMIN_CONTENT_SECURITY_POLICY
        return parts


class RefusedData(MiddlewareMixin):
    """400 for what no column can hold, such as a NUL or half a surrogate pair.

    Forms say so beside the field. This is for what is stored as it was sent.
    """

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DataError | UnicodeEncodeError):
            return None
        log.warning("Refused by the database: %s", request.resolver_match)  # not what was sent
        return bad_request(request, exception)
