"""Staff, as the clinic's administrator keeps them; nobody's patients stay without somebody."""

import datetime as dt
import uuid

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import staff, wall
from accounts.audit import Action
from accounts.models import AuditEvent, FactorReset, User
from accounts.permissions import Role
from patients.actions import patients
from patients.models import Cover, Patient
from programs.actions import covering, handing_over, sessions
from programs.models import Alert, AlertStep
from tests.conftest import client_of, make_patient, make_user, page_of, prove

pytestmark = pytest.mark.django_db
PAGE = "/workspace/people/"
NEW = {
    "first_name": "Nils", "last_name": "Berg", "email": "nils@clinic.test", "role": "therapist",
    "credentials": "PT",
}  # fmt: skip


@pytest.fixture
def as_ruth(ruth, priya, colm):
    """All of them have come in once."""
    User.objects.update(last_login=timezone.now())
    return prove(client_of(ruth))


def of(person):
    return f"{PAGE}{person.uuid}/"


def do(client, person, what, **given):
    return client.post(of(person), {"do": what, **given}, follow=True)


def sees(therapist, patient):
    return (
        Patient.objects.visible_to(User.objects.get(pk=therapist.pk)).filter(pk=patient.pk).exists()
    )


def fall(plan, ana):
    sessions.record(session_id=uuid.uuid4(), plan=plan, done={}, by=ana.user, falls=1)
    return Alert.objects.filter(patient=ana).latest("raised_at")


def test_only_who_runs_the_clinic(as_priya, priya):
    for address in (PAGE, PAGE + "invite/", of(priya)):
        assert as_priya.get(address).status_code == 403


def test_it_asks_who_it_is_before_anything_is_changed(ruth, priya):
    client = client_of(ruth)
    answer = client.post(of(priya), {"do": "end"})
    assert answer.status_code == 302
    priya.refresh_from_db()
    assert priya.is_active


def test_another_clinics_staff_and_patients_are_not_there(as_ruth, olive, ana):
    assert f"{PAGE}{olive.uuid}/" not in as_ruth.get(PAGE).content.decode()
    assert as_ruth.get(of(olive)).status_code == 404
    assert as_ruth.get(of(ana.user)).status_code == 404


def test_who_is_invited_gets_a_mail_and_no_password(as_ruth, ruth):
    mail.outbox.clear()
    page = as_ruth.post(PAGE + "invite/", page_of(as_ruth, PAGE + "invite/") | NEW, follow=True)
    assert "is invited" in page.content.decode()
    nils = User.objects.get(email="nils@clinic.test")
    assert (nils.clinic, nils.role, nils.has_usable_password()) == (ruth.clinic, "therapist", False)
    [letter] = mail.outbox
    assert letter.to == [nils.email]
    assert "/account/password/reset/" in letter.body
    assert "Invited" in as_ruth.get(PAGE).content.decode()
    do(as_ruth, nils, "write", **{"write-email": nils.email})
    assert EmailAddress.objects.get(user=nils).verified  # the same once more changes nothing
    assert len(mail.outbox) == 2
    do(as_ruth, nils, "write", **{"write-email": "nobody"})
    do(as_ruth, nils, "write", **{"write-email": "nils.berg@clinic.test"})
    nils.refresh_from_db()
    assert nils.email == "nils.berg@clinic.test"
    assert [one.to for one in mail.outbox[2:]] == [[nils.email]]
    assert "withdrawn" in do(as_ruth, nils, "end").content.decode()
    assert str(nils.uuid) not in as_ruth.get(PAGE).content.decode()
    nils.refresh_from_db()
    assert not nils.is_active
    assert "nils.berg" not in nils.email  # free for another
    added = AuditEvent.objects.get(action=Action.ACCOUNT_ADDED, subject_id=str(nils.uuid))
    assert added.actor_name == str(ruth)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "nobody", "valid email"),
        ("email", "priya@clinic.test", "exists"),
        ("role", "patient", "Select a valid choice"),
        ("role", "", "required"),
        ("first_name", "", "required"),
        ("last_name", "\x00", "Null characters"),
        ("first_name", "x" * 500, "at most 150"),
    ],
)
def test_an_odd_invitation_is_refused_beside_the_field(as_ruth, priya, field, value, words):
    value = priya.email if value == "priya@clinic.test" else value
    before = User.objects.count()
    page = as_ruth.post(PAGE + "invite/", NEW | {field: value})
    assert words in page.content.decode()
    assert User.objects.count() == before


def test_a_name_is_changed_and_an_older_page_sets_nothing_back(as_ruth, priya):
    form = as_ruth.get(of(priya)).context["forms"]["save"]
    old = {"do": "save", **{field.html_name: field.value() for field in form}}
    page = as_ruth.post(of(priya), old | {"credentials": "MSc"}, follow=True)
    assert "is saved" in page.content.decode()
    page = as_ruth.post(of(priya), old | {"last_name": "Nayar"})
    assert "Somebody changed this" in page.content.decode()
    priya.refresh_from_db()
    assert priya.credentials == "MSc"


def test_the_list_says_who_is_away_and_who_stands_in(as_ruth, priya, colm, clinic):
    today = clinic.today()
    covering.arrange(therapist=priya, substitute=colm, first=today, last=today, by=priya)
    page = as_ruth.get(PAGE).content.decode()
    assert f"{colm} stands in" in page


# Handing over, leaving, coming back


def test_a_caseload_goes_to_a_colleague_with_its_alerts(as_ruth, priya, colm, ana, plan, clinic):
    both = make_patient(priya, "Bo")
    both.care_team.create(clinic=clinic, therapist=colm, added_by=priya)
    clinic.second_reader = priya
    clinic.save()
    alert = fall(plan, ana)
    Alert.objects.update(owner=priya, snoozed_until=timezone.now() + dt.timedelta(hours=1))
    mail.outbox.clear()
    page = do(as_ruth, priya, "hand", **{"hand-to": colm.pk}).content.decode()
    assert "2 patients" in page
    assert [sees(colm, one) for one in (ana, both)] == [True, True]
    assert not sees(priya, ana)
    alert.refresh_from_db()
    clinic.refresh_from_db()
    assert (alert.owner, alert.snoozed_until, clinic.second_reader) == (colm, None, colm)
    assert AlertStep.objects.filter(alert=alert, to=colm, words="Caseload handed over").exists()
    assert [one.to for one in mail.outbox] == [[colm.email]]


def test_nobody_leaves_patients_without_somebody(as_ruth, priya, colm, ana):
    page = do(as_ruth, priya, "end").content.decode()
    assert "nobody else has these patients" in page
    priya.refresh_from_db()
    assert priya.is_active
    page = do(as_ruth, priya, "end", **{"end-to": colm.pk}).content.decode()
    assert "can no longer log in" in page
    priya.refresh_from_db()
    assert not priya.is_active
    assert sees(colm, ana)


def test_where_others_treat_them_too_one_may_just_go(as_ruth, priya, colm, ana, plan, clinic):
    ana.care_team.create(clinic=clinic, therapist=colm, added_by=priya)
    alert = fall(plan, ana)
    Alert.objects.update(owner=priya)
    do(as_ruth, priya, "end")
    alert.refresh_from_db()
    assert alert.owner is None  # the team's again
    assert "treats nobody here any more" in alert.steps.latest("at").words
    assert sees(colm, ana)


def test_somebody_who_stands_in_for_days_is_nobody_to_stay_with(as_ruth, priya, colm, ana):
    today = ana.clinic.today()
    covering.arrange(therapist=priya, substitute=colm, first=today, last=today, by=priya)
    assert handing_over.caseload_of(priya).alone == 1
    do(as_ruth, priya, "end", **{"end-to": colm.pk})
    assert ana.care_team.get(therapist=colm, ended_at=None).cover is None
    assert not Cover.objects.filter(ended_at=None).exists()


def test_who_stands_in_for_a_colleague_arranges_that_first(as_ruth, priya, colm, clinic, ana):
    nils = make_user(clinic, "Nils", Role.THERAPIST)
    later = clinic.today() + dt.timedelta(days=3)
    cover = covering.arrange(therapist=nils, substitute=priya, first=later, last=later, by=nils)
    assert "Stands in for" in as_ruth.get(of(priya)).content.decode()
    for what in ("end", "hand"):
        page = do(as_ruth, priya, what, **{f"{what}-to": colm.pk}).content.decode()
        assert "Arrange that anew first" in page
    assert sees(priya, ana)
    covering.end(cover=cover, by=nils)
    do(as_ruth, priya, "end", **{"end-to": colm.pk})
    assert sees(colm, ana)


def test_nobody_gets_a_caseload_while_they_are_away(as_ruth, priya, colm, clinic, ana):
    nils, today = make_user(clinic, "Nils", Role.THERAPIST), clinic.today()
    covering.arrange(therapist=colm, substitute=nils, first=today, last=today, by=colm)
    page = do(as_ruth, priya, "hand", **{"hand-to": colm.pk}).content.decode()
    assert "is away now" in page
    assert sees(priya, ana)


def test_an_alert_is_given_with_its_patient(as_ruth, priya, colm, bert, clinic, ana, plan):
    """Also of somebody who had left the team and kept the alert."""
    ana.care_team.create(clinic=clinic, therapist=colm, added_by=priya)
    alert = fall(plan, ana)
    Alert.objects.update(owner=priya)
    ana.care_team.filter(therapist=priya).update(ended_at=timezone.now(), ended_by=priya)
    nils = make_user(clinic, "Nils", Role.THERAPIST)
    do(as_ruth, priya, "hand", **{"hand-to": nils.pk})
    alert.refresh_from_db()
    assert alert.owner == nils
    assert sees(nils, ana)


def test_the_team_is_told_of_alerts_that_nobody_has_any_more(
    as_ruth, priya, colm, ana, plan, clinic
):
    ana.care_team.create(clinic=clinic, therapist=colm, added_by=priya)
    fall(plan, ana)
    Alert.objects.update(owner=priya)
    mail.outbox.clear()
    do(as_ruth, priya, "end")
    assert [one.to for one in mail.outbox] == [[colm.email]]


def test_whose_login_is_being_ended_gets_nobody_new(ruth, priya, colm, ana):
    """`add` waits for the end, and then finds nobody to treat."""
    with wall.acting(ruth):
        handing_over.let_go(user=priya, to=colm, by=ruth)
    with pytest.raises(ValidationError, match="Choose a therapist"):
        patients.join_care_team(patient=ana, therapist=priya, by=ruth)


def test_whoever_has_left_is_out_of_every_session_and_may_come_back(as_ruth, priya, colm, ana):
    theirs = client_of(priya)
    assert theirs.get("/workspace/").status_code == 200
    do(as_ruth, priya, "end", **{"end-to": colm.pk})
    assert theirs.get("/workspace/").status_code == 302
    assert "Ended" in as_ruth.get(PAGE).content.decode()
    do(as_ruth, priya, "again")
    priya.refresh_from_db()
    assert priya.is_active
    assert theirs.get("/workspace/").status_code == 302  # a session that ended is not revived
    assert not sees(priya, ana)


def test_a_therapist_who_becomes_an_editor_hands_over_first(as_ruth, priya, colm, ana):
    page = do(as_ruth, priya, "role", **{"role-role": "editor"}).content.decode()
    assert "nobody else has these patients" in page
    do(as_ruth, priya, "role", **{"role-role": "editor", "role-to": colm.pk})
    priya.refresh_from_db()
    assert priya.role == Role.EDITOR
    assert sees(colm, ana)


@pytest.mark.parametrize("what", ["end", "role"])
def test_somebody_always_runs_the_clinic(ruth, what):
    other = make_user(ruth.clinic, "Rolf", Role.CLINIC_ADMIN)
    as_other = prove(client_of(other))
    assert (
        "Another administrator"
        in do(as_other, other, what, **{"role-role": "editor"}).content.decode()
    )
    do(as_other, ruth, "end")
    ruth.refresh_from_db()
    assert not ruth.is_active
    with pytest.raises(ValidationError, match="someone has to be"):
        staff.end(user=other, by=make_user(ruth.clinic, "Nils", Role.THERAPIST))


def test_nobody_hands_to_another_clinic_or_to_themselves(as_ruth, priya, olive, ana):
    for taker in (olive, priya):
        page = do(as_ruth, priya, "hand", **{"hand-to": taker.pk}).content.decode()
        assert "Select a valid choice" in page
    assert "Choose who takes over" in do(as_ruth, priya, "hand").content.decode()
    with pytest.raises(ValidationError):
        handing_over.hand_over(therapist=priya, to=olive, by=priya)
    assert sees(priya, ana)


def test_an_unknown_act_is_no_page(as_ruth, priya):
    assert as_ruth.post(of(priya), {"do": "fly"}).status_code == 404


# A second factor that is lost


@pytest.fixture
def settled(monkeypatch):
    """Everybody's account has stood long enough."""
    monkeypatch.setattr(staff, "SETTLED", dt.timedelta(0))


@pytest.fixture
def factor(priya):
    return Authenticator.objects.create(user=priya, type=Authenticator.Type.TOTP, data={})


def asked(as_ruth, priya):
    page = do(as_ruth, priya, "factor", words="She stood at my desk.").content.decode()
    assert "A colleague has to confirm it" in page
    return FactorReset.objects.get(user=priya)


def test_two_people_remove_a_lost_factor(as_ruth, priya, colm, ruth, factor, settled):
    stolen = client_of(priya)
    assert stolen.get("/workspace/").status_code == 200
    mail.outbox.clear()
    reset = asked(as_ruth, priya)
    assert sorted(one.to[0] for one in mail.outbox) == sorted([colm.email, priya.email])
    address = f"{PAGE}factor/{reset.pk}/"
    assert all(address in one.body for one in mail.outbox if one.to == [colm.email])
    assert "remove it" not in as_ruth.get(address).content.decode()  # not the first once more
    as_ruth.post(address, {"confirm": "1"})
    prove(client_of(priya)).post(address, {"confirm": "1"})
    assert Authenticator.objects.filter(user=priya).exists()
    as_colm = prove(client_of(colm))
    assert "She stood at my desk." in as_colm.get(address).content.decode()
    as_colm.post(address, {"confirm": "1"})
    assert not Authenticator.objects.filter(user=priya).exists()
    assert stolen.get("/workspace/").status_code == 302  # the device may be the one that is lost
    removed = AuditEvent.objects.get(action=Action.FACTOR_REMOVED)
    assert (removed.actor_name, removed.detail["asked_by"]) == (str(colm), str(ruth))
    assert as_colm.get(address).status_code == 404


def test_it_is_refused_or_too_late(as_ruth, priya, colm, olive, factor, settled):
    reset = asked(as_ruth, priya)
    address = f"{PAGE}factor/{reset.pk}/"
    assert prove(client_of(olive)).get(address).status_code == 404
    assert "asked already" in do(as_ruth, priya, "factor", words="Again.").content.decode()
    prove(client_of(priya)).post(address, {"refuse": "1"})  # who it is about
    assert not FactorReset.objects.exists()
    assert AuditEvent.objects.filter(action=Action.FACTOR_RESET_REFUSED).exists()
    reset = asked(as_ruth, priya)
    FactorReset.objects.update(asked_at=timezone.now() - dt.timedelta(hours=25))
    assert prove(client_of(colm)).get(f"{PAGE}factor/{reset.pk}/").status_code == 404
    with pytest.raises(ValidationError):
        staff.confirm_factor_reset(reset=reset, by=colm)
    assert Authenticator.objects.filter(user=priya).exists()


def test_nobody_asks_for_their_own_and_a_reason_is_needed(as_ruth, ruth, priya, factor):
    assert "required" in do(as_ruth, priya, "factor", words=" ").content.decode()
    with pytest.raises(ValidationError):
        staff.ask_for_factor_reset(user=ruth, by=ruth, words="It is me.")
    assert not FactorReset.objects.exists()


def test_nobody_confirms_with_an_account_that_was_made_or_changed_lately(
    as_ruth, ruth, priya, colm, factor, monkeypatch
):
    reset = asked(as_ruth, priya)
    assert not staff.may_confirm(colm, reset)  # made a moment ago
    monkeypatch.setattr(staff, "SETTLED", dt.timedelta(0))
    assert staff.may_confirm(colm, reset)
    staff.change(user=colm, by=ruth, first_name="Colum")
    assert not staff.may_confirm(colm, reset)
    as_colm = prove(client_of(colm))
    as_colm.post(f"{PAGE}factor/{reset.pk}/", {"confirm": "1"})
    assert Authenticator.objects.filter(user=priya).exists()
