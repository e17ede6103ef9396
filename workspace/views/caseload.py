"""The first page of the workspace: who needs me."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from accounts.doors import DoorRequest
from programs.progress.caseload import caseload
from workspace.access import audit_list, typed_search, workspace_view

PATIENTS_A_PAGE = 50


@workspace_view()
def caseload_page(request: DoorRequest) -> HttpResponse:
    search = typed_search(request)
    show = request.GET.get("show", "all")
    cases = caseload(request.user, search=search)
    shown = {"needs": cases.needs_me, "silent": cases.silent}.get(show, cases.rows)
    page = Paginator(shown, PATIENTS_A_PAGE).get_page(request.GET.get("page"))
    named = list(page.object_list) + (cases.needs_me if show != "silent" else [])
    audit_list(request, (row.patient for row in named))
    return render(
        request,
        "workspace/caseload.html",
        {"cases": cases, "page": page, "search": search, "show": show},
    )
