"""The sources that the editor's Cite dialog offers, and a field that chooses them by it."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from cms.admin.sources import state_kind, state_words
from cms.models.source import Source

MOST = 40
LONGEST = 200


@require_GET
def choices(request: HttpRequest) -> JsonResponse:
    """`q`: those whose title, authors, key or numbers hold every word; `keys`: just these."""
    if keys := request.GET.get("keys"):
        found = list(Source.objects.filter(key__in=_typed(keys).split()[:500]))
    else:
        found = list(search(_typed(request.GET.get("q", ""))[:LONGEST])[:MOST])
    return JsonResponse({"sources": [_described(source) for source in found]})


def _typed(text: str) -> str:
    """Without the NUL that no database looks for."""
    return text.replace("\x00", "")


def search(words: str) -> QuerySet[Source]:
    found = Source.objects.annotate(people=Cast("authors", TextField()))
    for word in words.split():
        # A pasted DOI address is looked for by its DOI.
        bare = word.split("doi.org/")[-1]
        found = found.filter(
            Q(title__icontains=word)
            | Q(key__icontains=word)
            | Q(people__icontains=word)
            | Q(container__icontains=word)
            | Q(doi__icontains=bare)
            | Q(pmid=bare)
            | Q(pmcid__iexact=bare)
            | (Q(year=int(word)) if word.isdecimal() and len(word) == 4 else Q())
        )
    return found.order_by("key")


class SourceOptions(forms.SelectMultiple):
    """Short citations, each with its key for the dialog (static/js/cite-field.js)."""

    class Media:
        js = ("js/cite-chooser.js", "js/cite-field.js")

    def __init__(self, attrs: Any = None) -> None:
        super().__init__({"data-cite-field": True, **(attrs or {})})

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if source := getattr(value, "instance", None):
            option["attrs"]["data-key"] = source.key
        return option


def _described(source: Source) -> dict[str, Any]:
    kind = state_kind(source)
    return {
        "key": source.key,
        "pk": source.pk,
        "short": source.short,
        "title": source.title,
        "people": source.authors_line(),
        "container": source.container,
        "year": source.year,
        "state": state_words(source),
        "retracted": kind == "bad",
        "doubtful": kind == "doubtful",
    }
