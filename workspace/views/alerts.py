"""Looking at an alert and saying what was done."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.doors import DoorRequest, posted
from accounts.permissions import Permission
from programs.actions import alerts as actions
from programs.alerts import closing
from programs.alerts.rules import RULES
from programs.models import Alert
from programs.models.alert import Code
from programs.progress.overview import SessionRow
from programs.safety import fit
from workspace.access import audit_if_shown, workspace_view
from workspace.errors import into_form
from workspace.forms.alert import AlertForm


@workspace_view(Permission.TREAT)
def acknowledge(request: DoorRequest, alert_id: UUID) -> HttpResponse:
    alert = get_object_or_404(
        Alert.objects.visible_to(request.user).select_related(
            "patient__clinic",
            "session__plan__episode",
            "session__phase",
            "acknowledged_by",
            "report__told_by",
            "check_in",
            "plan__episode",
            "plan__program",
            "plan__second_program",
        ),
        pk=alert_id,
    )
    form = AlertForm(posted(request), alert=alert)
    if form.is_valid():
        try:
            actions.acknowledge(alert=alert, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            into_form(form, error)
        else:
            messages.success(request, "On record. The alert is closed.")
            return redirect("workspace:patient", alert.patient_id)
    context = {
        "alert": alert,
        "patient": alert.patient,
        "form": form,
        "row": _row(alert),
        "rule": RULES[Code(alert.rule)],
        "held": alert.restrictions.in_force(alert.patient.clinic.today()),
        "in_force": alert.plan is not None and alert.plan.is_on_screen(),
        "misfits": fit.misfits(alert.plan) if alert.rule == fit.RULE else [],
        "is_misfit": alert.rule == fit.RULE,
        "needs_more": alert.rule in closing.NEEDS_MORE,
        "finding": closing.finding_words(alert.rule),
    }
    response = render(request, "workspace/alert.html", context)
    audit_if_shown(request, alert.patient, response)
    return response


def _row(alert: Alert) -> SessionRow | None:
    session = alert.session
    return SessionRow.of(session, session.plan.episode.sensation) if session else None
