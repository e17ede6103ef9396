"""Who waits and how urgently, in SQL, is what the inbox says in Python, whatever waits."""

import datetime as dt
import random
import uuid
from collections import defaultdict

import pytest
from django.utils import timezone

from patients.actions import messages
from programs.models import Alert
from programs.models.alert import Code, Severity
from programs.progress.caseload import Show, Wanted, caseload
from programs.progress.inbox import ANSWER_IN, urgency
from tests.conftest import give_login, make_episode, make_patient, make_plan

pytestmark = pytest.mark.django_db

PEOPLE = ["Bo", "Cy", "Di", "Ed", "Flo", "Gus"]


@pytest.fixture
def plans(priya):
    found = []
    for name in PEOPLE:
        patient = make_patient(priya, name)
        give_login(patient, priya)
        patient.refresh_from_db()
        found.append(make_plan(make_episode(patient, priya), priya))
    return found


def moment(chance, now):
    return now + dt.timedelta(seconds=chance.randint(-500_000, 500_000))


def let_something_wait(plan, chance, now):
    """Alerts of some rules, some put off, and perhaps a message; what waits of each, its rule."""
    found = []
    for rule in chance.sample([Code.A15, Code.A16, Code.A10, Code.A14], chance.randint(0, 3)):
        due, severity = moment(chance, now), chance.choice(list(Severity))
        later = chance.choice(
            [None, None, now - dt.timedelta(hours=1), now + dt.timedelta(hours=1)]
        )
        Alert.objects.create(
            patient=plan.patient, plan=plan, rule=rule, severity=severity, message="Look.",
            raised_at=due - dt.timedelta(days=1), due_at=due, snoozed_until=later,
        )  # fmt: skip
        if later is None or later < now:
            found.append((urgency(severity, due, due), rule))
    if chance.random() < 0.4:
        written, by = moment(chance, now), plan.patient.user
        sent = {"message_id": uuid.uuid4(), "patient": plan.patient, "text": "How often?"}
        messages.send(**sent, by=by, at=written)
        found.append((urgency(None, written + ANSWER_IN, written), ""))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_the_order_and_the_tabs_are_those_of_what_waits(plans, priya, ruth, seed):
    chance, now = random.Random(seed), timezone.now()
    waits = {plan.patient: let_something_wait(plan, chance, now) for plan in plans}
    for reader, reads in ((priya, True), (ruth, False)):
        of = {
            patient: [(how, rule) for how, rule in found if rule or reads]
            for patient, found in waits.items()
        }
        expected: dict[Show, list] = defaultdict(list)
        first = sorted((p for p in of if of[p]), key=lambda p: min(how for how, _ in of[p]))
        rest = sorted((p for p in of if not of[p]), key=lambda p: p.first_name)
        expected[Show.ALL] = first + rest
        for patient in first:
            rules = {rule for _, rule in of[patient]}
            if rules - {Code.A15, Code.A16}:
                expected[Show.NEEDS].append(patient)
            if Code.A15 in rules:
                expected[Show.SILENT].append(patient)
        for show in Show:
            cases = caseload(reader, Wanted(show=show))
            assert cases.keys(slice(99)) == [one.pk for one in expected[show]], (reader, show)
            assert cases.numbers == {one: len(expected[one]) for one in Show}
