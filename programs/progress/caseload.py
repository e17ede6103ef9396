"""A therapist's list of patients: whom it holds, by which filters, in which order.

Finding and ordering is left to the database, and only the patients of one page are looked at
closely (`case_rows`): what a page costs hardly grows with the clinic.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from accounts.models import Clinic, User
from accounts.permissions import Permission
from patients.models import CareTeamMember, Episode, Message, Patient, RedFlagScreen, with_unread
from patients.models.episode import FallRisk, Irritability, Sensation
from programs.models import Alert, Pause, PhaseStart, Plan, Program, Restriction, Session
from programs.models.alert import Code, Severity
from programs.progress import case_rows
from programs.progress.case_rows import Row
from programs.progress.fortnight import first_day
from programs.progress.inbox import ANSWER_IN, Urgency, urgency

SILENCE_RULES = (Code.A15, Code.A16)  # no log, and with it too few


class Show(StrEnum):
    """The tabs over the list."""

    ALL = "all"
    NEEDS = "needs"
    SILENT = "silent"


class Care(StrEnum):
    IN_CARE = "now"
    DISCHARGED = "discharged"
    EVERYBODY = "everybody"


class Finding(StrEnum):
    """What one may look for among open episodes; the value stands in addresses."""

    FLAG = "flag"
    HELD = "held"
    LOST = "lost"
    FALLS = "falls"
    IRRITABLE = "irritable"
    NO_PLAN = "no-plan"
    NO_LOGIN = "no-login"

    @property
    def words(self) -> str:
        return _FINDINGS[self]


_FINDINGS = {
    Finding.FLAG: "Red flag open",
    Finding.HELD: "Something held back",
    Finding.LOST: "Protective feeling lost",
    Finding.FALLS: "Fall risk high",
    Finding.IRRITABLE: "Irritability high",
    Finding.NO_PLAN: "No plan",
    Finding.NO_LOGIN: "No login",
}


class Sort(StrEnum):
    """By which column; the value stands in addresses."""

    NEED = "need"
    NAME = "name"
    EPISODE = "episode"
    PROGRAM = "program"
    LOGGED = "logged"
    PAIN = "pain"
    LAST = "last"
    THERAPIST = "therapist"


@dataclass(frozen=True)
class Wanted:
    """Filters that combine, and the order.

    `care` not chosen: who is in care or has something that waits; everybody where a person is
    looked for by name, number or the like.
    """

    typed: str = ""
    show: Show = Show.ALL
    care: Care | None = None
    therapist: UUID | None = None
    program: UUID | None = None
    phase: int | None = None
    finding: Finding | None = None
    sort: Sort = Sort.NEED
    descending: bool = False


# Of each thing that waits: whose it is, how urgent, the alert's rule.
Pressing = list[tuple[UUID, Urgency, str]]


@dataclass(frozen=True)
class Caseload:
    """Those found. `pressing` need somebody, the most urgent first; `silent` have an open alert
    that no log came in; `asking` wait for an answer to what they wrote.
    """

    user: User
    wanted: Wanted
    found: QuerySet[Any]
    pressing: list[UUID]
    needs: list[UUID]
    silent: list[UUID]
    asking: frozenset[UUID]
    is_near_miss: bool = False  # nobody is called that; these are called nearly so

    def __len__(self) -> int:
        return {Show.ALL: self.count, Show.NEEDS: len(self.needs), Show.SILENT: len(self.silent)}[
            self.wanted.show
        ]

    @cached_property
    def count(self) -> int:
        return self.found.count()

    def __getitem__(self, wanted: slice) -> list[Row]:
        """The rows of one page; for Django's paginator."""
        assert self.user.clinic is not None
        patients = self.patients(wanted.start or 0, wanted.stop)
        return case_rows.load(patients, self.user.clinic, self.asking)

    def patients(self, begin: int, end: int) -> list[Any]:
        """From `begin` until before `end` in the order that is wanted."""
        rows = with_unread(case_rows.with_last_session(self.found), self.user)
        if self.wanted.show is not Show.ALL:
            rows = rows.filter(pk__in=self.needs if self.wanted.show is Show.NEEDS else self.silent)
        if self.wanted.sort is Sort.NEED:
            return self._by_need(rows, begin, end)
        return list(_ordered(rows, self.wanted, self.user)[begin:end])

    def _by_need(self, rows: QuerySet[Any], begin: int, end: int) -> list[Any]:
        """First those who need somebody, then the others by name."""
        shown = {
            Show.ALL: self.pressing,
            Show.NEEDS: self.needs,
            Show.SILENT: self.silent,
        }[self.wanted.show]
        first = shown[begin:end]
        known = {patient.pk: patient for patient in rows.filter(pk__in=first)} if first else {}
        page = [known[pk] for pk in first if pk in known]
        left = end - begin - len(first)
        if left > 0 and self.wanted.show is Show.ALL:
            offset = max(begin - len(shown), 0)
            page += rows.exclude(pk__in=shown)[offset : offset + left]
        return page


def caseload(user: User, wanted: Wanted | None = None) -> Caseload:
    """Whom `user` may see, as they are wanted; nobody for those without a clinic."""
    wanted = wanted or Wanted()
    if user.clinic is None:
        return Caseload(user, wanted, Patient.objects.none(), [], [], [], frozenset())
    among = _filtered(Patient.objects.visible_to(user), wanted, user)
    found, near = among.named(wanted.typed), False
    if wanted.typed and not found.exists():
        found = among.nearly_named(wanted.typed)
        near = True
    alerts, letters = _alerts(found), _letters(found, user)
    ranks: dict[UUID, Urgency] = {}
    for patient, rank, _ in [*alerts, *letters]:
        ranks[patient] = min(ranks.get(patient, rank), rank)
    pressing = sorted(ranks, key=ranks.__getitem__)
    more = {patient for patient, _, rule in [*alerts, *letters] if rule not in SILENCE_RULES}
    quiet = _quiet(found, user.clinic)
    return Caseload(
        user,
        wanted,
        found,
        pressing,
        [pk for pk in pressing if pk in more],
        [pk for pk in pressing if pk in quiet],
        frozenset(patient for patient, *_ in letters),
        is_near_miss=near and found.exists(),
    )


def _alerts(found: QuerySet[Any]) -> Pressing:
    waiting = Alert.objects.filter(patient__in=found.order_by().values("pk")).waiting()
    columns = ("patient_id", "severity", "due_at", "raised_at", "rule")
    return [
        (patient, urgency(Severity(severity), due, raised), rule)
        for patient, severity, due, raised, rule in waiting.values_list(*columns)
    ]


def _quiet(found: QuerySet[Any], clinic: Clinic) -> set[UUID]:
    """Of whom an open alert says that no log came in, nothing was heard of since, and no pause was
    made. The alert is the hourly rule's, which knows what was due (`programs.course.silence`).
    """
    today = clinic.today()
    lately = today - dt.timedelta(days=clinic.silent_days_first_phase)
    heard = Session.objects.current().filter(patient=OuterRef("patient"), done_on__gt=lately)
    paused = Pause.objects.filter(patient=OuterRef("patient"), episode__closed_at=None).filter(
        Q(last=None) | Q(last__gte=today), first__lte=today
    )
    waiting = Alert.objects.filter(patient__in=found.order_by().values("pk"), rule=Code.A15)
    silent = waiting.waiting().filter(~Exists(heard), ~Exists(paused))
    return set(silent.values_list("patient_id", flat=True))


def _letters(found: QuerySet[Any], user: User) -> Pressing:
    """Messages that wait for an answer; only who treats reads them."""
    if not user.may(Permission.TREAT):
        return []
    waiting = Message.objects.filter(patient__in=found.order_by().values("pk")).to_be_answered()
    return [
        (patient, urgency(None, written + ANSWER_IN, written), "")
        for patient, written in waiting.values_list("patient_id", "written_at")
    ]


def _filtered(patients: Any, wanted: Wanted, user: User) -> Any:
    clinic = user.clinic
    assert clinic is not None
    patients = _in_care(patients, wanted, user)
    if wanted.therapist:
        team = CareTeamMember.objects.filter(
            patient=OuterRef("pk"), ended_at=None, therapist__uuid=wanted.therapist
        )
        patients = patients.filter(Exists(team))
    if wanted.program:
        of_program = Q(program__uuid=wanted.program) | Q(second_program__uuid=wanted.program)
        patients = patients.filter(Exists(_in_force().filter(of_program)))
    if wanted.phase:
        patients = patients.annotate(phase_number=_phase("phase__number", clinic)).filter(
            phase_number=wanted.phase
        )
    if wanted.finding:
        patients = patients.filter(_HOLDS[wanted.finding](clinic))
    return patients


def _in_care(patients: Any, wanted: Wanted, user: User) -> Any:
    episodes = Episode.objects.filter(patient=OuterRef("pk"))
    is_open = Exists(episodes.filter(closed_at=None))
    if wanted.care is Care.DISCHARGED:
        return patients.filter(Exists(episodes), ~is_open)
    if wanted.care is Care.EVERYBODY or (wanted.care is None and wanted.typed):
        return patients
    in_care = [Q(is_open), Q(~Exists(episodes))]
    if wanted.care is None:
        in_care.append(Q(Exists(Alert.objects.filter(patient=OuterRef("pk")).waiting())))
        if user.may(Permission.TREAT):
            in_care.append(Q(pk__in=Message.objects.to_be_answered().values("patient_id")))
    return patients.filter(reduce(or_, in_care))


def _in_force() -> QuerySet[Plan]:
    return Plan.objects.as_of(timezone.now()).filter(patient=OuterRef("pk"))


def _phase(name: str, clinic: Clinic) -> Subquery:
    """Of the phase that a patient is in now."""
    starts = PhaseStart.objects.filter(
        plan__in=Plan.objects.as_of(timezone.now()),
        plan__patient=OuterRef("pk"),
        on__lte=clinic.today(),
    )
    return Subquery(starts.order_by("-on", "-at").values(name)[:1])


def _open(**found: Any) -> Callable[[Clinic], Any]:
    """Said of the open episode."""
    return lambda clinic: Exists(
        Episode.objects.filter(patient=OuterRef("pk"), closed_at=None, **found)
    )


def _flag(clinic: Clinic) -> Exists:
    """The newest screen of the open episode names a sign that nobody cleared."""
    newer = RedFlagScreen.objects.filter(
        episode=OuterRef("episode"), screened_at__gt=OuterRef("screened_at")
    )
    screens = RedFlagScreen.objects.filter(
        patient=OuterRef("pk"), episode__closed_at=None, cleared_at=None, present__len__gt=0
    )
    return Exists(screens.filter(~Exists(newer)))


def _held(clinic: Clinic) -> Exists:
    return Exists(Restriction.objects.filter(patient=OuterRef("pk")).in_force(clinic.today()))


_HOLDS: dict[Finding, Callable[[Clinic], Any]] = {
    Finding.FLAG: _flag,
    Finding.HELD: _held,
    Finding.LOST: _open(sensation=Sensation.LOST),
    Finding.FALLS: _open(fall_risk=FallRisk.HIGH),
    Finding.IRRITABLE: _open(irritability=Irritability.HIGH),
    Finding.NO_PLAN: lambda clinic: ~Exists(_in_force()),
    Finding.NO_LOGIN: lambda clinic: Q(user=None),
}


def _ordered(rows: Any, wanted: Wanted, user: User) -> QuerySet[Any]:
    """By one column, those without a value last in both directions; then by name."""
    assert user.clinic is not None
    key = _KEYS[wanted.sort](user.clinic)
    if key is None:
        names = ("last_name", "first_name", "pk")
        return rows.order_by(*(f"-{name}" for name in names) if wanted.descending else names)
    order = F("sorted_by")
    by = order.desc(nulls_last=True) if wanted.descending else order.asc(nulls_last=True)
    return rows.annotate(sorted_by=key).order_by(by, "last_name", "first_name", "pk")


def _of_sessions(clinic: Clinic) -> QuerySet[Any]:
    return Session.objects.current().filter(patient=OuterRef("pk"))


def _logged(clinic: Clinic) -> Any:
    lately = _of_sessions(clinic).filter(done_on__gte=first_day(clinic.today()))
    count = lately.order_by().values("patient").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(count), Value(0), output_field=IntegerField())


def _pain(clinic: Clinic) -> Subquery:
    """The worse of before and after, in the last session that says one."""
    said = _of_sessions(clinic).filter(done_on__gte=first_day(clinic.today()))
    said = said.annotate(worst=Greatest("pain_before", "pain_after")).exclude(worst=None)
    return Subquery(said.order_by("-done_at").values("worst")[:1])


def _therapist(clinic: Clinic) -> Subquery:
    team = CareTeamMember.objects.filter(patient=OuterRef("pk"), ended_at=None)
    return Subquery(team.order_by("added_at").values("therapist__last_name")[:1])


def _cause(clinic: Clinic) -> Subquery:
    return Subquery(
        Episode.objects.filter(patient=OuterRef("pk"), closed_at=None).values("cause")[:1]
    )


_KEYS: dict[Sort, Callable[[Clinic], Any]] = {
    Sort.NEED: lambda clinic: None,
    Sort.NAME: lambda clinic: None,
    Sort.EPISODE: _cause,
    Sort.PROGRAM: lambda clinic: Subquery(_in_force().values("title")[:1]),
    Sort.LOGGED: _logged,
    Sort.PAIN: _pain,
    Sort.LAST: lambda clinic: F("last_session_on"),
    Sort.THERAPIST: _therapist,
}


@dataclass(frozen=True)
class Choices:
    """What the filters offer: only what leads to somebody whom `user` may see."""

    therapists: list[User]
    programs: list[Program]


def choices(user: User) -> Choices:
    seen = Patient.objects.visible_to(user).order_by().values("pk")
    team = CareTeamMember.objects.filter(patient__in=seen, ended_at=None)
    plans = Plan.objects.as_of(timezone.now()).filter(patient__in=seen)
    used = Q(pk__in=plans.values("program")) | Q(pk__in=plans.values("second_program"))
    return Choices(
        list(User.objects.filter(pk__in=team.values("therapist")).order_by("last_name")),
        list(Program.objects.filter(used).order_by("title")),
    )
