"""Storing what was ticked on paper."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from patients.models import Patient
from programs.actions import sessions
from programs.course.paper import FURTHEST, Entry, grid
from programs.models import Session
from programs.models.session import Done, Source


@transaction.atomic
def enter(*, patient: Patient, entries: Iterable[Entry], by: User) -> list[Session]:
    """A session for each time it was done on a day, marked as entered later and by whom.

    Days stay as they were when a line of them can't be stored: all or none. Raises ValidationError
    for a day without a plan, to come, or too long ago.
    """
    today = patient.clinic.today()
    stored = []
    for entry in entries:
        if not today - FURTHEST <= entry.date <= today:
            raise ValidationError(
                _("%(day)s can’t be entered: too long ago, or to come.")
                % {"day": _day_words(entry.date)}
            )
        day = next(one for one in grid(patient, entry.date).days if one.date == entry.date)
        if day.plan is None:
            raise ValidationError(
                _("No plan was in force on %(day)s.") % {"day": _day_words(entry.date)}
            )
        _require_new(entry)
        # What was not ticked on paper is not known: it may have been done.
        done = {
            row.pk: str(Done.ALL) if row.shown.code in entry.done else ""
            for row in day.prescriptions
        }
        noon = dt.datetime.combine(entry.date, dt.time(12), tzinfo=patient.clinic.zone)
        moment = min(noon, timezone.now())
        stored += [
            sessions.record(
                session_id=entry.session_id if time == 0 else _nth(entry.session_id, time),
                plan=day.plan,
                done=done,
                by=by,
                at=moment,
                source=Source.PAPER,
                # Said once a day: counted once, however often it was done.
                pain_after=entry.pain_after if time == entry.times - 1 else None,
                falls=entry.falls if time == 0 else None,
            )
            for time in range(entry.times)
        ]
    return stored


def _require_new(entry: Entry) -> None:
    """The same page sent twice is stored once; a corrected one is not dropped without a word."""
    known = Session.objects.filter(pk=entry.session_id).first()
    if known is None:
        return
    logs = known.exercise_logs.filter(done=Done.ALL).select_related("prescription")
    stored = {log.prescription.shown.code for log in logs}
    if stored != entry.done or known.falls != entry.falls:
        raise ValidationError(
            _(
                "%(day)s was stored from this page before, and stays as it was. "
                "Load the page again to add to it."
            )
            % {"day": _day_words(entry.date)}
        )


def _day_words(date: dt.date) -> str:
    return date_format(date, _("j M"))


def _nth(first: uuid.UUID, time: int) -> uuid.UUID:
    """The id of a day's further sessions follows from the page's, so that they are stored once."""
    return uuid.uuid5(first, str(time))
