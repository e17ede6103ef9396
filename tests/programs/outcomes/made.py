"""Many courses of care that have ended, written straight into the database: each with one plan of
one exercise, due every day for its weeks.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from patients.models import Episode, Patient
from programs.models import (
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
from programs.models.plan import PhaseMove, PlanStatus
from programs.models.session import Done
from tests.conftest import FINDINGS

FROZEN = ["status", "activated_by", "activated_at", "effective_at", "closed_by", "closed_at"]
SECRET = {"summary": "Secret summary", "precautions": "Secret precautions"}
PAIN = {"now": 0, "average": 0, "worst": 0}


@dataclass
class Story:
    """One course of care, closed on the day `closed`; `answers` are by days after its first one."""

    closed: dt.date
    program: Program | None = None
    second: Program | None = None
    weeks: int = 4
    done: int = 14  # of 28 sessions that are due in four weeks, from the first day on
    outcome: str = "goals_met"
    answers: dict[int, dict[str, Any]] = field(default_factory=dict)
    patient: Patient | None = None
    name: str = "Numerata"
    born: dt.date = dt.date(1956, 3, 14)
    sex: str = "female"
    findings: dict[str, Any] = field(default_factory=dict)


def pains(first: int, last: int, days: int = 21) -> dict[int, dict[str, Any]]:
    """Pain (M1), the same in all three of its lines, on the first day and later."""
    return {day: {"M1": dict.fromkeys(PAIN, value)} for day, value in ((0, first), (days, last))}


def make(by: User, stories: list[Story], versions: dict[str, int] | None = None) -> list[Episode]:
    """In as many queries as there are tables."""
    clinic = by.clinic
    versions = {"M1": 1, "M2": 1} | (versions or {})
    frozen: list[tuple[Plan, dict[str, Any]]] = []
    exercise = Exercise.objects.filter(clinic=None)[0]
    rows: dict[type, list[Any]] = {
        model: [] for model in (Patient, Episode, Plan, PlanPhase, PhaseStart, Prescription,
                                Session, ExerciseLog, CheckIn)
    }  # fmt: skip

    def at(day: dt.date, hour: int) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(hour), clinic.zone)

    for number, story in enumerate(stories):
        patient = story.patient
        if patient is None:
            patient = Patient(
                clinic=clinic, first_name=story.name, last_name=f"Secretfield{number}",
                birth_date=story.born, sex=story.sex, created_by=by,
                email=f"secret{number}-{len(rows[Patient])}@patients.test",
            )  # fmt: skip
            rows[Patient].append(patient)
        of = {"clinic": clinic, "patient": patient}
        first = story.closed - dt.timedelta(weeks=story.weeks)
        episode = Episode(
            **of, **(FINDINGS | story.findings | SECRET), outcome=story.outcome, opened_by=by,
            closed_at=at(story.closed, 12), closed_by=by,
        )  # fmt: skip
        episode.opened_at = at(first, 8)
        plan = Plan(
            **of, episode=episode, version=1, title="Secret title", status=PlanStatus.ENDED,
            program=story.program, second_program=story.second, starts_on=first, created_by=by,
            activated_by=by, activated_at=at(first, 9), effective_at=at(first, 9), closed_by=by,
            closed_at=at(story.closed, 11),
        )  # fmt: skip
        phase = PlanPhase(**of, plan=plan, number=1, title="One", weeks_text="weeks")
        row = Prescription(
            **of, plan=plan, phase=phase, exercise=exercise, order=1, sets=1, reps=1,
            times_per_day=1, days_per_week=7, snapshot={},
        )  # fmt: skip
        start = PhaseStart(
            **of, plan=plan, phase=phase, on=first, move=PhaseMove.START, at=at(first, 9), by=by
        )
        for offset in range(story.done):
            day = first + dt.timedelta(days=offset)
            session = Session(
                **of, plan=plan, phase=phase, done_at=at(day, 10), done_on=day, entered_by=by
            )
            rows[Session].append(session)
            rows[ExerciseLog].append(
                ExerciseLog(**of, session=session, prescription=row, done=Done.ALL)
            )
        for offset, answers in story.answers.items():
            day = first + dt.timedelta(days=offset)
            check_in = CheckIn(
                **of, plan=plan, answered_at=at(day, 10), answered_on=day, answers=answers,
                versions={code: versions[code] for code in answers}, note="Secret note",
            )  # fmt: skip
            rows[CheckIn].append(check_in)
        frozen.append((plan, dict.fromkeys(FROZEN)))
        for name in FROZEN:
            frozen[-1][1][name] = getattr(plan, name)
            setattr(plan, name, Plan._meta.get_field(name).get_default())
        for model, one in ((Episode, episode), (Plan, plan), (PlanPhase, phase),
                           (Prescription, row), (PhaseStart, start)):  # fmt: skip
            rows[model].append(one)
    later = {model: rows.pop(model) for model in (Session, ExerciseLog, CheckIn)}
    opened = {episode.pk: episode.opened_at for episode in rows[Episode]}
    for model, many in rows.items():
        model.objects.bulk_create(many, batch_size=2000)
    # A plan is filled while it is a draft; then the database lets nobody change it.
    for plan, fields in frozen:
        for name, value in fields.items():
            setattr(plan, name, value)
    Plan.objects.bulk_update([plan for plan, _ in frozen], FROZEN, batch_size=2000)
    for episode in rows[Episode]:
        episode.opened_at = opened[episode.pk]
    for model, many in later.items():
        model.objects.bulk_create(many, batch_size=2000)
    Episode.objects.bulk_update(rows[Episode], ["opened_at"], batch_size=2000)
    return rows[Episode]
