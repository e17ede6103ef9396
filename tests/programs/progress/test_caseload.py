"""The list of patients: filters that combine, orders, need first, and what a row says."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from patients.actions import messages
from patients.models import Episode
from programs.actions import pauses, sessions
from programs.models import Alert
from programs.progress import inbox
from programs.progress.caseload import Care, Finding, Show, Sort, Wanted, caseload, choices
from tests.conftest import give_login, make_episode, make_patient, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(priya, ana, plan):
    """Ana is in the story's plan; Bo has none, Cy is new, Di was discharged."""
    bo, cy, di = (make_patient(priya, name, last_name=f"{name}son") for name in ("Bo", "Cy", "Di"))
    make_episode(bo, priya, sensation="lost", fall_risk="high")
    over = make_episode(di, priya)
    Episode.objects.filter(pk=over.pk).update(
        closed_at=timezone.now(), closed_by=priya, outcome="goals_met"
    )
    return {"ana": ana, "bo": bo, "cy": cy, "di": di}


def firsts(user, **wanted):
    return [row.patient.first_name for row in caseload(user, Wanted(**wanted))[:50]]


def fall(plan, by, **fields):
    return sessions.record(session_id=uuid.uuid4(), plan=plan, done={}, by=by, falls=1, **fields)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, ["Bo", "Cy", "Ana"]),
        ({"care": Care.DISCHARGED}, ["Di"]),
        ({"care": Care.EVERYBODY}, ["Bo", "Cy", "Di", "Ana"]),
        ({"finding": Finding.LOST}, ["Bo"]),
        ({"finding": Finding.FALLS}, ["Bo"]),
        ({"finding": Finding.NO_PLAN}, ["Bo", "Cy"]),
        ({"finding": Finding.NO_PLAN, "care": Care.DISCHARGED}, ["Di"]),
        ({"finding": Finding.FLAG}, []),
        ({"finding": Finding.HELD}, []),
        ({"finding": Finding.NO_LOGIN}, ["Bo", "Cy"]),
        ({"phase": 1}, ["Ana"]),
        ({"phase": 2}, []),
        ({"typed": "son", "finding": Finding.LOST}, ["Bo"]),
        ({"typed": "son"}, ["Bo", "Cy", "Di"]),
        ({"typed": "son", "care": Care.IN_CARE}, ["Bo", "Cy"]),
        ({"sort": Sort.NAME, "descending": True}, ["Ana", "Cy", "Bo"]),
    ],
)
def test_filters_combine(people, priya, wanted, expected):
    assert firsts(priya, **wanted) == expected
    assert len(caseload(priya, Wanted(**wanted))) == len(expected)


def test_by_program_and_therapist(people, priya, colm, plan):
    [known] = choices(priya).programs
    assert known == plan.program
    assert firsts(priya, program=known.uuid) == ["Ana"]
    assert firsts(priya, therapist=priya.uuid) == ["Bo", "Cy", "Ana"]
    assert firsts(priya, therapist=colm.uuid) == []
    people["bo"].care_team.create(clinic=priya.clinic, therapist=colm, added_by=priya)
    assert firsts(priya, therapist=colm.uuid) == ["Bo"]
    assert set(choices(priya).therapists) == {priya, colm}
    assert firsts(colm) == ["Bo"]


def test_who_needs_somebody_comes_first_the_late_before_the_worse(people, priya, ana, plan):
    bo = people["bo"]
    fall(make_plan(Episode.objects.get(patient=bo), priya), priya)
    fall(plan, ana.user)
    messages.send(message_id=uuid.uuid4(), patient=ana, text="How often?", by=ana.user)
    Alert.objects.filter(patient=ana).update(severity="low")
    assert firsts(priya) == ["Bo", "Ana", "Cy"]
    Alert.objects.filter(patient=ana).update(due_at=timezone.now() - dt.timedelta(minutes=1))
    assert firsts(priya) == ["Ana", "Bo", "Cy"]
    assert firsts(priya, show=Show.NEEDS) == ["Ana", "Bo"]
    assert firsts(priya, typed="cy") == ["Cy"]
    assert firsts(priya, show=Show.NEEDS, typed="cy") == []
    later = timezone.now() + dt.timedelta(hours=2)
    Alert.objects.update(snoozed_until=later)
    assert firsts(priya, show=Show.NEEDS) == ["Ana"]  # the message waits on


def test_something_that_waits_is_never_hidden_by_a_discharge(people, priya, ana, plan, ruth):
    di = people["di"]
    login = give_login(di, priya)
    messages.send(message_id=uuid.uuid4(), patient=di, text="Numb again.", by=login)
    [row] = caseload(priya, Wanted(show=Show.NEEDS))[:50]
    assert (row.patient, row.asks, row.episode.closed_at is None) == (di, True, False)
    assert firsts(priya) == ["Di", "Bo", "Cy", "Ana"]
    assert firsts(priya, care=Care.IN_CARE) == ["Bo", "Cy", "Ana"]
    assert "Di" not in firsts(ruth)  # who reads no messages
    fall(plan, ana.user)
    Episode.objects.filter(patient=ana).update(
        closed_at=timezone.now(), closed_by=priya, outcome="goals_met"
    )
    assert firsts(priya, show=Show.NEEDS) == ["Ana", "Di"]
    assert firsts(ruth, show=Show.NEEDS) == ["Ana"]


def test_the_list_and_the_inbox_have_one_order(people, priya, ana, plan):
    fall(make_plan(Episode.objects.get(patient=people["bo"]), priya), priya)
    fall(plan, ana.user)
    later, sooner = (timezone.now() + dt.timedelta(hours=hours) for hours in (9, 2))
    Alert.objects.filter(patient=ana).update(due_at=sooner)
    Alert.objects.filter(patient=people["bo"]).update(due_at=later)
    waiting = [item.patient_id for item in inbox.load(priya, {inbox.Kind.ALERT}).items]
    assert waiting == [ana.pk, people["bo"].pk]
    assert firsts(priya, show=Show.NEEDS) == ["Ana", "Bo"]


def test_pages_go_on_where_the_one_before_ended(people, priya, ana, plan):
    fall(plan, ana.user)
    cases = caseload(priya, Wanted(care=Care.EVERYBODY))
    one_by_one = [cases[number : number + 1][0].patient.first_name for number in range(len(cases))]
    assert one_by_one == ["Ana", "Bo", "Cy", "Di"]
    assert [row.patient.first_name for row in cases[1:3]] == ["Bo", "Cy"]
    assert cases[4:8] == []


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("descending", [False, True])
def test_every_column_orders_and_who_has_nothing_comes_last(
    people, priya, ana, plan, sort, descending
):
    fall(plan, ana.user, pain_before=1, pain_after=2)
    found = firsts(priya, sort=sort, descending=descending)
    assert sorted(found) == ["Ana", "Bo", "Cy"]
    if sort in (Sort.PROGRAM, Sort.PAIN, Sort.LAST):
        assert found[0] == "Ana"


def test_the_administrator_sees_all_of_the_clinic_and_no_messages(people, ruth, ana):
    messages.send(message_id=uuid.uuid4(), patient=ana, text="How often?", by=ana.user)
    cases = caseload(ruth)
    assert cases.numbers[Show.NEEDS] == 0
    assert {row.patient.first_name for row in cases[:50]} >= {"Ana", "Bo", "Cy"}


def test_nobody_of_another_clinic(people, olive):
    assert firsts(olive, care=Care.EVERYBODY) == []


def test_a_name_that_is_spelled_nearly_so(people, priya):
    cases = caseload(priya, Wanted(typed="Bosom"))
    assert cases.is_near_miss
    assert [row.patient.first_name for row in cases[:5]] == ["Bo"]
    assert not caseload(priya, Wanted(typed="Bos")).is_near_miss
    assert not caseload(priya, Wanted(typed="Zzzzz")).is_near_miss


def test_a_pause_shows(priya, ana, plan):
    pauses.pause(plan=plan, why="holiday", by=priya)
    [row] = caseload(priya, Wanted(typed="Reyes"))[:5]
    assert row.pause is not None
