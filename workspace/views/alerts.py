"""Working on an alert: looking at it, who has it, what was done, and closing it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.doors import DoorRequest, posted
from accounts.models import User
from accounts.permissions import Permission
from programs.actions import alert_work
from programs.actions import alerts as actions
from programs.alerts import advice, closing, evidence
from programs.alerts.rules import RULES
from programs.models import Alert
from programs.models.alert import Code
from programs.progress import inbox
from programs.progress.overview import SessionRow
from programs.safety import fit
from workspace.access import audit_if_shown, workspace_view
from workspace.errors import into_form, into_messages
from workspace.forms.alert import AlertForm, HandOverForm, NoteForm, SnoozeForm


@workspace_view(Permission.TREAT)
def acknowledge(request: DoorRequest, alert_id: UUID) -> HttpResponse:
    """The page of an alert, and closing it; then the next one."""
    alert = _visible(request, alert_id)
    form = AlertForm(posted(request), alert=alert)
    if form.is_valid():
        try:
            actions.acknowledge(alert=alert, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            into_form(form, error)
        else:
            messages.success(request, f"On record: the alert of {alert.patient} is closed.")
            return redirect(_next(request))
    alert_work.see(alert=alert, by=request.user)
    return _page(request, alert, closing_form=form)


def _visible(request: DoorRequest, alert_id: UUID) -> Alert:
    rows = Alert.objects.visible_to(request.user).select_related(
        "patient__clinic",
        "session__plan__episode",
        "session__phase",
        "acknowledged_by",
        "owner",
        "report__told_by",
        "check_in",
        "plan__clinic",
        "plan__episode",
        "plan__program",
        "plan__second_program",
    )
    alert: Alert = get_object_or_404(rows, pk=alert_id)
    return alert


def _next(request: DoorRequest) -> str:
    """The alert that is most urgent now, else the inbox."""
    alerts = inbox.load(request.user, {inbox.Kind.ALERT}).of(request.user).items
    if not alerts:
        return reverse("workspace:inbox")
    return reverse("workspace:alert", args=[alerts[0].key])


def _page(request: DoorRequest, alert: Alert, **forms_: forms.Form) -> HttpResponse:
    """`forms_` are those that were sent, with what was typed; the others are empty."""
    by, is_misfit = request.user, alert.rule == fit.RULE
    rule = RULES[Code(alert.rule)]
    context: dict[str, Any] = {
        "alert": alert,
        "patient": alert.patient,
        "form": forms_.get("closing_form") or AlertForm(alert=alert),
        "note_form": forms_.get("note") or NoteForm(prefix="note"),
        "hand_form": forms_.get("hand") or HandOverForm(alert=alert, by=by, prefix="hand"),
        "snooze_form": forms_.get("snooze") or SnoozeForm(alert=alert, prefix="snooze"),
        "steps": alert.steps.select_related("by", "to"),
        "row": _row(alert),
        "evidence": evidence.of(alert),
        "rule": rule,
        "advised": advice.of_rule(rule, alert.patient.clinic),
        "held": alert.restrictions.in_force(alert.patient.clinic.today()),
        "in_force": alert.plan is not None and alert.plan.is_on_screen(),
        "misfits": fit.misfits(alert.plan) if is_misfit and alert.plan else [],
        "is_misfit": is_misfit,
        "needs_more": alert.rule in closing.NEEDS_MORE,
        "finding": closing.finding_words(alert.rule),
    }
    response = render(request, "workspace/alert.html", context)
    audit_if_shown(request, alert.patient, response)
    return response


def _row(alert: Alert) -> SessionRow | None:
    session = alert.session
    return SessionRow.of(session, session.plan.episode.sensation) if session else None


@require_POST
@workspace_view(Permission.TREAT)
def work(request: DoorRequest, alert_id: UUID) -> HttpResponse:
    """Take, hand over, put off, note: by which button was pressed."""
    alert, by = _visible(request, alert_id), request.user
    do = request.POST.get("do", "")
    if do == "take":
        try:
            alert_work.take(alert=alert, by=by)
        except ValidationError as error:
            into_messages(request, error)
        return redirect("workspace:alert", alert.pk)
    form = _form_of(do, request, alert)
    if form.is_valid():
        try:
            said = _done(do, form, alert, by)
        except ValidationError as error:
            into_form(form, error)
        else:
            messages.success(request, said)
            if do == "note":
                return redirect("workspace:alert", alert.pk)
            return redirect(_next(request))
    return _page(request, alert, **{do: form})


def _form_of(do: str, request: DoorRequest, alert: Alert) -> forms.Form:
    match do:
        case "hand":
            return HandOverForm(request.POST, alert=alert, by=request.user, prefix=do)
        case "snooze":
            return SnoozeForm(request.POST, alert=alert, prefix=do)
        case "note":
            return NoteForm(request.POST, prefix=do)
    raise Http404


def _done(do: str, form: forms.Form, alert: Alert, by: User) -> str:
    """What to say afterwards. Raises ValidationError."""
    data = form.cleaned_data
    if do == "hand":
        alert_work.hand_over(alert=alert, by=by, **data)
        return f"{data['to']} has it now."
    if isinstance(form, SnoozeForm):
        alert_work.snooze(alert=alert, until=form.until, words=data["words"], by=by)
        return "Put off. It comes back to you."
    alert_work.note(alert=alert, by=by, **data)
    return "Noted."
