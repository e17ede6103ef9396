"""What `manage.py doctor` looks at beside what `/readyz` tells: all that has to be right before a
clinic works with it, and what to do where it is not.

Checks are of the same kind as those of `config.readiness`: nothing when all is well, else what is
wrong and how to mend it.
"""

import datetime as dt
import shutil
import time
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone

from accounts import mail
from accounts.factors import FACTORS
from accounts.models import User
from accounts.permissions import PORTAL_ROLES
from cms.models import ArticlePage
from config import checks, readiness
from config.backup import keeping
from config.readiness import Check, without_database
from config.setup.postgres import WEB, WORKER

OLDEST_SERVER = 15
EXTENSIONS = {"btree_gist", "pg_trgm", "unaccent"}
MOST_SECONDS_APART = 5  # codes of an app are right for half a minute
OLDEST_BACKUP = dt.timedelta(hours=26)  # one is made each night
LEAST_FREE = 2 * 1024**3


def version() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        [(number,)] = cursor.fetchall()
    if number < OLDEST_SERVER:
        return f"PostgreSQL {number} is too old: Footing needs {OLDEST_SERVER} or newer."
    return None


def roles() -> str | None:
    """Those of web and worker are there, may write rows, and this process's does not pass the
    wall.
    """
    with connection.cursor() as cursor:
        cursor.execute(checks.ASKED)
        [(passes, _)] = cursor.fetchall()
        cursor.execute(
            "SELECT rolname, has_table_privilege(rolname, 'public.accounts_user', 'INSERT')"
            " FROM pg_roles WHERE rolname = ANY(%s)",
            [[WEB, WORKER]],
        )
        may_write = dict(cursor.fetchall())
    if passes:
        return (
            "This role passes the wall between clinics: give each process the role of its own"
            " (docs/operating.md, Three roles)."
        )
    if missing := sorted({WEB, WORKER} - may_write.keys()):
        return f"{' and '.join(missing)} are missing: run config/setup/roles.sql as a superuser."
    if without := sorted(name for name, may in may_write.items() if not may):
        return f"{' and '.join(without)} may not write: run manage.py migrate as footing_owner."
    return None


def extensions() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        missing = sorted(EXTENSIONS - {name for (name,) in cursor.fetchall()})
    if missing:
        return f"{', '.join(missing)} missing: run manage.py migrate as the database's owner."
    return None


def clock() -> str | None:
    """This machine's against the database's, by the middle of the question."""
    with connection.cursor() as cursor:
        began = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        [(theirs,)] = cursor.fetchall()
        ours = (began + time.time()) / 2
    if abs(ours - theirs) > MOST_SECONDS_APART:
        return (
            f"This machine's clock is {ours - theirs:+.0f} s off the database's: let both keep"
            " time (NTP)."
        )
    return None


def free_space(folder: str) -> str | None:
    path = next(one for one in [Path(folder), *Path(folder).parents] if one.exists())
    free = shutil.disk_usage(path).free
    if free < LEAST_FREE:
        return f"{free / 1024**3:.1f} GB are free: make room, 2 GB at the least."
    return None


@without_database
def media_space() -> str | None:
    return None if settings.S3_BUCKET else free_space(settings.MEDIA_ROOT)


@without_database
def private_space() -> str | None:
    return None if settings.S3_BUCKET else free_space(settings.PRIVATE_ROOT)


@without_database
def address() -> str | None:
    """Of the site, as mail and invitations name it."""
    if not settings.PRODUCTION:
        return None
    parts = urlsplit(settings.SITE_ADDRESS)
    if parts.scheme != "https":
        return "FOOTING_ADDRESS does not begin with https://: logins would go over the wire."
    if parts.hostname not in settings.ALLOWED_HOSTS:
        return "FOOTING_ADDRESS names another host than FOOTING_HOST: links in mail lead nowhere."
    return None


@without_database
def proxy() -> str | None:
    """Gunicorn ends no TLS here: without the proxy's word each page would redirect to itself."""
    if settings.PRODUCTION and not settings.BEHIND_PROXY:
        return (
            "BEHIND_PROXY is off: set it to 1, and let the web server in front overwrite"
            " X-Forwarded-Proto and X-Forwarded-For."
        )
    return None


def second_factors() -> str | None:
    if settings.PRODUCTION and not settings.STAFF_SECOND_FACTOR:
        return "STAFF_SECOND_FACTOR is 0: take it away, a clinic's staff need one."
    has_one = Authenticator.objects.filter(type__in=FACTORS).values("user")
    staff = User.objects.filter(is_active=True).exclude(role__in=PORTAL_ROLES)
    if settings.STAFF_SECOND_FACTOR and (count := staff.exclude(pk__in=has_one).count()):
        return f"{count} of {staff.count()} staff have none: they make one at their next login."
    return None


def reviews() -> str | None:
    due = ArticlePage.objects.live().filter(
        alias_of=None, next_review_due__lte=timezone.localdate()
    )
    if count := due.count():
        return f"{count} articles are overdue: see Articles to look at, under Reports in /cms/."
    return None


def backups() -> str | None:
    """Whether the newest is of this day; what is in it, only a restore tells."""
    if not settings.BACKUP_KEYS:
        if not settings.PRODUCTION:
            return None
        return "BACKUP_KEYS is empty, and none are made: see docs/operating.md, Backup."
    try:
        newest = next(iter(keeping.kept().values()), None)
    except OSError as error:
        return f"Their place can't be looked at ({error.strerror}): see BACKUP_ROOT or its bucket."
    if newest is None:
        return "No backup is there: run manage.py back_up, and each night from then on."
    age = timezone.now() - newest
    if age > OLDEST_BACKUP:
        return f"The newest is {age.total_seconds() / 3600:.0f} hours old: see what runs back_up."
    return None


def post(recipient: str) -> str | None:
    """Sends a mail past the queue, so that what the server says is said here."""
    letter = EmailMessage(
        "Footing can send mail", "This was sent by manage.py doctor.\n", to=[recipient]
    )
    try:
        mail.deliver(letter)
    except (mail.NotSentError, mail.RefusedError) as error:
        return f"It was not sent ({error}): look at EMAIL_URL and DEFAULT_FROM_EMAIL."
    return None


def examination(recipient: str = "") -> dict[str, Check]:
    """All checks, in the order of their lines; mail only where somebody is to get one."""
    found = {
        "database": readiness.database,
        "database version": version,
        "roles": roles,
        "extensions": extensions,
        "migrations": readiness.migrations,
        "cache and limits": readiness.limits_table,
        "worker": readiness.worker,
        "queue": readiness.queue,
        "clock": clock,
        "media folder": readiness.media,
        "room for media": media_space,
        "private folder": readiness.private_files,
        "room for private files": private_space,
        "address": address,
        "proxy": proxy,
        "second factors": second_factors,
        "articles' reviews": reviews,
        "backups": without_database(backups),
    }
    if recipient:
        found[f"mail to {recipient}, sent now"] = without_database(partial(post, recipient))
    return found
