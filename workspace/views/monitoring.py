"""Worksheets of remote monitoring: the clinic's month, a patient's month, and what is entered."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.doors import DoorRequest, posted
from accounts.limits import limited
from accounts.models import Clinic, User
from accounts.permissions import Permission
from accounts.proof import proven_before_file
from patients.actions import once
from patients.models import Episode, Patient
from patients.models.patient import Language
from programs.actions import monitoring as actions
from programs.export import monitoring as files
from programs.models import LiveTalk, MonitoringCare, MonitoringEntry
from programs.monitoring.calendar import month_before, month_in, month_of, next_month
from programs.monitoring.words import CONSENT, CONSENT_IN_SPANISH, DISCLAIMERS
from programs.progress import monitoring as reading
from programs.progress import monitoring_sheet as sheets
from workspace.access import audit_list, patient_view, where_monitored, workspace_view
from workspace.errors import into_form, stored
from workspace.files import CSV, download
from workspace.forms.monitoring import (
    AnswersForm,
    MinutesForm,
    OpenAgainForm,
    PapersForm,
    PutMinutesRightForm,
    PutTalkRightForm,
    SignForm,
    TalkForm,
)
from workspace.views.episodes import open_episode_of


def _month_of(data: QueryDict, clinic: Clinic) -> dt.date:
    """The month that is asked for, or this one; 404 for one to come or before there are rules."""
    today = month_of(clinic.today())
    asked = data.get("month", "")
    month = month_in(asked) if asked else today
    if month is None or month > today or not reading.has_rules(month):
        raise Http404
    return month


def _months(month: dt.date, clinic: Clinic) -> dict[str, Any]:
    """The month and its neighbors, where they have a worksheet."""
    before, after = month_before(month), next_month(month)
    return {
        "month": month,
        "month_sent": f"{month:%Y-%m}",
        "query": f"?month={month:%Y-%m}",
        "before": before if reading.has_rules(before) else None,
        "after": after if after <= clinic.today() else None,
    }


def _clinic(request: DoorRequest) -> Clinic:
    clinic = request.user.clinic
    assert clinic is not None, "Where monitoring is switched on, there is a clinic."
    return clinic


@where_monitored
@workspace_view()
def clinic_month(request: DoorRequest) -> HttpResponse:
    """Who is ready, who is not yet and why."""
    clinic = _clinic(request)
    month = _month_of(request.GET, clinic)
    rows = reading.of_clinic(request.user, month)
    audit_list(request, (row.patient for row in rows))
    context = {
        "rows": rows,
        "disclaimers": DISCLAIMERS,
        "signed": sum(row.is_locked for row in rows),
        "ready": sum(row.sheet.is_ready and not row.is_locked for row in rows),
        **_months(month, clinic),
    }
    return render(request, "workspace/monitoring.html", context)


@where_monitored
@workspace_view()
@proven_before_file("workspace:monitoring")
@limited("staff_paper")
def clinic_file(request: DoorRequest) -> HttpResponse:
    """The same as CSV."""
    month = _month_of(request.GET, _clinic(request))
    rows = reading.of_clinic(request.user, month)
    patients = [row.patient for row in rows]
    audit_list(request, patients)
    audit.record(
        action=audit.Action.MONITORING_EXPORTED,
        by=request.user,
        named=[patient.pk for patient in patients],
        month=month.isoformat(),
    )
    return download(files.of_clinic(rows), CSV, f"monitoring-{month:%Y-%m}.csv")


@where_monitored
@patient_view()
def patient_month(request: DoorRequest, patient: Patient) -> HttpResponse:
    """One patient's worksheet, and what is entered for it."""
    return _page(request, patient, _month_of(request.GET, patient.clinic))


def _page(
    request: DoorRequest, patient: Patient, month: dt.date, **sent: forms.Form
) -> HttpResponse:
    """`sent` are the forms that were sent, with what was typed; the others are empty."""
    found = reading.of_patient(patient, month)
    made = sheets.shown(found)
    care = _care_of_now(found.cares, open_episode_of(patient))
    today = patient.clinic.today()
    day = today if month == month_of(today) else None
    context = {
        "patient": patient,
        "tab": "monitoring",
        "found": found,
        "sheet": made,
        "changed": sheets.has_changed(found),
        "is_this_month": day is not None,
        "enters": request.user.may(Permission.TREAT) and not found.is_locked,
        "care": care,
        "earlier": [one for one in found.cares if one != care],
        "minutes_form": sent.get("minutes") or MinutesForm(initial={"done_on": day}),
        "talk_form": sent.get("talk")
        or TalkForm(clinic=patient.clinic, initial={"done_on": day}, prefix="talk"),
        "answers_form": sent.get("answers") or AnswersForm(prefix="answers"),
        "sign_form": _sign_form(sent.get("sign"), made),
        "open_form": sent.get("open") or OpenAgainForm(prefix="open"),
        "forms_with_errors": [form for form in sent.values() if form.errors],
        **_months(month, patient.clinic),
    }
    return render(request, "workspace/patient_monitoring.html", context)


def _sign_form(sent: forms.Form | None, made: sheets.Document) -> SignForm:
    """About what the page shows now, also where an older one was refused."""
    form = sent if isinstance(sent, SignForm) else SignForm(prefix="sign")
    form.show(sheets.digest(made))
    return form


@where_monitored
@require_POST
@patient_view(Permission.TREAT)
def enter(request: DoorRequest, patient: Patient) -> HttpResponse:
    """Minutes, a talk, the answers, a signature, or opening again: by which button was pressed."""
    month = _month_of(request.POST, patient.clinic)
    do = request.POST.get("do", "")
    form = _form_of(do, request, patient)
    if form.is_valid():
        try:
            said, month = _done(do, form, patient, month, request.user)
        except once.NotYours as error:
            raise Http404 from error
        except ValidationError as error:
            into_form(form, error)
        else:
            messages.success(request, said)
            return redirect(_address(patient, month))
    return _page(request, patient, month, **{do: form})


def _form_of(do: str, request: DoorRequest, patient: Patient) -> forms.Form:
    match do:
        case "minutes":
            return MinutesForm(request.POST)
        case "talk":
            return TalkForm(request.POST, clinic=patient.clinic, prefix=do)
        case "answers":
            return AnswersForm(request.POST, prefix=do)
        case "sign":
            return SignForm(request.POST, prefix=do)
        case "open":
            return OpenAgainForm(request.POST, prefix=do)
    raise Http404


def _done(
    do: str, form: forms.Form, patient: Patient, month: dt.date, by: User
) -> tuple[str, dt.date]:
    """What to say afterwards, and of which month. Raises ValidationError, NotYours."""
    data = form.cleaned_data
    match do:
        case "minutes":
            entry = actions.record_minutes(patient=patient, by=by, **data)
            return f"Entered: {entry}.", month_of(entry.done_on)
        case "talk":
            assert isinstance(form, TalkForm)
            talk = actions.record_talk(patient=patient, by=by, **form.told)
            return f"Entered: {talk}.", month_of(talk.done_on)
        case "answers":
            actions.answer(patient=patient, month=month, by=by, **data)
            return f"Answered for {month:%B %Y}.", month
        case "sign":
            actions.sign(patient=patient, month=month, by=by, **data)
            return f"{month:%B %Y} is signed with your name.", month
    actions.open_again(patient=patient, month=month, by=by, **data)
    return f"{month:%B %Y} is open again. What was signed is kept.", month


def _address(patient: Patient, month: dt.date) -> str:
    return f"{reverse('workspace:patient_monitoring', args=[patient.pk])}?month={month:%Y-%m}"


def _care_of_now(cares: list[MonitoringCare], episode: Episode | None) -> MonitoringCare | None:
    """The newest of the open episode; without one the patient's last."""
    mine = [care for care in cares if episode is None or care.episode_id == episode.pk]
    return mine[-1] if mine else None


def _care_asked(request: DoorRequest, cares: list[MonitoringCare]) -> MonitoringCare:
    asked = request.GET["of"]
    for care in cares:
        if str(care.pk) == asked:
            return care
    raise Http404


@where_monitored
@patient_view(Permission.TREAT)
def papers(request: DoorRequest, patient: Patient) -> HttpResponse:
    """Consent, set-up and plan of care of now; `?again` begins anew after a consent was withdrawn,
    and `?of` are those of before.
    """
    episode = open_episode_of(patient)
    cares = list(MonitoringCare.objects.filter(patient=patient).select_related("episode"))
    care = _care_asked(request, cares) if "of" in request.GET else _care_of_now(cares, episode)
    if episode is None and care is None:
        messages.error(request, "Open an episode first.")
        return redirect("workspace:episode", patient.pk)
    if care is not None and episode is not None and care.withdrawn_on and "again" in request.GET:
        care = None
    said = CONSENT_IN_SPANISH if patient.language == Language.SPANISH else CONSENT
    initial = {"consent_words": said} if care is None else {}
    form = PapersForm(posted(request), instance=care, initial=initial)
    if form.is_valid():
        try:
            if care is not None:
                fresh = MonitoringCare.objects.select_related("patient").get(pk=care.pk)
                actions.change(care=fresh, by=request.user, **form.cleaned_data)
            elif episode is not None:
                actions.begin(episode=episode, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            into_form(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect("workspace:patient_monitoring", patient.pk)
    context = {"patient": patient, "form": form, "care": care}
    return render(request, "workspace/monitoring_papers.html", context)


@where_monitored
@patient_view(Permission.TREAT)
def put_minutes_right(request: DoorRequest, patient: Patient, entry_id: UUID) -> HttpResponse:
    rows = MonitoringEntry.objects.current().filter(patient=patient)
    old = get_object_or_404(rows.select_related("by"), pk=entry_id)
    form = PutMinutesRightForm(posted(request), old=old)

    def save() -> MonitoringEntry:
        return actions.record_minutes(
            patient=patient, replaces=old, by=request.user, **form.cleaned_data
        )

    return _put_right(request, patient, old, form, save)


@where_monitored
@patient_view(Permission.TREAT)
def put_talk_right(request: DoorRequest, patient: Patient, talk_id: UUID) -> HttpResponse:
    rows = LiveTalk.objects.current().filter(patient=patient)
    old = get_object_or_404(rows.select_related("by"), pk=talk_id)
    form = PutTalkRightForm(posted(request), old=old, clinic=patient.clinic)

    def save() -> LiveTalk:
        return actions.record_talk(patient=patient, replaces=old, by=request.user, **form.told)

    return _put_right(request, patient, old, form, save)


def _put_right(
    request: DoorRequest,
    patient: Patient,
    old: reading.WorkRow,
    form: MinutesForm | TalkForm,
    save: Callable[[], reading.WorkRow],
) -> HttpResponse:
    new = stored(form, save)
    if new is not None:
        messages.success(request, f"Put right: {new}. The old entry is kept.")
        return redirect(_address(patient, month_of(new.done_on)))
    context = {
        "patient": patient,
        "form": form,
        "old": old,
        "back": _address(patient, month_of(old.done_on)),
    }
    return render(request, "workspace/monitoring_put_right.html", context)


@where_monitored
@patient_view()
@limited("staff_paper")
def pdf(request: DoorRequest, patient: Patient) -> HttpResponse:
    month = _month_of(request.GET, patient.clinic)
    made = files.as_pdf(reading.of_patient(patient, month))
    _record_file(request, patient, month, "pdf")
    return download(made, "application/pdf", f"monitoring-{month:%Y-%m}.pdf")


@where_monitored
@patient_view()
def csv(request: DoorRequest, patient: Patient) -> HttpResponse:
    month = _month_of(request.GET, patient.clinic)
    made = files.as_csv(reading.of_patient(patient, month))
    _record_file(request, patient, month, "csv")
    return download(made, CSV, f"monitoring-{month:%Y-%m}.csv")


def _record_file(request: DoorRequest, patient: Patient, month: dt.date, kind: str) -> None:
    audit.record(
        action=audit.Action.MONITORING_EXPORTED,
        patient=patient,
        by=request.user,
        month=month.isoformat(),
        file=kind,
    )
