"""Remote monitoring: consent and papers, minutes and talks, answers, signing a month."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Permission
from accounts.stale import require_read
from patients.actions import episodes, once
from patients.days import require_of_life
from patients.models import Episode, Patient
from patients.sentences import is_sentence
from programs.models import (
    LiveTalk,
    MonitoringAnswers,
    MonitoringCare,
    MonitoringEntry,
    MonitoringLock,
)
from programs.models.monitoring import MonitoringWork
from programs.monitoring.calendar import last_of, month_of
from programs.monitoring.facts import Care
from programs.progress import monitoring as reading
from programs.progress import monitoring_sheet as sheets

Work = TypeVar("Work", bound=MonitoringWork)

OFF = "Remote monitoring is not switched on at this clinic."
# A person types these days of the past; a later one was mistyped.
PAST = ("consent_on", "withdrawn_on", "set_up_on")
DAYS = (*PAST, "starts_on", "certified_on", "certified_until")
# What a signed month says of the consent that it stands on.
OF_CONSENT = {"consent_on", "consent_how", "consent_words", "consent_version"}


def _hold(patient: Patient, by: User) -> Patient:
    """Who else writes about this patient's monitoring waits until this transaction ends.

    Raises ValidationError where the clinic has it switched off, and for who does not treat.
    """
    held = (
        Patient.objects.select_for_update(of=("self",), no_key=True)
        .select_related("clinic")
        .get(pk=patient.pk)
    )
    if not held.clinic.monitoring:
        raise ValidationError(OFF)
    if not by.may(Permission.TREAT):
        raise ValidationError("Only a therapist of the care team enters this.")
    return held


def _newest_lock(patient: Patient, month: dt.date) -> MonitoringLock | None:
    """The one that counts for the month, which begins on this day."""
    rows = MonitoringLock.objects.filter(patient=patient, month=month).select_related("by")
    newest: MonitoringLock | None = rows.order_by("number").last()
    return newest


def _require_open(patient: Patient, *days: dt.date) -> None:
    """Raises ValidationError where one of these days is of a month that was signed."""
    for month in sorted({month_of(day) for day in days}):
        newest = _newest_lock(patient, month)
        if newest is not None and newest.is_locked:
            raise ValidationError(
                f"{month:%B %Y} was signed by {newest.by}. Open it again first, with a reason."
            )


@transaction.atomic
def begin(*, episode: Episode, by: User, **fields: Any) -> MonitoringCare:
    """Consent, set-up, plan of care and what it treats, as far as they are known.

    Raises ValidationError for a closed episode, an impossible day, or while the episode is
    monitored already: after a withdrawal a new consent begins anew.
    """
    patient = _hold(episode.patient, by)
    care = MonitoringCare(
        patient=patient,
        clinic_id=patient.clinic_id,
        episode=episodes.hold_open(episode),
        made_by=by,
    )
    return _saved(care, by, fields)


@transaction.atomic
def change(
    *, care: MonitoringCare, by: User, read: str | None = None, **fields: Any
) -> MonitoringCare:
    """The same later, also after the episode was closed: papers come late.

    `read` is the stamp of the page they were entered on. Raises StaleError when somebody changed
    them since, ValidationError as `begin` and for another consent or withdrawal of a signed month.
    """
    _hold(care.patient, by)
    held = MonitoringCare.objects.select_for_update(of=("self",)).select_related("patient__clinic")
    row: MonitoringCare = held.get(pk=care.pk)
    require_read(row, fields, read)
    return _saved(row, by, fields)


def _saved(care: MonitoringCare, by: User, fields: dict[str, Any]) -> MonitoringCare:
    """On record are the names of what changed, not the words."""
    changed = [name for name, value in fields.items() if getattr(care, name) != value]
    before = reading.care_of(care, care.patient.clinic) if not care._state.adding else None
    for name, value in fields.items():
        setattr(care, name, value)
    today = care.patient.clinic.today()
    for name in PAST:
        day = getattr(care, name)
        if day is not None and day > today:
            raise ValidationError({name: "This day is still to come."})
    require_of_life(care.patient, **{name: getattr(care, name) for name in DAYS})
    care.full_clean()
    if before is not None:
        _require_consent_kept(care, before, changed)
    care.save()
    audit.record(
        action=audit.Action.MONITORING_CHANGED,
        patient=care.patient,
        by=by,
        subject=care,
        fields=changed,
    )
    return care


def _require_consent_kept(care: MonitoringCare, before: Care, changed: Iterable[str]) -> None:
    """Raises ValidationError where a month that was signed says another consent, or would count
    other days after another withdrawal.
    """
    after = reading.care_of(care, care.patient.clinic)
    is_other = not OF_CONSENT.isdisjoint(changed)
    locks = MonitoringLock.objects.filter(patient=care.patient_id)
    for month in locks.order_by("month").values_list("month", flat=True).distinct():
        then, now = (one.allowed_in(month, last_of(month)) for one in (before, after))
        if then != now or (is_other and then is not None):
            _require_open(care.patient, month)


@transaction.atomic
def record_minutes(
    *,
    entry_id: UUID,
    patient: Patient,
    done_on: dt.date,
    minutes: int,
    what: str,
    by: User,
    assistant_minutes: int = 0,
    replaces: MonitoringEntry | None = None,
    why: str = "",
) -> MonitoringEntry:
    """Minutes of a day; the same id is stored once. With `replaces` it stands for that one.

    Raises ValidationError for a day to come, a signed month, or words that say nothing; NotYours
    for another patient's id.
    """
    entry = MonitoringEntry(id=entry_id, done_on=done_on)
    _fill(entry, minutes, assistant_minutes, what, by, replaces, why)
    return _stored(entry, patient, by, audit.Action.MONITORING_TIMED)


@transaction.atomic
def record_talk(
    *,
    talk_id: UUID,
    patient: Patient,
    began_at: dt.datetime,
    minutes: int,
    channel: str,
    with_whom: str,
    what: str,
    by: User,
    assistant_minutes: int = 0,
    replaces: LiveTalk | None = None,
    why: str = "",
) -> LiveTalk:
    """A talk in real time; its minutes count and are not entered a second time. As above."""
    talk = LiveTalk(id=talk_id, began_at=began_at, channel=channel, with_whom=with_whom)
    talk.done_on = patient.clinic.local_date(began_at)
    _fill(talk, minutes, assistant_minutes, what, by, replaces, why)
    return _stored(talk, patient, by, audit.Action.MONITORING_TALKED)


def _fill(
    work: MonitoringWork,
    minutes: int,
    assistant_minutes: int,
    what: str,
    by: User,
    replaces: MonitoringWork | None,
    why: str,
) -> None:
    """Whose work it was stays with the first entry, whoever puts it right."""
    work.minutes, work.assistant_minutes, work.what = minutes, assistant_minutes, what.strip()
    work.by = replaces.by if replaces is not None else by
    work.entered_by, work.why, work.replaces = by, why.strip(), replaces


def _stored(work: Work, patient: Patient, by: User, action: audit.Action) -> Work:
    held = _hold(patient, by)
    model = type(work)
    if (known := once.stored(model, work.pk, patient_id=held.pk)) is not None:
        return known
    work.patient, work.clinic_id = held, held.clinic_id
    _require_sense(work, held)
    days = [work.done_on]
    if work.replaces is not None:
        days.append(work.replaces.done_on)
        _require_newest(work)
    _require_open(held, *days)
    work.full_clean(exclude=["clinic", "patient"])
    try:
        with transaction.atomic():
            work.save(force_insert=True)
    except IntegrityError as error:
        return once.stored_meanwhile(error, model, work.pk, patient_id=held.pk)
    old = work.replaces
    replaced: dict[str, Any] = {"replaces": old.pk} if old is not None else {}
    audit.record(
        action=action if old is None else audit.Action.MONITORING_PUT_RIGHT,
        patient=held,
        by=by,
        subject=work,
        minutes=work.minutes,
        **replaced,
    )
    return work


def _require_sense(work: MonitoringWork, patient: Patient) -> None:
    """Raises ValidationError."""
    if work.done_on > patient.clinic.today():
        raise ValidationError({"done_on": "This day is still to come."})
    if not reading.has_rules(work.done_on):
        raise ValidationError({"done_on": "There are no worksheets of that time."})
    if not is_sentence(work.what):
        raise ValidationError({"what": "Say what was done, in a sentence."})
    if work.replaces is not None and not is_sentence(work.why):
        raise ValidationError({"why": "Say why it is put right, in a sentence."})


def _require_newest(work: MonitoringWork) -> None:
    """Raises ValidationError where it was put right already, NotYours for another patient's."""
    old = work.replaces
    if old is None or old.patient_id != work.patient_id:
        raise once.NotYours
    if type(work)._default_manager.filter(replaces=old).exists():
        raise ValidationError("This was put right already. Look at the newer entry.")


@transaction.atomic
def answer(
    *, answers_id: UUID, patient: Patient, month: dt.date, by: User, **answers: Any
) -> MonitoringAnswers:
    """Who else bills what in the month; the same id is stored once, and the newest counts.

    Raises ValidationError for a signed month.
    """
    held = _hold(patient, by)
    if (known := once.stored(MonitoringAnswers, answers_id, patient_id=held.pk)) is not None:
        return known
    _require_open(held, month)
    row = MonitoringAnswers(
        id=answers_id,
        patient=held,
        clinic_id=held.clinic_id,
        month=month_of(month),
        answered_by=by,
        **answers,
    )
    row.full_clean(exclude=["clinic", "patient"])
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        return once.stored_meanwhile(error, MonitoringAnswers, row.pk, patient_id=held.pk)
    audit.record(
        action=audit.Action.MONITORING_ANSWERED,
        patient=held,
        by=by,
        subject=row,
        month=row.month.isoformat(),
    )
    return row


@transaction.atomic
def sign(
    *, patient: Patient, month: dt.date, conclusion: str, by: User, shown: str | None = None
) -> MonitoringLock:
    """Lock a month that is over, with the worksheet as it is and a conclusion, under one's name.

    `shown` is the digest of what the page showed. Raises ValidationError before the month is over,
    without a sentence, where it is signed already, or when something came in since.
    """
    held = _hold(patient, by)
    _require_open(held, month)
    if held.clinic.today() <= last_of(month):
        raise ValidationError("A month is signed when it is over.")
    if not is_sentence(conclusion):
        raise ValidationError(
            {"conclusion": "Say what the data came to and what changes, in a sentence."}
        )
    made = sheets.document(reading.of_patient(held, month))
    if shown is not None and shown != sheets.digest(made):
        raise ValidationError(
            "Something came in since your page was loaded. Look at it again, then sign."
        )
    return _locked(held, month, is_locked=True, words=conclusion, sheet=made, by=by)


@transaction.atomic
def open_again(*, patient: Patient, month: dt.date, why: str, by: User) -> MonitoringLock:
    """What was signed is kept. Raises ValidationError without a sentence or a signature."""
    held = _hold(patient, by)
    newest = _newest_lock(held, month)
    if newest is None or not newest.is_locked:
        raise ValidationError("This month is not signed.")
    if not is_sentence(why):
        raise ValidationError({"why": "Say why it is opened again, in a sentence."})
    return _locked(held, month, is_locked=False, words=why, sheet=None, by=by)


def _locked(
    patient: Patient,
    month: dt.date,
    *,
    is_locked: bool,
    words: str,
    sheet: sheets.Document | None,
    by: User,
) -> MonitoringLock:
    newest = _newest_lock(patient, month)
    row = MonitoringLock(
        patient=patient,
        clinic_id=patient.clinic_id,
        month=month,
        number=newest.number + 1 if newest else 1,
        is_locked=is_locked,
        words=words.strip(),
        sheet=sheet,
        by=by,
    )
    row.full_clean(exclude=["clinic", "patient"])
    row.save(force_insert=True)
    audit.record(
        action=audit.Action.MONITORING_SIGNED if is_locked else audit.Action.MONITORING_OPENED,
        patient=patient,
        by=by,
        subject=row,
        month=month.isoformat(),
    )
    return row
