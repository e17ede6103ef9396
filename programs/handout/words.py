"""Every fixed word on paper, in one place: what a translation has to say.

The advice is the portal's (templates/components/stop.html, emergency_line.html; brief 5 and 7). The
exercises' own words come with the plan.
"""

import datetime as dt
from typing import Final

WORDS: Final = {
    "language": "en",
    "title": "Your exercises",
    "document_title": "Exercise plan",
    "for": "For",
    "phase": "Phase",
    "version": "version",
    "printed": "Printed",
    "from_therapist": "From",
    "emergency_number": "Emergency",
    "online": "Your plan online",
    "stop_title": "Stop: something is wrong",
    "stop_now": "Stop now and sit or lie down.",
    "stop_signs": (
        "Sudden weakness, face droop, trouble speaking, loss of bladder or bowel control, a cold, "
        "pale or blue foot, or chest pain:"
    ),
    "stop_call": "call",
    "stop_today": (
        "Lasting tingling, new numbness, spreading pain, dizziness or a sore on the foot: "
        "stop for today and call your clinic:"
    ),
    "before": "Before you start",
    "exercises": "Exercises",
    "start": "Start",
    "end": "End",
    "you_need": "You need:",
    "take_care": "Take care:",
    "note": "From your therapist:",
    "week": "Tick what you did",
    "week_of": "Week from Monday",
    "week_how": (
        "One box is one time; a line (–) is a day off. Pain after: 0 is none, 10 the worst. "
        "What you do not know, leave empty."
    ),
    "exercise": "Exercise",
    "pain": "Pain after, 0–10",
    "falls": "Falls (how many)",
    "not_watched": "Messages and paper are not watched all day. In an emergency call",
    "only_as_set_up": (
        "Use this plan only as your therapist set it up. It does not replace your doctor."
    ),
    "page": "Page",
    "of": "of",
}

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORT_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

DRAFT: Final = "Draft: not active yet. Not for the patient."
OLD: Final = "An earlier version: the plan has changed since."
ENDED: Final = "This plan has ended."
JOIN: Final = "To see this plan on your phone, scan the square or open {address} and type"
JOIN_THEN: Final = "and your birth date. This works once, until {date}."
AHEAD: Final = "This version begins on {date}."
STOPPED: Final = "Exercise is stopped for now. Do not hand this out before that is cleared."


def start_alt(title: str, description: str) -> str:
    """What the first picture shows, for those who don't see it."""
    return f"{title}, start. {description}"


def end_alt(title: str) -> str:
    return f"{title}, end of the movement."


def qr_alt(address: str) -> str:
    return f"Code that opens {address} on a phone"


def date(value: dt.date) -> str:
    """'November 23, 2026': no numbers that two countries read differently."""
    return f"{MONTHS[value.month - 1]} {value.day}, {value.year}"
