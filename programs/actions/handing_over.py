"""A caseload goes to a colleague, for good: patients, open alerts and the clinic's tasks of whoever
had it. Nobody's patients stay without somebody.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import staff
from accounts.models import Clinic, User
from accounts.permissions import Permission, permissions_of
from patients.actions import patients
from patients.models import CareTeamMember, Cover, Patient
from programs.actions import covering, telling
from programs.actions.alert_work import step
from programs.models import Alert
from programs.models.alert_step import StepKind


@dataclass(frozen=True)
class Caseload:
    """What goes with somebody. `alone` are patients whom nobody else treats."""

    patients: int
    alone: int
    alerts: int
    is_second_reader: bool

    def __bool__(self) -> bool:
        return bool(self.patients or self.alerts or self.is_second_reader)


def caseload_of(therapist: User) -> Caseload:
    treated = _treated(therapist)
    return Caseload(
        patients=treated.count(),
        alone=treated.filter(~Exists(_others(therapist))).count(),
        alerts=Alert.objects.open().filter(owner=therapist).count(),
        is_second_reader=Clinic.objects.filter(second_reader=therapist).exists(),
    )


@transaction.atomic
def hand_over(*, therapist: User, to: User, by: User) -> int:
    """`to` treats all whom `therapist` treats, who leaves their teams; open alerts go along, and
    `to` gets one mail. How many patients.

    Raises ValidationError for who does not treat in this clinic.
    """
    if to.clinic_id != therapist.clinic_id or not to.may(Permission.TREAT) or to == therapist:
        raise ValidationError({"to": "Choose another therapist of this clinic."})
    _end_covers(therapist, by)
    there = CareTeamMember.objects.filter(therapist=to, ended_at=None)
    CareTeamMember.objects.filter(
        therapist=to, ended_at=None, patient__in=_treated(therapist)
    ).update(cover=None)  # who stood in stays for good
    for patient in _treated(therapist).exclude(pk__in=there.values("patient")):
        patients.join_care_team(patient=patient, therapist=to, by=by)
    alerts = Alert.objects.open().filter(owner=therapist)
    for alert in alerts.select_for_update(of=("self",)).select_related("patient"):
        alert.owner, alert.snoozed_until = to, None
        alert.save(update_fields=["owner", "snoozed_until"])
        step(alert, StepKind.HANDED, by=by, to=to, words="Caseload handed over")
    left = _leave(therapist, by)
    Clinic.objects.filter(second_reader=therapist).update(second_reader=to)
    if left and to != by:
        telling.tell([to])
    return left


@transaction.atomic
def let_go(*, user: User, to: User | None, by: User) -> User:
    """`user` works here no more: what they have goes to `to`, and their login ends.

    Raises ValidationError where patients or tasks would stay without somebody, and as `staff.end`.
    """
    _settle(user, to, by)
    return staff.end(user=user, by=by)


@transaction.atomic
def change_role(*, user: User, role: str, to: User | None, by: User) -> User:
    """Raises ValidationError as `let_go`, where the other role treats nobody."""
    if user.may(Permission.TREAT) and Permission.TREAT not in permissions_of(role):
        _settle(user, to, by)
    return staff.change(user=user, by=by, role=role)


def _settle(user: User, to: User | None, by: User) -> None:
    if to is not None:
        hand_over(therapist=user, to=to, by=by)
        return
    caseload = caseload_of(user)
    if caseload.alone or caseload.is_second_reader:
        raise ValidationError({"to": "Choose who takes over: nobody else has these patients."})
    _end_covers(user, by)
    for alert in Alert.objects.open().filter(owner=user).select_for_update(of=("self",)):
        alert.owner = None  # the team's again: each of them sees it as their own
        alert.snoozed_until = None
        alert.save(update_fields=["owner", "snoozed_until"])
    _leave(user, by)


def _leave(therapist: User, by: User) -> int:
    members = CareTeamMember.objects.filter(therapist=therapist, ended_at=None)
    for member in (found := list(members.select_related("patient", "therapist"))):
        patients.leave_care_team(member=member, by=by)
    return len(found)


def _end_covers(therapist: User, by: User) -> None:
    """Absences of theirs, and where they would have stood in."""
    own = Q(therapist=therapist) | Q(substitute=therapist)
    for cover in Cover.objects.filter(own, ended_at=None).select_related("therapist__clinic"):
        covering.end(cover=cover, by=by)


def _treated(therapist: User) -> QuerySet[Patient]:
    now = CareTeamMember.objects.filter(therapist=therapist, ended_at=None)
    return Patient.objects.filter(pk__in=now.values("patient"))


def _others(therapist: User) -> QuerySet[CareTeamMember]:
    team = CareTeamMember.objects.filter(
        patient=OuterRef("pk"), ended_at=None, therapist__is_active=True, cover=None
    )
    return team.exclude(therapist=therapist)
