"""What is on record about remote monitoring, read for worksheets: of one patient, of a clinic."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q

from accounts.models import Clinic, User
from patients.models import Patient
from programs.models import (
    LiveTalk,
    MonitoringAnswers,
    MonitoringCare,
    MonitoringEntry,
    MonitoringLock,
)
from programs.models.monitoring import Body, Channel
from programs.monitoring import facts as pure
from programs.monitoring import soon
from programs.monitoring.calendar import last_of
from programs.monitoring.days import Counting, DataDays, data_days
from programs.monitoring.lines import State
from programs.monitoring.rules import RULES
from programs.monitoring.worksheet import Worksheet, worksheet
from programs.progress import monitoring_log

WorkRow = MonitoringEntry | LiveTalk
Newest = TypeVar("Newest", MonitoringAnswers, MonitoringLock)
Row = TypeVar("Row", MonitoringCare, MonitoringAnswers, MonitoringLock)


@dataclass(frozen=True)
class Month:
    """One patient's month: the rows, what they come to, and whether it was signed."""

    patient: Patient
    month: dt.date
    cares: list[MonitoringCare]
    work: list[WorkRow]
    answers: MonitoringAnswers | None
    lock: MonitoringLock | None
    facts: pure.Facts
    sheet: Worksheet
    warnings: list[str]

    @property
    def is_locked(self) -> bool:
        return self.lock is not None and self.lock.is_locked

    @property
    def signed(self) -> dict[str, Any] | None:
        """The worksheet as it was signed, while it is (`monitoring_sheet.document`)."""
        if self.lock is None or not self.lock.is_locked or self.lock.sheet is None:
            return None
        return dict(self.lock.sheet)

    @property
    def is_monitored(self) -> bool:
        """Whether there is something to say: monitoring on a day of it, or 30 days that end in it,
        or a signature.

        Without a consent it has begun to be prepared.
        """
        if self.is_locked:
            return True
        of_month = (
            care for care in self.facts.cares if care.is_of(self.month, last_of(self.month))
        )
        return bool(self.sheet.intervals) or any(of_month)

    @property
    def met_words(self) -> str:
        """'98977, 98980 so far, 98981 (2 times)'; of a signed month what was signed."""
        met = [(line.code, line.times, line.state) for line in self.sheet.met]
        if self.signed is not None:
            lines = self.signed["lines"]
            met = [(one["code"], one["times"], State[one["state"].upper()]) for one in lines]
        return ", ".join(
            f"{code}{f' ({times} times)' if times > 1 else ''}"
            f"{' so far' if state is State.SO_FAR else ''}"
            for code, times, state in met
            if state.is_met
        )

    @property
    def why_not_ready(self) -> list[str]:
        """What stands between this month and a signature; empty when it is ready."""
        if self.sheet.is_ready:
            return []
        lacks = dict.fromkeys(lack for line in self.sheet.met for lack in line.lacks)
        return [
            *([] if self.sheet.is_over else ["The month is not over."]),
            *([] if self.sheet.met else ["No code meets its count."]),
            *([f"It lacks {'; '.join(lacks)}."] if lacks else []),
        ]


def has_rules(month: dt.date) -> bool:
    """Whether a worksheet can be made of it."""
    return month >= RULES[0].since


def of_patient(patient: Patient, month: dt.date) -> Month:
    """Raises ValueError for a month before there are rules."""
    return _months([patient], patient.clinic, month)[0]


def of_clinic(user: User, month: dt.date) -> list[Month]:
    """Of the patients whom `user` sees and who are monitored in that month, by name. A query for
    each kind of row, whatever the number of patients.
    """
    clinic = user.clinic
    if clinic is None or not clinic.monitoring:
        return []
    begun = MonitoringCare.objects.filter(clinic=clinic).filter(
        Q(consent_on=None) | Q(consent_on__lte=last_of(month))
    )
    seen = Patient.objects.visible_to(user).filter(pk__in=begun.values("patient"))
    patients = list(seen.select_related("user"))
    for patient in patients:
        patient.clinic = clinic  # loaded with the user
    months = _months(patients, clinic, month)
    return [one for one in months if one.is_monitored]


def _months(patients: Sequence[Patient], clinic: Clinic, month: dt.date) -> list[Month]:
    keys = [patient.pk for patient in patients]
    cares = _by_patient(
        MonitoringCare.objects.filter(patient__in=keys).select_related("episode", "made_by")
    )
    work = _work(keys, month)
    answers = _by_patient(
        MonitoringAnswers.objects.filter(patient__in=keys, month=month).select_related(
            "answered_by"
        )
    )
    locks = _by_patient(
        MonitoringLock.objects.filter(patient__in=keys, month=month).select_related("by")
    )
    days = _days(patients, cares, clinic)
    return [
        _month(
            patient,
            month,
            cares[patient.pk],
            work[patient.pk],
            _newest(answers[patient.pk]),
            _newest(locks[patient.pk]),
            days[patient.pk],
        )
        for patient in patients
    ]


def _month(
    patient: Patient,
    month: dt.date,
    cares: list[MonitoringCare],
    work: list[WorkRow],
    answers: MonitoringAnswers | None,
    lock: MonitoringLock | None,
    days: DataDays,
) -> Month:
    clinic = patient.clinic
    facts = pure.Facts(
        cares=tuple(care_of(row, clinic) for row in cares),
        days=days,
        work=tuple(map(work_of, work)),
        answers=_answers(answers) if answers else None,
        in_person_counts=clinic.monitoring_in_person,
    )
    today = clinic.today()
    sheet = worksheet(facts, month, today=today)
    return Month(
        patient=patient,
        month=month,
        cares=cares,
        work=work,
        answers=answers,
        lock=lock,
        facts=facts,
        sheet=sheet,
        warnings=soon.warnings(facts, sheet, today=today),
    )


def _work(keys: Sequence[UUID], month: dt.date) -> defaultdict[UUID, list[WorkRow]]:
    """What counts of the month, without what was put right, in its order."""
    of_month = (month, last_of(month))
    people = ("by", "entered_by", "replaces")
    entries = MonitoringEntry.objects.current().filter(patient__in=keys, done_on__range=of_month)
    talks = LiveTalk.objects.current().filter(patient__in=keys, done_on__range=of_month)
    rows: list[WorkRow] = [*entries.select_related(*people), *talks.select_related(*people)]
    found: defaultdict[UUID, list[WorkRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.done_on, row.entered_at)):
        found[row.patient_id].append(row)
    return found


def _days(
    patients: Sequence[Patient], cares: Mapping[UUID, list[MonitoringCare]], clinic: Clinic
) -> dict[UUID, DataDays]:
    """From each patient's first consent on."""
    since = {
        key: min(consents)
        for key, rows in cares.items()
        if (consents := [row.consent_on for row in rows if row.consent_on is not None])
    }
    counting = Counting(clinic.monitoring_days)
    log = monitoring_log.load(patients, clinic, since, counting)
    return {
        patient.pk: data_days(
            log.sent[patient.pk],
            counting,
            first_login=log.first_logins.get(patient.pk),
            until=clinic.today(),
        )
        for patient in patients
    }


def _newest(rows: list[Newest]) -> Newest | None:
    return rows[-1] if rows else None


def _by_patient(rows: Iterable[Row]) -> defaultdict[UUID, list[Row]]:
    found: defaultdict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.patient_id].append(row)
    return found


def care_of(row: MonitoringCare, clinic: Clinic) -> pure.Care:
    closed = row.episode.closed_at
    return pure.Care(
        episode=str(row.episode_id),
        made_on=clinic.local_date(row.made_at),
        consent_on=row.consent_on,
        withdrawn_on=row.withdrawn_on,
        closed_on=clinic.local_date(closed) if closed else None,
        starts_on=row.starts_on,
        set_up_on=row.set_up_on,
        is_musculoskeletal=None if not row.body else row.body == Body.MUSCULOSKELETAL,
        impairment=row.impairment,
        reason=row.reason,
        certified_on=row.certified_on,
        certified_until=row.certified_until,
    )


def work_of(row: WorkRow) -> pure.Work:
    return pure.Work(
        on=row.done_on,
        minutes=row.minutes,
        assistant_minutes=row.assistant_minutes,
        is_talk=isinstance(row, LiveTalk),
        in_person=isinstance(row, LiveTalk) and row.channel == Channel.IN_PERSON,
    )


def _answers(row: MonitoringAnswers) -> pure.Answers:
    return pure.Answers(
        other_practitioner=row.other_practitioner,
        physiologic=row.physiologic,
        global_period=row.global_period,
        home_health=row.home_health,
    )
