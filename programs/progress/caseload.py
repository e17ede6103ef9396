"""A therapist's list of patients: whom it holds, by which filters, in which order.

Finding and ordering is left to the database, and only the patients of one page are looked at
closely (`case_rows`): what a page costs hardly grows with the clinic.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
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

from accounts.compiled import compiled
from accounts.models import Clinic, User
from accounts.permissions import Permission, Role
from patients.models import CareTeamMember, Episode, Message, Patient, RedFlagScreen, with_unread
from patients.models.episode import FallRisk, Irritability, Sensation
from programs.models import PhaseStart, Plan, Program, Restriction, Session
from programs.progress import case_rows
from programs.progress.case_rows import Row
from programs.progress.fortnight import first_day
from programs.progress.pressing import Pressing
from programs.progress.readers import reader_of, seen_by

NAMES = ("last_name", "first_name")


class Show(StrEnum):
    """The tabs over the list."""

    ALL = "all"
    NEEDS = "needs"
    SILENT = "silent"

    @property
    def words(self) -> str:
        return _TABS[self]


_TABS = {Show.ALL: "All", Show.NEEDS: "Needs me", Show.SILENT: "Silent"}


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


class Caseload:
    """Whom `user` may see, as they are wanted: counted, and read by the page. Nobody for those
    without a clinic.

    `is_near_miss`: nobody is called what was typed, and these are called nearly so.
    """

    def __init__(self, user: User, wanted: Wanted) -> None:
        self.user, self.wanted, self.is_near_miss = user, wanted, False
        self.numbers = dict.fromkeys(Show, 0)
        if user.clinic is None:
            return
        # Only who treats reads messages.
        self._pressing = Pressing(user.clinic, timezone.now(), user.may(Permission.TREAT))
        among = _filtered(Patient.objects.visible_to(user), wanted, self._pressing)
        self._find(among.named(wanted.typed))
        if wanted.typed and not self.numbers[Show.ALL]:
            self._find(among.nearly_named(wanted.typed))
            self.is_near_miss = bool(self.numbers[Show.ALL])

    def _find(self, found: QuerySet[Any]) -> None:
        self._found = found
        tabs = [self._of_tab(show) for show in Show]
        counted = [Count("pk", filter=of_tab) for of_tab in tabs]
        numbers = found.order_by().aggregate(**dict(zip(Show, counted, strict=True)))
        self.numbers = {show: numbers[show] for show in Show}

    def _of_tab(self, show: Show) -> Q:
        match show:
            case Show.ALL:
                return Q()
            case Show.NEEDS:
                return self._pressing.needs()
            case Show.SILENT:
                return self._pressing.silent()

    def __len__(self) -> int:
        return self.numbers[self.wanted.show]

    def keys(self, of: slice) -> list[UUID]:
        """Of those who stand there in the tab that is wanted."""
        if not len(self):
            return []
        found = self._found.filter(self._of_tab(self.wanted.show))
        return list(_ordered(found, self.wanted, self._pressing)[of].values_list("pk", flat=True))

    def __getitem__(self, of: slice) -> list[Row]:
        """The rows of one page; for Django's paginator."""
        if not (keys := self.keys(of)):
            return []
        assert self.user.clinic is not None
        known = {patient.pk: patient for patient in _patients(keys, *reader_of(self.user)[:2])}
        # One who was erased meanwhile is not on the page.
        page = [known[key] for key in keys if key in known]
        asking = set(_asking(keys)) if self._pressing.reads_messages else set()
        return case_rows.load(page, self.user.clinic, asking)


@compiled
def _patients(keys: list[UUID], reader: int | None, role: Role) -> QuerySet[Any]:
    patients = Patient.objects.filter(pk__any_of=keys).order_by()
    return with_unread(case_rows.with_last_session(patients), User(pk=reader, role=role))


@compiled
def _asking(keys: list[UUID]) -> QuerySet[Message, Any]:
    waiting = Message.objects.filter(patient__any_of=keys).to_be_answered()
    found: QuerySet[Message, Any] = waiting.values_list("patient_id", flat=True)
    return found


def caseload(user: User, wanted: Wanted | None = None) -> Caseload:
    return Caseload(user, wanted or Wanted())


def _filtered(patients: Any, wanted: Wanted, pressing: Pressing) -> Any:
    clinic = pressing.clinic
    patients = _in_care(patients, wanted, pressing)
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


def _in_care(patients: Any, wanted: Wanted, pressing: Pressing) -> Any:
    episodes = Episode.objects.filter(patient=OuterRef("pk"))
    is_open = Exists(episodes.filter(closed_at=None))
    if wanted.care is Care.DISCHARGED:
        return patients.filter(Exists(episodes), ~is_open)
    if wanted.care is Care.EVERYBODY or (wanted.care is None and wanted.typed):
        return patients
    in_care = Q(is_open) | Q(~Exists(episodes))
    return patients.filter(in_care | pressing.waits() if wanted.care is None else in_care)


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


def _ordered(rows: Any, wanted: Wanted, pressing: Pressing) -> QuerySet[Any]:
    """By need: who needs somebody, the most urgent first, then the others as they were found.
    By a column: those without a value last in both directions; then by name.
    """
    if wanted.sort is Sort.NEED:
        as_found = rows.query.order_by or NAMES
        rows = rows.annotate(urgency=pressing.urgency())
        return rows.order_by(F("urgency").asc(nulls_last=True), *as_found, "pk")
    key = _KEYS[wanted.sort](pressing.clinic)
    if key is None:
        names = (*NAMES, "pk")
        return rows.order_by(*(f"-{name}" for name in names) if wanted.descending else names)
    if wanted.sort is Sort.LAST:
        rows = case_rows.with_last_session(rows)
    order = F("sorted_by")
    by = order.desc(nulls_last=True) if wanted.descending else order.asc(nulls_last=True)
    return rows.annotate(sorted_by=key).order_by(by, *NAMES, "pk")


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
    reader = reader_of(user)
    return Choices(list(_therapists(*reader)), list(_programs(*reader, timezone.now())))


@compiled
def _therapists(reader: int | None, role: Role, clinic: UUID | None) -> QuerySet[User]:
    seen = seen_by(reader, role, clinic)
    team = CareTeamMember.objects.filter(patient__in=seen, ended_at=None)
    return User.objects.filter(pk__in=team.values("therapist")).order_by("last_name")


@compiled
def _programs(
    reader: int | None, role: Role, clinic: UUID | None, now: dt.datetime
) -> QuerySet[Program]:
    plans = Plan.objects.as_of(now).filter(patient__in=seen_by(reader, role, clinic))
    used = Q(pk__in=plans.values("program")) | Q(pk__in=plans.values("second_program"))
    return Program.objects.filter(used).order_by("title")
