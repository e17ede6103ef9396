"""The days of a plan as an iCalendar file, in words that tell nothing.

Whoever sees somebody's calendar learns that there is something called Footing at nine, and not
what, nor why. The same days give the same bytes, so that its ETag holds.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from icalendar import Calendar, Event, vDuration

from patients.models import Patient
from programs.course import today
from programs.course.course import Course
from programs.course.today import State
from programs.models import CalendarFeed, Plan, ReminderChoice
from programs.models.reminder import times_of

DAYS_AHEAD = 56
LENGTH = dt.timedelta(minutes=15)
NAME = "Footing"
ASK_AGAIN = dt.timedelta(hours=6)
# Nothing to do, or told not to: then the calendar is empty too.
EMPTY = (State.NOTHING_YET, State.STOPPED, State.ENDED)


def build(feed: CalendarFeed) -> bytes:
    """Eight weeks from today on, without pauses and rest days, at the patient's times."""
    patient: Patient = feed.patient
    choice = ReminderChoice.objects.filter(patient=patient).first()
    times = times_of(choice, patient.clinic)
    zone = ZoneInfo(choice.time_zone) if choice and choice.time_zone else patient.clinic.zone
    calendar = _empty()
    for day in plan_days(patient):
        for at in times:
            calendar.add_component(_event(feed, day, at, zone))
    calendar.add_missing_timezones(
        first_date=patient.clinic.today() - dt.timedelta(days=365),
        last_date=patient.clinic.today() + dt.timedelta(days=730),
    )
    return bytes(calendar.to_ical())


def plan_days(patient: Patient) -> list[dt.date]:
    """Days on which something is due and not held back, of the version in force and the next."""
    if today.load(patient).state in EMPTY:
        return []
    plans = Plan.objects.not_over(timezone.now()).filter(patient=patient)
    courses = Course.load(plans.select_related("clinic"))
    first = patient.clinic.today()
    days = [first + dt.timedelta(days=ahead) for ahead in range(DAYS_AHEAD)]
    return [day for day in days if any(course.sessions_due_on(day) for course in courses)]


def _empty() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Footing//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", NAME)
    calendar.add("refresh-interval", vDuration(ASK_AGAIN), parameters={"VALUE": "DURATION"})
    return calendar


def _event(feed: CalendarFeed, day: dt.date, at: dt.time, zone: ZoneInfo) -> Event:
    """`dtstamp` is when the link was made: a moment that does not move."""
    begins = dt.datetime.combine(day, at, tzinfo=zone)
    # A time that the clock skips that day is written as the one that the wall shows then.
    begins = begins.astimezone(dt.UTC).astimezone(zone)
    name = f"{feed.pk.hex}{day.isoformat()}{at.isoformat()}"
    event = Event()
    event.add("uid", f"{salted_hmac('programs.calendar.event', name).hexdigest()}@footing")
    event.add("dtstamp", feed.created_at.astimezone(dt.UTC))
    event.add("dtstart", begins)
    event.add("duration", LENGTH)
    event.add("summary", NAME)
    event.add("url", f"{settings.SITE_ADDRESS}/portal/")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
