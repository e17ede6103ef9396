"""Every fixed word on paper, in one place.

The advice is the portal's (templates/components/stop.html, emergency_line.html; brief 5 and 7). The
exercises' own words come with the plan.
"""

import datetime as dt
from typing import Final

from django.utils import translation
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from programs.alerts.advice import Stop

WORDS: Final = {
    "title": _("Your exercises"),
    "document_title": _("Exercise plan"),
    "for": _("For"),
    "phase": _("Phase"),
    "version": _("version"),
    "printed": _("Printed"),
    "from_therapist": _("From"),
    "emergency_number": _("Emergency"),
    "online": _("Your plan online"),
    "stop_title": _("Stop: something is wrong"),
    "stop_now": _("Stop now and sit or lie down."),
    "stop_signs": Stop.SIGNS,
    "stop_call": Stop.CALL,
    "stop_today": Stop.TODAY,
    "before": _("Before you start"),
    "exercises": _("Exercises"),
    "start": pgettext_lazy("figure", "Start"),
    "end": pgettext_lazy("figure", "End"),
    "you_need": _("You need:"),
    "take_care": _("Take care:"),
    "note": _("From your therapist:"),
    "week": _("Tick what you did"),
    "week_of": _("Week from Monday"),
    "week_how": _(
        "One box is one time; a line (–) is a day off. Pain after: 0 is none, 10 the worst. "
        "What you do not know, leave empty."
    ),
    "exercise": _("Exercise"),
    "pain": _("Pain after, 0–10"),
    "falls": _("Falls (how many)"),
    "not_watched": _("Messages and paper are not watched all day. In an emergency call"),
    "only_as_set_up": Stop.ONLY_AS_SET_UP,
    "page": _("Page"),
    "of": _("of"),
}

DRAFT: Final = _("Draft: not active yet. Not for the patient.")
OLD: Final = _("An earlier version: the plan has changed since.")
ENDED: Final = _("This plan has ended.")
JOIN: Final = _("To see this plan on your phone, scan the square or open {address} and type")
JOIN_THEN: Final = _("and your birth date. This works once, until {date}.")
AHEAD: Final = _("This version begins on {date}.")
STOPPED: Final = _("Exercise is stopped for now. Do not hand this out before that is cleared.")


def start_alt(title: str, description: str) -> str:
    """What the first picture shows, for those who don't see it."""
    return gettext("%(title)s, start. %(movement)s") % {"title": title, "movement": description}


def end_alt(title: str) -> str:
    return gettext("%(title)s, end of the movement.") % {"title": title}


def qr_alt(address: str) -> str:
    return gettext("Code that opens %(address)s on a phone") % {"address": address}


def date(value: dt.date) -> str:
    """'November 23, 2026': no numbers that two countries read differently."""
    return date_format(value, gettext("F j, Y"))


def spoken() -> dict[str, str]:
    """All of them in the language of now, with its code, for what draws the page."""
    language = (translation.get_language() or "en")[:2]
    return {"language": language, **{name: str(words) for name, words in WORDS.items()}}


def weekdays() -> list[str]:
    """Short, Monday first."""
    return [str(WEEKDAYS_ABBR[day]) for day in range(7)]
