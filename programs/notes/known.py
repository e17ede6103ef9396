"""What a note is made from: all that is on record of an episode up to a day, oldest first."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from patients.models import Episode, RedFlagScreen
from programs.course import response
from programs.course.adherence import Adherence, adherence, done_by_day
from programs.course.course import Course, in_force
from programs.measures.definition import Definition
from programs.models import Alert, ClinicalNote, Restriction
from programs.models.note import NoteKind
from programs.notes.wording import Source
from programs.progress import answered, standing
from programs.progress.answered import Answers, Scored, Versions, by_measure

if TYPE_CHECKING:
    from programs.progress.evidence import LoggedSession


@dataclass(frozen=True)
class Known:
    """`first` to `last` are the days that the note is about, both included. Sessions and answers
    are the episode's from when it was `begun` up to `last`, so that a change counts from the start
    of care.
    """

    episode: Episode
    begun: dt.date
    first: dt.date
    last: dt.date
    courses: list[Course]
    sessions: "list[LoggedSession]"
    scored: list[Scored]
    versions: Versions
    alerts: list[Alert]
    screens: list[RedFlagScreen]
    held: list[Restriction]

    @classmethod
    def load(cls, episode: Episode, *, first: dt.date, last: dt.date) -> Self:
        """In a fixed number of queries."""
        clinic = episode.clinic
        check_ins = [one for one in answered.of_episode(episode) if one.answered_on <= last]
        versions = answered.versions_of(check_ins)
        plans = episode.plans.frozen().select_related("clinic", "program", "second_program")
        begun = begun_on(episode)
        of_patient = Alert.objects.filter(patient=episode.patient_id)
        alerts = of_patient.select_related("acknowledged_by").order_by("raised_at")
        screens = episode.screens.select_related("screened_by").order_by("screened_at")
        held = Restriction.objects.filter(episode=episode).in_force(clinic.today())
        return cls(
            episode=episode,
            begun=begun,
            first=first,
            last=last,
            courses=[one for one in Course.load(plans) if one.first <= last],
            sessions=[one for one in standing.sessions_of(episode) if one.done_on <= last],
            scored=answered.scored(check_ins, versions),
            versions=versions,
            alerts=[one for one in alerts if begun <= clinic.local_date(one.raised_at) <= last],
            screens=[one for one in screens if clinic.local_date(one.screened_at) <= last],
            held=list(held.order_by("first", "kind")),
        )

    @property
    def name(self) -> str:
        return str(self.episode.patient.first_name)

    @property
    def days(self) -> Source:
        """The sessions that the note is about."""
        return Source.days(self.first, self.last)

    @property
    def lately(self) -> "list[LoggedSession]":
        """The sessions of these days."""
        return [one for one in self.sessions if self.first <= one.done_on]

    @property
    def course(self) -> Course | None:
        """The version in force; after the end, the last one that held."""
        active = in_force(self.courses, self.last)
        held = [one for one in self.courses if one.last is None or one.last > one.first]
        return active or (held[-1] if held else None)

    def local(self, moment: dt.datetime) -> dt.date:
        return self.episode.clinic.local_date(moment)

    def is_within(self, date: dt.date) -> bool:
        return self.first <= date <= self.last

    def color(self, session: "LoggedSession") -> response.Color:
        return response.color(session, feeling=self.episode.sensation)

    def adherence(self) -> Adherence:
        """Of these days; what is due today and not done yet is not missing yet."""
        found = adherence(
            self.courses, done_by_day(self.sessions), first=self.first, last=self.last
        )
        is_open = self.last == self.episode.clinic.today() and found.days[-1:]
        return Adherence(found.days[:-1]) if is_open and not found.days[-1].done else found

    def measures(self) -> list[tuple[Definition, Answers]]:
        """Each with its answers that compare, oldest first; none without an answer."""
        return [one for one in by_measure(self.scored, self.versions) if one[1]]


def begun_on(episode: Episode) -> dt.date:
    """The first day of care: an episode may be written down later than it was screened or planned
    for, as from another record.
    """
    screened = episode.screens.order_by("screened_at").first()
    planned = episode.plans.frozen().order_by("effective_at").first()
    known = [
        episode.opened_at,
        *([screened.screened_at] if screened else []),
        *([planned.effective_at] if planned and planned.effective_at else []),
    ]
    return episode.clinic.local_date(min(known))


def are_still_of(episode: Episode, kind: NoteKind, first: dt.date, last: dt.date) -> bool:
    """Whether a note that was begun with these days may be stored with them: it may have been
    begun before midnight, but no other note came in between.
    """
    is_past = begun_on(episode) <= last <= episode.clinic.today()
    return is_past and days_of(episode, kind, on=last) == (first, last)


def days_of(
    episode: Episode, kind: NoteKind, *, on: dt.date | None = None
) -> tuple[dt.date, dt.date]:
    """From when until when a note of this kind is that is begun today, or `on` a day: since the
    last note, or since the start.
    """
    today = on or episode.clinic.today()
    opened = min(begun_on(episode), today)
    last = episode.clinic.local_date(episode.closed_at) if episode.closed_at else today
    if kind is not NoteKind.PROGRESS:
        return opened, last
    newest = ClinicalNote.objects.current().filter(episode=episode).order_by("last").last()
    if newest is None:
        return opened, last
    return min(newest.last + dt.timedelta(days=1), last), last
