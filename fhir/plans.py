"""What was prescribed: a care plan for each version, its goals, an order for each exercise."""

import datetime as dt
from collections.abc import Iterator

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
from programs.models import PlanPhase, Prescription
from programs.models.dosage import DOSAGE_FIELDS
from programs.models.plan import PlanStatus
from programs.timing.schedule import days_of

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DOSAGE = "/fhir/StructureDefinition/exercise-dosage"
_GOAL_OF = "http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal"


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
    def _is_over(self) -> bool:
        return self.end is not None and not self.plan.is_on_screen()

    @property
    def _status(self) -> str:
        """Of plan and orders. A version that another replaced was not carried out to its end."""
        if not self._is_over:
            return "on-hold" if self.course.pause_on(self.today) else "active"
        stopped = self.plan.status == PlanStatus.REPLACED or self.plan.outcome == Outcome.STOPPED
        return "revoked" if stopped else "completed"

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
        if self._is_over:
            return "completed" if self._status == "completed" else "cancelled"
        now = self.course.phase_on(self.today)
        if phase.pk == now.pk:
            return "active"
        return "completed" if phase.number < now.number else "planned"

    def _order(self, row: Prescription) -> Resource:
        title = row.kept.title
        amount = ", ".join(filter(None, (row.dosage_text, row.tempo_text, row.frequency_text)))
        return resource(
            "ServiceRequest",
            row.pk,
            codes.physical_activity("servicerequest"),
            text=narrative([f"{title}: {amount}", row.note]),
            extension=[
                {"url": _GOAL_OF, "valueReference": to("Goal", row.phase_id)},
                dosage(row, self.origin),
            ],
            identifier=[of_uuid(row.pk)],
            status=self._status,
            intent="order",
            category=[concept("", codes.ACTIVITY), concept("", codes.PHYSICAL_THERAPY)],
            priority="routine",
            code=concept(title, codes.EXERCISE_THERAPY),
            orderDetail=[concept(f"{row.kept.kind_label}: {amount}")],
            subject=self.people.itself,
            occurrenceTiming={
                "repeat": {
                    "boundsPeriod": period(day(self.plan.starts_on), self._last_day),
                    "frequency": row.times_per_day,
                    "period": 1,
                    "periodUnit": "d",
                    "dayOfWeek": [DAYS[one] for one in sorted(days_of(row, self.plan.weekdays))],
                }
            },
            authoredOn=self.at,
            requester=self.author,
            performer=[self.people.itself],
            reasonReference=[condition_of(self.plan.episode)],
            patientInstruction=" ".join(filter(None, [row.shown.plain_title + ".", row.note])),
            note=self._reasons(row.gate_reason),
        )

    @property
    def _last_day(self) -> str | None:
        """None where it goes on, or was over before it began."""
        if self.plan.closed_at is None:
            return None
        last = self.people.clinic.local_date(self.plan.closed_at)
        return day(max(last, self.plan.starts_on))

    def _reasons(self, *reasons: str) -> list[Element]:
        return [remark(one, self.author or {}, self.at) for one in reasons if one]

    def _plan(self) -> Resource:
        people, plan = self.people, self.plan
        lines = [f"{row.kept.title}: {row.dosage_text}, {row.frequency_text}" for row in self.rows]
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


def dosage(row: Prescription, origin: str) -> Element:
    """What R4 has no element for, as numbers; the words beside it say the same."""
    parts = []
    for name in DOSAGE_FIELDS:
        value = row.dosage[name]
        kind = "valueInteger" if isinstance(value, int) else "valueString"
        if value is not None and value != "":
            parts.append({"url": name, kind: value})
    return {"url": f"{origin}{DOSAGE}", "extension": parts}
