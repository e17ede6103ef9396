"""Progress forms as questionnaires for others, and theirs as drafts of ours: pages of Wagtail."""

import json
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation

from accounts import limits
from fhir import incoming_forms
from fhir.questionnaires import of_form
from programs.admin.policy import LibraryPolicy
from programs.admin.viewset import first_clinic_of
from programs.models import ProgressForm

_LIST = "wagtailsnippets_programs_progressform:list"


class QuestionnaireForm(forms.Form):
    text = forms.CharField(
        label="Paste the questionnaire",
        required=False,
        max_length=incoming_forms.LARGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )
    file = forms.FileField(label="Or choose a file", required=False, help_text="JSON, FHIR R4.")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        upload = data.get("file")
        if upload and (upload.size or 0) > incoming_forms.LARGEST:
            raise forms.ValidationError("The file is too large: half a megabyte at the most.")
        if upload:
            data["text"] = upload.read().decode("utf-8-sig", errors="replace")
        if not data.get("text", "").strip():
            raise forms.ValidationError("Paste a questionnaire or choose a file.")
        return data


def take_in(request: HttpRequest) -> HttpResponse:
    """The first step says what would be asked and what would not, the second makes the draft."""
    if not LibraryPolicy(ProgressForm).user_has_permission(request.user, "add"):
        raise PermissionDenied
    form = QuestionnaireForm(request.POST or None, request.FILES or None)
    incoming = None
    if form.is_valid() and limits.allows(request, form, "form_file"):
        try:
            incoming = incoming_forms.read(form.cleaned_data["text"])
            if "save" in request.POST:
                made = _draft(incoming, request.user)
                messages.success(request, "It is a draft. Look at each question, then publish it.")
                return redirect(reverse(f"{_LIST.removesuffix('list')}edit", args=[made.pk]))
        except ValidationError as error:
            form.add_error(None, error)
    context = {"form": form, "incoming": incoming, "list": reverse(_LIST)}
    answer = render(request, "fhir/admin/questionnaire_import.html", context)
    return limits.answered(request, answer)


def _draft(incoming: incoming_forms.Incoming, user: Any) -> ProgressForm:
    """Nobody is asked by it before somebody publishes it."""
    clinic = first_clinic_of(user)
    form = ProgressForm(
        clinic=clinic,
        code=_free(incoming.code, clinic),
        title=incoming.title or "Form",
        intro=incoming.intro,
        body=json.dumps(incoming.body),
        live=False,
        has_unpublished_changes=True,
    )
    form.full_clean(exclude=["body"])  # its questions are looked at where they are published
    form.save()
    form.save_revision(user=user, log_action=True)
    return form


def _free(code: str, clinic: Any) -> str:
    taken = set(ProgressForm.objects.filter(clinic=clinic).values_list("code", flat=True))
    number = 2
    wanted = code
    while wanted in taken:
        wanted, number = f"{code[:26]}-{number}", number + 1
    return wanted


def as_questionnaire(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest version, as patients answer it."""
    seen = LibraryPolicy(ProgressForm).instances_user_has_permission_for(request.user, "view")
    version = get_object_or_404(seen.filter(live=True), pk=pk).version
    with translation.override("en"):
        made = of_form(version, version.definitions(), settings.SITE_ADDRESS)
    content = json.dumps(made, indent=2, ensure_ascii=False)
    name = f"{version.form.code}-{version.number}-questionnaire.json"
    return HttpResponse(
        content,
        content_type="application/fhir+json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
