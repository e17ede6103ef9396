"""The gate of this door: an access token, what it opens, and the row of the trail."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, Protocol, cast
from uuid import UUID

from django.core.cache import cache
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from accounts import audit, limits, wall
from accounts.models import AppAccess, Clinic, User
from accounts.smart.clients import digest
from accounts.smart.scopes import Reach
from accounts.witness import MOST_REFUSALS
from fhir.outcome import FHIR_JSON, RefusedError, outcome
from patients.models import Patient

View = Callable[..., Any]
# How exactly the page of a patient's apps says when one last read.
USED_TO_THE = dt.timedelta(minutes=10)
_TOLD = "ETag, Content-Location, Retry-After, X-Progress"  # to scripts of any page
FORM = "application/x-www-form-urlencoded"
_REFUSALS = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
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


def open_to_all(
    *methods: str, says: Callable[..., HttpResponse] = outcome
) -> Callable[[View], View]:
    """An address of this door that needs no token: for these methods, from any page's script.
    `says` writes an error.

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
                    "Authorization, Accept, Content-Type, Prefer, If-None-Match"
                )
                answer["Access-Control-Max-Age"] = "3600"
            elif request.method not in methods:
                words = f"{request.method} is not supported here."
                answer = says(HTTPStatus.METHOD_NOT_ALLOWED, words, Allow=", ".join(methods))
            else:
                try:
                    _require_form(request)
                    answer = view(request, *args, **kwargs)
                except RefusedError as error:
                    answer = says(error.status, error.words, **error.headers)
                    add_never_cache_headers(answer)
            patch_vary_headers(answer, ["Authorization"])
            answer["Access-Control-Allow-Origin"] = "*"
            answer["Access-Control-Expose-Headers"] = _TOLD
            answer["Cross-Origin-Resource-Policy"] = "cross-origin"
            return answer

        return asked

    return decorate


def _require_form(request: HttpRequest) -> None:
    """Raises RefusedError for a body that would be read as nothing, and so ask for everything."""
    if request.method != "POST":
        return
    charset = (request.content_params or {}).get("charset", "utf-8")
    if request.content_type != FORM or charset.lower() not in {"utf-8", "utf8", "us-ascii"}:
        raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send it as {FORM}, in UTF-8.")
    try:
        request.POST.keys()  # read here, so that what can't be is said as the door says it
    except (BadRequest, SuspiciousOperation) as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "This form can't be read.") from error


def reading(act: str, *methods: str) -> Callable[[View], ApiView]:
    """A view that gets a `Reader` who may `act` (`r` or `s`) on the kind that the address names.

    Within a transaction in which the database knows whose rows may be seen.
    """

    def decorate(view: View) -> ApiView:
        @open_to_all(*methods)
        @wraps(view)
        def asked(request: HttpRequest, kind: str, **named: Any) -> HttpResponse:
            _require_json(request)
            with _let_in(request, f"fhir {kind}", named.get("identity", "")) as access:
                answer = view(request, _reader(access, act, kind), kind, **named)
            add_never_cache_headers(answer)
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
            with _let_in(request, "fhir $export") as access:
                if access.user_id is not None:
                    words = "A patient's app exports no clinic."
                    raise RefusedError(HTTPStatus.FORBIDDEN, words)
                answer = view(request, Reader(access, Reach(access.access_scope)), **named)
            add_never_cache_headers(answer)
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
def _let_in(request: HttpRequest, page: str, subject: str = "") -> Iterator[AppAccess]:
    """A transaction that sees what the token opens. Counted before, also where it then fails; a
    refusal is on record after it.
    """
    access = _shown(request)
    with transaction.atomic():
        _count(request, access)
    try:
        with _acting(access):
            yield access
    except RefusedError as error:
        if error.status in _REFUSALS and _is_recorded(access):
            with _acting(access):
                Reader(access, Reach("")).record(
                    audit.Action.ACCESS_REFUSED, subject=subject, page=page, status=error.status
                )
        raise


def _is_recorded(access: AppAccess) -> bool:
    """So many an hour, as of people (`witness`): whoever tries ids fills no table with it."""
    key = f"refused-app:{access.app_id}:{timezone.now():%Y%m%d%H}"
    count = cache.get(key, 0) + 1
    cache.set(key, count, 3600)
    return bool(count <= MOST_REFUSALS)


def _acting(access: AppAccess) -> AbstractContextManager[None]:
    who = access.user
    return wall.acting(who) if who is not None else wall.in_clinic(access.app.clinic_id)


def _count(request: HttpRequest, access: AppAccess) -> None:
    """Each patient's app on its own; of a clinic's, all its tokens together. Raises RefusedError
    where there is no room.
    """
    action, of = ("app", access.pk) if access.user_id else ("clinic_app", access.app_id)
    take(request, action, str(of))
    now = timezone.now()
    if access.used_at is None or now - access.used_at > USED_TO_THE:
        AppAccess.objects.filter(pk=access.pk).update(used_at=now)


def take(request: HttpRequest, action: str, key: str) -> None:
    """Count one. Raises RefusedError that says how long to wait where there is no room."""
    try:
        limits.take(request, action, key=key)
    except limits.TooOftenError as error:
        words, wait = " ".join(error.messages), str(error.seconds)
        raise RefusedError(HTTPStatus.TOO_MANY_REQUESTS, words, Retry_After=wait) from error


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
