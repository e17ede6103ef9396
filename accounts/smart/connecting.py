"""Every write about connected apps, but for codes and tokens (`accounts.smart.server`)."""

import datetime as dt
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.audit import Action
from accounts.models import AppAccess, AppExport, Clinic, ConnectedApp, User
from accounts.private_files import private_storage
from accounts.stale import require_read

# Past their time they are of no use; so long they say when an app last read something.
KEPT = dt.timedelta(days=30)


@transaction.atomic
def add(*, by: User, **fields: Any) -> ConnectedApp:
    """Raises ValidationError beside what is wrong."""
    app = ConnectedApp(clinic=by.clinic, added_by=by, **fields)
    app.full_clean()
    app.save()
    _record(Action.APP_ADDED, app, by, **_told(app, fields))
    return app


@transaction.atomic
def change(*, app: ConnectedApp, by: User, read: str | None = None, **fields: Any) -> ConnectedApp:
    """Of an app that has not ended. What it may no longer read, it reads no more from now on.

    Raises ValidationError beside what is wrong, StaleError where somebody changed it since the page
    with the stamp `read` was made.
    """
    app = ConnectedApp.objects.active().select_for_update(of=("self",)).get(pk=app.pk)
    require_read(app, fields, read)
    changed = [name for name, value in fields.items() if getattr(app, name) != value]
    for name, value in fields.items():
        setattr(app, name, value)
    app.full_clean()
    app.save(update_fields=[*fields])
    if changed:
        _record(Action.APP_CHANGED, app, by, **_told(app, changed))
    return app


@transaction.atomic
def end(*, app: ConnectedApp, by: User) -> None:
    """For good, with every token that it has. A second time changes nothing."""
    app = ConnectedApp.objects.select_for_update(of=("self",)).get(pk=app.pk)
    if app.ended_at is None:
        app.ended_at = timezone.now()
        app.save(update_fields=["ended_at"])
        app.accesses.filter(ended_at=None).update(ended_at=app.ended_at)
        _drop(app.exports.all())
        _record(Action.APP_ENDED, app, by, name=app.name)


@transaction.atomic
def stop(*, app: ConnectedApp, by: User) -> bool:
    """By a patient: this app reads their record no more. False where it did not."""
    count = by.app_accesses.filter(app=app, ended_at=None).update(ended_at=timezone.now())
    if count:
        audit.record(action=Action.APP_STOPPED, by=by, account=by, subject=app.pk, name=app.name)
    return bool(count)


def allowed(*, app: ConnectedApp, by: User, scope: str) -> None:
    """On record: a patient let an app read."""
    audit.record(
        action=Action.APP_ALLOWED, by=by, account=by, subject=app.pk, name=app.name, scope=scope
    )


def forget() -> None:
    """What was past 30 days ago, and codes that nobody came for."""
    past = timezone.now() - KEPT
    over = Q(access_until=None) | Q(access_until__lt=past)
    gone = over & (Q(refresh_until=None) | Q(refresh_until__lt=past)) & Q(allowed_at__lt=past)
    AppAccess.objects.filter(gone | Q(ended_at__lt=past)).delete()


def forget_exports(clinic: Clinic, *, also_kept: bool = False) -> None:
    """Files of an export that are past or taken back; `also_kept`: all, as after an erasure."""
    rows = AppExport.objects.filter(clinic=clinic)
    _drop(rows if also_kept else rows.exclude(pk__in=AppExport.objects.kept()))


def _drop(exports: QuerySet[AppExport]) -> None:
    """The rows go with the transaction, and then their files. A piece that is just being made is
    waited for: nobody writes there after it.
    """
    for export in exports.select_for_update(of=("self",)):
        transaction.on_commit(partial(_remove, export.folder))
        export.delete()


def _remove(folder: str) -> None:
    """All that lies there, also what a piece that was killed had written."""
    with suppress(FileNotFoundError):
        for name in private_storage().listdir(folder)[1]:
            private_storage().delete(f"{folder}/{name}")


def _told(app: ConnectedApp, names: Iterable[str]) -> dict[str, Any]:
    """Keys are public, and long: that they changed is enough."""
    return {name: getattr(app, name) if name != "key_set" else "…" for name in names} | {
        "name": app.name
    }


def _record(action: Action, app: ConnectedApp, by: User, **detail: Any) -> None:
    audit.record(action=action, by=by, clinic_id=app.clinic_id, subject=app.pk, **detail)
