"""Numbers without names: the page, its file, and rows for a registry."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render

from accounts import audit
from accounts.doors import DoorRequest, posted
from accounts.limits import allows, answered, limited
from accounts.permissions import Permission
from accounts.proof import proven_before_change, proven_before_file
from programs.export import numbers as files
from programs.outcomes import answering, ended, numbers, registry, withheld
from workspace.access import workspace_view
from workspace.files import CSV, download
from workspace.forms.numbers import PeriodForm, RegistryForm


def _form(request: DoorRequest) -> PeriodForm | None:
    """None while nothing has ended yet."""
    found = numbers.periods(request.user)
    return PeriodForm(request.GET.dict(), found=found) if found else None


@workspace_view(Permission.RUN_CLINIC)
@limited("numbers")
def page(request: DoorRequest) -> HttpResponse:
    form = _form(request)
    asked = form.cleaned_data if form and form.is_valid() else {}
    context: dict[str, Any] = {
        "form": form,
        "asked": asked,
        "tables": numbers.compared(request.user, **asked) if asked else [],
        "query": urlencode({name: one.code for name, one in asked.items() if one}),
        "definitions": (ended.DROPPED_OUT, answering.LOOKED_AT),
        "least": withheld.LEAST,
    }
    return render(request, "workspace/numbers.html", context)


@workspace_view(Permission.RUN_CLINIC)
@proven_before_file("workspace:numbers")
@limited("numbers_file")
def file(request: DoorRequest) -> HttpResponse:
    """What the page shows, as a spreadsheet."""
    form = _form(request)
    if form is None or not form.is_valid():
        raise Http404
    asked = form.cleaned_data
    text = files.of_tables(numbers.compared(request.user, **asked))
    told = {name: one.code for name, one in asked.items() if one}
    audit.record(action=audit.Action.NUMBERS_EXPORTED, by=request.user, **told)
    return download(text, CSV, f"footing-numbers-{'-against-'.join(told.values())}.csv")


@workspace_view(Permission.RUN_CLINIC)
@proven_before_change
def registry_page(request: DoorRequest) -> HttpResponse:
    """Rows for a registry, one a course of care that ended in a year."""
    years = numbers.years(request.user)
    form = RegistryForm(posted(request), found=years)
    if form.is_valid() and allows(request, form, "numbers_file"):
        year, purpose = form.cleaned_data["year"], form.cleaned_data["purpose"]
        try:
            text, made = files.for_registry(request.user, year)
        except registry.TooFewError:
            form.add_error("year", f"Fewer than {withheld.LEAST} people would be in it.")
        else:
            audit.record(
                action=audit.Action.REGISTRY_EXPORTED,
                by=request.user,
                year=year.code,
                rows=len(made.rows),
                purpose=purpose,
            )
            return download(text, CSV, f"footing-registry-{year.code}.csv")
    context = {"form": form, "years": years, "least": withheld.LEAST, "alike": registry.ALIKE}
    return answered(request, render(request, "workspace/numbers_registry.html", context))
