"""Whether this installation can work: what `/readyz` and `manage.py doctor` both look at.

Each check returns nothing when all is well, else a sentence that says what is wrong and how to mend
it, without any row's content or secret. None writes to the database.
"""

import datetime as dt
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models.functions import Now

from accounts.jobs import WORKER
from accounts.models import Heartbeat

# The worker beats every minute, behind whatever else it does.
OLDEST_BEAT = dt.timedelta(minutes=5)
OLDEST_JOB = dt.timedelta(minutes=15)
# Jobs of a lower priority are not counted: nobody waits for them, such as asking linked sites.
UNHURRIED = 0
# A job that is tried again has a time; of one that never was its first event tells.
WAITING = """
    SELECT count(*), now() - min(coalesce(
        scheduled_at, (SELECT max(at) FROM procrastinate_events WHERE job_id = job.id)
    ))
    FROM procrastinate_jobs AS job
    WHERE status = 'todo' AND priority >= %s AND (scheduled_at IS NULL OR scheduled_at <= now())
"""

Check = Callable[[], str | None]
WITHOUT_DATABASE: set[Check] = set()


def without_database(check: Check) -> Check:
    WITHOUT_DATABASE.add(check)
    return check


def database() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        [(is_in_recovery,)] = cursor.fetchall()
    if is_in_recovery:
        return "The database answers, and takes no writing: it is a standby or still in recovery."
    return None


def migrations() -> str | None:
    executor = MigrationExecutor(connection)
    left = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if left:
        return f"{len(left)} migrations are not applied: run manage.py migrate."
    return None


def limits_table() -> str | None:
    """The cache's table, in which limits of logins and of others are counted, or the Valkey."""
    if settings.VALKEY_URL:
        return _valkey()
    table = settings.CACHES["default"]["LOCATION"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f'public."{table}"'])
        [(is_there,)] = cursor.fetchall()
    return None if is_there else "Its table is missing: run manage.py createcachetable."


def _valkey() -> str | None:
    """It answers, and would rather refuse than forget a count."""
    own = caches["default"]._cache.get_client(None, write=True)  # type: ignore[attr-defined]
    try:
        own.ping()
    except Exception as error:
        return f"The Valkey does not answer ({type(error).__name__}): start it, or mend VALKEY_URL."
    policy = "noeviction"
    with suppress(Exception):  # not everybody may ask
        policy = own.info("memory").get("maxmemory_policy", policy)
    if policy != "noeviction":
        return f"The Valkey may drop limits ({policy}): set its maxmemory-policy to noeviction."
    return None


def worker() -> str | None:
    """By the database's clock, which also wrote the beat."""
    beats = Heartbeat.objects.annotate(now=Now()).filter(name=WORKER)
    beat = beats.values_list("beat_at", "now").first()
    if beat is None:
        return "No worker has run yet: start manage.py work."
    age = beat[1] - beat[0]
    if age > OLDEST_BEAT:
        return f"No worker has been at work for {_age(age)}: start manage.py work, or see its log."
    return None


def queue() -> str | None:
    """How long the oldest job has waited that could be done, of those somebody waits for."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [UNHURRIED])
        [(count, age)] = cursor.fetchall()
    if age is not None and age > OLDEST_JOB:
        return (
            f"{count} jobs wait, the oldest for {_age(age)}: see the worker's log, or run more"
            " workers."
        )
    return None


@without_database
def media() -> str | None:
    return _bucket() if settings.S3_BUCKET else writable(Path(settings.MEDIA_ROOT))


@without_database
def private_files() -> str | None:
    """In a bucket they lie beside the media, which were asked for: twice would take too long."""
    return None if settings.S3_BUCKET else writable(Path(settings.PRIVATE_ROOT))


def _bucket() -> str | None:
    from config import bucket  # noqa: PLC0415 - its library is large, and few have one

    return bucket.trouble()


def writable(folder: Path) -> str | None:
    """Tried with a file that is gone again. A folder that is not there yet is made by the first
    upload, if the one above it lets it.
    """
    if not folder.exists():
        above = next(one for one in folder.parents if one.exists())
        if os.access(above, os.W_OK | os.X_OK):
            return None
        return "The folder is missing and can't be made: make it, owned by the site's user."
    try:
        os.listdir(folder)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"footing")
            file.flush()
    except OSError as error:
        return f"Nothing can be kept there ({error.strerror}): mend the folder's rights or room."
    return None


FACTS: dict[str, Check] = {
    "database": database,
    "migrations": migrations,
    "limits": limits_table,
    "worker": worker,
    "queue": queue,
    "media": media,
    "private files": private_files,
}
AWAY = "The database does not answer: start it, or mend DATABASE_URL."


# What is counted for `/metrics`: name, words, and SQL that gives one number.
NUMBERS = {
    "jobs_waiting": (
        "Jobs that could be done now, also those that nobody waits for.",
        "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"
        " AND (scheduled_at IS NULL OR scheduled_at <= now())",
    ),
    "jobs_failed": (
        "Jobs of the last two weeks that were given up.",
        "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'",
    ),
    "mails_waiting": ("Mails not sent yet.", "SELECT count(*) FROM accounts_queuedmail"),
    "oldest_mail_seconds": (
        "How long the oldest of them waits.",
        "SELECT coalesce(extract(epoch FROM now() - min(written_at)), 0) FROM accounts_queuedmail",
    ),
    "worker_beat_seconds": (
        "Since a worker's last sign of life; -1 without any.",
        "SELECT coalesce(extract(epoch FROM now() - max(beat_at)), -1) FROM accounts_heartbeat",
    ),
}


def numbers() -> dict[str, tuple[str, float]]:
    """By name, the words and the number. Raises what the database raises."""
    found = {}
    with connection.cursor() as cursor:
        for name, (words, sql) in NUMBERS.items():
            cursor.execute(sql)
            [(number,)] = cursor.fetchall()
            found[name] = (words, float(number))
    return found


def facts() -> dict[str, str]:
    """Each check by its name with 'ok' or its sentence."""
    return dict(look_at(FACTS))


def look_at(checks: Mapping[str, Check]) -> Iterator[tuple[str, str]]:
    """Names and sentences, in order. Without a database the checks that need none still count."""
    is_away = False
    for name, check in checks.items():
        if is_away and check not in WITHOUT_DATABASE:
            yield name, "Not known without the database."
            continue
        try:
            yield name, check() or "ok"
        except (DatabaseError, InterfaceError) as error:
            is_away = is_away or check is database
            # What the server says can name its address; the kind of the error can't.
            kind = type(error.__cause__ or error).__name__
            yield name, AWAY if check is database else f"It could not be looked at ({kind})."


def _age(age: dt.timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"
