"""What went wrong, as FHIR says it: an OperationOutcome for every error."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, JsonResponse

FHIR_JSON = "application/fhir+json"
# R4's IssueType for each status that we answer.
_CODES = {
    HTTPStatus.BAD_REQUEST: "invalid",
    HTTPStatus.UNAUTHORIZED: "login",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "not-supported",
    HTTPStatus.NOT_ACCEPTABLE: "not-supported",
    HTTPStatus.GONE: "expired",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-long",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "not-supported",
    HTTPStatus.TOO_MANY_REQUESTS: "throttled",
}


class RefusedError(Exception):
    """The answer is an error. `words` are read by who writes the other program."""

    def __init__(self, status: HTTPStatus, words: str, **headers: str) -> None:
        super().__init__(words)
        self.status, self.words, self.headers = status, words, headers


def refused(words: str) -> RefusedError:
    """For what is asked in a way that is not known."""
    return RefusedError(HTTPStatus.BAD_REQUEST, words)


def as_json(resource: dict[str, Any], status: int = HTTPStatus.OK) -> HttpResponse:
    answer = JsonResponse(resource, status=status, json_dumps_params={"ensure_ascii": False})
    answer["Content-Type"] = f"{FHIR_JSON}; charset=utf-8"
    return answer


def outcome(status: HTTPStatus, words: str, code: str = "", **headers: str) -> HttpResponse:
    issue = {"severity": "error", "code": code or _CODES.get(status, "exception")}
    answer = as_json(
        {"resourceType": "OperationOutcome", "issue": [{**issue, "diagnostics": words}]}, status
    )
    for name, value in headers.items():
        answer[name.replace("_", "-")] = value
    return answer
