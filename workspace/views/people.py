"""Staff of the clinic, for whoever runs it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, OuterRef, Q
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts import factors, limits, staff
from accounts.actions import CLOSED
from accounts.doors import DoorRequest, posted
from accounts.models import FactorReset, User
from accounts.permissions import Permission, Role
from accounts.proof import proven_before_change
from patients.models import Cover
from programs.actions import handing_over
from workspace.access import workspace_view
from workspace.errors import into_form, stored
from workspace.forms.person import (
    AddressForm,
    BareForm,
    FactorResetForm,
    InviteForm,
    PersonForm,
    RoleForm,
    TakerForm,
)

PEOPLE = "workspace:people"


def _staff_of(request: DoorRequest) -> Any:
    """With what the list says of each: how many they treat, whether they have a second factor."""
    assert request.user.clinic is not None, "Whoever runs a clinic has one."
    own = Authenticator.objects.filter(user=OuterRef("pk"), type__in=factors.FACTORS)
    now = Q(care_team_memberships__ended_at=None)
    return staff.of_clinic(request.user.clinic).annotate(
        treats=Count("care_team_memberships", filter=now), has_factor=Exists(own)
    )


@workspace_view(Permission.RUN_CLINIC)
def people(request: DoorRequest) -> HttpResponse:
    clinic = request.user.clinic
    assert clinic is not None
    away = Cover.objects.filter(clinic=clinic).to_come(clinic.today()).select_related("substitute")
    covers = {cover.therapist_id: cover for cover in reversed(away)}  # the next of each
    return render(
        request,
        "workspace/people.html",
        {"people": [(one, covers.get(one.pk)) for one in _staff_of(request)]},
    )


@workspace_view(Permission.RUN_CLINIC)
@proven_before_change
def invite(request: DoorRequest) -> HttpResponse:
    form = InviteForm(posted(request), instance=User(clinic=request.user.clinic))
    if form.is_valid() and limits.allows(request, form, "staff_invitation"):
        person = stored(form, lambda: staff.invite(by=request.user, **form.cleaned_data))
        if person:
            messages.success(request, f"{person} is invited. The mail leaves in a moment.")
            return redirect("workspace:person", person.uuid)
    return limits.answered(request, render(request, "workspace/person_add.html", {"form": form}))


@workspace_view(Permission.RUN_CLINIC)
@proven_before_change
def person(request: DoorRequest, person_id: UUID) -> HttpResponse:
    """Everything about one of them; each part of the page says by `do` what it is."""
    found = get_object_or_404(_staff_of(request), uuid=person_id)
    do = request.POST.get("do", "") if request.method == "POST" else ""
    forms = {
        name: make(request.POST if name == do else None, found) for name, make in _FORMS.items()
    }
    if do:
        if do not in _ACTS:
            raise Http404
        words = _ACTS[do](request, found, forms.get(do))
        if words:
            messages.success(request, words)
            is_there = _staff_of(request).filter(pk=found.pk).exists()
            return redirect("workspace:person", found.uuid) if is_there else redirect(PEOPLE)
    waiting = FactorReset.objects.waiting().filter(user=found).select_related("asked_by")
    context = {
        "person": found,
        "forms": forms,
        "form": forms.get(do),
        "caseload": handing_over.caseload_of(found),
        "reset": waiting.first(),
        "is_invited": staff.is_invited(found),
        "is_therapist": found.role == Role.THERAPIST,
    }
    return limits.answered(request, render(request, "workspace/person.html", context))


_FORMS: dict[str, Callable[[Any, User], BaseForm]] = {
    "save": lambda data, who: PersonForm(data, instance=User.objects.get(pk=who.pk)),
    "role": lambda data, who: RoleForm(data, person=who, prefix="role"),
    "hand": lambda data, who: TakerForm(data, person=who, prefix="hand"),
    "end": lambda data, who: TakerForm(data, person=who, prefix="end"),
    "factor": lambda data, who: FactorResetForm(data),
    "again": lambda data, who: BareForm(data),
    "write": lambda data, who: AddressForm(data, person=who),
}
Act = Callable[[DoorRequest, User, Any], str]


def _save(request: DoorRequest, who: User, form: Any) -> str:
    done = stored(form, lambda: staff.change(user=who, by=request.user, **form.cleaned_data))
    return f"{done} is saved." if done else ""


def _role(request: DoorRequest, who: User, form: Any) -> str:
    done = stored(
        form, lambda: handing_over.change_role(user=who, by=request.user, **form.cleaned_data)
    )
    return f"{done} is now: {done.get_role_display()}. They log in again." if done else ""


def _hand(request: DoorRequest, who: User, form: Any) -> str:
    if form.is_valid() and form.cleaned_data["to"] is None:
        form.add_error("to", "Choose who takes over.")
    taker = form.cleaned_data.get("to")
    try:
        count = handing_over.hand_over(therapist=who, to=taker, by=request.user) if taker else None
    except ValidationError as error:
        into_form(form, error)
        return ""
    return "" if count is None else f"{taker} treats them now: {count} patients of {who}."


def _end(request: DoorRequest, who: User, form: Any) -> str:
    done = stored(form, lambda: handing_over.let_go(user=who, by=request.user, **form.cleaned_data))
    if done and done.email.endswith(CLOSED):
        return f"The invitation of {done} is withdrawn."
    return f"{done} can no longer log in. What they wrote keeps their name." if done else ""


def _again(request: DoorRequest, who: User, form: Any) -> str:
    done = stored(form, lambda: staff.begin_again(user=who, by=request.user))
    return f"{done} can log in again." if done else ""


def _write(request: DoorRequest, who: User, form: Any) -> str:
    if not form.is_valid() or not limits.allows(request, form, "staff_invitation"):
        return ""
    done = stored(
        form, lambda: staff.correct_address(user=who, by=request.user, **form.cleaned_data)
    )
    return f"A mail to {done.email} leaves in a moment." if done else ""


def _factor(request: DoorRequest, who: User, form: Any) -> str:
    if not form.is_valid() or not limits.allows(request, form, "factor_reset"):
        return ""
    done = stored(
        form,
        lambda: staff.ask_for_factor_reset(user=who, by=request.user, **form.cleaned_data),
    )
    return "A colleague has to confirm it now; they got a mail." if done else ""


_ACTS: dict[str, Act] = {
    "save": _save, "role": _role, "hand": _hand, "end": _end, "again": _again, "write": _write,
    "factor": _factor,
}  # fmt: skip


@workspace_view()
@proven_before_change
def factor_reset(request: DoorRequest, reset_id: UUID) -> HttpResponse:
    """For the second of two people, whoever of the staff it is."""
    waiting = FactorReset.objects.waiting().filter(user__clinic=request.user.clinic)
    reset = get_object_or_404(waiting.select_related("user", "asked_by"), pk=reset_id)
    may_confirm = staff.may_confirm(request.user, reset)
    form = BareForm(posted(request))
    if form.is_valid():
        if "refuse" in request.POST:
            staff.refuse_factor_reset(reset=reset, by=request.user)
            messages.success(request, "It is refused; nothing was removed.")
            return redirect("workspace:caseload")
        try:
            staff.confirm_factor_reset(reset=reset, by=request.user)
        except ValidationError as error:
            into_form(form, error)
        else:
            messages.success(request, f"{reset.user} makes a new second factor at the next login.")
            return redirect("workspace:caseload")
    context = {"reset": reset, "may_confirm": may_confirm, "form": form}
    return render(request, "workspace/factor_reset.html", context)
