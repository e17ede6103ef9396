"""A handout as an answer to a request: the same page and the same file behind both doors."""

from dataclasses import dataclass
from typing import Self, TypeVar

from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from programs.handout import words
from programs.handout.content import Handout
from programs.handout.render import Paper, Size, pdf

_Choice = TypeVar("_Choice", bound=TextChoices)


@dataclass(frozen=True)
class Choices:
    """Paper and text size, as the small form sends them; what it can't have sent is the default."""

    paper: Paper
    size: Size

    @classmethod
    def of(cls, data: QueryDict, handout: Handout) -> Self:
        return cls(_chosen(data, "paper", Paper.A4), _chosen(data, "size", Size(handout.size)))


def _chosen(data: QueryDict, name: str, default: _Choice) -> _Choice:
    try:
        return type(default)(data.get(name, default.value))
    except ValueError:
        return default


def file(request: HttpRequest, handout: Handout) -> HttpResponse:
    """The PDF. Its name tells nobody who it is for."""
    chosen = Choices.of(request.GET, handout)
    return HttpResponse(
        pdf(handout, paper=chosen.paper, size=chosen.size),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="plan-{handout.day.isoformat()}.pdf"'},
    )


def page(
    request: HttpRequest, handout: Handout, *, file_url: str, back_url: str, hint: str = ""
) -> HttpResponse:
    """The same on a page, for those who print from the browser, with the choices on top.

    `hint` is said to whoever prints, and not printed.
    """
    context = {
        "handout": handout,
        "words": words.spoken(),
        "weekdays": words.weekdays(),
        "chosen": Choices.of(request.GET, handout),
        "papers": list(Paper),
        "sizes": list(Size),
        "file_url": file_url,
        "back_url": back_url,
        "hint": hint,
    }
    return render(request, "print/handout.html", context)
