"""A note of each kind from what is on record: sections in one order, oldest first in each."""

import datetime as dt

from django.utils import translation
from django.utils.translation import gettext as _

from patients.models import Episode
from patients.models.episode import Outcome
from patients.models.patient import Language
from patients.red_flags import RED_FLAGS, Tier
from programs.measures.spoken import said_parts
from programs.models.note import NoteKind
from programs.notes import measured, planned, since, start
from programs.notes.known import Known, days_of
from programs.notes.wording import Part, Rows, Section, Source, as_text, say


def sections(kind: NoteKind, known: Known, *, language: str) -> list[Section]:
    """For clinicians, in a language; sections without a sentence say nothing."""
    with translation.override(language):
        made = _MADE[kind](known)
        return [section for section in made if section.all]


def of_days(
    episode: Episode, kind: NoteKind, first: dt.date, last: dt.date, *, language: str
) -> list[Section]:
    """The same, from what is on record now of these days."""
    return sections(kind, Known.load(episode, first=first, last=last), language=language)


def text_of(episode: Episode, kind: NoteKind, *, language: str = Language.ENGLISH) -> str:
    """What a new note would say now, to be edited."""
    return as_text(of_days(episode, kind, *days_of(episode, kind), language=language))


def _initial(known: Known) -> list[Section]:
    return [
        start.reason(known),
        start.findings(known),
        start.red_flags(known),
        measured.at_start(known),
        planned.goals(known),
        planned.plan(known),
    ]


def _progress(known: Known) -> list[Section]:
    alerts = since.alerts(known)
    return [
        start.red_flags(known, only_lately=True),
        since.sessions(known),
        since.pain(known),
        since.falls(known),
        measured.changes(known),
        Section(alerts.title, [*alerts.sentences, *since.held(known)], alerts.items),
        since.phases(known),
        planned.plan(known),
    ]


def _discharge(known: Known) -> list[Section]:
    return [
        start.reason(known),
        start.findings(known),
        start.red_flags(known),
        since.course(known),
        since.sessions(known),
        since.pain(known),
        since.falls(known),
        measured.changes(known),
        outcome(known),
        at_home(known),
        coming_back(known),
    ]


_MADE = {
    NoteKind.INITIAL: _initial,
    NoteKind.PROGRESS: _progress,
    NoteKind.DISCHARGE: _discharge,
}


def outcome(known: Known) -> Section:
    """Of the episode; before it is closed, of the plan that ended."""
    plan = known.course.plan if known.course else None
    value = known.episode.outcome or (plan.outcome if plan else "")
    if not value:
        return Section(_("Outcome"), [say(_("Not recorded yet."))])
    words = Part(start.named(Outcome(value).label), Source.row(Rows.EPISODE, known.episode.pk))
    return Section(_("Outcome"), [say(_("As judged at the end: %(outcome)s."), outcome=words)])


def at_home(known: Known) -> Section:
    course = known.course
    if course is None:
        return Section(_("What goes on at home"), [say(_("No plan was assigned."))])
    phase = planned.phase_of(course, known)
    told = say(
        _("The home program at the end was “%(title)s”, phase %(number)s, as it was prescribed:"),
        title=said_parts(course.plan.title),
        number=Part(str(phase.number), Source.row(Rows.PLAN, course.plan.pk)),
    )
    items = [planned.exercise(row) for row in course.in_phase(phase)]
    return Section(_("What goes on at home"), [told], items)


def coming_back(known: Known) -> Section:
    """The red-flag questions, by how soon somebody has to look."""
    clinic = known.episode.clinic
    items = [
        say(
            "%(when)s: %(signs)s.",
            when=tier.label,
            signs="; ".join(start.named(one.label) for one in RED_FLAGS if one.tier is tier),
        )
        for tier in Tier
    ]
    told = say(
        _("Signs for which to seek care, by how soon; the emergency number is %(emergency)s, "
          "ours %(phone)s."),
        emergency=clinic.emergency_number,
        phone=clinic.phone,
    )  # fmt: skip
    return Section(_("When to come back or get help"), [told], items)
