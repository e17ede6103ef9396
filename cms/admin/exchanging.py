"""Importing and exporting sources, and filling one in from its number."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from accounts import limits
from accounts.doors import whole_number
from cms import exchange, importing, lookup
from cms.exchange import decoded
from cms.models import Source
from cms.models.source import Twins

LARGEST = 5_000_000  # bytes of a file; 500 PubMed records with their abstracts are about 2 MB
LARGEST_ITEMS = 2_000_000  # characters of a preview sent back; the site takes 2.5 MB a form


def _without_nul(text: str) -> str:
    """No database takes it; JSON writes it as an escape."""
    return text.replace("\x00", "").replace("\\u0000", "")


class ImportForm(forms.Form):
    text = forms.CharField(
        label="Paste references",
        required=False,
        max_length=1_000_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label="Or choose a file", required=False, help_text="RIS, BibTeX, .nbib or CSL-JSON, 5 MB."
    )

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file and (file.size or 0) > LARGEST:
            raise forms.ValidationError("The file is larger than 5 MB. Split it into parts.")
        return file

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned.get("text", "").strip() and not cleaned.get("file"):
            raise forms.ValidationError("Paste references or choose a file.")
        return cleaned

    def content(self) -> str:
        file = self.cleaned_data["file"]
        return _without_nul(decoded(file.read()) if file else self.cleaned_data["text"])


class ConfirmForm(forms.Form):
    """The new items of a preview, sent back; `importing.add` looks at each again."""

    items = forms.CharField(max_length=LARGEST_ITEMS)

    def clean_items(self) -> list[Any]:
        text = self.cleaned_data["items"]
        try:
            items = json.loads(text)
        except (ValueError, RecursionError):
            items = None
        is_ours = isinstance(items, list) and all(isinstance(item, dict) for item in items)
        if not is_ours or _without_nul(text) != text:
            raise forms.ValidationError("Preview the file once more.")
        return items


def _adder(request: HttpRequest) -> Any:
    if not request.user.has_perm("cms.add_source"):
        raise PermissionDenied
    return request.user


def import_sources(request: HttpRequest) -> HttpResponse:
    """First a form, then what the file holds; nothing is saved here."""
    _adder(request)
    is_sent = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if is_sent else ImportForm()
    if not is_sent or not form.is_valid():
        return render(request, "cms/admin/import.html", {"form": form})
    preview = importing.preview(form.content())
    if preview.form is None:
        form.add_error(None, "This is none of RIS, BibTeX, PubMed's .nbib or CSL-JSON.")
        return render(request, "cms/admin/import.html", {"form": form})
    context = {
        "preview": preview,
        "items": json.dumps(preview.new_items),
        "most": importing.MOST_ENTRIES,
        "is_cut": len(preview.rows) == importing.MOST_ENTRIES,
    }
    return render(request, "cms/admin/import_preview.html", context)


@require_POST
def confirm_import(request: HttpRequest) -> HttpResponse:
    user, form = _adder(request), ConfirmForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was added: the preview came back broken. Try once more.")
        return redirect("footing_sources_import")
    added = importing.add(items=form.cleaned_data["items"], apart=_taken(request), by=user)
    known = len(form.cleaned_data["items"]) - len(added)
    rest = f" {known} were added by somebody else meanwhile, or can't be read." if known else ""
    messages.success(request, f"{len(added)} sources added. None is checked yet.{rest}")
    return redirect("wagtailsnippets_cms_source:list")


def _taken(request: HttpRequest) -> set[tuple[int, int]]:
    """The ticked offers, each the number of an item and of one of its names: '3-0'."""
    ticked = (value.partition("-") for value in request.POST.getlist("apart"))
    pairs = ((whole_number(item), whole_number(name)) for item, _, name in ticked)
    return {(item, name) for item, name in pairs if item is not None and name is not None}


def export_sources(request: HttpRequest) -> HttpResponse:
    """A page with the four forms, or with `form` the file; `keys` limits it to a selection.

    A selection's keys may be too long for an address, so they are posted.
    """
    if not request.user.has_perm("cms.view_source"):
        raise PermissionDenied
    keys = _without_nul(request.POST.get("keys", "")).split()
    sources = Source.objects.filter(key__in=keys) if keys else Source.objects.all()
    form = exchange.FORMS.get(request.POST.get("form", ""))
    if form is None:
        return export_page(request, keys, sources.count())
    response = HttpResponse(
        exchange.write(sources, form), content_type=f"{form.content_type}; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="footing-sources.{form.suffix}"'
    return response


def export_page(request: HttpRequest, keys: list[str], count: int) -> HttpResponse:
    context = {"forms": exchange.FORMS.values(), "keys": " ".join(keys), "count": count}
    return render(request, "cms/admin/export.html", context)


class ExportSelected(SnippetBulkAction):
    """'Export' below the list, for the ticked sources."""

    display_name = "Export"
    action_type = "export"
    aria_label = "Export the selected sources"
    action_priority = 10
    models = [Source]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("cms.view_source"):
            raise PermissionDenied
        chosen, _ = self.get_actionable_objects()
        return export_page(request, [source.key for source in chosen], len(chosen))


@require_POST
def fill(request: HttpRequest) -> HttpResponse:
    """The fields of the work with `doi` or `pmid`; or `problem`, a sentence; or `known`, ours."""
    _adder(request)
    asked = Source(doi=request.POST.get("doi", ""), pmid=request.POST.get("pmid", ""), title="?")
    asked.pk = whole_number(request.POST.get("own", ""))  # the one that the form is of
    try:
        asked.clean_fields(exclude=["key", "title"])
    except ValidationError as error:
        return JsonResponse({"problem": " ".join(error.messages)})
    if known := Twins.stored_for([asked]).of(asked):
        return JsonResponse({"known": str(known), "address": _edit_address(known)})
    try:
        limits.take(request, "source_lookup")
        return JsonResponse({"fields": importing.fields_for_form(_looked_up(asked))})
    except limits.TooOftenError as error:
        return limits.answered(request, JsonResponse({"problem": " ".join(error.messages)}))
    except lookup.LookupProblem as problem:
        return JsonResponse({"problem": str(problem)})


def _looked_up(asked: Source) -> Source:
    if not (asked.doi or asked.pmid):
        raise lookup.LookupProblem("Type a DOI or a PubMed number first.")
    return lookup.by_doi(asked.doi) if asked.doi else lookup.by_pmid(asked.pmid)


def _edit_address(source: Source) -> str:
    return reverse("wagtailsnippets_cms_source:edit", args=[source.pk])


def addresses_script() -> SafeString:
    """For the scripts of the admin: where the Cite dialog asks."""
    return json_script(reverse("footing_citation_choices"), "footing-citation-choices")
