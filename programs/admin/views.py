"""The library's own pages in Wagtail's admin."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.doors import whole_number
from accounts.models import User
from cms.models import Source
from programs.actions import library
from programs.admin.motion_field import MotionWidget
from programs.admin.viewset import first_clinic_of
from programs.library import usage
from programs.library.keeping import keeps_library, may_change
from programs.models import Exercise
from programs.models.described import Kind
from programs.models.exercise import rule_warning
from programs.motion import Motion, describe, figure_svg, joint_loads, people, rule
from programs.motion.load import RULE_SOURCES
from programs.notation.dosage_language import LIMITS


def _keeper(request: HttpRequest) -> User:
    """Raises Http404 for those who have no business here."""
    if not isinstance(request.user, User) or not keeps_library(request.user):
        raise Http404
    return request.user


def _exercise(request: HttpRequest, pk: int) -> Exercise:
    found: Exercise = get_object_or_404(
        Exercise.objects.visible_to(_keeper(request)).prefetch_related("precaution_rules"), pk=pk
    )
    return found


def contact_sheet(request: HttpRequest) -> HttpResponse:
    """Every figure of the library, large, to look at one by one."""
    exercises = Exercise.objects.visible_to(_keeper(request)).active()
    context = {"exercises": exercises, "kinds": Kind.choices}
    return render(request, "programs/admin/contact_sheet.html", context)


@require_POST
def motion_preview(request: HttpRequest) -> HttpResponse:
    """The figure and its load table for the angles of the form, before anything is saved."""
    _keeper(request)
    data = MotionWidget().value_from_datadict(request.POST, request.FILES, "motion_data")
    try:
        motion = Motion.from_json(data)
    except (ValueError, KeyError, TypeError) as error:
        is_placed = bool(request.POST.get("pose"))
        context: dict[str, Any] = {
            "error": str(error) if is_placed else "Choose its position first."
        }
    else:
        is_known = request.POST.get("kind") in Kind.values
        context = _drawn(motion, request.POST) if is_known else {"error": "Choose its kind first."}
    return render(request, "programs/admin/motion_preview.html", context)


def _drawn(motion: Motion, posted: Any) -> dict[str, Any]:
    kind, nerve = Kind(posted["kind"]), posted.get("nerve") or None
    shape = {
        "kind": kind,
        "nerve": nerve,
        "title": posted.get("patient_title") or posted.get("title", ""),
        "person": people.shown_in(posted.get("code", "")),
        "has_helper": bool(posted.get("needs_helper")),
    }
    breaks = kind.is_nerve and rule(nerve, motion) != kind
    return {
        "figure": figure_svg(motion, **shape, **_tempo(posted)),
        "words": describe(motion, has_helper=shape["has_helper"]),
        "loads": joint_loads(nerve, motion),
        "rule_sources": Source.objects.filter(key__in=RULE_SOURCES),
        "warning": rule_warning(kind, rule(nerve, motion)) if breaks else "",
    }


def _tempo(posted: Any) -> dict[str, Any]:
    """Seconds out, held and back as typed; what can't be read is left to the usual tempo."""
    names = {"out": "out_seconds", "hold": "hold_seconds", "back": "back_seconds"}
    typed = {key: posted.get(name, "") for key, name in names.items()}
    numbers = {
        key: float(number)
        for key, text in typed.items()
        if (number := whole_number(text)) and number <= LIMITS[names[key]][1]
    }
    if "out" in numbers:
        numbers.setdefault("back", numbers["out"])
    return numbers


def motion_of(request: HttpRequest, pk: int) -> JsonResponse:
    """An exercise's motion, to start another from."""
    exercise = _exercise(request, pk)
    return JsonResponse(
        {
            "kind": exercise.kind,
            "nerve": exercise.nerve,
            "motion": exercise.motion.to_json(),
        }
    )


def _edit_address(exercise: Exercise) -> str:
    return reverse("wagtailsnippets_programs_exercise:edit", args=[exercise.pk])


def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once, then makes a draft of the user's own."""
    user, exercise = _keeper(request), _exercise(request, pk)
    if request.method == "POST":
        made = library.copy_exercise(exercise=exercise, by=user)
        messages.success(request, f"{made.code} is a draft of yours. Change it, then publish it.")
        return redirect(_edit_address(made))
    return render(request, "programs/admin/copy.html", {"exercise": exercise})


def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes an exercise off the shelf, or puts it back; asks once."""
    user, exercise = _keeper(request), _exercise(request, pk)
    if not may_change(user, exercise):
        raise Http404
    if request.method == "POST":
        if exercise.archived_at:
            library.restore_exercise(exercise=exercise, by=user)
            messages.success(request, f"{exercise} is back in the library.")
        else:
            library.archive_exercise(exercise=exercise, by=user)
            messages.success(request, f"{exercise} is archived. Plans that have it keep it.")
        return redirect("wagtailsnippets_programs_exercise:list")
    context = {
        "exercise": exercise,
        "usage": usage.of_exercise(exercise, first_clinic_of(user)),
    }
    return render(request, "programs/admin/archive.html", context)
