"""What was prescribed: a care plan for each version, its goals, an order for each exercise."""

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum

from fhir import codes
from fhir.care import condition_of
from fhir.elements import (
    Element,
    Resource,
    concept,
    day,
    filled,
    moment,
    narrative,
    of_uuid,
    part_of,
    period,
    remark,
    resource,
    to,
)
from fhir.people import People
from patients.models.episode import Outcome
from programs.course.course import Course
from programs.models import PlanPhase, Prescription, ProgramExercise
from programs.models.dosage import DOSAGE_FIELDS, frequency_text
from programs.models.plan import PlanStatus
from programs.timing.schedule import days_of
from programs.timing.week import DAY_NAMES, WEEK

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DOSAGE = "/fhir/StructureDefinition/exercise-dosage"
_GOAL_OF = "http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal"


class Stage(StrEnum):
    """How far a patient has come with a phase of a version."""

    AHEAD = "ahead"
    NOW = "now"
    PASSED = "passed"


class PlanResources:
    """One version, as `Course.load` has it, and the one before it."""

    def __init__(self, people: People, course: Course, before: Course | None, origin: str) -> None:
        self.people, self.course, self.plan = people, course, course.plan
        self.before, self.origin = before, origin
        self.today = people.clinic.today()
        self.begin = moment(self.plan.effective_at or self.plan.created_at, people.zone)
        closed = self.plan.closed_at
        self.end = moment(closed, people.zone) if closed else None
        self.author = people.who(self.plan.activated_by_id)
        self.at = moment(self.plan.activated_at or self.plan.created_at, people.zone)
        self.rows = [row for row in course.prescriptions if row.included]

    def __iter__(self) -> Iterator[Resource]:
        for phase in self.course.phases:
            yield self._goal(phase)
        for row in self.rows:
            yield self._order(row)
        yield self._plan()
        yield self._provenance()

    @property
    def _never_held(self) -> bool:
        """It was to follow, and was ended or replaced before."""
        plan = self.plan
        return bool(plan.closed_at and plan.effective_at and plan.closed_at <= plan.effective_at)

    @property
    def _is_over(self) -> bool:
        is_ended = self.plan.status == PlanStatus.ENDED
        return is_ended or self._never_held or not self.plan.is_on_screen()

    @property
    def _status(self) -> str:
        """A version that another replaced was not carried out to its end."""
        if self._is_over:
            replaced = self.plan.status == PlanStatus.REPLACED
            is_broken_off = replaced or self._never_held or self.plan.outcome == Outcome.STOPPED
            return "revoked" if is_broken_off else "completed"
        if self.plan.is_ahead():
            return "draft"
        return "on-hold" if self.course.pause_on(self.today) else "active"

    def _stage(self, phase: PlanPhase) -> Stage:
        """On the last day that this version held, or today."""
        if phase.pk == self._phase_now.pk:
            return Stage.AHEAD if self.plan.is_ahead() else Stage.NOW
        begun = any(one.phase_id == phase.pk and one.on <= self._last for one in self.course.starts)
        return Stage.PASSED if begun else Stage.AHEAD

    @property
    def _last(self) -> dt.date:
        closed = self.plan.closed_at
        held_until = self.people.clinic.local_date(closed) if closed else self.today
        return min(held_until, self.today)

    @property
    def _phase_now(self) -> PlanPhase:
        return self.course.phase_on(self._last)

    def _goal(self, phase: PlanPhase) -> Resource:
        """Whether it was reached is nobody's to say here: an achievement is left away."""
        starts = [one.on for one in self.course.starts if one.phase_id == phase.pk]
        words = phase.goal or phase.title
        return resource(
            "Goal",
            phase.pk,
            codes.physical_activity("goal"),
            codes.us_core("goal"),
            text=narrative([f"Phase {phase}, {phase.weeks_text}", phase.goal, phase.gate_text]),
            lifecycleStatus=self._goal_status(phase),
            category=[concept("", codes.ACTIVITY)],
            description=concept(words),
            subject=self.people.itself,
            startDate=day(min(starts, default=None)),
            expressedBy=self.author,
            addresses=[condition_of(self.plan.episode)],
        )

    def _goal_status(self, phase: PlanPhase) -> str:
        """'completed' is 'no longer sought' in FHIR, whatever came of it: what goes on is a goal of
        the next version.
        """
        stage = self._stage(phase)
        if stage is Stage.AHEAD:
            return "cancelled" if self._is_over else "planned"
        return "active" if stage is Stage.NOW and not self._is_over else "completed"

    def _order(self, row: Prescription) -> Resource:
        title, days = row.kept.title, sorted(days_of(row, self.plan.weekdays))
        amount = self._amount(row)
        return resource(
            "ServiceRequest",
            row.pk,
            codes.physical_activity("servicerequest"),
            text=narrative([f"{title}: {amount}", f"Phase {row.phase}", row.note]),
            extension=[
                {"url": _GOAL_OF, "valueReference": to("Goal", row.phase_id)},
                dosage(row, len(days), self.origin),
            ],
            identifier=[of_uuid(row.pk)],
            status=self._order_status(row.phase),
            intent="order",
            category=[concept("", codes.ACTIVITY), concept("", codes.PHYSICAL_THERAPY)],
            priority="routine",
            code=concept(title, codes.EXERCISE_THERAPY),
            orderDetail=[concept(f"{row.kept.kind_label}: {amount}")],
            subject=self.people.itself,
            occurrenceTiming={
                "repeat": filled(
                    boundsPeriod=self._bounds(row.phase),
                    frequency=row.times_per_day,
                    period=1,
                    periodUnit="d",
                    dayOfWeek=[DAYS[one] for one in days],
                )
            },
            authoredOn=self.at,
            requester=self.author,
            performer=[self.people.itself],
            reasonReference=[condition_of(self.plan.episode)],
            patientInstruction=" ".join(filter(None, [row.shown.plain_title + ".", row.note])),
            note=self._reasons(row.gate_reason),
        )

    def _amount(self, row: Prescription) -> str:
        """With the days on which it is due: a plan may have fewer than a dosage asks for."""
        days = sorted(days_of(row, self.plan.weekdays))
        often = frequency_text(row.dosage | {"days_per_week": len(days)})
        named = ", ".join(DAY_NAMES[one] for one in days) if len(days) < WEEK else ""
        return ", ".join(filter(None, (row.dosage_text, row.tempo_text, often, named)))

    def _order_status(self, phase: PlanPhase) -> str:
        """An exercise of a phase to come is nobody's yet: it waits for the therapist's word."""
        stage = self._stage(phase)
        if stage is Stage.NOW:
            return self._status
        if stage is Stage.PASSED:
            return "completed"
        return "revoked" if self._is_over else "draft"

    def _bounds(self, phase: PlanPhase) -> Element:
        """From its first day to the last before another phase; empty where it never began."""
        starts = [one for one in self.course.starts if one.on <= self._last]
        mine = [at for at, one in enumerate(starts) if one.phase_id == phase.pk]
        if not mine:
            return {}
        first, after = starts[mine[0]].on, starts[mine[-1] + 1 :]
        last = after[0].on - dt.timedelta(days=1) if after else self._last_day
        return period(day(first), day(max(first, last)) if last else None)

    @property
    def _last_day(self) -> dt.date | None:
        """None where it goes on."""
        closed = self.plan.closed_at
        return self.people.clinic.local_date(closed) if closed else None

    def _reasons(self, *reasons: str) -> list[Element]:
        return [remark(one, self.author or {}, self.at) for one in reasons if one]

    def _plan(self) -> Resource:
        people, plan = self.people, self.plan
        lines = [line for phase in self.course.phases for line in self._lines(phase)]
        return resource(
            "CarePlan",
            plan.pk,
            codes.physical_activity("careplan"),
            codes.us_core("careplan"),
            text=narrative([str(plan), plan.note, *lines, plan.change_reason, plan.summary]),
            identifier=[of_uuid(plan.pk)],
            replaces=[to("CarePlan", self.before.plan.pk)] if self.before else None,
            status=self._status,
            intent="plan",
            category=[concept("", codes.ASSESS_AND_PLAN), concept("", codes.ACTIVITY)],
            title=str(plan),
            subject=people.itself,
            period=period(self.begin, self.end),
            created=self.at,
            author=self.author,
            careTeam=[to("CareTeam", part_of(people.patient.pk, "care-team"))],
            addresses=[condition_of(plan.episode)],
            goal=[to("Goal", phase.pk) for phase in self.course.phases],
            activity=[{"reference": to("ServiceRequest", row.pk)} for row in self.rows],
            note=[*self._reasons(plan.note, plan.gate_reason), *self._moves()],
        )

    def _lines(self, phase: PlanPhase) -> Iterator[str]:
        now = "the last" if self._is_over else "in it"
        stages = {Stage.AHEAD: "not begun", Stage.NOW: now, Stage.PASSED: "passed"}
        yield f"Phase {phase}, {stages[self._stage(phase)]}:"
        yield from (
            f"{row.kept.title}: {self._amount(row)}"
            for row in self.rows
            if row.phase_id == phase.pk
        )

    def _moves(self) -> Iterator[Element]:
        """What was decided about the phases."""
        for one in self.course.starts:
            words = f"{one.get_move_display()}: phase {one.phase}, from {one.on:%-d %B %Y}"
            said = f"{words}. {one.reason}" if one.reason else words
            yield remark(said, self.people.who(one.by_id) or {}, moment(one.at, self.people.zone))

    def _provenance(self) -> Resource:
        targets = [to("CarePlan", self.plan.pk)]
        targets += [to("ServiceRequest", row.pk) for row in self.rows]
        return provenance(
            self.people,
            self.plan.pk,
            targets,
            at=self.plan.activated_at or self.plan.created_at,
            by=self.plan.activated_by_id,
            words="Prescribed",
        )


def provenance(
    people: People,
    of: object,
    targets: list[Element],
    *,
    at: dt.datetime,
    by: int | None,
    words: str,
    replaced: Element | None = None,
) -> Resource:
    """Who stored it and when; `replaced` is what it put right."""
    who = people.who(by)
    on_behalf = people.organization if who and "Practitioner/" in who.get("reference", "") else None
    return resource(
        "Provenance",
        part_of(of, "provenance"),  # type: ignore[arg-type]
        codes.us_core("provenance"),
        text=narrative([words]),
        target=targets,
        recorded=moment(at, people.zone),
        activity=concept(words, codes.term("v3-DataOperation", "UPDATE" if replaced else "CREATE")),
        agent=[
            filled(
                type=concept("", codes.term("provenance-participant-type", "author")),
                who=who,
                onBehalfOf=on_behalf,
            )
        ],
        entity=[{"role": "revision", "what": replaced}] if replaced else None,
    )


def dosage(row: Prescription | ProgramExercise, days: int, origin: str) -> Element:
    """What R4 has no element for, as numbers; the words beside it say the same. `days`: on how many
    of a week it is due.
    """
    parts = []
    for name in DOSAGE_FIELDS:
        value = days if name == "days_per_week" else row.dosage[name]
        kind = "valueInteger" if isinstance(value, int) else "valueString"
        if value is not None and value != "":
            parts.append({"url": name, kind: value})
    return {"url": f"{origin}{DOSAGE}", "extension": parts}
