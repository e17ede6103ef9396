"""Where a patient stands in the active plan: phase, gate with evidence, what the rules suggest."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from accounts.compiled import compiled
from patients.models import Episode, Patient
from programs.course.course import Course
from programs.models import CheckIn, ExerciseLog, Pause, Plan, PlanPhase, Prescription, Session
from programs.progress import answered, evidence, next_step


@dataclass(frozen=True)
class Standing:
    """Of the active plan of an episode; `ahead` is a version that begins later."""

    course: Course
    phase: PlanPhase
    since: dt.date
    pause: Pause | None
    ticks: list[evidence.Tick]
    suggestion: next_step.Suggestion
    ahead: Course | None

    @property
    def plan(self) -> Plan:
        return self.course.plan

    @property
    def pauses_ahead(self) -> list[Pause]:
        today = self.plan.clinic.today()
        return sorted(
            (one for one in self.course.pauses if one.first > today), key=lambda one: one.first
        )

    @property
    def phases(self) -> list[tuple[PlanPhase, list[Prescription]]]:
        return [(phase, self.course.in_phase(phase)) for phase in self.course.phases]

    @property
    def current_rows(self) -> list[Prescription]:
        return self.course.in_phase(self.phase)

    def _beside(self, offset: int) -> PlanPhase | None:
        place = next(
            index for index, one in enumerate(self.course.phases) if one.pk == self.phase.pk
        )
        if not 0 <= place + offset < len(self.course.phases):
            return None
        return self.course.phases[place + offset]

    @property
    def next(self) -> PlanPhase | None:
        return self._beside(1)

    @property
    def previous(self) -> PlanPhase | None:
        return self._beside(-1)


def sessions_of(episode: Episode) -> "list[evidence.LoggedSession]":
    """Oldest first, `with_done()`, each with its `held` answers: one query."""
    return list(_sessions(episode.pk))


@compiled
def _sessions(episode: UUID) -> "QuerySet[evidence.LoggedSession]":
    held = ExerciseLog.objects.filter(session=OuterRef("pk"), held__isnull=False).values(
        said=JSONObject(prescription="prescription_id", held="held")
    )
    found = Session.objects.current().filter(plan__episode=episode).with_done()
    logged: QuerySet[evidence.LoggedSession] = found.annotate(held=ArraySubquery(held))
    return logged.order_by("done_at")


def load(patient: Patient, plans: list[Plan]) -> Standing | None:
    """`plans` are the patient's, with episode and clinic; None without an active one."""
    active = next((plan for plan in plans if plan.is_active), None)
    if active is None:
        return None
    episode, today = active.episode, patient.clinic.today()
    of_episode = [
        plan for plan in plans if plan.episode_id == episode.pk and plan.effective_at is not None
    ]
    courses = Course.load(of_episode)
    newest = courses[-1]
    # A version for a later date is active already, and the one before it still holds.
    current = next((one for one in reversed(courses) if one.holds_on(today)), newest)
    phase = current.phase_on(today)
    log = evidence.Log(
        course=current,
        phase=phase,
        since=evidence.phase_since(courses, current, today),
        today=today,
        sessions=sessions_of(episode),
        check_ins=_check_ins(episode, phase),
        history=courses,
    )
    found = evidence.ticks(log)
    return Standing(
        course=current,
        phase=phase,
        since=log.since,
        pause=current.pause_on(today),
        ticks=found,
        suggestion=next_step.suggest(log, found),
        ahead=newest if newest is not current else None,
    )


def _check_ins(episode: Episode, phase: PlanPhase) -> list[CheckIn]:
    if not evidence.needs_check_ins(phase):
        return []
    return answered.of_episode(episode)
