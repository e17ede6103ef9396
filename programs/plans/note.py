"""A plan, a change and a course of care as plain text for the notes of another record.

The plan paragraph is the P of SOAP notes. Nothing here is a judgment: it says what was assigned,
logged and measured.
"""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from patients.models import Episode
from programs.course import response
from programs.course.adherence import adherence, done_by_day
from programs.course.course import Course
from programs.measures.definition import Definition, ShownTo
from programs.measures.scoring import Score, compared
from programs.models import Plan, PlanPhase, Prescription, Session
from programs.models.plan import PlanStatus
from programs.notation import angle_limits, phase_gates
from programs.plans.diff import Change
from programs.progress.answered import Answers, Scored, Versions, by_measure

if TYPE_CHECKING:
    from programs.models.session import CountedSession


def plan_paragraph(course: Course, phase: PlanPhase) -> str:
    """The P: what is prescribed now, and what has to be true before the next phase."""
    plan = course.plan
    lines = [
        f"P: Home program “{plan.title}”, version {plan.version}, "
        f"phase {phase.number} ({phase.title}, {phase.weeks_text}).",
        *(f"- {_row(row)}" for row in course.in_phase(phase)),
    ]
    if plan.caps:
        lines.append(f"Angle limits: {angle_limits.say(plan.caps)}.")
    if phase.gate:
        lines.append(f"Before the next phase: {phase_gates.sentence(phase.gate)}")
    return "\n".join(lines)


def _row(row: Prescription) -> str:
    reason = f" Reason at the safety gate: {row.gate_reason}" if row.gate_reason else ""
    text = f"{row.shown.code} {row.shown.title}: {row.dosage_text}, {row.frequency_text}."
    return text + reason


def change_paragraph(plan: Plan, changes: Sequence[Change]) -> str:
    """What a version changed, from when, why, and by whom."""
    first = f"P: Plan changed to version {plan.version}"
    if plan.effective_at is not None:
        first += f" from {_date(plan.clinic.local_date(plan.effective_at))}"
    if plan.change_reason:
        first += f". Reason: {plan.change_reason.rstrip('.')}"
    return "\n".join([f"{first}.", *(_change(change) for change in changes)])


def _change(change: Change) -> str:
    where = f"phase {change.phase}: " if change.phase is not None else ""
    return f"- {where}{change.therapist}"


def _date(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"


def discharge_summary(
    episode: Episode,
    courses: Sequence[Course],
    sessions: "Sequence[CountedSession]",
    scored: Sequence[Scored],
    known: Versions,
    today: dt.date,
) -> str:
    """The course of care in facts, to be edited; `sessions` oldest first."""
    parts = [_what_it_was(episode), *_plans(courses, today), *_logged(courses, sessions, today)]
    parts += [*_pain(sessions), *_measures(scored, known), *_falls(sessions)]
    return "\n".join(parts)


def _what_it_was(episode: Episode) -> str:
    return (
        f"Episode: {episode}. Protective sensation {episode.get_sensation_display().lower()}, "
        f"irritability {episode.get_irritability_display().split(':')[0].lower()}, "
        f"fall risk {episode.get_fall_risk_display().lower()}."
    )


def _plans(courses: Sequence[Course], today: dt.date) -> list[str]:
    lines = []
    for course in courses:
        plan = course.plan
        end = today if plan.status == PlanStatus.ACTIVE else course.last or today
        if end < course.first:
            continue
        phase = course.phase_on(end)
        lines.append(
            f"Plan version {plan.version}: {plan.title}, {_date(course.first)} to {_date(end)}, "
            f"up to phase {phase.number} ({phase.title})."
        )
    return lines


def _logged(
    courses: Sequence[Course], sessions: "Sequence[CountedSession]", today: dt.date
) -> list[str]:
    if not courses:
        return []
    first = min(course.first for course in courses)
    counted = adherence(courses, done_by_day(sessions), first=first, last=today)
    if counted.percent is None:
        return ["No session was due."]
    return [
        f"Sessions logged: {counted.done} of {counted.due} due ({counted.percent} %). "
        "A day without a log is unknown, not missed."
    ]


def _pain(sessions: Sequence[Session]) -> list[str]:
    known = [worst for one in sessions if (worst := response.worst_pain(one)) is not None]
    if len(known) < 2:
        return []
    return [f"Worst pain 0–10 around a session: {known[0]} at first, {known[-1]} at last."]


def _measures(scored: Sequence[Scored], known: Versions) -> list[str]:
    """The newest of each; beside it the first one, where the two may be read as a change."""
    return [
        line
        for definition, answers in by_measure(scored, known)
        if answers
        for line in _of_measure(definition, answers)
    ]


def _of_measure(definition: Definition, answers: Answers) -> list[str]:
    first, last = _known(answers), _known(answers[::-1])
    if definition.names_activities:
        last.pop(definition.code, None)  # only a mean of the same activities compares
        new, old = compared(definition, answers[-1][1], answers[0][1])
        last |= _known([(answers[-1][0], new)])
        first |= _known([(answers[0][0], old)])
    lines = []
    for key, (day, score) in last.items():
        begun, before = first[key]
        text = f"{_named(definition, score)}: {score.value:g} on {_date(day)}"
        if definition.change_for is not ShownTo.NOBODY and begun != day:
            text += f", {before.value:g} on {_date(begun)}"
        lines.append(f"{text}.")
    return lines


def _named(definition: Definition, score: Score) -> str:
    """A part of a measure says of which: 'One-leg stand, right leg' is no other right leg."""
    title = definition.title
    is_part = score.key != definition.code and not definition.names_activities
    return f"{title}, {score.label[:1].lower()}{score.label[1:]}" if is_part else score.label


def _known(answers: Answers) -> dict[str, tuple[dt.date, Score]]:
    """Of each score the first of these answers that has it."""
    found: dict[str, tuple[dt.date, Score]] = {}
    for check_in, scores in answers:
        for score in scores:
            if score.value is not None:
                found.setdefault(score.key, (check_in.answered_on, score))
    return found


def _falls(sessions: Sequence[Session]) -> list[str]:
    falls = sum(session.falls or 0 for session in sessions)
    near = sum(session.near_falls or 0 for session in sessions)
    answered = any(session.falls is not None for session in sessions)
    return [f"Falls reported: {falls}, near-falls: {near}."] if answered else []
