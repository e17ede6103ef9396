"""Template tags that every page may use; loaded everywhere as built-ins."""

import base64
import datetime as dt
import uuid
from functools import lru_cache
from typing import Any, Literal

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.templatetags.static import static
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from accounts import form_keys, kept_parts, mail_queue, phones
from accounts.models import Clinic, User

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of ours from the sprite; always beside a word, so hidden from screen readers."""
    return _icon(str(name))


@lru_cache(maxsize=256)
def _icon(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("icons/sprite.svg"),
        name,
    )


@register.simple_tag
def include_kept(template_name: str, **given: Any) -> SafeString:
    """A part of a page, of nothing but what it is given; the same content is rendered once."""
    return kept_parts.rendered(template_name, given)


@register.simple_tag(takes_context=True)
def csrf_token(context: template.Context) -> SafeString:
    """Django's, and in a form of a door the key by which it is stored once; see form_keys."""
    fields = CsrfTokenNode().render(context)
    request = context.get("request")
    if request is not None and request.path_info.startswith(form_keys.DOORS):
        key = (form_keys.FIELD, uuid.uuid4())
        fields += format_html('<input type="hidden" name="{}" value="{}">', *key)
    return mark_safe(fields)


@register.simple_tag
def device_key(user: User) -> str:
    """With it a person's own pages read what was kept on this device; base64 of 32 bytes."""
    secret = salted_hmac("footing.kept", str(user.uuid), algorithm="sha256").digest()
    return base64.b64encode(secret).decode()


@register.inclusion_tag("components/undelivered.html")
def undelivered(address: str, zone: dt.tzinfo) -> dict[str, Any]:
    """For whoever wrote to `address`: the newest mail did not arrive. Nothing where it did."""
    return {"failed": mail_queue.undelivered(address), "zone": zone}


@register.filter
def dialed(number: str, clinic: Clinic) -> str:
    """For a link that calls: with the country's code where the clinic says its country."""
    return phones.dialed(number, clinic.country)


@register.simple_tag
def emergency_line(clinic: Clinic) -> SafeString:
    """Under whatever a patient sends: nobody watches all day, and whom to call instead."""
    given = {
        "emergency": clinic.emergency_number,
        "phone": clinic.phone,
        "dialed": phones.dialed(clinic.phone, clinic.country),
        "hours": clinic.office_hours_words,
        "out_of_hours": clinic.out_of_hours_words,
    }
    return kept_parts.rendered("components/emergency_line.html", given)


@register.filter
def px(value: float | Literal[""] | None) -> SafeString:
    """A place or length in a drawing, to a tenth, in each language with a point; nothing of what a
    page does not have. A chart has some hundred, and `floatformat` takes ten times as long.
    """
    return mark_safe("" if value is None or value == "" else f"{value:.1f}")


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    """A value by a key that is only known in the template."""
    return mapping.get(key)


@register.filter
def drawn(svg: str) -> SafeString:
    """A figure that our own code drew; it escapes what people typed itself."""
    return mark_safe(svg)


@register.filter
def day(value: dt.date | None, today: dt.date | None = None) -> str:
    """A date as people say it: 'today', 'yesterday', 'Mon 9 Nov', with the year if another."""
    if value is None:
        return gettext("never")
    return _day_in_words(value, today or timezone.localdate(), get_language())


@lru_cache(maxsize=1024)  # a list says the same days again and again
def _day_in_words(value: dt.date, today: dt.date, language: str | None) -> str:
    distance = (today - value).days
    if distance in (0, 1):
        return (gettext("today"), gettext("yesterday"))[distance]
    if distance == -1:
        return gettext("tomorrow")
    text = date_format(value, gettext("D j M"))
    return text if value.year == today.year else f"{text} {value.year}"


@register.filter
def moment(value: dt.datetime | None, zone: dt.tzinfo | None = None) -> str:
    """A date and time in the clinic's zone: 'today 08:12'."""
    if value is None:
        return gettext("never")
    return f"{day_of(value, zone)} {timezone.localtime(value, zone):%H:%M}"


@register.filter
def day_of(value: dt.datetime, zone: dt.tzinfo | None = None) -> str:
    """The day of a moment in the clinic's zone, for what has no hour: 'today'."""
    return day(timezone.localdate(value, zone), timezone.localdate(timezone=zone))
