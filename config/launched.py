"""Footing opened out of another record (EHR launch): who is open there, and what goes back.

Stands above the doors, as `fhir` reads what the workspace shows.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.doors import DoorRequest, key_in, posted
from accounts.limits import limited
from accounts.models import ConnectedRecord
from accounts.permissions import Permission
from accounts.smart import launching
from accounts.smart.launching import LaunchError, Visit
from fhir import giving_back, opened
from fhir.elements import Resource
from patients import incoming
from patients.actions import patients as actions
from patients.actions import record_links
from patients.models import Patient, RecordLink, SentKind, SentToRecord
from programs.handout import letter as paper
from programs.models import Letter
from programs.models.note import Recipient
from workspace.access import audit_if_shown, audit_list, posted_object, workspace_view
from workspace.errors import into_form, into_messages
from workspace.forms.patient import PatientForm

VISIT = "record_visit"
TO_CLINICIANS = [one for one in Recipient if one.is_clinician]


@workspace_view(Permission.TREAT)
@limited("record_launch")
def launch(request: DoorRequest) -> HttpResponse:
    """A record has opened Footing: on to its own login, which knows who is open there."""
    try:
        record = launching.record_of(request.user, request.GET.get("iss", ""))
        address = launching.begin(
            request.session, record, request.user, request.GET.get("launch", "")
        )
    except LaunchError as error:
        return _refused(request, error)
    # A page, as a redirect behind a login form is held against where our forms may lead.
    return render(request, "workspace/record_go_on.html", {"record": record, "address": address})


@workspace_view(Permission.TREAT)
@limited("record_launch")
def back(request: DoorRequest, record_id: UUID) -> HttpResponse:
    """From its login, with a code for one patient."""
    connected = ConnectedRecord.objects.active().filter(clinic=request.user.clinic)
    record = get_object_or_404(connected, pk=record_id)
    assert request.user.clinic is not None
    launching.leave(request.session)
    try:
        come = launching.come_back(request.session, record, request.user, request.GET.dict())
        seen = opened.seen(record, come, request.user.clinic)
    except LaunchError as error:
        return _refused(request, error)
    launching.keep(request.session, come.with_seen(seen))
    if (link := _link(record, come)) is not None:
        record_links.opened(link=link, told=seen["conditions"], by=request.user)
    return redirect(VISIT)


def _refused(request: DoorRequest, error: LaunchError) -> HttpResponse:
    return render(request, "workspace/record_refused.html", {"words": str(error)}, status=400)


def _link(record: ConnectedRecord, visit: Visit) -> RecordLink | None:
    links = RecordLink.objects.select_related("patient__clinic", "record")
    return links.filter(record=record, their_id=visit.patient, ended_at=None).first()


@workspace_view(Permission.TREAT)
def visit(request: DoorRequest) -> HttpResponse:
    """The patient who is open there: whose record here it is, and what can go back."""
    found = launching.visit_of(request.session, request.user)
    if found is None:
        launching.leave(request.session)
        return _refused(request, LaunchError("Nothing is open. Open Footing out of the record."))
    if "leave" in request.POST:
        launching.leave(request.session)
        return redirect("workspace:caseload")
    visit, record = found
    if request.method == "POST" and request.POST.get("visit") != visit.key:
        # A page of before, about whoever was open then.
        messages.error(request, "Nothing was done: another patient has been opened since. Look.")
        return redirect(VISIT)
    link = _link(record, visit)
    if link is None:
        return _unknown(request, record, visit)
    if not Patient.objects.visible_to(request.user).filter(pk=link.patient_id).exists():
        audit_list(request, [link.patient])
        context = {"record": record, "known": link.patient, "team": _team(link.patient)}
        return render(request, "workspace/record_not_yours.html", context)
    return _known(request, record, visit, link)


def _team(patient: Patient) -> list[str]:
    now = patient.care_team.filter(ended_at=None).select_related("therapist")
    return [str(one.therapist) for one in now]


def _unknown(request: DoorRequest, record: ConnectedRecord, visit: Visit) -> HttpResponse:
    """Somebody whom no record here stands for yet: one who is like them, or a new one."""
    assert request.user.clinic is not None
    row = opened.row_of(visit.seen, request.user.clinic)
    [person] = incoming.look([row], request.user)
    visible = Patient.objects.visible_to(request.user)
    alike = [person.same, *person.alike] if person.same else person.alike
    seen = set(visible.filter(pk__in=[one.pk for one in alike]).values_list("pk", flat=True))
    told = visit.seen["conditions"]
    try:
        if "link" in request.POST:
            mine = visible.filter(pk__in=seen).select_related("clinic")
            patient = posted_object(request, "link", mine)
            record_links.link(
                patient=patient, record=record, their_id=visit.patient, told=told, by=request.user
            )
            messages.success(request, f"{patient} is linked to {record}.")
            return redirect(VISIT)
    except ValidationError as error:
        into_messages(request, error)
    form = PatientForm(
        posted(request) if "link" not in request.POST else None,
        initial={"language": request.user.clinic.language} | row.said,
    )
    if form.is_valid():
        try:
            with transaction.atomic():
                patient = actions.add(
                    by=request.user,
                    is_other=bool(request.POST.get("is_other")),
                    **form.cleaned_data,
                )
                record_links.link(
                    patient=patient, record=record, their_id=visit.patient, told=told,
                    by=request.user,
                )  # fmt: skip
        except actions.SamePersonError as error:
            form.ask_if_same(error)
        except ValidationError as error:
            into_form(form, error)
        else:
            messages.success(request, f"{patient} is added. Next: open an episode.")
            return redirect("workspace:episode", patient.pk)
    context = {
        "record": record,
        "visit": visit,
        "person": person,
        "alike": alike,
        "seen": seen,
        "form": form,
    }
    audit_list(request, (one for one in alike if one is not person.same or one.pk in seen))
    return render(request, "workspace/record_unknown.html", context)


def _known(
    request: DoorRequest, record: ConnectedRecord, visit: Visit, link: RecordLink
) -> HttpResponse:
    """A patient of ours, with what can go to their other record."""
    patient = link.patient
    try:
        if "unlink" in request.POST:
            record_links.unlink(link=link, by=request.user)
            messages.success(request, f"{patient} and the one in {record} are two people again.")
            return redirect(VISIT)
        if "letter" in request.POST:
            _send_letter(request, record, visit, link)
            return redirect(VISIT)
        if "plan" in request.POST:
            _send_plan(request, record, visit, link)
            return redirect(VISIT)
    except LaunchError as error:
        messages.error(request, str(error))
        return redirect(VISIT)
    assert request.user.clinic is not None
    row = opened.row_of(visit.seen, request.user.clinic)
    sent = {one.subject: one for one in link.sent.select_related("sent_by")}
    plans = giving_back.plans(patient, their_id=visit.patient)
    context = {
        "record": record,
        "visit": visit,
        "link": link,
        "patient": patient,
        "person": row.said,
        "differing": _differing(patient, row.said),
        "letters": [(one, sent.get(one.pk)) for one in _letters(patient)],
        "plans": [
            (key, plan, sent.get(key), _can_go(plan, sent.get(key), visit))
            for key, plan in reversed(plans.items())
            if key in sent or plan["status"] not in giving_back.OVER
        ],
        "may_send_letters": visit.may("c", "DocumentReference"),
    }
    response = render(request, "workspace/record_visit.html", context)
    audit_if_shown(request, patient, response)
    return response


def _differing(patient: Patient, said: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """What the record says otherwise than we do, of what both say: name, ours, theirs."""
    return [
        (words, getattr(patient, name), said[name])
        for name, words in actions.DETAILS.items()
        if said.get(name) and getattr(patient, name) and getattr(patient, name) != said[name]
    ]


def _letters(patient: Patient) -> QuerySet[Letter]:
    """Those to clinicians; what is written to a patient is theirs. The newest first."""
    found = Letter.objects.filter(patient=patient, to__in=TO_CLINICIANS)
    return found.select_related("note", "made_by", "clinic").order_by("-made_at")


def _can_go(plan: Resource, sent: SentToRecord | None, visit: Visit) -> bool:
    """New there, or otherwise than it was when it went there."""
    if sent is None:
        return visit.may("c", "CarePlan")
    return bool(sent.their_id) and sent.status != plan["status"] and visit.may("u", "CarePlan")


@transaction.atomic
def _send_letter(
    request: DoorRequest, record: ConnectedRecord, visit: Visit, link: RecordLink
) -> None:
    letter = posted_object(request, "letter", _letters(link.patient))
    held = RecordLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if held.sent.filter(subject=letter.pk).exists():
        messages.info(request, f"{record} has it already.")
        return
    if not visit.may("c", "DocumentReference"):
        raise LaunchError(f"{record} does not allow Footing to do this.")
    resource = giving_back.letter(
        letter, paper.pdf(letter), their_id=visit.patient, encounter=visit.encounter
    )
    their_id = launching.store(record, visit, resource)
    record_links.sent(
        link=link, kind=SentKind.LETTER, subject=letter.pk, their_id=their_id,
        status=resource["status"], by=request.user,
    )  # fmt: skip
    messages.success(request, f"{record} has the letter.")


@transaction.atomic
def _send_plan(
    request: DoorRequest, record: ConnectedRecord, visit: Visit, link: RecordLink
) -> None:
    key = key_in(request.POST, "plan")
    held = RecordLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    plan = giving_back.plans(link.patient, their_id=visit.patient).get(key) if key else None
    if key is None or plan is None:
        raise Http404
    sent = held.sent.filter(subject=key).first()
    if not _can_go(plan, sent, visit):
        messages.info(request, f"There is nothing new to send to {record}.")
        return
    their_id = launching.store(record, visit, plan, their_id=sent.their_id if sent else "")
    record_links.sent(
        link=link, kind=SentKind.PLAN, subject=key, their_id=their_id, status=plan["status"],
        by=request.user,
    )  # fmt: skip
    messages.success(request, f"{record} has the plan as it is now.")
