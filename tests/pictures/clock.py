"""A day that is always the same."""

import datetime as dt
import itertools

from django.utils import timezone

LOADED_AT = dt.datetime(2026, 11, 9, 15, 12, tzinfo=dt.UTC)  # a Monday, 10:12 in the demo clinic
SERVED_FROM = LOADED_AT + dt.timedelta(minutes=3)


def set_clock(moment: dt.datetime) -> None:
    """Before any of our modules keeps the function under a name of its own.

    Each asking is answered a thousandth of a second later than the one before, so that what is
    written later also says so.
    """
    ticks = itertools.count()
    timezone.now = lambda: moment + dt.timedelta(milliseconds=next(ticks))
