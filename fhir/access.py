"""The gate of this door: an access token, what it opens, and the row of the trail."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, Protocol, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt

from accounts import audit, limits, wall
from accounts.models import AppAccess, Clinic, User
from accounts.smart.scopes import Reach
from accounts.smart.server import digest
from fhir.outcome import FHIR_JSON, RefusedError, outcome
from patients.models import Patient

View = Callable[..., Any]
# How exactly the page of a patient's apps says when one last read.
USED_TO_THE = dt.timedelta(minutes=10)
_JSON = ("*/*", "application/*", FHIR_JSON, "application/json", "json")


@dataclass(frozen=True)
class Reader:
    """An app that reads now: for a patient (`user`), or all of a clinic, with nobody logged in."""

    access: AppAccess
    reach: Reach

    @property
    def clinic(self) -> Clinic:
        return self.access.app.clinic

    @property
    def user(self) -> User | None:
        return self.access.user

    def may(self, act: str, kind: str) -> bool:
        """By what was allowed then, and by what the clinic lets the app read now."""
        return kind in self.access.app.kinds and self.reach.may(act, kind)

    def patients(self) -> QuerySet[Patient]:
        """Whose record it reads; the database holds the same."""
        every = Patient.objects.filter(clinic=self.clinic).select_related("clinic")
        return every if self.user is None else every.filter(user=self.user)

    def record(self, action: audit.Action, **what: Any) -> None:
        """On record, in the app's name where nobody else's."""
        audit.record(action=action, by=self.user, app=str(self.access.app_id), **what)


class ApiView(Protocol):
    """A view behind a token; the walk over all addresses reads `act`."""

    act: str

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def open_to_all(*methods: str) -> Callable[[View], View]:
    """An address of this door that needs no token: for these methods, from any page's script.

    No cookie is read behind this door, so nothing that a browser sends by itself opens anything.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "OPTIONS":
                answer = HttpResponse(status=HTTPStatus.NO_CONTENT)
                answer["Access-Control-Allow-Methods"] = ", ".join(methods)
                answer["Access-Control-Allow-Headers"] = (
                    "Authorization, Accept, Content-Type, Prefer, If-None-Match, If-Modified-Since"
                )
                answer["Access-Control-Max-Age"] = "3600"
            elif request.method not in methods:
                words = f"{request.method} is not supported here."
                answer = outcome(HTTPStatus.METHOD_NOT_ALLOWED, words, Allow=", ".join(methods))
            else:
                try:
                    answer = view(request, *args, **kwargs)
                except RefusedError as error:
                    answer = outcome(error.status, error.words, **error.headers)
            answer["Access-Control-Allow-Origin"] = "*"
            answer["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Retry-After"
            answer["Cross-Origin-Resource-Policy"] = "cross-origin"
            return answer

        return asked

    return decorate


def reading(act: str, *methods: str) -> Callable[[View], ApiView]:
    """A view that gets a `Reader` who may `act` (`r` or `s`) on the kind that the address names.

    Within a transaction in which the database knows whose rows may be seen.
    """

    def decorate(view: View) -> ApiView:
        @open_to_all(*methods)
        @wraps(view)
        def asked(request: HttpRequest, kind: str, **named: Any) -> HttpResponse:
            _require_json(request)
            access = _shown(request)
            with _acting(access):
                answer = _counted(request, access) or view(
                    request, _reader(access, act, kind), kind, **named
                )
            add_never_cache_headers(answer)
            answer["Vary"] = "Authorization"
            return answer

        behind_gate = cast(ApiView, asked)
        behind_gate.act = act
        return behind_gate

    return decorate


def exporting_view(*methods: str) -> Callable[[View], ApiView]:
    """A view of a whole clinic's export: gets a `Reader` that nobody is logged in for."""

    def decorate(view: View) -> ApiView:
        @open_to_all(*methods)
        @wraps(view)
        def asked(request: HttpRequest, **named: Any) -> HttpResponse:
            access = _shown(request)
            if access.user_id is not None:
                raise RefusedError(HTTPStatus.FORBIDDEN, "A patient's app exports no clinic.")
            with _acting(access):
                answer = _counted(request, access) or view(
                    request, Reader(access, Reach(access.access_scope)), **named
                )
            add_never_cache_headers(answer)
            answer["Vary"] = "Authorization"
            return answer

        behind_gate = cast(ApiView, asked)
        behind_gate.act = "export"
        return behind_gate

    return decorate


def _require_json(request: HttpRequest) -> None:
    asked = request.GET.get("_format") or request.headers.get("Accept") or "*/*"
    kinds = {one.partition(";")[0].strip().lower() for one in asked.split(",")}
    # A + in an address is a blank.
    if not {one.replace(" ", "+") for one in kinds} & set(_JSON):
        raise RefusedError(HTTPStatus.NOT_ACCEPTABLE, f"Only {FHIR_JSON} is written here.")


def _shown(request: HttpRequest) -> AppAccess:
    """Raises RefusedError for a token that opens nothing, whatever is wrong with it."""
    how, _, token = request.headers.get("Authorization", "").partition(" ")
    found = None
    if how.lower() == "bearer" and token.strip():
        rows = AppAccess.objects.select_related("app__clinic", "user")
        found = rows.filter(access=digest(token.strip())).first()
    if found is None or not found.is_open(timezone.now()):
        raise RefusedError(
            HTTPStatus.UNAUTHORIZED,
            "An access token is needed (SMART App Launch, or SMART Backend Services).",
            WWW_Authenticate='Bearer error="invalid_token"' if token else "Bearer",
        )
    return found


@contextmanager
def _acting(access: AppAccess) -> Iterator[None]:
    who = access.user
    with wall.acting(who) if who is not None else wall.in_clinic(access.app.clinic_id):
        now = timezone.now()
        if access.used_at is None or now - access.used_at > USED_TO_THE:
            AppAccess.objects.filter(pk=access.pk).update(used_at=now)
        yield


def _counted(request: HttpRequest, access: AppAccess) -> HttpResponse | None:
    """Each patient's app on its own; of a clinic's, all its tokens together."""
    action, of = ("app", access.pk) if access.user_id else ("clinic_app", access.app_id)
    return too_often(request, action, str(of))


def too_often(request: HttpRequest, action: str, key: str) -> HttpResponse | None:
    """Count one; says how long to wait where there is no room, else None."""
    try:
        limits.take(request, action, key=key)
    except limits.TooOftenError as error:
        return limits.answered(
            request, outcome(HTTPStatus.TOO_MANY_REQUESTS, " ".join(error.messages))
        )
    return None


def _reader(access: AppAccess, act: str, kind: str) -> Reader:
    reader = Reader(access, Reach(access.access_scope))
    if not reader.may(act, kind):
        raise RefusedError(
            HTTPStatus.FORBIDDEN,
            f"No scope of this token lets it {'read' if act == 'r' else 'search'} {kind}.",
            WWW_Authenticate='Bearer error="insufficient_scope"',
        )
    return reader


def key_of(reference: str, kind: str, base: str) -> UUID | None:
    """Of `Patient/…`, the same with our address before it, or the id alone; None for others."""
    text = reference.removeprefix(f"{base}/").removeprefix(f"{kind}/")
    try:
        key = UUID(text)
    except ValueError:
        return None
    return key if text == str(key) else None
