"""All that happened to a patient, in one list."""

import datetime as dt
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render

from accounts.doors import DoorRequest
from accounts.permissions import Permission
from patients.models import Patient
from programs.progress import timeline
from programs.progress.timeline import Kind
from workspace.access import patient_view

LONG_AGO = 1900


@patient_view()
def page(request: DoorRequest, patient: Patient) -> HttpResponse:
    """`?kind=` as often as wanted: only these. Messages are for those who treat."""
    offered = [
        kind for kind in Kind if kind is not Kind.MESSAGE or request.user.may(Permission.TREAT)
    ]
    chosen = [kind for kind in offered if kind.value in request.GET.getlist("kind")]
    before = _moment(request.GET.get("before", ""))
    found = timeline.page(patient, chosen or offered, before=before)
    context = {
        "patient": patient,
        "tab": "timeline",
        "entries": found.entries,
        "chips": [
            (kind.words, kind in chosen, f"?{_query(set(chosen) ^ {kind})}") for kind in offered
        ],
        "chosen": chosen,
        "earlier": f"?{_query(chosen, found.before)}" if found.before else "",
        "zone": patient.clinic.zone,
    }
    return render(request, "workspace/patient_timeline.html", context)


def _query(kinds: "set[Kind] | list[Kind]", before: dt.datetime | None = None) -> str:
    asked = [("kind", kind.value) for kind in Kind if kind in kinds]
    return urlencode([*asked, *([("before", before.isoformat())] if before else [])])


def _moment(text: str) -> dt.datetime | None:
    """As a link of ours has it; None for anything else."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo and moment.year > LONG_AGO else None
