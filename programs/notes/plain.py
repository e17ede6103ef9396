"""The same for the patient in plain words: what was done and what goes on. No cause, no promise."""

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.course import response
from programs.measures.definition import ShownTo
from programs.models.note import NoteKind
from programs.notes import planned
from programs.notes.known import Known
from programs.notes.wording import Section, Sentence, day, say
from programs.progress import change_words, series
from programs.progress.of_patient import PAIN


def sections(kind: NoteKind, known: Known, *, language: str) -> list[Section]:
    with translation.override(language):
        made = [_begins(kind, known), *([] if kind == NoteKind.INITIAL else [_went(known)])]
        return [section for section in [*made, _exercises(kind, known)] if section.all]


def _begins(kind: NoteKind, known: Known) -> Section:
    days = {"first": day(known.first), "last": day(known.last)}
    told = {
        NoteKind.INITIAL: _("You came to us on %(first)s because your feet are numb."),
        NoteKind.PROGRESS: _("This is how it went from %(first)s to %(last)s."),
        NoteKind.DISCHARGE: _("You were in our care from %(first)s to %(last)s."),
    }
    return Section(_("Your time with us"), [say(told[kind], **days)])


def _went(known: Known) -> Section:
    return Section(_("How it went"), [*_sessions(known), *_pain(known)], list(_changes(known)))


def _sessions(known: Known) -> list[Sentence]:
    counted = known.adherence()
    if not counted.due:
        return []
    told = say(
        _("You sent us %(done)s of %(due)s exercise sessions."), done=counted.done, due=counted.due
    )
    unknown = sum(one.state == "unknown" for one in counted.days)
    if not unknown:
        return [told]
    words = ngettext(
        "Of %(count)s day we don't know whether you did them.",
        "Of %(count)s days we don't know whether you did them.",
        unknown,
    )
    return [told, say(words, count=unknown)]


def _pain(known: Known) -> list[Sentence]:
    told = [(one, worst) for one in known.lately if (worst := response.worst_pain(one)) is not None]
    if len(told) < 2:
        return []
    (first, begun), (last, now) = told[0], told[-1]
    words = _(
        "Your worst pain around the exercises was %(pain)s of 10 on %(day)s and %(now)s of 10 on "
        "%(later)s."
    )
    values = {"pain": begun, "day": day(first.done_on), "now": now, "later": day(last.done_on)}
    return [say(words, **values)]


def _changes(known: Known) -> Iterator[Sentence]:
    """As the portal says them, counted in weeks of the plan."""
    start = min((course.first for course in known.courses), default=known.first)
    charts = series.check_in_charts(known.scored, known.versions, reader=ShownTo.PATIENT)
    for chart in charts:
        if chart.code != PAIN:
            for line in series.lines_of(chart):
                if words := change_words.told(line, known.versions, start).sentence:
                    yield say("%(words)s", words=words)


def _exercises(kind: NoteKind, known: Known) -> Section:
    course = known.course
    if course is None:
        return Section(_("Your exercises"))
    items = [
        say(
            _("%(title)s: %(dosage)s, %(frequency)s."),
            title=planned.plain_title(row),
            dosage=row.dosage_text,
            frequency=row.frequency_text,
        )
        for row in course.in_phase(planned.phase_of(course, known))
    ]
    if kind == NoteKind.DISCHARGE:
        words = _("These were your exercises at the end. Ask us before you change them.")
    else:
        words = _("These are your exercises now. Your plan shows how each is done.")
    return Section(_("Your exercises"), [say(words)], items)
