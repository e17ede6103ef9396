"""What watches the site asks here: whether the process lives, whether the installation can work."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from time import monotonic
from typing import Generic, TypeVar

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from config import readiness

PROBES = ("/healthz", "/readyz", "/metrics")
ANSWER_SECONDS = 1.0
# For so long one look answers all who ask: anybody may, and each look costs some queries.
KEPT_SECONDS = 1.0

Facts = dict[str, str]
Found = TypeVar("Found")


class AnyHost:
    """A probe names the process's own address as its host, and is nobody in particular: it is taken
    as a question to the site, without what its cookies say.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info in PROBES:
            own = settings.ALLOWED_HOSTS[0]
            request.META["HTTP_HOST"] = "localhost" if own == "*" else own
            request.META.pop("HTTP_COOKIE", None)
        return self.get_response(request)


class Look(Generic[Found]):
    """One look at a time, in a thread of its own: a database that hangs holds that one, and neither
    who asks nor one thread more for each who asks.
    """

    def __init__(self, look: Callable[[], Found], clock: Callable[[], float] = monotonic) -> None:
        self._look, self._clock = look, clock
        self._lock = threading.Lock()
        self._result: Future[Found] = Future()
        self._began: float | None = None

    def facts(self, seconds: float) -> Found:
        """Of the look that is going on, or was a moment ago. Raises TimeoutError."""
        return self._current().result(seconds)

    def _current(self) -> Future[Found]:
        with self._lock:
            now = self._clock()
            is_young = self._began is not None and now - self._began < KEPT_SECONDS
            if self._began is None or (self._result.done() and not is_young):
                self._result, self._began = Future(), now
                threading.Thread(
                    target=self._run, args=[self._result], name="looking", daemon=True
                ).start()
            return self._result

    def _run(self, result: Future[Found]) -> None:
        try:
            result.set_result(self._look())
        except BaseException as error:
            result.set_exception(error)
        finally:
            connections.close_all()  # this thread's


look = Look(readiness.facts)


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


def facts() -> Facts:
    """Within a second or so, whatever hangs."""
    try:
        return look.facts(ANSWER_SECONDS)
    except TimeoutError:
        return {"database": "It did not answer within a second."}


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when all facts are 'ok', else 503."""
    found = facts()
    is_ready = all(words == "ok" for words in found.values())
    return JsonResponse(found, status=200 if is_ready else 503)
