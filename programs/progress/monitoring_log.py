"""What patients sent on which day, for counting days: sessions, forms, and what is shown apart."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q
from django.db.models.functions import TruncDate

from accounts.models import AuditEvent, Clinic
from accounts.models.audit import Action
from accounts.permissions import PORTAL_ROLES
from patients.models import Invitation, Message, Patient
from programs.models import CheckIn, ExerciseLog, Session, SignReport
from programs.models.session import Source
from programs.monitoring.days import Counting, How, Sent

# Any of it filled in is an answer; 'nowhere' and 'none of these' are empty lists, and answers.
ANSWERED = (
    Q(pain_before__isnull=False)
    | Q(pain_after__isnull=False)
    | Q(effort__isnull=False)
    | Q(feelings__isnull=False)
    | Q(numb_regions__isnull=False)
    | ~Q(settled="")
    | ~Q(skin_before="")
    | ~Q(skin_check="")
    | Q(falls__isnull=False)
    | Q(near_falls__isnull=False)
    | Q(fall_injury__isnull=False)
    | ~Q(hands="")
    | Q(glucose__isnull=False)
    | Q(new_signs__isnull=False)
    | ~Q(note="")
    | Q(stopped=True)
)


@dataclass(frozen=True)
class Log:
    """By patient. `first_logins` are read only where all days since then count."""

    sent: defaultdict[UUID, list[Sent]]
    first_logins: Mapping[UUID, dt.date]


def load(
    patients: Sequence[Patient],
    clinic: Clinic,
    since: Mapping[UUID, dt.date],
    counting: Counting,
) -> Log:
    """From each patient's day in `since` on; of others nothing. A query a kind for all of them."""
    sent: defaultdict[UUID, list[Sent]] = defaultdict(list)
    if not since:
        return Log(sent, {})
    found = [*_sessions(since, clinic), *_check_ins(since), *_logins(patients, since, clinic)]
    if counting is not Counting.ANSWERS:
        found += _activity(since, clinic)
    for patient, one in found:
        sent[patient].append(one)
    first = _first_logins(list(since), clinic) if counting is Counting.ACCESS else {}
    return Log(sent, first)


def _from(begun: Mapping[UUID, Any], who: str, when: str) -> Q:
    """The rows of each from their own begin on: of a clinic's list nobody's older rows are read."""
    by_begin: defaultdict[Any, list[UUID]] = defaultdict(list)
    for key, begin in begun.items():
        by_begin[begin].append(key)
    parts = [Q(**{f"{who}__in": keys, f"{when}__gte": begin}) for begin, keys in by_begin.items()]
    return reduce(or_, parts)


def _midnights(since: Mapping[UUID, dt.date], clinic: Clinic) -> dict[UUID, dt.datetime]:
    """When those days begin on the clinic's wall."""
    return {key: dt.datetime.combine(day, dt.time(), clinic.zone) for key, day in since.items()}


class _Row(NamedTuple):
    pk: UUID
    replaces: UUID | None
    patient: UUID
    day: dt.date
    received_at: dt.datetime
    source: str
    role: str
    is_answered: bool


def _sessions(since: Mapping[UUID, dt.date], clinic: Clinic) -> Iterator[tuple[UUID, Sent]]:
    """As they count now. How and when a day was sent is told by the first record of it: one that
    was put right or completed the next morning stays what it was.
    """
    done = ExerciseLog.objects.filter(session=OuterRef("pk")).exclude(done="")
    rows = Session.objects.filter(_from(since, "patient", "done_on"))
    values = rows.annotate(is_answered=Q(Exists(done)) | ANSWERED).order_by().values_list(
        "pk", "replaces_id", "patient_id", "done_on", "received_at", "source",
        "entered_by__role", "is_answered",
    )  # fmt: skip
    by_key = {one.pk: one for one in map(_Row._make, values)}
    replaced = {one.replaces for one in by_key.values()}
    for one in by_key.values():
        if one.pk in replaced or not one.is_answered:
            continue
        first = one
        while first.replaces in by_key:
            first = by_key[first.replaces]
        of_clinic = first.source == Source.PAPER and first.role not in PORTAL_ROLES
        how = How.PAPER if of_clinic else How.ANSWER
        yield one.patient, Sent(one.day, how, clinic.local_date(first.received_at))


def _check_ins(since: Mapping[UUID, dt.date]) -> Iterator[tuple[UUID, Sent]]:
    """A form is the patient's; without one a therapist has measured."""
    rows = CheckIn.objects.current().filter(_from(since, "patient", "answered_on")).order_by()
    for patient, day, form, answers in rows.values_list(
        "patient_id", "answered_on", "form_id", "answers"
    ):
        if is_answer(answers):
            yield patient, Sent(day, How.ANSWER if form else How.CLINIC)


def is_answer(value: object) -> bool:
    """Whether anything in it was filled in."""
    if isinstance(value, dict):
        return any(map(is_answer, value.values()))
    return value not in (None, "", [])


def _logins(
    patients: Sequence[Patient], since: Mapping[UUID, dt.date], clinic: Clinic
) -> Iterator[tuple[UUID, Sent]]:
    """The patients' own, by the audit trail, which is read by its index of time."""
    by_account = {
        one.user.uuid: one.pk for one in patients if one.user is not None and one.pk in since
    }
    if not by_account:
        return
    midnights = _midnights(since, clinic)
    begun = {account: midnights[patient] for account, patient in by_account.items()}
    events = AuditEvent.objects.filter(
        _from(begun, "actor_id", "at"),
        clinic_id=clinic.pk,
        action=Action.SIGNED_IN,
        at__gte=min(begun.values()),
    )
    days = events.annotate(day=TruncDate("at", tzinfo=clinic.zone))
    for account, day in days.order_by().values_list("actor_id", "day").distinct():
        if account is not None:
            yield by_account[account], Sent(day, How.LOGIN)


def _activity(since: Mapping[UUID, dt.date], clinic: Clinic) -> Iterator[tuple[UUID, Sent]]:
    begun = _midnights(since, clinic)
    written = Message.objects.filter(_from(begun, "patient", "written_at"), from_patient=True)
    for patient, at in written.order_by().values_list("patient_id", "written_at"):
        yield patient, Sent(clinic.local_date(at), How.ACTIVITY)
    told = SignReport.objects.filter(_from(begun, "patient", "told_at"))
    for patient, at in told.order_by().values_list("patient_id", "told_at"):
        yield patient, Sent(clinic.local_date(at), How.ACTIVITY)


def _first_logins(keys: Sequence[UUID], clinic: Clinic) -> dict[UUID, dt.date]:
    rows = Invitation.objects.filter(patient__in=keys, accepted_at__isnull=False).order_by()
    first = rows.values("patient_id").annotate(at=Min("accepted_at"))
    return {row["patient_id"]: clinic.local_date(row["at"]) for row in first}
