"""Queries that are compiled once: the rows of a queryset that is built anew each time."""

import datetime as dt
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.test.utils import CaptureQueriesContext

from accounts.compiled import LONGEST, compiled
from patients.models import CareTeamMember, Patient
from programs.actions import sessions
from programs.course import entries, today
from tests.conftest import make_patient

pytestmark = pytest.mark.django_db
BUILT: list[object] = []


def plain(clinic: UUID, born: dt.date, names: list[str]) -> QuerySet[Patient]:
    BUILT.append(clinic)
    team = CareTeamMember.objects.filter(patient=OuterRef("pk"), ended_at=None)
    found = Patient.objects.filter(Q(birth_date__gte=born) | Q(first_name__in=names), clinic=clinic)
    return found.annotate(cared=Exists(team), name=F("last_name")).select_related("clinic")


asked = compiled(plain)


@pytest.fixture
def people(priya):
    names = ["Ana", "Bea", "Cora", "Dan", "Eve", "Finn"]
    return [
        make_patient(priya, name, birth_date=dt.date(1940 + 7 * number, 3, 1))
        for number, name in enumerate(names)
    ]


def rows(found: QuerySet[Patient]) -> list[tuple[object, ...]]:
    return [(one.pk, one.first_name, one.cared, one.name, one.clinic.name) for one in found]


@pytest.mark.parametrize("born", [dt.date(1941, 1, 1), dt.date(1960, 5, 5), dt.date(2020, 1, 1)])
@pytest.mark.parametrize("names", [["Ana"], ["Dan"], ["Ana", "Finn"], [], list("abcdefghijk")])
def test_it_has_the_rows_of_the_queryset(people, clinic, olive, born, names):
    for other in (clinic.pk, olive.clinic_id, uuid4()):
        expected = rows(plain(other, born, names).order_by("pk"))
        assert sorted(rows(asked(other, born, names)), key=lambda one: one[0]) == expected


def test_it_is_built_once_for_each_length(people, clinic):
    ask = compiled(plain)
    ask(clinic.pk, dt.date(1950, 1, 1), ["Ana", "Bea"])
    BUILT.clear()
    for name in ("Cora", "Dan"):
        assert list(ask(clinic.pk, dt.date(1990, 1, 1), [name, "Eve"]))
    assert BUILT == []
    ask(clinic.pk, dt.date(1990, 1, 1), list(map(str, range(LONGEST + 1))))
    assert len(BUILT) == 1


def test_values_are_told_apart_by_their_places(people, clinic):
    """Also where two of them are equal in the call that is compiled."""

    @compiled
    def between(first: dt.date, last: dt.date, clinic: UUID) -> QuerySet[Patient]:
        return Patient.objects.filter(birth_date__range=(first, last), clinic=clinic)

    day = dt.date(1940, 3, 1)
    assert [one.first_name for one in between(day, day, clinic.pk)] == ["Ana"]
    found = between(dt.date(1947, 1, 1), dt.date(1955, 1, 1), clinic.pk)
    assert {one.first_name for one in found} == {"Bea", "Cora"}


def test_nothing_further_can_be_asked_of_it(people, clinic):
    found = asked(clinic.pk, dt.date(1950, 1, 1), ["Ana"])
    for ask in (found.count, found.first, lambda: found.filter(pk=None), found.exists):
        with pytest.raises(TypeError, match="read as it is"):
            ask()


def test_a_query_of_another_shape_is_refused(clinic):
    @compiled
    def shaped(number: int) -> QuerySet[Patient]:
        return Patient.objects.all()[:number]

    @compiled
    def changed(name: str) -> QuerySet[Patient]:
        return Patient.objects.filter(last_name=name.upper())

    for ask, value in ((shaped, 3), (changed, "Reyes")):
        with pytest.raises(ValueError, match="not the same query"):
            ask(value)

    @compiled
    def named(name: str) -> QuerySet[Patient]:
        return Patient.objects.filter(last_name=name)

    with pytest.raises(TypeError, match="NoneType is no argument"):
        named(None)
    assert not list(named("Nobody"))
    with pytest.raises(TypeError, match="same kinds"):
        named(None)


def test_a_value_that_stands_nowhere_is_refused(clinic):
    @compiled
    def of_year(day: dt.date) -> QuerySet[Patient]:
        return Patient.objects.filter(birth_date__year=day.year)

    @compiled
    def unused(day: dt.date) -> QuerySet[Patient]:
        return Patient.objects.all()

    for ask in (of_year, unused):
        with pytest.raises(ValueError, match="not the same query"):
            ask(dt.date(1950, 5, 5))


def test_what_a_list_names_twice_is_asked_for_once(people, clinic):
    found = compiled(plain)(clinic.pk, dt.date(2020, 1, 1), ["Ana", "Ana", "Bea"])
    assert {one.first_name for one in found} == {"Ana", "Bea"}


def test_what_was_stored_later_is_seen(ana, plan):
    """What is compiled is the question, never the answer."""
    day = ana.clinic.today()
    assert not entries.load(ana).today
    with CaptureQueriesContext(connection) as queries:
        assert today.load(ana).sessions_done == 0
    sessions.record(
        session_id=uuid4(),
        plan=plan,
        done=dict.fromkeys(
            plan.prescriptions.filter(phase__number=1).values_list("pk", flat=True), "all"
        ),
        by=ana.user,
    )
    assert [one.done_on for one in entries.load(ana).today] == [day]
    assert len(queries) <= 5
