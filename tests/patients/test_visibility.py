"""Invariant 1: a patient's data is reached through `visible_to`, and through nothing else."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.permissions import Role
from patients.actions import patients as actions
from patients.models import Episode, Patient
from programs.models import Alert, CheckIn, Plan, Prescription, Session
from tests.conftest import make_clinic, make_user

pytestmark = pytest.mark.django_db
BELOW = [Episode, Plan, Prescription, Session, CheckIn, Alert]


def seen_by(user):
    return set(Patient.objects.visible_to(user))


def test_who_sees_whom(ana, bert, priya, colm, ruth, ed, olive):
    assert seen_by(priya) == {ana}
    assert seen_by(colm) == {bert}
    assert seen_by(ruth) == {ana, bert}
    assert seen_by(ed) == set()
    assert seen_by(olive) == set()
    assert seen_by(ana.user) == {ana}
    assert seen_by(bert.user) == {bert}
    assert seen_by(AnonymousUser()) == set()


@pytest.mark.parametrize("role", Role)
def test_by_role_with_a_membership_and_without(role, ana, priya):
    """A membership opens the view to those who treat; to an administrator it stands open."""
    user = make_user(priya.clinic, "Sam", role)
    assert seen_by(user) == ({ana} if role == Role.CLINIC_ADMIN else set())
    ana.care_team.create(clinic=ana.clinic, therapist=user, added_by=priya)
    assert seen_by(user) == ({ana} if role in (Role.CLINIC_ADMIN, Role.THERAPIST) else set())


def test_a_platform_administrator_sees_no_patient(ana):
    root = User.objects.create_superuser(email="root@platform.test", password="x")
    assert seen_by(root) == set()


def test_a_deactivated_therapist_sees_nobody(ana, priya):
    priya.is_active = False
    assert seen_by(priya) == set()


def test_an_administrator_of_another_clinic_sees_nobody_here(ana):
    theirs = make_user(make_clinic("Lakeside"), "Rolf", Role.CLINIC_ADMIN, "lakeside.test")
    assert seen_by(theirs) == set()


def test_leaving_the_care_team_ends_the_view(ana, priya, colm):
    actions.join_care_team(patient=ana, therapist=colm, by=priya)
    assert ana in seen_by(colm)
    member = ana.care_team.get(therapist=colm)
    actions.leave_care_team(member=member, by=priya)
    assert ana not in seen_by(colm)
    actions.join_care_team(patient=ana, therapist=colm, by=priya)
    assert ana in seen_by(colm)


def test_the_care_team_of_another_clinics_patient_sees_nothing(ana, priya, olive):
    """Who moves to another clinic takes no patient along, though nobody ended the membership."""
    User.objects.filter(pk=priya.pk).update(clinic=olive.clinic)
    moved = User.objects.get(pk=priya.pk)
    assert ana.care_team.filter(therapist=moved, ended_at=None).exists()
    assert seen_by(moved) == set()
    assert not Episode.objects.visible_to(moved).exists()


@pytest.mark.parametrize("model", BELOW)
def test_rows_below_a_patient_follow_the_patient(model, plan, priya, colm, ruth, olive, ana, bert):
    total = model.objects.count()
    assert model.objects.visible_to(priya).count() == total
    assert model.objects.visible_to(ana.user).count() == total
    assert model.objects.visible_to(ruth).count() == total
    for outsider in (colm, olive, bert.user):
        assert model.objects.visible_to(outsider).count() == 0
