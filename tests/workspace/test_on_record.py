"""Whoever was shown a patient's name was shown it on record: all addresses of the workspace."""

import uuid

import pytest
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.audit import Action
from accounts.models import AuditEvent, FactorReset
from patients.actions import canned_answers, record_links, saved_views
from programs.actions import monitoring, questions
from tests.conftest import client_of, make_episode
from tests.fhir.apps import patient_app
from tests.fhir.conftest import earlier_record
from tests.fhir.hospital import connected, visiting
from tests.stage import kept
from tests.workspace.test_access import ids as story
from workspace.urls import urlpatterns

pytestmark = pytest.mark.django_db
ids = story

# What a key in an address stands for in the story; the rest are called `<key>_id` there.
KEYS = {
    "wrong_id": "measure",
    "message_id": "letter",
    "plan_id": "draft",
    "letter_id": "letter_made",
}
FIXED = {
    "check_in_id": uuid.UUID(int=5),
    "new_id": uuid.UUID(int=7),
    "code": "M5",
    "kind": "progress",
    "sealed_id": uuid.UUID(int=6),
}
# Reading the trail is an event of its own, whoever it names.
OF_PATIENTS = [Action.PATIENT_READ, Action.PATIENTS_LISTED]
OF_TRAIL = [Action.AUDIT_READ, Action.AUDIT_EXPORTED]


@kept
def keys(ids, ana, bert, plan, draft_of_bert, priya, ruth, mara):
    """All that an address can name, about Ana Reyes."""
    row = plan.prescriptions.first()
    question = questions.ask(patient=ana, about=row, text="How long?", by=ana.user)
    answer = canned_answers.save(answer=None, title="Rest", text="Rest today.", by=priya)
    view = saved_views.save(name="Falls", query="finding=falls", by=priya)
    more = {"question": question.pk, "answer": answer.pk, "caregiver": mara.pk, "view": view.pk}
    more["other"] = bert.pk
    more["cover"] = uuid.UUID(int=7)
    more["person"] = priya.uuid
    reset = FactorReset.objects.create(user=priya, asked_by=ruth, words="At my desk.")
    more["reset"] = reset.pk
    more["app"] = patient_app(ruth).pk
    record = connected(ruth, "https://record.example.org/fhir")
    link = record_links.link(patient=ana, record=record, their_id="p-1", told=[], by=priya)
    more |= {"record": record.pk, "link": link.pk, "visit": visiting(priya, record, "p-1")}
    more["earlier"] = earlier_record(ana, priya).pk
    monitoring.begin(episode=plan.episode, by=priya)
    return ids | more


@kept
def draft_of_bert(bert, priya, colm):
    """Somebody to copy a plan to."""
    bert.care_team.create(clinic=bert.clinic, therapist=priya, added_by=colm)
    return make_episode(bert, colm)


@pytest.mark.parametrize("who", ["priya", "ruth"])
@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda one: one.name)
def test_each_page_that_names_a_patient_is_on_record(pattern, who, keys, ana, bert, priya, ruth):
    asker = {"priya": priya, "ruth": ruth}[who]
    named = {
        name: FIXED.get(name) or keys[KEYS.get(name, name.removesuffix("_id"))]
        for name in pattern.pattern.converters
    }
    began = timezone.now()
    answer = client_of(asker).get(reverse(f"workspace:{pattern.name}", kwargs=named))
    if answer.status_code != 200:
        return
    events = AuditEvent.objects.filter(at__gte=began, actor_id=asker.uuid)
    page = answer.getvalue().decode(errors="replace")
    for patient in (ana, bert):
        if str(patient) in page or f"{patient.last_name}, {patient.first_name}" in page:
            of_patient = Q(patient_id=patient.pk) | Q(named__contains=[patient.pk])
            read = events.filter(of_patient, action__in=OF_PATIENTS)
            assert read.exists() or events.filter(action__in=OF_TRAIL).exists(), patient


def test_the_walk_comes_to_pages_that_name_somebody(keys, priya):
    for name in ("caseload", "questions", "plan_copy", "monitoring"):
        named = {"patient_id": keys["patient"]} if name == "plan_copy" else {}
        assert b"Reyes" in client_of(priya).get(reverse(f"workspace:{name}", kwargs=named)).content
