import datetime as dt
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from accounts.models import AuditEvent, Clinic
from patients.actions import episodes
from programs.actions import calendar_feeds, discharge, pauses, reminders
from programs.course import calendar_feed
from programs.course.course import Course
from programs.models import CalendarFeed
from tests.conftest import make_patient

pytestmark = [pytest.mark.django_db, pytest.mark.off_stage]
MONDAY = dt.datetime(2026, 10, 26, 15, tzinfo=dt.UTC)  # daylight saving ends that week


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)


@pytest.fixture
def feed(ana, plan):
    return calendar_feeds.renew(patient=ana, by=ana.user)


def events(feed):
    return list(Calendar.from_ical(calendar_feed.build(feed)).walk("VEVENT"))


def choose(patient, **fields):
    wanted = {"times": [dt.time(9)], "by_email": False, **fields}
    return reminders.choose(patient=patient, by=patient.user, **wanted)


def test_each_day_of_the_plan_is_an_event_at_the_chosen_times(feed, ana, plan):
    times = [dt.time(8), dt.time(17, 30)]
    choose(ana, times=times)
    [course] = Course.load([plan])
    days = [plan.clinic.today() + dt.timedelta(days=ahead) for ahead in range(56)]
    due = [day for day in days if course.due_on(day)]
    assert 10 < len(due) < 56
    walls = [event.decoded("dtstart").replace(tzinfo=None) for event in events(feed)]
    assert walls == [dt.datetime.combine(day, at) for day in due for at in times]


def test_before_anybody_has_chosen_it_is_the_time_that_the_clinic_offers(feed, clinic):
    """As the page says beside the link."""
    Clinic.objects.filter(pk=clinic.pk).update(reminder_at=dt.time(17))
    feed = CalendarFeed.objects.select_related("patient__clinic").get(pk=feed.pk)
    assert {event.decoded("dtstart").hour for event in events(feed)} == {17}


def test_nine_stays_nine_when_the_clock_goes_back(feed):
    with patch("programs.course.course.sessions_due", return_value=1):
        found = events(feed)
    starts = {event.decoded("dtstart").date(): event.decoded("dtstart") for event in found}
    before, after = starts[dt.date(2026, 10, 31)], starts[dt.date(2026, 11, 1)]
    assert [before.hour, after.hour] == [9, 9]
    assert [one.astimezone(dt.UTC).hour for one in (before, after)] == [13, 14]


def test_the_zone_comes_with_its_rules(feed):
    text = calendar_feed.build(feed).decode()
    assert "TZID:America/New_York" in text
    assert "DTSTART;TZID=America/New_York:2026" in text
    assert "BEGIN:DAYLIGHT" in text
    assert "BEGIN:STANDARD" in text


def test_the_patients_own_zone_wins(feed, ana):
    choose(ana, time_zone="Europe/Berlin")
    assert events(feed)[0].decoded("dtstart").tzinfo == ZoneInfo("Europe/Berlin")


def test_pauses_are_left_out(feed, ana, plan, priya):
    first, last = dt.date(2026, 10, 28), dt.date(2026, 11, 4)
    before = {event.decoded("dtstart").date() for event in events(feed)}
    pauses.pause(plan=plan, why="holiday", by=priya, first=first, last=last)
    after = {event.decoded("dtstart").date() for event in events(feed)}
    assert {day for day in before if first <= day <= last}
    assert after == {day for day in before if not first <= day <= last}


def test_while_paused_the_days_after_it_are_there(feed, plan, priya):
    today = plan.clinic.today()
    pauses.pause(plan=plan, why="holiday", by=priya, last=today + dt.timedelta(days=6))
    days = {event.decoded("dtstart").date() for event in events(feed)}
    assert min(days) == today + dt.timedelta(days=7)


def test_nothing_after_the_end(feed, plan, priya):
    discharge.end_care(episode=plan.episode, outcome="goals_met", by=priya)
    assert events(feed) == []


def test_nothing_while_a_red_flag_is_open(feed, plan, priya, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: MONDAY + dt.timedelta(minutes=1))
    episodes.record_screen(episode=plan.episode, present=["new_weakness"], by=priya)
    assert events(feed) == []


def test_nothing_without_a_plan(priya):
    cleo = make_patient(priya, "Cleo")
    assert events(calendar_feeds.renew(patient=cleo, by=priya)) == []


def test_the_feed_tells_nothing_about_health(feed, ana, plan, clinic):
    text = calendar_feed.build(feed).decode().replace("\r\n ", "").lower()
    assert "summary:footing" in text
    assert "/portal/" in text
    hidden = ["exercise", "session", "pain", "nerve", "therap", "clinic", "plan", "reyes", "ana@"]
    hidden += [clinic.name.lower(), plan.title.lower(), str(ana.pk), ana.pk.hex, feed.token]
    hidden += [row.shown.title.lower() for row in plan.prescriptions.all()]
    for word in hidden:
        assert word not in text, word


def test_the_same_days_give_the_same_bytes_and_names(feed):
    assert calendar_feed.build(feed) == calendar_feed.build(feed)
    uids = [str(event["uid"]) for event in events(feed)]
    assert len(set(uids)) == len(uids)


def opened(token):
    with CalendarFeed.of_token(token) as found:
        return found


def test_the_link_is_nowhere_in_the_database(feed):
    row = CalendarFeed.objects.filter(pk=feed.pk).values().get()
    assert feed.token not in str(row)
    assert len(feed.token) == 96
    assert opened(feed.token) == feed


def test_another_secret_opens_no_link(feed, settings):
    token = feed.token
    settings.SECRET_KEY = "another secret altogether"
    assert opened(token) is None


def test_making_and_ending_are_audited(feed, ana):
    calendar_feeds.switch_off(patient=ana, by=ana.user)
    calendar_feeds.switch_off(patient=ana, by=ana.user)
    events = AuditEvent.objects.filter(action__startswith="calendar")
    assert sorted(event.action for event in events) == ["calendar.linked", "calendar.switched_off"]


ZONES = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Havana"]


@given(
    day=st.dates(dt.date(2025, 1, 1), dt.date(2029, 1, 1)),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    zone=st.sampled_from(ZONES),
)
def test_calendar_and_reminder_mean_the_same_moment(day, at, zone):
    from programs.timing.reminders import moment

    event = calendar_feed._event(CalendarFeed(created_at=MONDAY), day, at, ZoneInfo(zone))
    assert event.decoded("dtstart").astimezone(dt.UTC) == moment(day, at, ZoneInfo(zone))
