"""Courses of care that have ended, many at once: what a clinic's numbers are made of.

By the site's actions each takes a second; so they are written into the tables, in as many queries
as there are of those. Each has one plan of one exercise, due every day of its weeks; what is not
counted is left out, such as the audit trail and the steps of an alert. The tests of numbers make
theirs with it, too.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Model

from accounts.models import Clinic, User
from patients.models import CareTeamMember, Episode, Patient
from programs.alerts.rules import RULES
from programs.models import (
    Alert,
    CheckIn,
    Exercise,
    ExerciseLog,
    PhaseStart,
    Plan,
    PlanPhase,
    Prescription,
    Program,
    Session,
)
from programs.models.alert import Code, Ending
from programs.models.plan import PhaseMove, PlanStatus
from programs.models.session import Done
from programs.models.snapshot import ExerciseSnapshot

# Written last: the database lets nobody fill a plan that is active, or has been.
_FROZEN = ["status", "activated_by", "activated_at", "effective_at", "closed_by", "closed_at"]
_FIELDS = {field.name: field for field in Plan._meta.concrete_fields}
_BATCH = 2000
Row = TypeVar("Row", bound=Model)


@dataclass
class Story:
    """One course of care, closed on the day `closed`. `answers` (by measure) and `alerts` are by
    days after its first one; an alert of the clock is closed so many hours later.
    """

    closed: dt.date
    program: Program | None = None
    second: Program | None = None
    weeks: int = 4
    done: int = 14  # sessions, one a day from the first day on
    outcome: str = "goals_met"
    answers: dict[int, dict[str, Any]] = field(default_factory=dict)
    alerts: dict[int, tuple[Code, int]] = field(default_factory=dict)
    patient: Patient | None = None  # else a new one, of what follows
    first_name: str = ""
    last_name: str = ""
    born: dt.date = dt.date(1956, 3, 14)
    sex: str = "female"
    email: str = ""
    findings: dict[str, Any] = field(default_factory=dict)
    title: str = ""
    note: str = ""


def make(by: User, stories: list[Story], versions: dict[str, int]) -> list[Episode]:
    """Of `by` and in their clinic, in as many queries as there are tables. `versions` of the
    measures that are answered.
    """
    assert by.clinic is not None
    made = _Rows(by, by.clinic, versions)
    for story in stories:
        made.add(story)
    made.store()
    return made.of(Episode)


class _Rows:
    def __init__(self, by: User, clinic: Clinic, versions: dict[str, int]) -> None:
        self.by, self.clinic, self.versions = by, clinic, versions
        self.exercise = Exercise.objects.filter(clinic=None)[0]
        self.snapshot = ExerciseSnapshot.of(self.exercise, {}).to_json()
        self._rows: dict[type[Model], list[Any]] = {}

    def of(self, model: type[Row]) -> list[Row]:
        return self._rows.setdefault(model, [])

    def _kept(self, row: Row) -> Row:
        self.of(type(row)).append(row)
        return row

    def _at(self, day: dt.date, hour: int) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(hour), self.clinic.zone)

    def add(self, story: Story) -> None:
        first = story.closed - dt.timedelta(weeks=story.weeks)
        patient = story.patient or self._kept(self._patient(story))
        if story.patient is None:
            self._kept(
                CareTeamMember(
                    clinic=self.clinic, patient=patient, therapist=self.by, added_by=self.by
                )
            )
        of = {"clinic": self.clinic, "patient": patient}
        episode = self._kept(
            Episode(
                **of,
                **story.findings,
                outcome=story.outcome,
                opened_by=self.by,
                closed_at=self._at(story.closed, 12),
                closed_by=self.by,
            )
        )
        episode.opened_at = self._at(first, 8)
        plan = self._kept(
            Plan(
                **of,
                episode=episode,
                version=1,
                title=story.title,
                status=PlanStatus.ENDED,
                program=story.program,
                second_program=story.second,
                starts_on=first,
                created_by=self.by,
                activated_by=self.by,
                activated_at=self._at(first, 9),
                effective_at=self._at(first, 9),
                closed_by=self.by,
                closed_at=self._at(story.closed, 11),
            )
        )
        self._sessions(story, of, plan, first)
        self._answers(story, of, plan, first)
        self._alerts(story, of, plan, first)

    def _patient(self, story: Story) -> Patient:
        return Patient(
            clinic=self.clinic,
            first_name=story.first_name,
            last_name=story.last_name,
            birth_date=story.born,
            sex=story.sex,
            email=story.email,
            created_by=self.by,
        )

    def _sessions(self, story: Story, of: dict[str, Any], plan: Plan, first: dt.date) -> None:
        phase = self._kept(PlanPhase(**of, plan=plan, number=1, title="One", weeks_text="weeks"))
        row = self._kept(
            Prescription(
                **of,
                plan=plan,
                phase=phase,
                exercise=self.exercise,
                order=1,
                sets=1,
                reps=1,
                times_per_day=1,
                days_per_week=7,
                snapshot=self.snapshot,
            )
        )
        self._kept(
            PhaseStart(
                **of,
                plan=plan,
                phase=phase,
                on=first,
                move=PhaseMove.START,
                at=self._at(first, 9),
                by=self.by,
            )
        )
        for offset in range(story.done):
            day = first + dt.timedelta(days=offset)
            session = self._kept(
                Session(
                    **of,
                    plan=plan,
                    phase=phase,
                    done_at=self._at(day, 10),
                    done_on=day,
                    entered_by=self.by,
                )
            )
            self._kept(ExerciseLog(**of, session=session, prescription=row, done=Done.ALL))

    def _answers(self, story: Story, of: dict[str, Any], plan: Plan, first: dt.date) -> None:
        for offset, answers in story.answers.items():
            day = first + dt.timedelta(days=offset)
            self._kept(
                CheckIn(
                    **of,
                    plan=plan,
                    answered_at=self._at(day, 10),
                    answered_on=day,
                    answers=answers,
                    versions={code: self.versions[code] for code in answers},
                    note=story.note,
                )
            )

    def _alerts(self, story: Story, of: dict[str, Any], plan: Plan, first: dt.date) -> None:
        for offset, (rule, hours) in story.alerts.items():
            raised = self._at(first + dt.timedelta(days=offset), 10)
            closed = raised + dt.timedelta(hours=hours)
            self._kept(
                Alert(
                    **of,
                    plan=plan,
                    rule=rule,
                    severity=RULES[rule].severity,
                    message=rule.label,
                    raised_at=raised,
                    due_at=closed,
                    seen_at=closed,
                    acknowledged_at=closed,
                    acknowledged_by=self.by,
                    ending=Ending.DONE,
                    response="Called: settled. Smaller movements from tomorrow.",
                )
            )

    def store(self) -> None:
        plans = self.of(Plan)
        opened = {episode.pk: episode.opened_at for episode in self.of(Episode)}
        frozen = [{name: getattr(plan, name) for name in _FROZEN} for plan in plans]
        for plan in plans:
            for name in _FROZEN:
                setattr(plan, name, _FIELDS[name].get_default())
        self._create(Patient, CareTeamMember, Episode, Plan, PlanPhase, PhaseStart, Prescription)
        for plan, fields in zip(plans, frozen, strict=True):
            for name, value in fields.items():
                setattr(plan, name, value)
        Plan.objects.bulk_update(plans, _FROZEN, batch_size=_BATCH)
        self._create(Session, ExerciseLog, CheckIn, Alert)
        for episode in self.of(Episode):
            episode.opened_at = opened[episode.pk]
        Episode.objects.bulk_update(self.of(Episode), ["opened_at"], batch_size=_BATCH)

    def _create(self, *models: type[Any]) -> None:
        for model in models:
            model.objects.bulk_create(self.of(model), batch_size=_BATCH)
