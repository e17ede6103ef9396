"""The strip of the last 14 days: drawn some hundred times on a page, and so without a template."""

import datetime as dt
from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.templatetags.components import day
from programs.progress.fortnight import Fortnight, State

register = template.Library()


@register.simple_tag
def day_strip(fortnight: Fortnight, today: dt.date) -> SafeString:
    """A mark for each day, oldest first, which says its date and what is known of it."""
    marks = "".join(
        _mark(one.state, one.date, one.words, today, get_language()) for one in fortnight.days
    )
    return mark_safe(f'<ul class="days" aria-label="The last 14 days, oldest first">{marks}</ul>')


@lru_cache(maxsize=1_000)
def _mark(
    state: State, date: dt.date, words: str, today: dt.date, language: str | None
) -> SafeString:
    """Much the same for all patients of a day."""
    form = '<li><span class="day day--{}" role="img" title="{}: {}"></span></li>'
    return format_html(form, state, day(date, today), words)
