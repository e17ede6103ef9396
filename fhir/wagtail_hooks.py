"""Progress forms of others, and ours for others, in the editors' admin."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.widgets import Button

from fhir import form_pages
from programs.admin import progress_forms
from programs.admin.policy import LibraryPolicy
from programs.models import ProgressForm


@hooks.register("register_admin_urls")
def pages() -> list[URLPattern]:
    return [
        path("forms/questionnaire/", form_pages.take_in, name="footing_form_take_in"),
        path(
            "forms/<int:pk>/questionnaire.json",
            form_pages.as_questionnaire,
            name="footing_form_as_fhir",
        ),
    ]


def _take_in(request: HttpRequest) -> Iterator[Button]:
    if LibraryPolicy(ProgressForm).user_has_permission(request.user, "add"):
        address = reverse("footing_form_take_in")
        words = "From a FHIR Questionnaire"
        yield Button(words, url=address, icon_name="upload", priority=60)


progress_forms.also_offer(_take_in)


@hooks.register("register_snippet_listing_buttons")
def take_along(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    if isinstance(snippet, ProgressForm) and snippet.live:
        address = reverse("footing_form_as_fhir", args=[snippet.pk])
        words = "As FHIR Questionnaire"
        yield Button(words, url=address, icon_name="download", priority=60)
