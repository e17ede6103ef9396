"""By when an alert is looked at: by severity, office hours and the clinic's settings."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Clinic
from accounts.office_hours import after_open_minutes, closes_next
from programs.alerts.due import LONGEST_SNOOZE, due_at
from programs.models.alert import Severity

ZONE = ZoneInfo("America/New_York")
HOURS = "Mon-Fri 8:00-12:00, Mon-Thu 13:00-17:00"


def moment(text):
    """A day of the week from Monday, 1 June 2026, with its time."""
    day, time = text.split()
    date = dt.date(2026, 6, 1) + dt.timedelta(
        ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(day)
    )
    return dt.datetime.combine(date, dt.time.fromisoformat(time), ZONE)


def said(at):
    days = (at.date() - dt.date(2026, 6, 1)).days
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "next mon", "next tue")
    return f"{names[days]} {at:%H:%M}"


@pytest.mark.parametrize(
    ("start", "minutes", "until"),
    [
        ("mon 09:00", 60, "mon 10:00"),
        ("mon 11:30", 60, "mon 13:30"),  # the lunch hour does not count
        ("mon 16:30", 60, "tue 08:30"),
        ("mon 05:00", 60, "mon 09:00"),
        ("fri 11:30", 60, "next mon 08:30"),
        ("sat 10:00", 60, "next mon 09:00"),
        ("mon 08:00", 240, "mon 12:00"),
        ("mon 08:00", 241, "mon 13:01"),
    ],
)
def test_minutes_while_the_phone_is_answered(start, minutes, until):
    assert said(after_open_minutes(HOURS, moment(start), minutes)) == until


def test_without_known_hours_the_clock_runs():
    assert said(after_open_minutes("", moment("sat 23:30"), 60)) == "sun 00:30"
    assert said(closes_next("", moment("sat 23:30"))) == "sun 00:00"


@pytest.mark.parametrize(
    ("start", "until"),
    [("mon 09:00", "mon 17:00"), ("fri 09:00", "fri 12:00"), ("fri 12:00", "next mon 17:00"),
     ("mon 12:30", "mon 17:00"), ("sun 09:00", "next mon 17:00"), ("mon 17:00", "tue 17:00")],
)  # fmt: skip
def test_the_same_day_is_the_next_one_with_office_hours_left(start, until):
    assert said(closes_next(HOURS, moment(start))) == until


@pytest.mark.parametrize(
    ("severity", "until"),
    [("critical", "tue 08:30"), ("urgent", "mon 17:00"), ("high", "tue 16:30"),
     ("moderate", "wed 16:30"), ("low", "next mon 16:30")],
)  # fmt: skip
def test_each_severity_has_its_time(severity, until):
    clinic = Clinic(time_zone="America/New_York", office_hours=HOURS)
    raised = moment("mon 16:30").astimezone(dt.UTC)
    assert said(due_at(severity, raised, clinic)) == until


def test_the_clinic_sets_it():
    clinic = Clinic(
        time_zone="America/New_York", office_hours=HOURS, critical_minutes=15, high_hours=4
    )
    assert said(due_at("critical", moment("mon 09:00"), clinic)) == "mon 09:15"
    assert said(due_at("high", moment("mon 09:00"), clinic)) == "mon 13:00"


def test_the_worse_the_shorter_it_can_wait():
    waits = [LONGEST_SNOOZE[one] for one in Severity]
    assert waits == sorted(waits)
    assert not LONGEST_SNOOZE[Severity.CRITICAL]


def test_the_worse_it_is_the_shorter_it_can_be_put_off():
    hours = [LONGEST_SNOOZE[severity] / dt.timedelta(hours=1) for severity in Severity]
    assert hours == [0, 2, 24, 3 * 24, 14 * 24]
