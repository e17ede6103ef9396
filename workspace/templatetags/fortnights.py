"""The strip of the last 14 days: drawn some hundred times on a page, and so without a template."""

import datetime as dt

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.templatetags.components import day
from programs.progress.fortnight import Fortnight

register = template.Library()


@register.simple_tag
def day_strip(fortnight: Fortnight, today: dt.date) -> SafeString:
    """A mark for each day, oldest first, which says its date and what is known of it."""
    marks = format_html_join(
        "",
        '<li><span class="day day--{}" role="img" title="{}: {}"></span></li>',
        ((one.state, day(one.date, today), one.words) for one in fortnight.days),
    )
    return format_html(
        '<ul class="days" aria-label="The last 14 days, oldest first">{}</ul>', marks
    )
