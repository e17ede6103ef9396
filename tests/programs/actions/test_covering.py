"""Cover for holidays binds wherever a care team decides: who sees, who is told, who owns."""

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.permissions import Role
from patients import team
from patients.actions import leaving, messages, patients
from patients.models import CareTeamMember, Cover, Patient
from patients.notices import readers_to_tell
from programs import jobs
from programs.actions import alert_work, covering, mornings, sessions, telling
from programs.models import Alert, AlertStep
from tests.conftest import client_of, make_patient, make_user
from workspace.forms.alert import HandOverForm

pytestmark = pytest.mark.django_db


def days(clinic, offset):
    return clinic.today() + dt.timedelta(days=offset)


def away(therapist, substitute, first=0, last=5, by=None):
    return covering.arrange(
        therapist=therapist,
        substitute=substitute,
        first=days(therapist.clinic, first),
        last=days(therapist.clinic, last),
        by=by or therapist,
    )


def fall(plan, ana):
    sessions.record(session_id=uuid.uuid4(), plan=plan, done={}, by=ana.user, falls=1)
    return Alert.objects.filter(patient=ana).latest("raised_at")


def sees(user, patient):
    return Patient.objects.visible_to(user).filter(pk=patient.pk).exists()


def test_the_substitute_sees_owns_and_is_told(priya, colm, ana, plan):
    before = fall(plan, ana)
    assert before.owner == priya
    mail.outbox.clear()
    cover = away(priya, colm)
    assert sees(colm, ana)
    assert sees(priya, ana)
    before.refresh_from_db()
    assert before.owner == colm
    handed = AlertStep.objects.filter(alert=before, to=colm).get()
    assert handed.words.startswith("Cover until")
    assert team.present(ana) == [colm]
    now = fall(plan, ana)
    assert now.owner == colm
    letter = messages.send(message_id=uuid.uuid4(), patient=ana, text="How?", by=ana.user)
    assert readers_to_tell(letter) == [colm]
    covering.end(cover=cover, by=priya)
    covering.end(cover=cover, by=priya)
    assert not sees(colm, ana)
    before.refresh_from_db()
    assert before.owner == priya
    assert team.present(ana) == [priya]


def test_what_is_ahead_begins_by_the_clock_and_ends_by_it(priya, colm, ana, clinic):
    cover = away(priya, colm, first=2, last=3)
    assert not sees(colm, ana)
    Cover.objects.update(first=days(clinic, 0))
    jobs.keep_up_covers(timestamp=0)
    jobs.keep_up_covers(timestamp=0)
    assert CareTeamMember.objects.filter(therapist=colm, ended_at=None).count() == 1
    newcomer = make_patient(priya, "Nora")
    jobs.keep_up_covers(timestamp=0)
    assert sees(colm, newcomer)
    Cover.objects.update(first=days(clinic, -3), last=days(clinic, -1))
    jobs.keep_up_covers(timestamp=0)
    assert not sees(colm, ana)
    cover.refresh_from_db()
    assert cover.ended_at is not None


def test_who_was_on_the_team_anyway_stays(priya, colm, ana):
    ana.care_team.create(clinic=ana.clinic, therapist=colm, added_by=priya)
    cover = away(priya, colm)
    covering.end(cover=cover, by=priya)
    assert sees(colm, ana)


def test_the_morning_and_the_second_reader_go_by_it(priya, colm, ana, plan, clinic):
    clinic.second_reader = priya
    clinic.save()
    fall(plan, ana)
    away(priya, colm)
    mail.outbox.clear()
    mornings.of_clinic(clinic)
    assert {letter.to[0] for letter in mail.outbox} == {colm.email}
    Alert.objects.update(due_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    alert_work.escalate_overdue(clinic)
    assert Alert.objects.filter(owner=colm, escalated_at__isnull=False).exists()


def test_if_everybody_is_away_all_are_told(priya, ana, colm):
    away(priya, colm)
    CareTeamMember.objects.filter(therapist=colm).delete()
    assert team.present(ana) == [priya]


def test_what_is_refused(priya, colm, olive, ruth, ana):
    with pytest.raises(ValidationError, match="over"):
        away(priya, colm, first=-5, last=-1)
    with pytest.raises(ValidationError, match="before the first"):
        away(priya, colm, first=5, last=2)
    with pytest.raises(ValidationError, match="colleague"):
        away(priya, priya)
    with pytest.raises(ValidationError, match="of this clinic"):
        away(priya, olive)
    with pytest.raises(ValidationError, match="of this clinic"):
        away(priya, ruth)
    with pytest.raises(ValidationError, match="themselves"):
        away(priya, colm, by=colm)
    away(priya, colm, by=ruth)
    with pytest.raises(ValidationError, match="stands in for"):
        away(colm, make_user(priya.clinic, "Nils", Role.THERAPIST))
    with pytest.raises(ValidationError, match="already"):
        away(priya, colm, first=5, last=9)
    with pytest.raises(ValidationError, match="away then, too"):
        away(colm, priya)


def test_the_page(as_priya, priya, colm, ruth, olive, ana):
    page = "/workspace/cover/"
    sent = {
        "first": days(priya.clinic, 0).isoformat(), "last": days(priya.clinic, 4).isoformat(),
        "substitute": colm.pk,
    }  # fmt: skip
    assert as_priya.post(page, sent | {"last": ""}).status_code == 200
    assert as_priya.post(page, sent).url == page
    assert "stands in" in as_priya.get(page).content.decode()
    assert "already" in as_priya.post(page, sent).content.decode()
    cover = Cover.objects.get()
    address = f"{page}{cover.pk}/end/"
    assert client_of(olive).post(address).status_code == 404
    client_of(colm).post(address)
    cover.refresh_from_db()
    assert cover.ended_at is None
    client_of(ruth).post(address)
    cover.refresh_from_db()
    assert cover.ended_at is not None


def test_nothing_is_given_to_who_is_away(priya, colm, ana, plan, ruth):
    ana.care_team.create(clinic=ana.clinic, therapist=colm, added_by=priya)
    alert = fall(plan, ana)
    away(colm, priya)
    form = HandOverForm(alert=alert, by=priya)
    assert colm not in form.fields["to"].queryset
    with pytest.raises(ValidationError, match="not away"):
        alert_work.hand_over(alert=alert, to=colm, by=priya)


def test_who_leaves_the_clinic_stands_in_no_more(priya, colm, ana):
    away(priya, colm, first=2, last=9)
    colm.is_active = False
    colm.save()
    Cover.objects.update(first=days(ana.clinic, 0))
    jobs.keep_up_covers(timestamp=0)
    assert not sees(colm, ana)
    assert team.present(ana) == [priya]


def test_a_patient_who_leaves_is_told_to_who_is_there(priya, colm, ana):
    away(priya, colm)
    mail.outbox.clear()
    leaving.leave(patient=ana, by=ana.user)
    assert {letter.to[0] for letter in mail.outbox if "closed" in letter.subject} == {colm.email}


def test_who_was_taken_off_a_team_is_not_joined_again(priya, colm, ana, clinic):
    away(priya, colm)
    patients.leave_care_team(member=ana.care_team.get(therapist=colm, ended_at=None), by=priya)
    jobs.keep_up_covers(timestamp=0)
    assert not sees(colm, ana)


def test_what_was_handed_over_goes_back_from_a_colleague_of_the_team(priya, colm, ana, plan):
    alert = fall(plan, ana)
    Alert.objects.update(snoozed_until=timezone.now() + dt.timedelta(hours=2))
    ana.care_team.create(clinic=ana.clinic, therapist=colm, added_by=priya)
    mail.outbox.clear()
    cover = away(priya, colm)
    alert.refresh_from_db()
    assert (alert.owner, alert.snoozed_until) == (colm, None)
    assert [letter.to for letter in mail.outbox] == [[colm.email]]
    covering.end(cover=cover, by=priya)
    alert.refresh_from_db()
    assert alert.owner == priya


def test_what_is_of_no_patient_of_theirs_any_more_is_not_handed_over(priya, colm, ana, plan):
    alert = fall(plan, ana)
    ana.care_team.create(
        clinic=ana.clinic, therapist=make_user(ana.clinic, "Nils", Role.THERAPIST), added_by=priya
    )
    patients.leave_care_team(member=ana.care_team.get(therapist=priya), by=priya)
    away(priya, colm)
    alert.refresh_from_db()
    assert alert.owner == priya
    assert not sees(colm, ana)


def test_nothing_goes_back_to_who_has_left(priya, colm, ana, plan, ruth):
    alert = fall(plan, ana)
    cover = away(priya, colm)
    type(priya).objects.filter(pk=priya.pk).update(is_active=False)
    covering.end(cover=Cover.objects.get(pk=cover.pk), by=ruth)
    alert.refresh_from_db()
    assert alert.owner == colm


def test_the_team_says_who_stands_in(priya, colm, ana, as_priya):
    away(priya, colm)
    page = as_priya.get(f"/workspace/patients/{ana.pk}/record/").content.decode()
    assert "stands in for" in page


def test_one_alert_that_fails_keeps_no_other_waiting(priya, colm, ana, plan, clinic, monkeypatch):
    clinic.second_reader = colm
    clinic.save()
    first, second = fall(plan, ana), fall(plan, ana)
    Alert.objects.update(due_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    tell, calls = telling.tell, []

    def fails_once(people, **kwargs):
        calls.append(people)
        if len(calls) == 1:
            raise OSError("the queue is away")
        tell(people, **kwargs)

    monkeypatch.setattr(alert_work.telling, "tell", fails_once)
    with pytest.raises(ExceptionGroup):
        jobs.escalate_alerts(timestamp=0)
    escalated = Alert.objects.filter(escalated_at__isnull=False)
    assert escalated.count() == Alert.objects.count() - 1
    jobs.escalate_alerts(timestamp=0)
    assert escalated.count() == Alert.objects.count()
    assert first != second


@pytest.mark.parametrize(("name", "day"), [("first", dt.date.min), ("last", dt.date.max)])
def test_days_that_nobody_means_are_refused_beside_them(name, day, priya, colm):
    today = priya.clinic.today()
    asked = {"first": today, "last": today, name: day}
    with pytest.raises(ValidationError) as error:
        covering.arrange(therapist=priya, substitute=colm, by=priya, **asked)
    assert set(error.value.message_dict) == {name}
