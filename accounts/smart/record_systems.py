"""Every write about the record systems out of which a clinic opens Footing."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.audit import Action
from accounts.models import ConnectedRecord, User
from accounts.stale import require_read


@transaction.atomic
def add(*, by: User, **fields: Any) -> ConnectedRecord:
    """Raises ValidationError beside what is wrong."""
    record = ConnectedRecord(clinic=by.clinic, added_by=by, **fields)
    record.full_clean()
    record.save()
    _record(Action.RECORD_SYSTEM_ADDED, record, by, fields)
    return record


@transaction.atomic
def change(
    *, record: ConnectedRecord, by: User, read: str | None = None, **fields: Any
) -> ConnectedRecord:
    """Of one that has not ended. Raises ValidationError beside what is wrong, StaleError where
    somebody changed it since the page with the stamp `read` was made.
    """
    active = ConnectedRecord.objects.active().select_for_update(of=("self",))
    record = active.get(pk=record.pk)
    require_read(record, fields, read)
    changed = [name for name, value in fields.items() if getattr(record, name) != value]
    for name in changed:
        setattr(record, name, fields[name])
    record.full_clean()
    record.save(update_fields=[*fields])
    if changed:
        _record(Action.RECORD_SYSTEM_CHANGED, record, by, changed)
    return record


@transaction.atomic
def end(*, record: ConnectedRecord, by: User) -> None:
    """For good: nobody opens Footing out of it any more. A second time changes nothing."""
    record = ConnectedRecord.objects.select_for_update(of=("self",)).get(pk=record.pk)
    if record.ended_at is None:
        record.ended_at = timezone.now()
        record.save(update_fields=["ended_at"])
        _record(Action.RECORD_SYSTEM_ENDED, record, by, ())


def _record(action: Action, record: ConnectedRecord, by: User, names: Iterable[str]) -> None:
    audit.record(
        action=action,
        by=by,
        clinic_id=record.clinic_id,
        subject=record.pk,
        **{name: getattr(record, name) for name in names} | {"name": record.name},
    )
