"""The plan in words: program, phase, dosage, what has to hold before the next phase, and goals."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from programs.course.course import Course
from programs.measures.spoken import said, said_parts
from programs.models import Exercise, Measure, PlanPhase, Prescription
from programs.models.described import Certainty
from programs.models.exercise_text import ENGLISH
from programs.notation import phase_gates
from programs.notes.known import Known
from programs.notes.start import closed_sentence
from programs.notes.wording import Part, Rows, Section, Sentence, Source, day, say

_JOINTS = {
    "neck": gettext_lazy("neck"),
    "trunk": gettext_lazy("trunk"),
    "hip": gettext_lazy("hip"),
    "knee": gettext_lazy("knee"),
    "ankle": gettext_lazy("ankle"),
    "ever": gettext_lazy("turning the foot out"),
    "toe": gettext_lazy("toes"),
}


def plan(known: Known) -> Section:
    course = known.course
    if course is None:
        return Section(_("Plan"), [say(_("No plan has been assigned yet."))])
    phase = phase_of(course, known)
    told = [
        say(
            _(
                "Home program “%(title)s”, version %(version)s, since %(day)s: "
                "phase %(number)s, %(phase)s."
            ),
            title=said_parts(course.plan.title),
            version=Part(str(course.plan.version), Source.row(Rows.PLAN, course.plan.pk)),
            day=day(course.first),
            number=phase.number,
            phase=phase.plain_title,
        )
    ]
    if phase.goal.strip():
        told.append(say(_("Its goal: %(goal)s"), goal=closed_sentence(said(phase.goal))))
    if course.plan.caps:
        told.append(say(_("Angle limits: %(limits)s."), limits=_limits(course.plan.caps)))
    if phase.gate:
        told.append(say(_("Before the next phase: %(gate)s."), gate=_gate(phase, course)))
    items = [exercise(row) for row in course.in_phase(phase)]
    return Section(_("Plan"), told, items)


def phase_of(course: Course, known: Known) -> PlanPhase:
    return course.phase_on(max(course.first, known.last))


def exercise(row: Prescription) -> Sentence:
    """By its title: a code says nothing to another reader. Low certainty is said."""
    told = say(
        _("%(title)s: %(dosage)s, %(frequency)s."),
        title=_title(row),
        dosage=row.dosage_text,
        frequency=row.frequency_text,
    )
    if not row.gate_reason.strip():
        return told
    words = _("In spite of a safety gate, because: %(words)s")
    return told + say(words, words=closed_sentence(row.gate_reason))


def _title(row: Prescription) -> str:
    return _with_certainty(_name(row), row)


def _name(row: Prescription) -> str:
    """The library's title is English; in another language there is the patient's."""
    is_english = (get_language() or ENGLISH).startswith(ENGLISH)
    return row.shown.title if is_english else row.shown.plain_title


def plain_title(row: Prescription) -> str:
    """What its patient reads."""
    return _with_certainty(row.shown.plain_title, row)


def _with_certainty(title: str, row: Prescription) -> str:
    if row.shown.certainty not in (Certainty.LOW, Certainty.MEDIUM_LOW):
        return title
    return f"{title} ({str(Certainty(row.shown.certainty).label).lower()})"


def _limits(caps: Mapping[str, float]) -> str:
    ends = {"max": _("%(joint)s at most %(degrees)s°"), "min": _("%(joint)s at least %(degrees)s°")}
    split = ((one.rsplit("_", 1), degrees) for one, degrees in caps.items())
    return ", ".join(
        ends[end] % {"joint": _JOINTS[joint], "degrees": f"{degrees:g}"}
        for (joint, end), degrees in split
    )


def _gate(phase: PlanPhase, course: Course) -> str:
    """The conditions with the titles of what their codes stand for."""
    codes = {one[name] for one in phase.gate for name in ("exercise", "measure") if name in one}
    titles = _titles(codes, course.plan.clinic_id) if codes else {}
    titles |= {row.kept.code: f"“{_name(row)}”" for row in course.prescriptions}
    return "; ".join(phase_gates.say_one(_named(one, titles)).rstrip(".") for one in phase.gate)


def _named(condition: Mapping[str, Any], titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: titles.get(value, value) if name in ("exercise", "measure") else value
        for name, value in condition.items()
    }


def _titles(codes: set[str], clinic_id: UUID) -> dict[str, str]:
    """Of exercises and measures. A clinic's own exercise is meant where it has the code, too."""
    theirs = Q(clinic=None) | Q(clinic=clinic_id)
    own_last = F("clinic").asc(nulls_first=True)
    exercises = Exercise.objects.filter(theirs, code__in=codes).order_by(own_last)
    measures = Measure.objects.filter(code__in=codes).order_by("version")
    found = {one.code: f"“{one.title}”" for one in exercises}
    return found | {one.code: f"“{said(one.title)}”" for one in measures}


def goals(known: Known) -> Section:
    """The activities that the patient named, with how well they could be done at first."""
    for definition, answers in known.measures():
        if definition.names_activities:
            check_in, scores = answers[0]
            source = Source.row(Rows.CHECK_IN, check_in.pk)
            items = [
                say(
                    _("%(activity)s: %(score)s of 10 on %(day)s."),
                    activity=score.label,
                    score=Part(f"{score.value:g}", source),
                    day=day(check_in.answered_on),
                )
                for score in scores
                if score.key != definition.code and score.value is not None
            ]
            if items:
                return Section(_("What the patient wants to do again"), [], items)
    nothing = say(_("No goals are on record."))
    return Section(_("What the patient wants to do again"), [nothing])
