"""Queries that are compiled once: the rows of a queryset that is built anew each time."""

import datetime as dt
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.test.utils import CaptureQueriesContext

from accounts.compiled import compiled
from patients.models import CareTeamMember, Patient
from programs.actions import sessions
from programs.course import entries, today
from tests.conftest import make_patient

pytestmark = pytest.mark.django_db
BUILT: list[object] = []


def plain(clinic: UUID, born: dt.date, names: list[str]) -> QuerySet[Patient]:
    BUILT.append(clinic)
    team = CareTeamMember.objects.filter(patient=OuterRef("pk"), ended_at=None)
    either = Q(birth_date__gte=born) | Q(first_name__any_of=names)
    found = Patient.objects.filter(either, clinic=clinic)
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


def test_it_is_built_once_for_however_many(people, clinic):
    ask = compiled(plain)
    ask(clinic.pk, dt.date(1950, 1, 1), ["Ana", "Bea"])
    BUILT.clear()
    for names in (["Cora"], ["Dan", "Eve"], list(map(str, range(100))), ["Finn", "Finn"]):
        found = {one.first_name for one in ask(clinic.pk, dt.date(1990, 1, 1), names)}
        assert found == {"Ana", "Bea", "Cora", "Dan", "Eve", "Finn"} & set(names)
    assert BUILT == []


def test_what_is_missing_and_what_is_one_of_a_few_has_its_own_shape(people, clinic):
    @compiled
    def found(clinic: UUID, until: dt.date | None, newest: bool) -> QuerySet[Patient]:
        rows = Patient.objects.filter(clinic=clinic)
        if until is not None:
            rows = rows.filter(birth_date__lte=until)
        return rows.order_by("-birth_date" if newest else "birth_date")[:1]

    for until in (None, dt.date(1950, 1, 1), dt.date(1945, 1, 1), None):
        for newest in (True, False):
            born = [one.birth_date for one in people]
            days = sorted((one for one in born if not until or one <= until), reverse=newest)
            assert [one.birth_date for one in found(clinic.pk, until, newest)] == days[:1]


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

    with pytest.raises(TypeError, match="object is no argument"):
        named(object())
    assert not list(named("Nobody"))


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
