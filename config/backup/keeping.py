"""Where backups are kept, how long, and which is the newest."""

import datetime as dt
import re
from collections.abc import Iterable

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.utils import timezone

NAME = re.compile(r"footing-(\d{4}-\d\d-\d\dT\d{6})Z\.age")


def store() -> Storage:
    return storages["backups"]


def name_of(moment: dt.datetime) -> str:
    return f"footing-{moment.astimezone(dt.UTC):%Y-%m-%dT%H%M%SZ}.age"


def kept() -> dict[str, dt.datetime]:
    """Backups by their names, the newest first. Other files there are not ours."""
    try:
        _, names = store().listdir("")
    except FileNotFoundError:
        return {}
    return dict(sorted(_timed(names), key=lambda pair: pair[1], reverse=True))


def outdated(backups: dict[str, dt.datetime], now: dt.datetime) -> list[str]:
    """Of those, newest first, what may go: all but the last `BACKUP_DAYS` days', the first of each
    of the last `BACKUP_MONTHS` months, and the newest of all.
    """
    since = now - dt.timedelta(days=settings.BACKUP_DAYS)
    months: dict[str, str] = {}
    for name, made_at in backups.items():
        months[f"{made_at:%Y-%m}"] = name  # the last one met is the month's first
    lasting = set(list(months.values())[: settings.BACKUP_MONTHS])
    return [
        name
        for name, made_at in list(backups.items())[1:]
        if made_at < since and name not in lasting
    ]


def forget_outdated() -> list[str]:
    """Returns the names of what is gone."""
    gone = outdated(kept(), timezone.now())
    for name in gone:
        store().delete(name)
    return gone


def _timed(names: Iterable[str]) -> Iterable[tuple[str, dt.datetime]]:
    for name in names:
        if found := NAME.fullmatch(name):
            made_at = dt.datetime.strptime(found[1], "%Y-%m-%dT%H%M%S").replace(tzinfo=dt.UTC)
            yield name, made_at
