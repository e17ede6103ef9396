import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import AuditEvent, User
from patients.actions import episodes, invitations
from patients.actions import patients as actions
from patients.models import Episode, Invitation, Patient, PrivacyAcceptance
from patients.models.invitation import normalized_code
from patients.privacy import CURRENT
from tests.conftest import FINDINGS, PASSWORD, give_login, make_episode, make_patient

pytestmark = pytest.mark.django_db


def opened(token):
    with Invitation.of_token(token) as found:
        return found


def test_a_therapist_who_adds_a_patient_is_on_the_care_team(priya):
    patient = make_patient(priya, "Dora")
    assert patient.care_team.get().therapist == priya
    assert set(
        AuditEvent.objects.filter(patient_id=patient.pk).values_list("action", flat=True)
    ) == {
        "patient.added",
        "care_team.joined",
    }


def test_an_administrator_who_adds_a_patient_is_not(ruth):
    assert not make_patient(ruth, "Dora").care_team.exists()


def test_a_patient_needs_a_way_to_be_reached(priya):
    with pytest.raises(ValidationError, match="email address or a phone"):
        make_patient(priya, "Dora", email="")
    assert make_patient(priya, "Dora", email="", phone="555").pk


def test_the_database_refuses_an_unreachable_patient(ana):
    with pytest.raises(IntegrityError, match="can_be_reached"), transaction.atomic():
        Patient.objects.filter(pk=ana.pk).update(email="", phone="")


def test_record_numbers_are_unique_in_a_clinic_but_may_be_empty(priya, olive):
    make_patient(priya, "Dora", record_number="7")
    make_patient(priya, "Edda")
    make_patient(priya, "Finn")
    make_patient(olive, "Gus", record_number="7")
    with pytest.raises(ValidationError, match="record number"):
        make_patient(priya, "Hal", record_number="7")


def test_changing_details_audits_which_fields_not_what(ana, priya):
    actions.change(patient=ana, by=priya, phone="555-0199", first_name="Ana")
    event = AuditEvent.objects.get(action="patient.changed")
    assert event.detail == {"fields": ["phone"]}


def test_adding_a_patient_is_one_whole(priya, monkeypatch):
    def broken(**kwargs):
        raise RuntimeError("no")

    monkeypatch.setattr(actions, "join_care_team", broken)
    with pytest.raises(RuntimeError):
        make_patient(priya, "Dora")
    assert not Patient.objects.filter(first_name="Dora").exists()


def test_the_last_therapist_cannot_leave(ana, priya):
    with pytest.raises(ValidationError, match="another therapist"):
        actions.leave_care_team(member=ana.care_team.get(), by=priya)


def test_only_therapists_of_the_clinic_join(ana, priya, olive, ruth):
    for wrong in (olive, ruth, ana.user):
        with pytest.raises(ValidationError):
            actions.join_care_team(patient=ana, therapist=wrong, by=priya)


def test_one_open_episode(episode, ana, priya):
    with pytest.raises(ValidationError, match="open episode"):
        make_episode(ana, priya)
    with pytest.raises(IntegrityError, match="episode_one_open"), transaction.atomic():
        Episode.objects.create(patient=ana, opened_by=priya, **FINDINGS)


def test_changed_findings_are_audited_with_their_codes_but_no_free_text(episode, priya):
    episodes.change_episode(episode=episode, by=priya, sensation="lost", precautions="Private.")
    event = AuditEvent.objects.get(action="episode.changed")
    assert event.detail["changed"] == {"sensation": ["intact", "lost"]}


def test_red_flags_stop_until_cleared_with_words(episode, priya):
    screen = episodes.record_screen(episode=episode, present=["new_weakness"], by=priya)
    assert screen.stops_exercise
    with pytest.raises(ValidationError):
        episodes.clear_screen(screen=screen, note=" ", by=priya)
    screen = episodes.clear_screen(screen=screen, note="Dr. Lee: old weakness.", by=priya)
    assert not screen.is_open
    with pytest.raises(ValidationError):
        episodes.clear_screen(screen=screen, note="Again.", by=priya)


def test_a_new_screen_does_not_drop_an_open_sign(episode, priya):
    episodes.record_screen(episode=episode, present=["stroke"], by=priya)
    with pytest.raises(ValidationError, match="Clear it"):
        episodes.record_screen(episode=Episode.objects.get(), present=[], by=priya)
    more = ["stroke", "foot_lesion"]
    assert episodes.record_screen(episode=Episode.objects.get(), present=more, by=priya).is_open


def test_a_closed_episode_stays_closed(episode, priya):
    stale = Episode.objects.get(pk=episode.pk)
    episodes.close_episode(episode=episode, outcome="improved", by=priya)
    with pytest.raises(ValidationError, match="closed"):
        episodes.change_episode(episode=stale, by=priya, sensation="lost")
    assert Episode.objects.get(pk=episode.pk).closed_at is not None


def test_a_corrected_address_ends_the_link_that_went_to_the_wrong_one(priya):
    patient = make_patient(priya, "Dora", email="wrong@x.test")
    invitation = invitations.make(patient=patient, by=priya)
    actions.change(patient=patient, by=priya, email="right@x.test")
    assert opened(invitation.token) is None


@pytest.mark.parametrize(("email", "proven"), [("dora@patients.test", True), ("d@x.test", False)])
def test_only_the_invited_address_is_taken_as_proven(priya, email, proven):
    invitation = invitations.make(patient=make_patient(priya, "Dora"), by=priya)
    user = invitations.accept(invitation=invitation, email=email, password=PASSWORD)
    assert user.emailaddress_set.get().verified is proven


def test_a_sign_of_days_is_open_but_does_not_stop(episode, priya):
    screen = episodes.record_screen(episode=episode, present=["spreading"], by=priya)
    assert screen.is_open
    assert not screen.stops_exercise


def test_an_unknown_sign_is_refused(episode, priya):
    with pytest.raises(ValidationError):
        episodes.record_screen(episode=episode, present=["toothache"], by=priya)


def test_a_closed_episode_needs_everything(episode):
    with pytest.raises(IntegrityError, match="closed_whole"), transaction.atomic():
        Episode.objects.filter(pk=episode.pk).update(closed_at=timezone.now())


def test_invitation_mails_a_link_without_health_data(priya, django_capture_on_commit_callbacks):
    patient = make_patient(priya, "Dora")
    make_episode(patient, priya)
    with django_capture_on_commit_callbacks(execute=True):
        invitation = invitations.invite(patient=patient, by=priya)
    (sent,) = mail.outbox
    assert invitation.token in sent.body
    assert sent.to == ["dora@patients.test"]
    for word in ("nerve", "tibial", "numb", "Reyes", invitation.code):
        assert word not in sent.body


def test_nothing_is_mailed_when_the_invitation_is_rolled_back(
    priya, django_capture_on_commit_callbacks, monkeypatch
):
    def broken(**kwargs):
        raise RuntimeError("no")

    patient = make_patient(priya, "Dora")
    monkeypatch.setattr(invitations.audit, "record", broken)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        invitations.invite(patient=patient, by=priya)
    assert mail.outbox == []
    assert not Invitation.objects.exists()


def test_accepting_makes_the_login_and_keeps_the_notices_version(priya):
    patient = make_patient(priya, "Dora")
    user = give_login(patient, priya)
    patient.refresh_from_db()
    assert patient.user == user
    assert user.role == "patient"
    assert user.check_password(PASSWORD)
    assert PrivacyAcceptance.objects.get(patient=patient).version == CURRENT.number


def test_an_invitation_works_once(priya):
    patient = make_patient(priya, "Dora")
    invitation = invitations.make(patient=patient, by=priya)
    accept = {"invitation": invitation, "email": "dora@x.test", "password": PASSWORD}
    invitations.accept(**accept)
    with pytest.raises(ValidationError, match="already used"):
        invitations.accept(**accept)
    with pytest.raises(ValidationError, match="has a login"):
        invitations.invite(patient=Patient.objects.get(pk=patient.pk), by=priya)


def test_a_new_invitation_ends_the_one_before(priya):
    patient = make_patient(priya, "Dora")
    first = invitations.make(patient=patient, by=priya)
    second = invitations.make(patient=patient, by=priya)
    assert opened(first.token) is None
    assert opened(second.token) == second


def test_an_expired_invitation_does_not_work(priya):
    invitation = invitations.make(patient=make_patient(priya, "Dora"), by=priya)
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert opened(invitation.token) is None
    assert Invitation.from_code(invitation.code, dt.date(1956, 3, 14)) is None


def test_the_code_works_as_people_type_it_and_only_with_the_birth_date(priya):
    invitation = invitations.make(patient=make_patient(priya, "Dora"), by=priya)
    typed = f" {invitation.code.lower().replace('-', ' ')} "
    assert Invitation.from_code(typed, dt.date(1956, 3, 14)) == invitation
    assert Invitation.from_code(invitation.code, dt.date(1956, 3, 15)) is None
    assert Invitation.from_code("2222-2222", dt.date(1956, 3, 14)) is None


@pytest.mark.parametrize("token", ["", "x", "not:signed", "00000000-0000-0000-0000-000000000000:x"])
def test_a_made_up_link_is_nothing(token):
    assert opened(token) is None


def test_neither_link_nor_code_is_in_the_database(priya):
    invitation = invitations.make(patient=make_patient(priya, "Dora"), by=priya)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(i)::text FROM patients_invitation i")
        stored = cursor.fetchone()[0]
    assert normalized_code(invitation.code) not in stored
    assert invitation.token not in stored


def test_a_taken_address_or_weak_password_is_refused_and_nothing_is_made(priya, ana):
    invitation = invitations.make(patient=make_patient(priya, "Dora"), by=priya)
    for email, password in (("ANA@patients.test", PASSWORD), ("d@x.test", "short")):
        with pytest.raises(ValidationError):
            invitations.accept(invitation=invitation, email=email, password=password)
    assert not User.objects.filter(first_name="Dora").exists()
    assert opened(invitation.token) == invitation


@pytest.mark.parametrize("statement", ["UPDATE accounts_auditevent SET action = 'x'",
                                       "DELETE FROM accounts_auditevent"])  # fmt: skip
def test_the_audit_trail_is_append_only(ana, statement):
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize("day", [dt.date.min, dt.date(1920, 1, 1), dt.date.max])
def test_an_operation_on_a_day_that_nobody_means_is_refused_beside_it(day, ana, priya):
    with pytest.raises(ValidationError) as error:
        make_episode(ana, priya, nerve_surgery_on=day)
    assert set(error.value.message_dict) == {"nerve_surgery_on"}
    episode = make_episode(ana, priya)
    with pytest.raises(ValidationError) as error:
        episodes.change_episode(episode=episode, by=priya, nerve_surgery_on=day)
    assert set(error.value.message_dict) == {"nerve_surgery_on"}
