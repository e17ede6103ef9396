"""What a session's page shows: exercises, set-up, and what the device may say by itself."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone

from patients.models import Patient
from portal.forms.session import SessionForm, seconds_waited
from programs.alerts import advice
from programs.course import today
from programs.course.course import Course
from programs.models import Plan, Prescription
from programs.models.described import SafetyItem
from programs.models.restriction import Kind
from programs.safety import helping, holding
from programs.timing.schedule import days_of

# Only then are exercises shown; an answer to what was on screen before is taken in any state.
OPEN = (today.State.DUE, today.State.DONE, today.State.REST)
# Then it is asked first whether it has settled.
ASKS = today.State.STOPPED_TODAY


@dataclass(frozen=True)
class Screen:
    """One frozen plan version on the clinic's day."""

    plan: Plan
    course: Course
    held: holding.Holds = frozenset()

    @classmethod
    def to_do(cls, day: today.Today, patient: Patient) -> "Screen":
        """What is held back today is not shown."""
        assert day.course is not None
        return cls.of(day.course, patient, day.held)

    @classmethod
    def of(cls, course: Course, patient: Patient, held: holding.Holds = frozenset()) -> "Screen":
        """To answer, nothing is held: what was on screen counts."""
        plan = course.plan
        plan.clinic, plan.patient = patient.clinic, patient
        plan.episode.clinic = patient.clinic
        return cls(plan, course, held)

    def rows(self) -> list[Prescription]:
        """What is due, or all of the phase on a day without anything due; none held back."""
        due = self.course.due_on(self.plan.clinic.today())
        return self._free(due) if due else self.phase_rows()

    def phase_rows(self) -> list[Prescription]:
        phase = self.course.phase_on(self.plan.clinic.today())
        return self._free(self.course.in_phase(phase))

    def _free(self, rows: list[Prescription]) -> list[Prescription]:
        return [row for row in rows if not holding.holds_back(self.held, row.shown)]

    def shown_in(self, data: QueryDict) -> list[Prescription]:
        """What was on screen when this was answered, perhaps days ago; the page says so itself."""
        shown = {text for text in data.getlist("shown") if _is_uuid(text)}
        known = [row for row in self.course.prescriptions if str(row.pk) in shown]
        return known or self.rows()

    def form(self, data: QueryDict | None, rows: Sequence[Prescription], **kwargs: Any) -> Any:
        return SessionForm(data, prescriptions=rows, episode=self.plan.episode, **kwargs)

    def done_at(self, data: QueryDict) -> dt.datetime:
        """When it was done: now, less what it waited on the device; never before the plan held."""
        moment = timezone.now() - dt.timedelta(seconds=seconds_waited(data.get("waited", "")))
        return max(moment, self.plan.effective_at or moment)

    def context(self, form: SessionForm) -> dict[str, Any]:
        rows = tuple(form.prescriptions)
        wanted = today.safety_items(rows, self.plan.episode)
        if form.asks_skin_first:
            wanted = [item for item in wanted if item != SafetyItem.SKIN]  # has a screen of its own
        return {
            "patient": self.plan.patient,
            "clinic": self.plan.clinic,
            "plan": self.plan,
            "form": form,
            "safety": wanted,
            "held": holding.said(
                (one for one in self.held if one.kind != Kind.TODAY), self.plan.clinic.today()
            ),
            "words_held": holding.by_kind(),
            "helped": {row.pk for row in rows if helping.is_needed(row.shown, self.plan.episode)},
            "kinds": {row.pk: holding.kinds_of(row.shown) for row in rows},
            "on_the_spot": advice.on_the_spot(self.plan.clinic),
            "weekdays": {row.pk: sorted(days_of(row, self.plan.weekdays)) for row in rows},
        }


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
