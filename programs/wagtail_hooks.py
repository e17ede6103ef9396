"""The library in the editors' admin."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet

from cms.admin import desk as first_page
from programs.admin import desk, views
from programs.admin.exercises import ExerciseViewSet
from programs.admin.progress_forms import ProgressFormViewSet
from programs.admin.viewset import first_clinic_of
from programs.library import usage
from programs.library.keeping import keeps_library
from programs.models import Exercise

register_snippet(ExerciseViewSet)
register_snippet(ProgressFormViewSet)
first_page.also_begin(desk.starts)
first_page.also_draft(desk.drafts)


@hooks.register("register_admin_urls")
def library_pages() -> list[URLPattern]:
    return [
        path("exercises/figures/", views.contact_sheet, name="footing_figures"),
        path("exercises/motion/", views.motion_preview, name="footing_motion_preview"),
        path("exercises/<int:pk>/motion/", views.motion_of, name="footing_motion_of"),
        path("exercises/<int:pk>/copy/", views.copy, name="footing_exercise_copy"),
        path("exercises/<int:pk>/archive/", views.archive, name="footing_exercise_archive"),
    ]


class KeepersMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return keeps_library(request.user)


@hooks.register("register_admin_menu_item")
def figures_in_menu() -> MenuItem:
    return KeepersMenuItem("Figures", reverse("footing_figures"), icon_name="view", order=301)


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("footing.archive", "Archive", "Archived")
    actions.register_action("footing.restore", "Restore", "Put back into the library")


@hooks.register("before_delete_snippet")
def archive_what_is_used(request: HttpRequest, instances: list[Any]) -> HttpResponse | None:
    """An exercise that a program, plan or article uses is archived, never deleted."""
    for instance in instances:
        if isinstance(instance, Exercise):
            used = usage.of_exercise(instance, first_clinic_of(request.user))
            if used.is_used:
                return redirect("footing_exercise_archive", instance.pk)
    return None
