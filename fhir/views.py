"""What this door answers: what it can, what it keeps, and where apps are let in."""

from collections.abc import Callable
from http import HTTPStatus

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import add_never_cache_headers

from accounts.audit import Action
from accounts.limits import sender
from accounts.smart.server import server
from accounts.smart.signing import public_keys
from accounts.smart.statements import fetch_keys
from fhir import searching
from fhir.access import Reader, open_to_all, reading, take
from fhir.capability import capability_statement, smart_configuration
from fhir.outcome import RefusedError, as_json
from fhir.search_terms import understood


@open_to_all("GET", "HEAD")
def metadata(request: HttpRequest) -> HttpResponse:
    return as_json(capability_statement())


@open_to_all("GET", "HEAD")
def configuration(request: HttpRequest) -> HttpResponse:
    return JsonResponse(smart_configuration())


def oauth_error(status: HTTPStatus, words: str, **headers: str) -> HttpResponse:
    """As RFC 6749 says it, for what authlib did not come to see."""
    is_crowded = status == HTTPStatus.TOO_MANY_REQUESTS
    error = "temporarily_unavailable" if is_crowded else "invalid_request"
    answer = JsonResponse({"error": error, "error_description": words}, status=status)
    for name, value in headers.items():
        answer[name.replace("_", "-")] = value
    return answer


@open_to_all("GET", "HEAD")
def own_keys(request: HttpRequest) -> HttpResponse:
    """By which an app verifies what it is told."""
    return JsonResponse(public_keys())


@open_to_all("POST", says=oauth_error)
def token(request: HttpRequest) -> HttpResponse:
    """A code, a refresh token or a signed statement for an access token."""
    return _let_in(request, lambda: server.create_token_response(request))


@open_to_all("POST", says=oauth_error)
def revoke(request: HttpRequest) -> HttpResponse:
    return _let_in(request, lambda: server.create_endpoint_response("revocation", request))


def _let_in(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """An error is stored, too: whoever shows a code a second time ends what came of it."""
    with transaction.atomic():
        take(request, "app_token", sender(request))
    fetch_keys(request)
    with transaction.atomic():
        response = answer()
    add_never_cache_headers(response)
    return response


@reading("r", "GET", "HEAD")
def read(request: HttpRequest, reader: Reader, kind: str, identity: str) -> HttpResponse:
    found = searching.read(reader, kind, identity)
    if found is None:
        raise RefusedError(HTTPStatus.NOT_FOUND, f"There is no {kind}/{identity} to be seen.")
    one, patient = found
    if patient is not None:
        reader.record(Action.PATIENT_READ, patient=patient, page=f"fhir {kind}")
    answer = as_json(one)
    answer["ETag"] = f'W/"{one["meta"]["versionId"]}"'
    return answer


@reading("s", "GET", "HEAD")
def search(request: HttpRequest, reader: Reader, kind: str) -> HttpResponse:
    return _found(request, reader, kind, dict(request.GET.lists()))


@reading("s", "POST")
def search_by_form(request: HttpRequest, reader: Reader, kind: str) -> HttpResponse:
    """The same, for what is too long for an address. Its further pages are asked for by one."""
    asked = dict(request.GET.lists())
    for name, values in request.POST.lists():
        asked[name] = [*asked.get(name, []), *values]
    return _found(request, reader, kind, asked)


def _found(
    request: HttpRequest, reader: Reader, kind: str, asked: dict[str, list[str]]
) -> HttpResponse:
    lenient = "handling=lenient" in request.headers.get("Prefer", "").replace(" ", "").lower()
    answer = searching.answer(reader, understood(reader, kind, asked, lenient=lenient))
    page = f"fhir {kind}"
    if len(answer.patients) == 1:
        reader.record(Action.PATIENT_READ, patient=answer.patients[0], page=page)
    elif answer.patients:
        reader.record(Action.PATIENTS_LISTED, named=answer.patients, page=page)
    return as_json(answer.bundle)


@open_to_all("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
def nothing(request: HttpRequest, path: str = "") -> HttpResponse:
    """Of addresses that are none, and of what would write."""
    raise RefusedError(HTTPStatus.NOT_FOUND, "Nothing is there: /fhir/metadata says what is.")
