"""A caseload goes to a colleague, for good: patients, open alerts and the clinic's tasks of whoever
had it. Nobody's patients stay without somebody.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import staff
from accounts.models import Clinic, User
from accounts.permissions import Permission, permissions_of
from patients import team
from patients.actions import patients
from patients.models import CareTeamMember, Cover, Patient
from programs.actions import covering, telling
from programs.actions.alert_work import give, leave_to_team
from programs.models import Alert


@dataclass(frozen=True)
class Caseload:
    """What goes with somebody. `alone` are patients whom nobody else treats, `covers` the absences
    of colleagues in which they stand in, now or later.
    """

    patients: int
    alone: int
    alerts: int
    is_second_reader: bool
    covers: list[Cover]

    def __bool__(self) -> bool:
        return bool(self.patients or self.alerts or self.is_second_reader)


def caseload_of(therapist: User) -> Caseload:
    treated = _treated(therapist)
    standing_in = Cover.objects.filter(substitute=therapist, ended_at=None)
    return Caseload(
        patients=treated.count(),
        alone=treated.filter(~Exists(_others(therapist))).count(),
        alerts=_alerts(therapist).count(),
        is_second_reader=Clinic.objects.filter(second_reader=therapist).exists(),
        covers=list(standing_in.select_related("therapist").order_by("first")),
    )


@transaction.atomic
def hand_over(*, therapist: User, to: User, by: User) -> int:
    """`to` treats all whom `therapist` treats, who leaves their teams; open alerts go along, and
    `to` gets one mail. How many patients.

    Raises ValidationError for who does not treat in this clinic or is away, and while `therapist`
    stands in for somebody: who does that instead is arranged first.
    """
    therapist, to = _hold(therapist), _hold(to)
    if to.clinic_id != therapist.clinic_id or not to.may(Permission.TREAT) or to == therapist:
        raise ValidationError({"to": "Choose another therapist of this clinic."})
    assert to.clinic is not None, "Whoever treats is of a clinic."
    if Cover.objects.on(to.clinic.today()).filter(therapist=to).exists():
        raise ValidationError({"to": f"{to} is away now. Choose somebody who is there."})
    _end_absences(therapist, by)
    alerts = list(_alerts(therapist).select_for_update(of=("self",)).select_related("patient"))
    going = Q(pk__in=_treated(therapist)) | Q(pk__in=[one.patient_id for one in alerts])
    there = CareTeamMember.objects.filter(therapist=to, ended_at=None)
    there.filter(patient__in=_treated(therapist)).update(cover=None)  # stays for good
    for patient in Patient.objects.filter(going).exclude(pk__in=there.values("patient")):
        patients.join_care_team(patient=patient, therapist=to, by=by)
    for alert in alerts:
        give(alert, to=to, by=by, words="Caseload handed over")
    left = _leave(therapist, by)
    Clinic.objects.filter(second_reader=therapist).update(second_reader=to)
    if (left or alerts) and to != by:
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
    user = _hold(user)
    caseload = caseload_of(user)
    if caseload.alone:
        raise ValidationError({"to": "Choose who takes over: nobody else has these patients."})
    if caseload.is_second_reader:
        raise ValidationError({"to": "Choose who is the second reader from now on."})
    _end_absences(user, by)
    alerts = list(_alerts(user).select_for_update(of=("self",)).select_related("patient__clinic"))
    for alert in alerts:
        leave_to_team(alert, by=by, words=f"{user} treats nobody here any more")
    _leave(user, by)
    telling.tell(_present(alerts) - {by})


def _hold(person: User) -> User:
    """As they are now, locked with their clinic: neither two who hand over to each other at once
    nor somebody who puts them on a team come between.
    """
    assert person.clinic is not None, "Staff that an administrator holds are of a clinic."
    Clinic.objects.select_for_update(no_key=True).get(pk=person.clinic.pk)
    held = User.objects.select_for_update(of=("self",), no_key=True).select_related("clinic")
    locked: User = held.get(pk=person.pk)
    return locked


def _present(alerts: Iterable[Alert]) -> set[User]:
    return {person for alert in alerts for person in team.present(alert.patient)}


def _leave(therapist: User, by: User) -> int:
    members = CareTeamMember.objects.filter(therapist=therapist, ended_at=None)
    for member in (found := list(members.select_related("patient", "therapist"))):
        patients.leave_care_team(member=member, by=by)
    return len(found)


def _end_absences(therapist: User, by: User) -> None:
    """Theirs; raises ValidationError while they stand in for a colleague."""
    open_ones = Cover.objects.filter(ended_at=None)
    standing_in = open_ones.filter(substitute=therapist).select_related("therapist")
    if cover := standing_in.order_by("first").first():
        raise ValidationError(
            f"{therapist} stands in for {cover.therapist} until {cover.last:%-d %b %Y}. Arrange"
            " that anew first, under “Away”."
        )
    for cover in open_ones.filter(therapist=therapist).select_related("therapist__clinic"):
        covering.end(cover=cover, by=by)


def _alerts(therapist: User) -> QuerySet[Alert]:
    return Alert.objects.open().filter(owner=therapist)


def _treated(therapist: User) -> QuerySet[Patient]:
    now = CareTeamMember.objects.filter(therapist=therapist, ended_at=None)
    return Patient.objects.filter(pk__in=now.values("patient"))


def _others(therapist: User) -> QuerySet[CareTeamMember]:
    """Who treats them, too, and not only for some days."""
    members = CareTeamMember.objects.filter(
        patient=OuterRef("pk"), ended_at=None, therapist__is_active=True, cover=None
    )
    return members.exclude(therapist=therapist)
