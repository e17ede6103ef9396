"""What Prometheus reads at `/metrics`: how many requests, how long they took, how the queue stands.

A request is named by its view's name in the list of addresses, never by its path: paths hold ids
and keys. No label says who asked, for whom, or what was sent. Processes of one gunicorn count
together (`config.gunicorn`); a machine is asked on its own.
"""

import hmac
import os
from collections.abc import Callable, Iterator
from time import perf_counter

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from config import probes, readiness

METHODS = {"GET", "HEAD", "POST"}
NO_VIEW = "-"  # no address, a kept page, or turned away before
FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library's own name; config.gunicorn sets it
requests = Counter("footing_requests", "Requests answered.", ["view", "method", "status"])
seconds = Histogram(
    "footing_request_seconds",
    "Time until the answer began.",
    ["view"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
look = probes.Look(readiness.numbers)


class Counted:
    """Counts each request; gone where nobody may ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = perf_counter()
        response = self.get_response(request)
        view = request.resolver_match.view_name if request.resolver_match else NO_VIEW
        method = request.method if request.method in METHODS else "other"
        requests.labels(view, method, str(response.status_code)).inc()
        seconds.labels(view).observe(perf_counter() - began)
        return response


class Facts:
    """The facts of `/readyz` as 1 and 0, and how the queue stands, asked at that moment.

    While the database is away the numbers are left out, and its fact is 0.
    """

    def collect(self) -> Iterator[GaugeMetricFamily]:
        ready = GaugeMetricFamily("footing_ready", "1: this fact is ok.", labels=["fact"])
        for fact, words in probes.facts().items():
            ready.add_metric([fact], float(words == "ok"))
        yield ready
        try:
            numbers = look.facts(probes.ANSWER_SECONDS)
        except (TimeoutError, DatabaseError, InterfaceError):
            return  # the facts above say it
        for name, (words, number) in numbers.items():
            yield GaugeMetricFamily(f"footing_{name}", words, value=number)


@never_cache
def told(request: HttpRequest) -> HttpResponse:
    """404 without a token in the settings, 401 for who does not say it."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(_written(), content_type=CONTENT_TYPE_LATEST)


def _written() -> bytes:
    counted = REGISTRY
    if FOLDER in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    facts = CollectorRegistry()
    facts.register(Facts())
    return generate_latest(counted) + generate_latest(facts)
