"""The episode and its red-flag screen."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.doors import DoorRequest, posted
from accounts.permissions import Permission
from patients.actions import episodes as actions
from patients.actions import proposals
from patients.models import Episode, Patient, ProposedFinding, RecordLink
from programs.alerts import closing
from workspace.access import audit_if_shown, patient_view, workspace_view
from workspace.errors import into_form
from workspace.forms.episode import ClearanceForm, EpisodeForm, RedFlagForm, RefusalForm


def open_episode_of(patient: Patient) -> Episode | None:
    """The patient's open episode with its screens."""
    episode: Episode | None = (
        Episode.objects.filter(patient=patient, closed_at=None)
        .select_related("patient", "clinic")
        .prefetch_related("screens__screened_by")
        .first()
    )
    return episode


def _told_elsewhere(patient: Patient) -> str:
    """What other records say of their conditions: words to begin with, and no finding."""
    room = Episode._meta.get_field("precautions").max_length or 0
    said: list[str] = []
    for link in RecordLink.objects.active().filter(patient=patient):
        if words := link.words_within(room):
            said.append(words)
            room -= len(words) + 1
    return "\n".join(said)


@patient_view(Permission.TREAT)
def edit(request: DoorRequest, patient: Patient) -> HttpResponse:
    episode = open_episode_of(patient)
    told = {} if episode else {"precautions": _told_elsewhere(patient)}
    form = EpisodeForm(posted(request), instance=episode, initial=told)
    if form.is_valid():
        try:
            if episode is None:
                actions.open_episode(patient=patient, by=request.user, **form.cleaned_data)
            else:
                fresh = Episode.objects.select_related("patient").get(pk=episode.pk)
                actions.change_episode(episode=fresh, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            into_form(form, error)
        else:
            messages.success(request, "Saved.")
            if episode is None:
                return redirect("workspace:red_flags", patient.pk)
            return redirect("workspace:patient", patient.pk)
    context = {"patient": patient, "episode": episode, "form": form}
    return render(request, "workspace/episode_form.html", context)


@patient_view(Permission.TREAT)
def screen(request: DoorRequest, patient: Patient) -> HttpResponse:
    episode = open_episode_of(patient)
    if episode is None:
        messages.error(request, "Open an episode first.")
        return redirect("workspace:episode", patient.pk)
    form = RedFlagForm(posted(request), each=closing.asks_each(episode))
    if form.is_valid():
        try:
            recorded = actions.record_screen(
                episode=episode,
                present=form.present,
                note=form.cleaned_data["note"],
                summed_up=form.cleaned_data["summed_up"],
                by=request.user,
            )
        except ValidationError as error:
            into_form(form, error)
        else:
            if recorded.is_open:
                messages.warning(request, "A red flag is open. See what to do on this page.")
            else:
                messages.success(request, "No red flag. The screen is on record.")
            return redirect("workspace:patient", patient.pk)
    context = {"patient": patient, "episode": episode, "form": form}
    return render(request, "workspace/red_flags_form.html", context)


@patient_view(Permission.TREAT)
def clear(request: DoorRequest, patient: Patient) -> HttpResponse:
    episode = open_episode_of(patient)
    latest = episode.latest_screen if episode else None
    if latest is None or not latest.is_open:
        return redirect("workspace:patient", patient.pk)
    form = ClearanceForm(posted(request))
    if form.is_valid():
        try:
            actions.clear_screen(screen=latest, by=request.user, note=form.cleaned_data["note"])
        except ValidationError as error:
            into_form(form, error)
        else:
            messages.success(request, "The red flag is cleared, with your words on record.")
            return redirect("workspace:patient", patient.pk)
    context = {"patient": patient, "screen": latest, "form": form}
    return render(request, "workspace/red_flags_clear.html", context)


@workspace_view(Permission.TREAT)
def proposal(request: DoorRequest, proposal_id: UUID) -> HttpResponse:
    """What a test or a log proposes: confirmed by one press, refused with a reason."""
    rows = ProposedFinding.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related("patient__clinic", "decided_by"), pk=proposal_id)
    form = RefusalForm(posted(request))
    try:
        if request.POST.get("do") == "confirm":
            proposals.confirm(proposal=row, by=request.user)
            messages.success(request, f"{row}: confirmed.")
            return redirect("workspace:patient", row.patient_id)
        if form.is_valid():
            proposals.refuse(proposal=row, by=request.user, **form.cleaned_data)
            messages.success(request, f"{row}: refused, with your words on record.")
            return redirect("workspace:patient", row.patient_id)
    except ValidationError as error:
        into_form(form, error)
    context = {"patient": row.patient, "row": row, "form": form}
    response = render(request, "workspace/proposal.html", context)
    audit_if_shown(request, row.patient, response)
    return response
