"""The first page of the workspace: whom I treat, and who needs me."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.doors import DoorRequest
from accounts.limits import limited
from accounts.proof import proven_before_file
from cms.admin.spreadsheets import spreadsheet
from patients.actions import saved_views
from patients.models import Patient, SavedView
from programs.progress import caseload
from programs.progress.case_rows import Row
from workspace.access import audit_list, workspace_view
from workspace.errors import into_messages
from workspace.files import CSV, download
from workspace.forms.caseload import CaseloadForm, kept

PATIENTS_A_PAGE = 50
MOST_IN_FILE = 10_000
AT_A_TIME = 500  # rows of the file
HEADINGS = (
    "Last name", "First name", "Birth date", "Record number", "Episode", "Program", "Phase",
    "Sessions logged, 14 days", "Sessions due, 14 days", "Days without a log, 14 days",
    "Last pain, 0 to 10", "Last session", "Care team", "Worst open alert", "Open alerts",
    "Message to answer",
)  # fmt: skip
COLUMNS = (
    ("name", "Name", ""), ("episode", "Episode", ""), ("program", "Program and phase", ""),
    ("logged", "14 days", "-"), ("pain", "Pain", "-"), ("last", "Last session", ""),
    ("therapist", "Therapist", ""), ("need", "Needs", ""),
)  # fmt: skip
LESS = {"episode", "therapist"}  # where the screen is narrow, they stand on the patient's page


def _form(request: DoorRequest) -> CaseloadForm:
    return CaseloadForm(request.GET, offered=caseload.choices(request.user))


@workspace_view()
def caseload_page(request: DoorRequest) -> HttpResponse:
    form = _form(request)
    cases = caseload.caseload(request.user, form.wanted)
    page: Page[Row] = Paginator(cast(Any, cases), PATIENTS_A_PAGE).get_page(request.GET.get("page"))
    rows: list[Row] = list(page.object_list) if len(cases) else []
    audit_list(request, (row.patient for row in rows))
    # Who sees them is only said where it is not the reader alone.
    is_shared = any(row.team != [request.user] for row in rows)
    context = {
        "form": form,
        "is_near_miss": cases.is_near_miss,
        "page": page,
        "rows": rows,
        "wanted": form.wanted,
        "columns": [
            _column(request, *column) for column in COLUMNS if column[0] != "therapist" or is_shared
        ],
        "is_shared": is_shared,
        "chips": [(words, _address(request, name, "")) for name, words in form.chosen],
        "lost": [(form.fields[name].label, _address(request, name, "")) for name in form.lost],
        "tabs": [
            (one.words, number, _address(request, "show", one.value), one is form.wanted.show)
            for one, number in cases.numbers.items()
        ],
        "views": request.user.saved_views.all(),
        "query": kept(request.GET),
        "address": request.GET.urlencode(),
        "earlier": _address(request, "page", str(page.number - 1)),
        "later": _address(request, "page", str(page.number + 1)),
    }
    return render(request, "workspace/caseload.html", context)


def _column(request: DoorRequest, key: str, words: str, first: str) -> dict[str, Any]:
    """A heading, and where it leads: pressed again, the other way round."""
    now = request.GET.get("sort", "") or "need"
    is_on = now.removeprefix("-") == key
    other = key if now.startswith("-") else f"-{key}"
    direction = "descending" if now.startswith("-") else "ascending"
    return {
        "words": words,
        "address": _address(request, "sort", other if is_on and key != "need" else first + key),
        "sorted": direction if is_on else "",
        "is_less": key in LESS,
    }


def _address(request: DoorRequest, name: str, value: str) -> str:
    """This list with one thing changed, from its first page on."""
    query = request.GET.copy()
    query.pop("page", None)
    query[name] = value
    for empty in [key for key, set_to in query.items() if not set_to]:
        del query[empty]
    return f"?{query.urlencode()}"


@workspace_view()
@proven_before_file("workspace:caseload")
@limited("caseload_file")
def file(request: DoorRequest) -> HttpResponse:
    """The list as it is filtered and ordered, as a spreadsheet."""
    cases = caseload.caseload(request.user, _form(request).wanted)
    listed: list[Patient] = []
    lines: list[tuple[Any, ...]] = []
    for begin in range(0, min(len(cases), MOST_IN_FILE), AT_A_TIME):
        rows = cases[begin : begin + AT_A_TIME]
        listed += [row.patient for row in rows]
        lines += map(_cells, rows)
    audit_list(request, listed)
    today = request.user.clinic.today() if request.user.clinic else ""
    return download(spreadsheet([HEADINGS, *lines]), CSV, f"footing-patients-{today}.csv")


def _cells(row: Row) -> tuple[Any, ...]:
    patient, logged = row.patient, row.fortnight.adherence
    return (
        patient.last_name,
        patient.first_name,
        patient.birth_date.isoformat(),
        patient.record_number,
        str(row.episode) if row.episode else "",
        row.plan.title if row.plan else "",
        row.phase.title if row.phase else "",
        logged.done,
        logged.due,
        row.fortnight.without_log,
        "" if row.last_pain is None else row.last_pain,
        row.last_on.isoformat() if row.last_on else "",
        ", ".join(map(str, row.team)),
        f"{row.worst.get_severity_display()}: {row.worst.message}" if row.worst else "",
        len(row.alerts),
        "yes" if row.asks else "",
    )


@require_POST
@workspace_view()
def save_view(request: DoorRequest) -> HttpResponse:
    query = kept(request.POST)
    try:
        view = saved_views.save(name=request.POST.get("name", ""), query=query, by=request.user)
    except ValidationError as error:
        into_messages(request, error)
    else:
        messages.success(request, f"“{view}” is saved: it stands over the list.")
    return redirect(f"{reverse('workspace:caseload')}?{query}")


@require_POST
@workspace_view()
def remove_view(request: DoorRequest, view_id: UUID) -> HttpResponse:
    view = get_object_or_404(SavedView, pk=view_id, user=request.user)
    saved_views.remove(view=view, by=request.user)
    messages.success(request, f"“{view}” is gone from the list of views.")
    return redirect("workspace:caseload")
