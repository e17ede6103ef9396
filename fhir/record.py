"""One patient's record as resources, one after the other: all of it, or some kinds."""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils import timezone, translation

from accounts.smart.scopes import KINDS
from fhir.alerts import of_alert
from fhir.answers import of_check_in, scores
from fhir.care import (
    condition_of,
    of_episode,
    of_report,
    of_restriction,
    of_screen,
    screen_questions,
)
from fhir.consents import of_monitoring, of_notice
from fhir.elements import Resource, moment, of_uuid, since
from fhir.people import People
from fhir.plans import PlanResources
from fhir.questionnaires import Asked, of_form, of_measure
from fhir.sessions import SessionResources
from patients.models import Episode, Patient, PrivacyAcceptance, RedFlagScreen
from programs.course.course import Course
from programs.models import (
    Alert,
    CheckIn,
    MonitoringCare,
    Plan,
    Restriction,
    Session,
    SignReport,
)
from programs.progress import answered

AT_A_TIME = 200  # sessions in memory
DAY = dt.timedelta(days=1)
# What each part of a record is made of; who is named in it comes after all (`People`).
_PARTS = {
    "_care": {"EpisodeOfCare", "Condition", "Observation", "Flag", "QuestionnaireResponse"},
    "_plans": {"CarePlan", "Goal", "ServiceRequest", "Provenance"},
    "_sessions": {"Procedure", "Observation", "Provenance"},
    "_forms": {"QuestionnaireResponse", "Observation"},
    "_alerts": {"Task"},
    "_consents": {"Consent"},
}
_ASKED = "Questionnaire"  # what was answered in a part
_OF_PEOPLE = {"Organization", "Patient", "CareTeam", "RelatedPerson"}
_NAMED = {"Practitioner", "PractitionerRole"}


class Record:
    """One patient's. In English, which the codes' own words are in.

    `kinds`: only these are made. `key`: of rows that are many, only this one. Whatever depends on a
    row that changes says since when it is so (`meta.lastUpdated`); what has no such moment, such as
    a questionnaire, says nothing.
    """

    def __init__(
        self, patient: Patient, kinds: Collection[str] = KINDS, key: UUID | None = None
    ) -> None:
        self.patient, self.origin = patient, str(settings.SITE_ADDRESS)
        self.kinds, self.key, self.now = frozenset(kinds), key, timezone.now()
        self.people = People(patient)
        self.episodes = list(Episode.objects.filter(patient=patient).order_by("opened_at"))

    def __iter__(self) -> Iterator[Resource]:
        with translation.override("en"):
            for part, made in _PARTS.items():
                if self.kinds & (made | {_ASKED} | _NAMED):
                    yield from self._wanted(getattr(self, part)())
            if self.kinds & (_OF_PEOPLE | _NAMED):
                yield from self._wanted(self.people.resources())

    def _wanted(self, made: Iterable[Resource]) -> Iterator[Resource]:
        return (one for one in made if one["resourceType"] in self.kinds)

    def _rows(self, model: Any) -> QuerySet[Any]:
        rows = model.objects.filter(patient=self.patient)
        return rows if self.key is None else rows.filter(pk=self.key)

    def _since(
        self, moments: Iterable[dt.datetime | None], made: Iterable[Resource]
    ) -> Iterator[Resource]:
        """As it has been since the last of these moments that has passed."""
        past = [one for one in moments if one is not None and one <= self.now]
        for one in made:
            yield since(max(past, default=None), one)

    def _midnight(self, day: dt.date | None) -> dt.datetime | None:
        """With which the clinic's day begins."""
        return dt.datetime.combine(day, dt.time(), self.patient.clinic.zone) if day else None

    def _care(self) -> Iterator[Resource]:
        for episode in self.episodes:
            yield from self._since([episode.changed_at], of_episode(self.people, episode))
        screens = list(self._rows(RedFlagScreen).order_by("screened_at"))
        if screens:
            yield screen_questions(self.origin)
        for screen in screens:
            moments = [screen.screened_at, screen.cleared_at]
            yield from self._since(moments, of_screen(self.people, screen, self.origin))
        today = self.patient.clinic.today()
        for one in self._rows(Restriction).order_by("made_at"):
            over = self._midnight(one.until + DAY if one.until else None)
            made = [of_restriction(self.people, one, today)]
            yield from self._since([one.changed_at, over], made)
        for report in self._rows(SignReport).order_by("told_at"):
            yield from self._since([report.received_at], [of_report(self.people, report)])

    @cached_property
    def _courses(self) -> list[Course]:
        """Of plans that were prescribed: a draft is nobody's order yet."""
        found = []
        for episode in self.episodes:
            plans = list(Plan.objects.frozen().filter(episode=episode))
            for plan in plans:
                plan.episode, plan.clinic = episode, self.patient.clinic
            found += Course.load(plans)
        for course in found:
            for row in course.prescriptions:
                row.plan = course.plan
        return found

    def _plans(self) -> Iterator[Resource]:
        before = None
        for course in self._courses:
            if before is not None and before.plan.episode_id != course.plan.episode_id:
                before = None
            made = PlanResources(self.people, course, before, self.origin)
            yield from self._since(self._moments_of(course), made)
            before = course

    def _moments_of(self, course: Course) -> Iterator[dt.datetime | None]:
        """Whenever something about a version changed, or a day began that did."""
        plan = course.plan
        yield from (plan.created_at, plan.activated_at, plan.effective_at, plan.closed_at)
        yield self._midnight(plan.starts_on)
        yield plan.episode.changed_at
        for start in course.starts:
            yield from (start.at, self._midnight(start.on))
        for pause in course.pauses:
            yield self._midnight(pause.first)
            yield self._midnight(pause.last + DAY if pause.last else None)

    def _sessions(self) -> Iterator[Resource]:
        rows = [row for course in self._courses for row in course.prescriptions]
        titles = {row.pk: row.kept.title for row in rows}
        ordered = {row.pk for row in rows if row.included}
        conditions = {one.plan.pk: condition_of(one.plan.episode) for one in self._courses}
        replaced = self._replaced(Session)
        sessions = self._rows(Session).order_by("done_at").prefetch_related("exercise_logs")
        for session in sessions.iterator(chunk_size=AT_A_TIME):
            made = SessionResources(
                self.people,
                session,
                list(session.exercise_logs.all()),
                titles,
                ordered,
                conditions[session.plan_id],
                is_replaced=session.pk in replaced,
            )
            yield from self._since([session.received_at, replaced.get(session.pk)], made)

    def _replaced(self, model: Any) -> dict[Any, dt.datetime]:
        """What was put right, and when."""
        newer = model.objects.filter(patient=self.patient).exclude(replaces=None)
        return dict(newer.values_list("replaces", "received_at"))

    def _forms(self) -> Iterator[Resource]:
        replaced, asked = self._replaced(CheckIn), Asked(self.origin)
        found = self._rows(CheckIn).order_by("answered_at").select_related("form__form")
        # A record that says 'nothing was measured' puts another one right and answers nothing.
        check_ins = [one for one in found if one.versions or one.form_id]
        known = answered.versions_of(check_ins)
        forms = {one.form_id: one.form for one in check_ins if one.form is not None}
        alone = {
            next(iter(one.versions.items()))
            for one in check_ins
            if one.form is None and len(one.versions) == 1
        }
        for version in forms.values():
            known |= version.definitions()
            yield since(version.at, of_form(version, known, self.origin))
        for key in sorted(alone):
            yield of_measure(known[key], self.origin)
        for check_in, scored in answered.scored(check_ins, known):
            is_replaced = check_in.pk in replaced
            made = [of_check_in(self.people, check_in, known, asked, is_replaced=is_replaced)]
            made += scores(self.people, check_in, scored, known, is_replaced=is_replaced)
            yield from self._since([check_in.received_at, replaced.get(check_in.pk)], made)

    def _alerts(self) -> Iterator[Resource]:
        rows = self._rows(Alert).annotate(worked_at=Max("steps__at")).order_by("raised_at")
        for alert in rows:
            moments = [alert.raised_at, alert.seen_at, alert.acknowledged_at, alert.snoozed_until]
            made = [of_alert(self.people, alert, worked_at=alert.worked_at)]
            yield from self._since([*moments, alert.worked_at], made)

    def _consents(self) -> Iterator[Resource]:
        for accepted in self._rows(PrivacyAcceptance).order_by("accepted_at"):
            yield from self._since([accepted.accepted_at], [of_notice(self.people, accepted)])
        for care in self._rows(MonitoringCare).order_by("made_at"):
            if (consent := of_monitoring(self.people, care)) is not None:
                yield from self._since([care.changed_at], [consent])


def as_bundle(patient: Patient, *, made_at: dt.datetime) -> bytes:
    """A Bundle of type collection: docs/decisions/0043 says why no document."""
    record = Record(patient)
    head = {
        "resourceType": "Bundle",
        "identifier": of_uuid(patient.pk),
        "type": "collection",
        "timestamp": moment(made_at, patient.clinic.zone),
    }
    base = f"{record.origin}/fhir"
    entries = (
        _json({"fullUrl": f"{base}/{one['resourceType']}/{one['id']}", "resource": one})
        for one in record
    )
    # Text by text: three years of sessions are never in memory as data.
    listed = ",\n".join(entries)
    return f'{_json(head)[:-1]}, "entry": [\n{listed}\n]}}'.encode()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
