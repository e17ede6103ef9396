"""All of one patient's record as resources, one after the other."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation

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
from fhir.elements import Resource, moment, of_uuid
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


class Record:
    """One patient's. In English, which the codes' own words are in."""

    def __init__(self, patient: Patient) -> None:
        self.patient, self.origin = patient, str(settings.SITE_ADDRESS)
        self.people = People(patient)
        self.episodes = list(Episode.objects.filter(patient=patient).order_by("opened_at"))
        self.of_plan: dict[Any, Any] = {}
        self.titles: dict[Any, str] = {}
        self.ordered: set[Any] = set()

    def __iter__(self) -> Iterator[Resource]:
        with translation.override("en"):
            yield from self._care()
            yield from self._plans()
            yield from self._sessions()
            yield from self._forms()
            yield from self._alerts()
            yield from self._consents()
            yield from self.people.resources()

    def _rows(self, model: Any) -> QuerySet[Any]:
        return model.objects.filter(patient=self.patient)

    def _care(self) -> Iterator[Resource]:
        for episode in self.episodes:
            yield from of_episode(self.people, episode)
        screens = list(self._rows(RedFlagScreen).order_by("screened_at"))
        if screens:
            yield screen_questions(self.origin)
        for screen in screens:
            yield from of_screen(self.people, screen, self.origin)
        today = self.patient.clinic.today()
        for one in self._rows(Restriction).order_by("made_at"):
            yield of_restriction(self.people, one, today)
        for report in self._rows(SignReport).order_by("told_at"):
            yield of_report(self.people, report)

    def _plans(self) -> Iterator[Resource]:
        """Those that were prescribed: a draft is nobody's order yet."""
        for episode in self.episodes:
            plans = list(Plan.objects.frozen().filter(episode=episode))
            for plan in plans:
                plan.episode, plan.clinic = episode, self.patient.clinic
                self.of_plan[plan.pk] = condition_of(episode)
            before = None
            for course in Course.load(plans):
                for row in course.prescriptions:
                    row.plan = course.plan
                    self.titles[row.pk] = row.kept.title
                    self.ordered |= {row.pk} if row.included else set()
                yield from PlanResources(self.people, course, before, self.origin)
                before = course

    def _sessions(self) -> Iterator[Resource]:
        replaced = self._replaced(Session)
        sessions = self._rows(Session).order_by("done_at").prefetch_related("exercise_logs")
        for session in sessions.iterator(chunk_size=AT_A_TIME):
            yield from SessionResources(
                self.people,
                session,
                list(session.exercise_logs.all()),
                self.titles,
                self.ordered,
                self.of_plan[session.plan_id],
                is_replaced=session.pk in replaced,
            )

    def _replaced(self, model: Any) -> set[Any]:
        newer = self._rows(model).exclude(replaces=None)
        return set(newer.values_list("replaces", flat=True))

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
            yield of_form(version, known, self.origin)
        for key in sorted(alone):
            yield of_measure(known[key], self.origin)
        for check_in, scored in answered.scored(check_ins, known):
            is_replaced = check_in.pk in replaced
            yield of_check_in(self.people, check_in, known, asked, is_replaced=is_replaced)
            yield from scores(self.people, check_in, scored, known, is_replaced=is_replaced)

    def _alerts(self) -> Iterator[Resource]:
        for alert in self._rows(Alert).order_by("raised_at"):
            yield of_alert(self.people, alert)

    def _consents(self) -> Iterator[Resource]:
        for accepted in self._rows(PrivacyAcceptance).order_by("accepted_at"):
            yield of_notice(self.people, accepted)
        for care in self._rows(MonitoringCare).order_by("made_at"):
            if (consent := of_monitoring(self.people, care)) is not None:
                yield consent


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
