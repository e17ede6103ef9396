"""What was done: a procedure for each session, and what the feet answered as observations."""

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from fhir import codes
from fhir.care import observation
from fhir.elements import (
    Element,
    Resource,
    absent,
    concept,
    moment,
    narrative,
    of_uuid,
    part_of,
    quantity,
    remark,
    resource,
    to,
)
from fhir.people import People
from fhir.plans import provenance
from programs.models import ExerciseLog, Session
from programs.models.session import Done, NewSign, Source

_ACTIVITY = [
    concept("", codes.term("observation-category", "activity")),
    concept("", codes.ACTIVITY),
]
# Null is 'not answered': these are asked in each session, and the others only of some people.
_SCALES = (
    ("pain_before", "Pain before the session, 0 to 10", codes.PAIN),
    ("pain_after", "Pain after the session, 0 to 10", codes.PAIN),
    ("effort", "Effort, 0 to 10", None),
)
_COUNTS = (
    ("falls", "Falls since the last session", "falls"),
    ("near_falls", "Near-falls since the last session", "near-falls"),
)
_CHOICES = (
    ("settled", "How long until the feet were as before"),
    ("skin_before", "Skin of both feet, before the session"),
    ("skin_check", "Skin of both feet, after the session"),
    ("hands", "How standing exercises were held on to"),
)
ALWAYS_ASKED = {"settled", "skin_check"}


class SessionResources:
    """One session with its exercises; `ordered` are those that were part of a plan. `is_replaced`:
    a newer one puts it right, and it counts no more.
    """

    def __init__(
        self,
        people: People,
        session: Session,
        logs: Sequence[ExerciseLog],
        titles: Mapping[UUID, str],
        ordered: Container[UUID],
        condition: Element,
        *,
        is_replaced: bool,
    ) -> None:
        self.people, self.session, self.logs, self.titles = people, session, logs, titles
        self.ordered = ordered
        self.condition, self.is_replaced = condition, is_replaced
        self.at = moment(session.done_at, people.zone)
        self.done = [log for log in logs if log.done in {Done.ALL, Done.SOME}]
        self.left = [log for log in logs if log.done == Done.NONE]
        self.words = self._words()

    def __iter__(self) -> Iterator[Resource]:
        yield self._procedure()
        yield from self._answers()
        if self.logs:
            yield self._exercises()
        if self.done and not self.is_replaced:
            yield from self._activity()
        if self._needs_provenance:
            yield self._provenance()

    def _words(self) -> str:
        """Counted apart: what nobody answered was neither done nor left out."""
        counts = (
            (len(self.done), "done"),
            (len(self.left), "left out"),
            (len(self.logs) - len(self.done) - len(self.left), "not answered"),
        )
        told = ", ".join(f"{count} {words}" for count, words in counts if count)
        return f"Exercises: {told}" if told else "Exercises: none answered"

    def _procedure(self) -> Resource:
        session = self.session
        stopped = "The patient stopped because something was wrong" if session.stopped else ""
        by = self.people.who(session.entered_by_id) or {}
        left_out = sorted({log.get_why_not_display() for log in self.logs if log.why_not})
        return resource(
            "Procedure",
            session.pk,
            codes.us_core("procedure"),
            text=narrative([f"At home. {self.words}", stopped, session.note]),
            identifier=[of_uuid(session.pk)],
            basedOn=[
                to("CarePlan", session.plan_id),
                *(
                    to("ServiceRequest", log.prescription_id)
                    for log in self.logs
                    if log.prescription_id in self.ordered
                ),
            ],
            status=self._status,
            statusReason=self._why(stopped, left_out),
            category=concept("", codes.PHYSICAL_THERAPY),
            code=concept("Exercises at home", codes.EXERCISE_THERAPY),
            subject=self.people.itself,
            performedDateTime=self.at,
            performer=[{"actor": self.people.itself}],
            reasonReference=[self.condition],
            note=[remark(session.note, by, self.at)] if session.note else None,
        )

    @property
    def _status(self) -> str:
        if self.is_replaced:
            return "entered-in-error"
        if self.session.stopped:
            return "stopped"
        if self.done:
            return "completed"
        return "not-done" if self.logs and len(self.left) == len(self.logs) else "unknown"

    def _why(self, stopped: str, left_out: Sequence[str]) -> Element | None:
        if self.is_replaced:
            return None
        if stopped:
            return concept(stopped)
        return concept("; ".join(left_out)) if left_out and self._status == "not-done" else None

    def _tell(self, name: str, code: Element, said: str, **found: Any) -> Resource:
        return observation(
            self.people,
            part_of(self.session.pk, name),
            status="entered-in-error" if self.is_replaced else "final",
            code=code,
            said=said,
            effectiveDateTime=self.at,
            performer=[self.people.itself],
            partOf=[to("Procedure", self.session.pk)],
            **found,
        )

    def _answers(self) -> Iterator[Resource]:
        session = self.session
        for name, title, code in _SCALES:
            yield self._scale(name, concept(title, code) if code else concept(title))
        for name, title, unit in _COUNTS:
            if (count := getattr(session, name)) is not None:
                value = quantity(count, unit, "1")
                yield self._tell(name, concept(title), str(count), valueQuantity=value)
        for name, title in _CHOICES:
            yield from self._choice(name, concept(title))
        if session.feelings is not None:
            yield self._text("feelings", "What the feet felt", session.feeling_words)
        if session.numb_regions is not None:
            yield self._text("numb_regions", "Where the feet were numb", session.numb_words)
        if session.new_signs is not None:
            signs = "; ".join(str(NewSign(one).label) for one in session.new_signs)
            yield self._text("new_signs", "Warning signs", signs or "none of those asked for")
        if session.fall_injury is not None:
            words = "yes" if session.fall_injury else "no"
            hurt = concept("Hurt in a fall, or hit the head")
            yield self._tell("fall_injury", hurt, words, valueBoolean=session.fall_injury)
        if session.glucose is not None:
            value = quantity(session.glucose, "mg/dL", "mg/dL")
            sugar = concept("Blood sugar before the session")
            yield self._tell("glucose", sugar, f"{session.glucose} mg/dL", valueQuantity=value)

    def _scale(self, name: str, code: Element) -> Resource:
        value = getattr(self.session, name)
        if value is None:
            return self._tell(name, code, "not answered", dataAbsentReason=absent())
        return self._tell(
            name, code, str(value), valueQuantity=quantity(value, "{score}", "{score}")
        )

    def _choice(self, name: str, code: Element) -> Iterator[Resource]:
        if getattr(self.session, name):
            words = str(getattr(self.session, f"get_{name}_display")())
            yield self._tell(name, code, words, valueCodeableConcept=concept(words))
        elif name in ALWAYS_ASKED:
            yield self._tell(name, code, "not answered", dataAbsentReason=absent())

    def _text(self, name: str, title: str, words: str) -> Resource:
        return self._tell(name, concept(title), words, valueString=words)

    def _exercises(self) -> Resource:
        """One part for each exercise: how much of it was done, and what was held."""
        parts: list[Element] = []
        for log in self.logs:
            code = concept(self.titles[log.prescription_id])
            if log.done:
                why = f" ({log.get_why_not_display()})" if log.why_not else ""
                parts.append(
                    {
                        "code": code,
                        "valueCodeableConcept": concept(f"{log.get_done_display()}{why}"),
                    }
                )
            else:
                parts.append({"code": code, "dataAbsentReason": absent()})
            if log.held is not None:
                held = concept(f"{self.titles[log.prescription_id]}: sets held for the whole time")
                parts.append({"code": held, "valueInteger": log.held})
        return self._tell("exercises", concept("Exercises"), self.words, component=parts)

    def _activity(self) -> Iterator[Resource]:
        """As the Physical Activity guide has it; how long it took, where the device counted it."""
        members = ["activity"]
        what = concept(f"For numb feet. {self.words}")
        code = concept("Exercise activity", codes.EXERCISE_ACTIVITY)
        yield self._of_guide("activity", "measure", code, valueCodeableConcept=what)
        if self.session.minutes is not None:
            members.append("duration")
            code = concept("Exercise duration", codes.EXERCISE_DURATION)
            minutes = quantity(self.session.minutes, "min", "min")
            yield self._of_guide("duration", "measure", code, valueQuantity=minutes)
        code = concept("Physical activity", codes.ACTIVITY_PANEL)
        found = [to("Observation", part_of(self.session.pk, name)) for name in members]
        yield self._of_guide("panel", "group", code, hasMember=found)

    def _of_guide(self, name: str, profile: str, code: Element, **found: Any) -> Resource:
        made = self._tell(name, code, self.words, category=_ACTIVITY, **found)
        profiles = [codes.physical_activity(f"observation-activity-{profile}")]
        return {"resourceType": made.pop("resourceType"), "meta": {"profile": profiles}, **made}

    @property
    def _needs_provenance(self) -> bool:
        """Where it was not simply the patient, on the page."""
        session = self.session
        is_own = session.entered_by_id == self.people.patient.user_id
        return not is_own or session.source != Source.PORTAL

    def _provenance(self) -> Resource:
        session = self.session
        older = to("Procedure", session.replaces_id) if session.replaces_id else None
        return provenance(
            self.people,
            session.pk,
            [to("Procedure", session.pk)],
            at=session.received_at,
            by=session.entered_by_id,
            words=str(session.get_source_display()),
            replaced=older,
        )
