"""Numbers without names: who sees them, that the file is the page, and that nobody is in it."""

import csv
import datetime as dt
import io
import re

import pytest
from django.utils import timezone

from accounts.audit import Action
from accounts.models import AuditEvent
from accounts.permissions import Role
from patients.models import Patient
from programs.models import Alert, Plan, Program
from programs.outcomes import ended, tables
from tests.conftest import client_of, make_user, prove
from tests.programs.outcomes.made import Story, make, pains

pytestmark = pytest.mark.django_db
PAGE, FILE, REGISTRY = (
    "/workspace/numbers/", "/workspace/numbers/file/", "/workspace/numbers/registry/"
)  # fmt: skip
LAST_YEAR = timezone.now().year - 1
YEAR = {"period": str(LAST_YEAR)}
PURPOSE = "For the national registry; Ruth decided."


def day(month=5, year=LAST_YEAR):
    return dt.date(year, month, 20)


def stories(number, month=5, code="P1", first=7, last=4, year=LAST_YEAR, **more):
    program = Program.objects.get(clinic=None, code=code)
    return [
        Story(day(month, year), program, answers=pains(first, last), **more) for _ in range(number)
    ]


def raise_alerts(episodes, rule="A15", hours=3):
    plans = Plan.objects.filter(episode__in=episodes).select_related("patient")
    Alert.objects.bulk_create(
        Alert(
            clinic_id=plan.clinic_id, patient=plan.patient, plan=plan, rule=rule, severity="high",
            message="Secret message", raised_at=plan.effective_at, due_at=plan.effective_at,
            seen_at=plan.effective_at + dt.timedelta(hours=hours),
        )
        for plan in plans
    )  # fmt: skip


@pytest.fixture
def as_ruth(ruth):
    return prove(client_of(ruth))


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))


@pytest.mark.parametrize("address", [PAGE, FILE, REGISTRY])
def test_only_who_runs_the_clinic_sees_them(address, ruth, priya, ana, ed, olive, root):
    found = {
        name: client_of(user).get(address).status_code
        for name, user in {"priya": priya, "ana": ana.user, "ed": ed, "olive": olive,
                           "root": root, "nobody": None}.items()
    }  # fmt: skip
    assert found == {"priya": 403, "ana": 404, "ed": 404, "olive": 403, "root": 404, "nobody": 302}
    assert client_of(ruth).get(PAGE).status_code == 200


def test_the_link_stands_for_who_may_use_it(as_ruth, as_priya):
    assert f'href="{PAGE}"' in as_ruth.get("/workspace/").content.decode()
    assert PAGE not in as_priya.get("/workspace/").content.decode()


def test_without_anything_to_count_it_says_so(as_ruth):
    assert "Nothing to count yet" in as_ruth.get(PAGE).content.decode()
    assert as_ruth.get(FILE).status_code == 404
    assert "No year is over" in as_ruth.get(REGISTRY).content.decode()


def test_a_period_without_anything_says_so(as_ruth, ruth):
    make(ruth, stories(12, month=2))
    page = as_ruth.get(PAGE, {"period": f"{LAST_YEAR}-Q4"}).content.decode()
    assert "no course of care with a plan was closed" in page


@pytest.mark.parametrize("period", ["2025-05", "nonsense", "2025-Q9", "' OR 1=1", "1990"])
def test_no_other_stretch_of_days_can_be_asked_for(as_ruth, ruth, period):
    make(ruth, stories(12))
    page = as_ruth.get(PAGE, {"period": period})
    assert page.status_code == 200
    assert page.context["tables"] == []
    assert as_ruth.get(FILE, {"period": period}).status_code == 404


def test_what_still_runs_is_not_shown(as_ruth, ruth):
    make(ruth, stories(12))
    this_year = timezone.now().year
    page = as_ruth.get(PAGE, {"period": str(this_year)})
    assert page.context["tables"] == []


def test_a_year_is_not_compared_with_a_quarter(as_ruth, ruth):
    make(ruth, stories(12))
    page = as_ruth.get(PAGE, {**YEAR, "against": f"{LAST_YEAR}-Q2"})
    assert "a quarter with a quarter" in page.content.decode()
    assert page.context["tables"] == []


def test_the_page_shows_what_was_counted(as_ruth, ruth):
    episodes = make(ruth, stories(24, first=7, last=4))
    raise_alerts(episodes)
    page = as_ruth.get(PAGE, YEAR)
    text = re.sub(r"\s+", " ", page.content.decode().replace("\u00a0", " "))
    # 24 times 3 points less; of 28 sessions 14. B of 24: x(7) to x(18), 1 - 2 x 190051 / 2^24.
    assert "3 down (3 down to 3 down, 97.7 % sure): better" in text
    assert "50 % (50 to 50 %, 97.7 % sure)" in text
    assert "24 of 24: 100 % (86 to 100 %)" in text
    assert "3 h (3 h to 3 h)" in text
    assert "A15 No log" in text
    assert "Farrar" in text
    assert "high certainty" in text
    assert ended.DROPPED_OUT in text
    assert text.count('<svg class="chart"') == len(page.context["tables"])


def test_a_small_clinic_sees_that_it_is_small(as_ruth, ruth):
    make(ruth, stories(10))
    page = as_ruth.get(PAGE, YEAR)
    cells = {cell for table in page.context["tables"] for row in table.rows for cell in row.cells}
    assert cells == {tables.HIDDEN}
    assert '<svg class="chart"' not in page.content.decode()


def test_two_periods_stand_under_each_other(as_ruth, ruth):
    make(ruth, stories(24) + stories(30, year=LAST_YEAR - 1, last=7))
    page = as_ruth.get(PAGE, {**YEAR, "against": str(LAST_YEAR - 1)})
    care = page.context["tables"][0]
    assert [(row.heading, row.period, row.cells[0]) for row in care.rows[:2]] == [
        ("All programs", str(LAST_YEAR), "24"),
        ("", str(LAST_YEAR - 1), "30"),
    ]
    assert care.chart.periods == [str(LAST_YEAR), str(LAST_YEAR - 1)]


def test_the_file_is_the_page(as_ruth, ruth):
    small = stories(3, code="P3") + stories(5, year=LAST_YEAR - 1)
    raise_alerts(make(ruth, stories(24) + stories(13, code="P2") + small))
    asked = {**YEAR, "against": str(LAST_YEAR - 1)}
    page = as_ruth.get(PAGE, asked)
    answer = as_ruth.get(FILE, asked)
    assert answer["Content-Disposition"] == (
        f'attachment; filename="footing-numbers-{LAST_YEAR}-against-{LAST_YEAR - 1}.csv"'
    )
    found = iter(rows_of(answer))
    text = re.sub(r"\s+", " ", page.content.decode())
    for table in page.context["tables"]:
        assert next(found) == [table.title]
        assert next(found) == [table.first, "Period", *table.columns]
        for row in table.rows:
            cells = next(found)
            assert cells[1:] == [row.period, *row.cells]
            assert all(re.sub(r"\s+", " ", cell) in text for cell in cells)
        for note in table.notes:
            assert next(found) == [note]
        assert next(found) == []
    assert next(found, None) is None
    assert tables.HIDDEN.startswith("fewer than 11")
    assert tables.HIDDEN in answer.content.decode()


def test_the_file_is_on_record_and_asks_who_it_is(ruth):
    make(ruth, stories(12))
    client = client_of(ruth)
    assert "reauthenticate" in client.get(FILE, YEAR)["Location"]
    prove(client)
    client.get(FILE, YEAR)
    event = AuditEvent.objects.filter(action=Action.NUMBERS_EXPORTED).get()
    assert event.detail == {"period": str(LAST_YEAR)}
    assert event.actor_id == ruth.uuid


def test_a_programs_title_is_no_formula_in_the_file(as_ruth, ruth, clinic):
    own = Program.objects.create(clinic=clinic, code="=1+1", title="x", visibility="clinic")
    make(ruth, [Story(day(), own) for _ in range(12)])
    assert any(row and row[0] == "'=1+1 x" for row in rows_of(as_ruth.get(FILE, YEAR)))


@pytest.mark.parametrize("address", [PAGE, FILE])
def test_another_clinics_patients_are_never_counted(address, as_ruth, ruth, olive):
    make(ruth, stories(12))
    before = as_ruth.get(address, YEAR).content
    other = make_user(olive.clinic, "Hilda", Role.CLINIC_ADMIN, "hilltop.test")
    raise_alerts(make(other, stories(40)))
    assert re.sub(rb"(csrf|nonce)[^>]*>", b"", as_ruth.get(address, YEAR).content) == re.sub(
        rb"(csrf|nonce)[^>]*>", b"", before
    )


def test_it_takes_as_many_queries_for_many_as_for_few(as_ruth, ruth, django_assert_max_num_queries):
    raise_alerts(make(ruth, stories(12)))
    as_ruth.get(PAGE, YEAR)
    with django_assert_max_num_queries(30) as few:
        as_ruth.get(PAGE, YEAR)
    raise_alerts(make(ruth, stories(60) + stories(20, code="P2")))
    with django_assert_max_num_queries(len(few)):
        as_ruth.get(PAGE, YEAR)


# The de-identified rows


def download(client, **sent):
    return client.post(REGISTRY, {"year": str(LAST_YEAR), "purpose": PURPOSE, **sent})


def test_rows_for_a_registry_name_nobody(as_ruth, ruth):
    episodes = make(
        ruth, stories(14, first_name="Wilhelmina") + stories(2, born=dt.date(1930, 1, 2))
    )
    answer = download(as_ruth)
    assert answer["Content-Type"].startswith("text/csv")
    text = answer.content.decode()
    patients = Patient.objects.filter(pk__in=[one.patient_id for one in episodes])
    for patient in patients:
        for word in (patient.first_name, patient.last_name, patient.email, str(patient.pk),
                     str(patient.birth_date), str(patient.birth_date.year)):  # fmt: skip
            assert word not in text
    for episode in episodes:
        assert str(episode.pk) not in text
    assert "Secret" not in text
    assert not re.search(r"\d{4}-\d\d|\d\d?/\d\d?/\d{2,4}", text.replace("164.514", ""))
    for name in ("riverside", "Ruth", "@"):
        assert name not in text
    rows = [row for row in rows_of(answer) if not row[0].startswith("#")]
    assert len(rows) == 1 + 14
    assert "2 are left out" in text


def test_the_demos_patients_are_not_named_either(as_ruth, ruth):
    from programs.demo.people import PEOPLE

    make(ruth, [
        Story(day(), first_name=person.first_name, born=dt.date.fromisoformat(person.born),
              sex=person.sex, findings=person.episode)
        for person in PEOPLE for _ in range(5)
    ])  # fmt: skip
    text = download(as_ruth).content.decode()
    for person in PEOPLE:
        for word in (person.first_name, person.last_name, person.born, person.record_number):
            assert not word or word not in text


def test_the_file_needs_a_purpose_and_is_on_record(as_ruth, ruth):
    make(ruth, stories(14))
    for purpose in ("", "x", "ok"):
        assert "text/html" in download(as_ruth, purpose=purpose)["Content-Type"]
    assert not AuditEvent.objects.filter(action=Action.REGISTRY_EXPORTED).exists()
    download(as_ruth)
    event = AuditEvent.objects.get(action=Action.REGISTRY_EXPORTED)
    assert event.detail == {"year": str(LAST_YEAR), "rows": 14, "purpose": PURPOSE}
    assert event.named == []


def test_it_asks_who_it_is_before_a_file_is_made(ruth):
    make(ruth, stories(14))
    answer = download(client_of(ruth))
    assert answer.status_code == 302
    assert not AuditEvent.objects.filter(action=Action.REGISTRY_EXPORTED).exists()


def test_there_is_no_file_of_few_people(as_ruth, ruth):
    make(ruth, stories(10))
    answer = download(as_ruth)
    assert "Fewer than 11 people would be in it" in answer.content.decode()


def test_there_is_no_file_of_a_quarter_or_of_a_year_that_runs(as_ruth, ruth):
    make(ruth, stories(14))
    for year in (f"{LAST_YEAR}-Q2", str(LAST_YEAR + 1)):
        assert "text/html" in download(as_ruth, year=year)["Content-Type"]


def test_who_has_asked_to_be_erased_is_not_in_the_rows(as_ruth, ruth):
    episodes = make(ruth, stories(14))
    Patient.objects.filter(pk=episodes[0].patient_id).update(erasure_asked_at=timezone.now())
    assert len([row for row in rows_of(download(as_ruth)) if not row[0].startswith("#")]) == 14


def test_another_clinics_courses_are_not_in_the_rows(as_ruth, ruth, olive):
    make(ruth, stories(14))
    other = make_user(olive.clinic, "Hilda", Role.CLINIC_ADMIN, "hilltop.test")
    make(other, stories(20))
    assert len([row for row in rows_of(download(as_ruth)) if not row[0].startswith("#")]) == 15
