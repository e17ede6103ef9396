"""A living page of what pages are made of, rendered from the templates that real pages use.

Only where somebody works on Footing: no installation of a clinic has it.
"""

import datetime as dt
import re
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from programs.course.adherence import Day
from programs.forms.fields import ChipList, ChoiceRow, CountField, ScaleField, YesNoField
from programs.forms.foot_map import FootMapField
from programs.models import Exercise
from programs.models.described import Kind
from programs.progress import series
from programs.progress.logged import Line, Logged

_TOKEN = re.compile(r"--([a-z0-9-]+): ([^;]+);")
MONDAY = dt.date(2026, 11, 9)
FIGURES = ("G01", "T01", "B02")


class Sample(forms.Form):
    """Each kind of question once."""

    pain = ScaleField(label="Pain in your feet now", low="no pain", high="worst pain")
    held = forms.ChoiceField(
        label="Did you do it?",
        choices=[("all", "Did it"), ("some", "Some of it"), ("none", "Not today")],
        widget=ChoiceRow,
    )
    signs = forms.MultipleChoiceField(
        label="Did any of these happen?",
        choices=[("a", "I felt dizzy or faint"), ("none", "None of these")],
        widget=ChipList,
    )
    falls = CountField(label="Falls since your last session")
    hurt = YesNoField(label="Were you hurt?")
    numb = FootMapField(label="Where is it numb?")


def colors() -> list[str]:
    """The names of all colors, as the one file of tokens has them."""
    found = finders.find("css/tokens.css")
    assert isinstance(found, str)
    text = Path(found).read_text(encoding="utf-8").split("@media", maxsplit=1)[0]
    return [name for name, value in _TOKEN.findall(text) if value.startswith("#")]


def _chart() -> series.Chart:
    """Of answers that nobody gave."""
    lines = [
        Line(MONDAY + dt.timedelta(days=3 * at), pain, pain - 1, None, None, something_done=True)
        for at, pain in enumerate([6, 5, 5, 4, 4, 3])
    ]
    return series.framed(series.pain_chart(Logged(lines)), series.PHONE)


TODAY = MONDAY + dt.timedelta(days=3)
WEEK = [
    Day(MONDAY + dt.timedelta(days=at), due, done)
    for at, (due, done) in enumerate([(1, 1), (0, 0), (2, 1), (1, 0), (0, 0), (1, 0), (0, 0)])
]


def page(request: HttpRequest) -> HttpResponse:
    library = Exercise.objects.filter(clinic=None, code__in=FIGURES).order_by("code")
    context: dict[str, Any] = {
        "colors": colors(),
        "sizes": ["size-small", "size", "size-1", "size-2", "size-3", "size-4"],
        "kinds": [(kind.value, kind.plain) for kind in Kind],
        "form": Sample(),
        "exercises": library,
        "chart": _chart(),
        "today": TODAY,
        "week": WEEK,
    }
    return render(request, "styleguide.html", context)
