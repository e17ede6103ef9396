from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from accounts.demo import DEMO_DOMAIN
from accounts.models import User
from cms.models import Author
from patients.models import Patient
from programs.course import today
from programs.models import Alert, CheckIn, Session
from programs.progress.caseload import Show, Wanted, caseload
from tests.stage import kept

pytestmark = pytest.mark.django_db


@kept
def demo(db):
    """Made once, by the command; everything below looks at it."""
    with override_settings(DEMO=True):
        output = StringIO()
        call_command("load_demo", stdout=output)
    return output.getvalue()


def test_the_demo_clinic_has_every_state(demo):
    assert Patient.objects.filter(email__endswith=DEMO_DOMAIN).count() == 12
    priya, tom = (User.objects.get(email=f"{who}@{DEMO_DOMAIN}") for who in ("priya", "tom"))
    needs, silent = Wanted(show=Show.NEEDS), Wanted(show=Show.SILENT)
    assert {"Maria", "Tomas"} <= {row.patient.first_name for row in caseload(priya, needs)[:9]}
    assert [row.patient.first_name for row in caseload(priya, silent)[:9]] == ["Leon"]
    assert "Rosa" in {row.patient.first_name for row in caseload(tom, needs)[:9]}
    states = {
        patient.first_name: today.load(patient).state
        for patient in Patient.objects.select_related("clinic")
    }
    assert states["Ana"] == states["Walter"] == today.State.DUE
    assert states["Helen"] == today.State.ENDED
    assert states["Victor"] == today.State.STOPPED
    assert states["June"] == today.State.NOTHING_YET
    assert Session.objects.count() > 100
    assert CheckIn.objects.count() > 20
    assert Alert.objects.filter(rule="A10").exists()


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
    assert Patient.objects.count() == 12


def test_the_command_refuses_outside_demo_mode():
    with pytest.raises(CommandError):
        call_command("load_demo")
