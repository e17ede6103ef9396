from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from accounts.demo import DEMO_DOMAIN
from accounts.models import Clinic, User
from cms.models import Author
from patients.models import Patient
from programs.course import today
from programs.demo import clinic
from programs.models import Alert, CheckIn, Plan, Session
from programs.outcomes import numbers
from programs.progress.caseload import Show, Wanted, caseload
from tests.conftest import client_of
from tests.stage import kept

pytestmark = pytest.mark.django_db


def riverside():
    return Clinic.objects.get(name=clinic.CLINIC_NAME)


@kept
def demo(db):
    """Made once, by the command; everything below looks at it."""
    with override_settings(DEMO=True):
        output = StringIO()
        call_command("load_demo", stdout=output)
    return output.getvalue()


def test_the_demo_clinic_has_every_state(demo):
    people = Patient.objects.filter(email__endswith=DEMO_DOMAIN)
    assert people.filter(clinic=riverside(), user__isnull=False).count() == 11
    priya, tom = (User.objects.get(email=f"{who}@{DEMO_DOMAIN}") for who in ("priya", "tom"))
    needs, silent = Wanted(show=Show.NEEDS), Wanted(show=Show.SILENT)
    assert {"Maria", "Tomas"} <= {row.patient.first_name for row in caseload(priya, needs)[:9]}
    assert [row.patient.first_name for row in caseload(priya, silent)[:9]] == ["Leon"]
    assert "Rosa" in {row.patient.first_name for row in caseload(tom, needs)[:9]}
    states = {
        patient.first_name: today.load(patient).state
        for patient in people.filter(clinic=riverside()).select_related("clinic")
    }
    assert states["Ana"] == states["Walter"] == today.State.DUE
    assert states["Helen"] == today.State.ENDED
    assert states["Victor"] == today.State.STOPPED
    assert states["June"] == today.State.NOTHING_YET
    assert Session.objects.count() > 100
    assert CheckIn.objects.count() > 20
    assert Alert.objects.filter(rule="A10").exists()


def test_its_administrator_has_numbers_to_look_at(demo):
    ruth = User.objects.get(email=f"ruth@{DEMO_DOMAIN}")
    [year] = numbers.years(ruth)
    tables = numbers.compared(ruth, year, None)
    for table in tables:
        assert any(not cell.is_hidden for row in table.rows for cell in row.named), table.title


def test_a_plan_of_last_year_can_be_read(demo, settings):
    settings.DEMO = True
    priya = User.objects.get(email=f"priya@{DEMO_DOMAIN}")
    plan = Plan.objects.visible_to(priya).filter(status="ended").earliest("closed_at")
    assert plan.closed_at.year < priya.clinic.today().year
    page = client_of(priya).get(f"/workspace/patients/{plan.patient_id}/plan/")
    assert plan.title in page.content.decode()


def test_the_other_clinic_sees_only_its_own(demo):
    marcus, nora = (User.objects.get(email=f"{who}@{DEMO_DOMAIN}") for who in ("marcus", "nora"))
    for user in (marcus, nora):
        seen = {one.first_name for one in Patient.objects.visible_to(user)}
        assert seen == {"Esther", "Hector", "Ida"}
    assert not Patient.objects.visible_to(User.objects.get(email=f"ruth@{DEMO_DOMAIN}")).filter(
        first_name="Hector"
    )


def test_its_people_are_invented_wherever_they_write_or_review(demo):
    people = Author.objects.filter(user__email__endswith=DEMO_DOMAIN)
    assert people.count() == 2
    assert all(author.is_invented for author in people)


def test_the_command_makes_it_once_and_prints_the_logins(demo, settings):
    settings.DEMO = True
    again = StringIO()
    call_command("load_demo", stdout=again)
    for printed in (demo, again.getvalue()):
        assert f"priya@{DEMO_DOMAIN}" in printed
    assert Clinic.objects.count() == 2


def test_the_command_refuses_outside_demo_mode():
    with pytest.raises(CommandError):
        call_command("load_demo")
