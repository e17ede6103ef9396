"""What in our citations needs a look: retracted, unchecked, never cited, articles with none."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cms import usage
from cms.admin.sources import state_kind, state_words
from cms.models import ArticlePage, Source


@dataclass(frozen=True)
class Line:
    source: Source
    kind: str
    words: str
    uses: list[usage.Use]

    @property
    def more(self) -> int:
        """Uses beyond the four that the table names."""
        return len(self.uses) - 4


@dataclass(frozen=True)
class Report:
    retracted: list[Line]
    doubtful: list[Line]
    unused: list[Line]
    uncited: list[ArticlePage]  # those of which nobody said that they need no source come first


def make(user: Any) -> Report:
    """What `user` may read of it: another clinic's exercises are counted, not named."""
    uses = {key: usage.told_to(user, found) for key, found in usage.of_all().items()}
    lines = [
        Line(source, state_kind(source), state_words(source), uses.get(source.key, []))
        for source in Source.objects.all()
    ]
    # What readers meet comes first.
    lines.sort(key=lambda line: (not any(use.is_public for use in line.uses), line.source.key))
    return Report(
        retracted=[line for line in lines if line.source.is_retracted],
        doubtful=[line for line in lines if line.kind == "doubtful"],
        unused=[line for line in lines if not line.uses],
        uncited=[
            page
            for page in ArticlePage.objects.order_by("without_citation", "-live", "title")
            if page.cites_nothing
        ],
    )


def show(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("cms.view_source"):
        raise PermissionDenied
    return render(request, "cms/admin/citation_report.html", {"report": make(request.user)})
