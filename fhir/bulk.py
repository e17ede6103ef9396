"""Bulk Data Access 2.0: asking for a clinic's record as files, and fetching them.

A step up from one patient to all, so only for a token that nobody logged in for.
"""

import datetime as dt
from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.core.files.storage import Storage
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date

from accounts.audit import Action
from accounts.doors import whole_number
from accounts.models import AppExport
from accounts.private_files import private_storage
from fhir import exporting
from fhir.access import Reader, exporting_view, take
from fhir.dates import span
from fhir.jobs import go_on
from fhir.outcome import RefusedError, refused

NDJSON = "application/fhir+ndjson"
_FORMATS = {"", NDJSON, "application/ndjson", "ndjson"}
_KNOWN = {"_outputFormat", "_since", "_type"}
COME_AGAIN = 10  # seconds


@exporting_view("GET", "HEAD")
def begin(request: HttpRequest, reader: Reader) -> HttpResponse:
    """202 with the address where it can be asked how far it has come."""
    if "respond-async" not in request.headers.get("Prefer", ""):
        raise refused("Prefer: respond-async is needed: an export is made behind the request.")
    if request.GET.get("_outputFormat", "").replace(" ", "+") not in _FORMATS:
        raise refused(f"Only {NDJSON} is written.")
    if unknown := sorted(set(request.GET) - _KNOWN):
        raise refused(f"Not known of an export: {', '.join(unknown)}.")
    kinds = _kinds(request, reader)
    since = _since(request, reader)
    take(request, "app_export", str(reader.access.app_id))
    export = AppExport.objects.create(
        clinic=reader.clinic,
        app=reader.access.app,
        address=request.build_absolute_uri(),
        kinds=kinds,
        since=since,
    )
    go_on(str(export.pk), str(export.clinic_id), 0)
    reader.record(Action.RECORDS_EXPORTED, subject=export, clinic_id=reader.clinic.pk, kinds=kinds)
    answer = HttpResponse(status=HTTPStatus.ACCEPTED)
    answer["Content-Location"] = _address("fhir:export", export.pk)
    return answer


def _address(name: str, *args: object) -> str:
    return settings.SITE_ADDRESS + reverse(name, args=args)


def _kinds(request: HttpRequest, reader: Reader) -> list[str]:
    may = exporting.kinds_of(reader.reach, reader.access.app.kinds)
    asked = [kind for one in request.GET.getlist("_type") for kind in one.split(",") if kind]
    if beyond := [kind for kind in asked if kind not in may]:
        words = f"No scope of this token lets it export {', '.join(beyond)}."
        raise RefusedError(HTTPStatus.FORBIDDEN, words)
    return [kind for kind in may if not asked or kind in asked]


def _since(request: HttpRequest, reader: Reader) -> dt.datetime | None:
    given = request.GET.get("_since", "").replace(" ", "+")
    try:
        return span(given, reader.clinic.zone)[0] if given else None
    except (ValueError, OverflowError) as error:
        raise refused("_since is a moment, such as 2026-01-31T00:00:00Z.") from error


@exporting_view("GET", "HEAD", "DELETE")
def status(request: HttpRequest, reader: Reader, export_id: UUID) -> HttpResponse:
    """How far it has come; what came of it; or it is taken back."""
    export = _own(reader, export_id)
    if request.method == "DELETE":
        AppExport.objects.filter(pk=export.pk).update(taken_back_at=timezone.now())
        return HttpResponse(status=HTTPStatus.ACCEPTED)
    if export.done_at is None:
        count = sum(int(one["count"]) for one in export.files)
        answer = HttpResponse(status=HTTPStatus.ACCEPTED)
        answer["X-Progress"] = f"{count} resources so far"
        answer["Retry-After"] = str(COME_AGAIN)
        return answer
    answer = JsonResponse(
        {
            "transactionTime": export.asked_at.isoformat(timespec="milliseconds"),
            "request": export.address,
            "requiresAccessToken": True,
            "output": [
                {
                    "type": one["kind"],
                    "url": _address("fhir:export_file", export.pk, number),
                    "count": one["count"],
                }
                for number, one in enumerate(export.files)
            ],
            "error": [],
        }
    )
    answer["Expires"] = http_date(export.until.timestamp())
    return answer


@exporting_view("GET", "HEAD")
def file(request: HttpRequest, reader: Reader, export_id: UUID, number: str) -> FileResponse:
    export = _own(reader, export_id)
    files = export.files if export.done_at is not None else []
    place = whole_number(number)
    if place is None or place >= len(files) or not reader.may("r", files[place]["kind"]):
        raise RefusedError(HTTPStatus.NOT_FOUND, "There is no such file.")
    stored: Storage = private_storage()
    return FileResponse(stored.open(files[place]["name"]), content_type=NDJSON)


def _own(reader: Reader, export_id: UUID) -> AppExport:
    own = AppExport.objects.kept().filter(app=reader.access.app)
    found: AppExport | None = own.filter(pk=export_id).first()
    if found is None:
        raise RefusedError(HTTPStatus.NOT_FOUND, "There is no such export, or no longer.")
    return found
