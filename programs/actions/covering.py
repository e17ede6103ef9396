"""Cover for holidays: a colleague joins the care teams for some days, and leaves them again."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import audit, wall
from accounts.models import Clinic, User
from accounts.permissions import Permission
from accounts.queue import each
from patients.actions import patients
from patients.days import require_near
from patients.models import CareTeamMember, Cover, Patient
from programs.actions import telling
from programs.actions.alert_work import give
from programs.models import Alert, AlertStep


@transaction.atomic
def arrange(*, therapist: User, substitute: User, first: dt.date, last: dt.date, by: User) -> Cover:
    """`substitute` stands in from `first` to `last`. One's own by a therapist, anybody's by the
    clinic's administrator.

    Raises ValidationError for days that are over, for somebody else's absence, for who does not
    treat in this clinic, and where the substitute is away, too.
    """
    _require_may(by, therapist)
    clinic = therapist.clinic
    assert clinic is not None
    for person in (therapist, substitute):
        if person.clinic_id != clinic.pk or not person.may(Permission.TREAT):
            raise ValidationError({"substitute": "Choose a therapist of this clinic."})
    require_near(clinic.today(), first=first, last=last)
    if last < clinic.today():
        raise ValidationError({"last": "These days are over."})
    away = Cover.objects.filter(therapist=substitute, ended_at=None)
    if away.filter(first__lte=last, last__gte=first).exists():
        raise ValidationError({"substitute": f"{substitute} is away then, too."})
    standing_in = Cover.objects.filter(substitute=therapist, ended_at=None)
    if other := standing_in.filter(first__lte=last, last__gte=first).first():
        raise ValidationError(
            {"first": f"{therapist} stands in for {other.therapist} then. End that first."}
        )
    cover = Cover(
        clinic=clinic,
        therapist=therapist,
        substitute=substitute,
        first=first,
        last=last,
        made_by=by,
    )
    cover.full_clean()
    cover.save()
    audit.record(
        action=audit.Action.COVER_ARRANGED,
        by=by,
        subject=cover,
        account=therapist,
        substitute=str(substitute.uuid),
        days=[first.isoformat(), last.isoformat()],
    )
    _keep_up(cover, clinic.today(), by)
    return cover


@transaction.atomic
def end(*, cover: Cover, by: User) -> None:
    """Back sooner, or not gone. Ended once; nothing more happens to one that is over."""
    _require_may(by, cover.therapist)
    locked = Cover.objects.select_for_update(of=("self",)).get(pk=cover.pk)
    if locked.ended_at is not None:
        return
    locked.ended_at = timezone.now()
    locked.save(update_fields=["ended_at"])
    audit.record(action=audit.Action.COVER_ENDED, by=by, subject=locked, account=locked.therapist)
    _keep_up(locked, locked.clinic.today(), by)


def keep_up(clinic: Clinic) -> None:
    """By the clock: begin what begins today, also with patients who came since, and end what is
    over. Each in a transaction of its own; safe to run twice.
    """
    with wall.in_clinic(clinic.pk):
        open_ones = list(
            Cover.objects.filter(clinic=clinic, ended_at=None, first__lte=clinic.today())
        )

    def keep_up_one(cover: Cover) -> None:
        with wall.in_clinic(clinic.pk):
            _keep_up(cover, clinic.today(), cover.made_by)

    each(open_ones, keep_up_one)


def _require_may(by: User, therapist: User) -> None:
    is_own = by == therapist and by.may(Permission.TREAT)
    is_administrator = (
        by.may(Permission.SEE_ALL_PATIENTS_OF_CLINIC) and by.clinic_id == therapist.clinic_id
    )
    if not (is_own or is_administrator):
        raise ValidationError("Only they themselves or the clinic's administrator arrange it.")


def _keep_up(cover: Cover, today: dt.date, by: User) -> None:
    if cover.ended_at is None and cover.first <= today <= cover.last:
        _begin(cover, by)
    elif cover.ended_at is not None or today > cover.last:
        _over(cover, by)


def _begin(cover: Cover, by: User) -> None:
    if not (cover.substitute.is_active and cover.substitute.may(Permission.TREAT)):
        return  # has left meanwhile: the team is told as if nobody stood in
    treated = _treated(cover.therapist)
    there = CareTeamMember.objects.filter(therapist=cover.substitute, ended_at=None)
    been = CareTeamMember.objects.filter(cover=cover)  # who was taken off a team stays off it
    for patient in treated.exclude(pk__in=there.values("patient")).exclude(
        pk__in=been.values("patient")
    ):
        member = patients.join_care_team(patient=patient, therapist=cover.substitute, by=by)
        member.cover = cover
        member.save(update_fields=["cover"])
    mine = Alert.objects.open().filter(owner=cover.therapist, patient__in=treated)
    _hand(mine.filter(patient__in=there.values("patient")), cover.substitute, _words(cover), by)


def _treated(therapist: User) -> QuerySet[Patient]:
    teams = CareTeamMember.objects.filter(therapist=therapist, ended_at=None)
    return Patient.objects.filter(pk__in=teams.values("patient"))


def _words(cover: Cover) -> str:
    """By which what was handed over for these days is known again."""
    return f"Cover until {cover.last:%-d %b %Y}"


def _over(cover: Cover, by: User) -> None:
    """What the substitute still had of these patients goes back, if somebody comes back."""
    guests = CareTeamMember.objects.filter(cover=cover, ended_at=None)
    handed = AlertStep.objects.filter(to=cover.substitute, words=_words(cover))
    if cover.therapist.is_active and cover.therapist.may(Permission.TREAT):
        theirs = Alert.objects.open().filter(
            Q(patient__in=guests.values("patient")) | Q(pk__in=handed.values("alert")),
            owner=cover.substitute,
            patient__in=_treated(cover.therapist),
        )
        _hand(theirs, cover.therapist, "Back from holiday", by)
    for member in guests.select_related("patient", "therapist"):
        try:
            patients.leave_care_team(member=member, by=by)
        except ValidationError:  # nobody else is there any more: they stay, as one of the team
            member.cover = None
            member.save(update_fields=["cover"])
    if cover.ended_at is None:
        cover.ended_at = timezone.now()
        cover.save(update_fields=["ended_at"])


def _hand(alerts: QuerySet[Alert], taker: User, words: str, by: User) -> None:
    """One mail says that something waits, however much it is."""
    handed = list(alerts.select_for_update(of=("self",)).select_related("patient"))
    for alert in handed:
        give(alert, to=taker, by=by, words=words)
    if handed and taker != by:
        telling.tell([taker])
