"""New records for old sessions: a wrong entry put right, an open answer completed.

The old record is kept; lists, counts and pictures read the newer one (`Session.objects.current()`).
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.actions import sessions
from programs.actions.sessions import Log
from programs.models import Session
from programs.models.session import MORNING_CHOICES, Source

# When, where and by whom it was stored; every other field is what the patient said, and a
# correction carries it over.
_STORED = frozenset(
    {
        "id",
        "clinic",
        "patient",
        "plan",
        "phase",
        "done_at",
        "done_on",
        "received_at",
        "source",
        "entered_by",
        "replaces",
    }
)
ANSWERS = tuple(field.name for field in Session._meta.concrete_fields if field.name not in _STORED)


@transaction.atomic
def correct(
    *,
    session: Session,
    session_id: UUID,
    done: Mapping[UUID, str | Log],
    by: User,
    **answers: Any,
) -> Session:
    """Store what was meant, under an id from the page; sent twice it is stored once.

    Raises ValidationError when another record has replaced the entry meanwhile.
    """
    return _replace(session, session_id, Source.CORRECTION, by, done, answers)


@transaction.atomic
def add_morning(*, session: Session, settled: str, by: User) -> Session:
    """How the feet were the next morning; answered twice, the first answer stays."""
    if settled not in MORNING_CHOICES:
        raise ValidationError({"settled": _("Choose one of the answers.")})
    logs = {
        log.prescription_id: Log(log.done, log.held, log.why_not)
        for log in session.exercise_logs.all()
    }
    answers = {name: getattr(session, name) for name in ANSWERS} | {"settled": settled}
    return _replace(session, uuid5(session.pk, "morning"), Source.MORNING, by, logs, answers)


def _replace(
    session: Session,
    session_id: UUID,
    source: Source,
    by: User,
    done: Mapping[UUID, str | Log],
    answers: dict[str, Any],
) -> Session:
    old = Session.objects.select_for_update(of=("self",)).select_related("plan").get(pk=session.pk)
    newer: Session | None = Session.objects.filter(replaces=old).first()
    if newer is not None and newer.pk != session_id:
        raise ValidationError(_("This entry was put right already. Look at the newer one."))
    return sessions.record(
        session_id=session_id,
        plan=old.plan,
        done=done,
        by=by,
        at=old.done_at,
        replaces=old,
        source=source,
        **answers,
    )
