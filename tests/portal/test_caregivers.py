"""A relative or friend helps: invited by the patient, with a login and a view of their own."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from accounts import wall
from accounts.models import AuditEvent, User
from patients.actions import caregivers, leaving, messages
from patients.caregivers import MOST
from patients.models import Caregiver, Message, ThreadMark
from programs.models import Session, SignReport
from tests.as_role import WEB, as_role
from tests.conftest import PASSWORD, client_of, make_caregiver, prove
from tests.portal.test_portal import ANSWERS, session_url
from tests.trail import newest

pytestmark = pytest.mark.django_db
PEOPLE = "/portal/me/caregivers/"
INVITED = {"name": "Mara Lind", "email": "Mara@Family.test", "does_sessions": "on"}
ACCEPTED = {"way": "password", "password": PASSWORD, "privacy": "on"}


@pytest.fixture
def invited(ana):
    shares = {"does_sessions": True, "reads_messages": False}
    return caregivers.invite(
        patient=ana, by=ana.user, name="Mara Lind", email="mara@family.test", **shares
    )


@pytest.fixture
def as_mara(mara):
    return client_of(mara.user)


@pytest.fixture
def letter(ana, priya):
    return messages.send(message_id=uuid.uuid4(), patient=ana, text="Well done.", by=priya)


def help_url(caregiver):
    return f"/portal/help/{caregiver.token}/"


# Inviting


def test_a_patient_invites_by_mail_and_tells_a_code(as_ana, ana):
    assert "/account/" in as_ana.get(PEOPLE).url  # an open session alone invites nobody
    prove(as_ana)
    assert as_ana.post(PEOPLE, INVITED).url == PEOPLE
    caregiver = Caregiver.objects.get()
    assert (caregiver.email, caregiver.does_sessions, caregiver.reads_messages) == (
        "mara@family.test", True, False,
    )  # fmt: skip
    [letter] = mail.outbox
    assert letter.to == ["mara@family.test"]
    assert help_url(caregiver) in letter.body
    assert caregiver.code not in letter.body
    assert "Reyes" not in letter.body
    assert caregiver.code in as_ana.get(PEOPLE).content.decode()
    assert newest("caregiver.invited").detail == {"does_sessions": True, "reads_messages": False}


@pytest.mark.parametrize(
    "wrong", [{"email": "ana@patients.test"}, {"email": "no address"}, {"name": ""}]
)
def test_who_can_not_be_invited(as_ana, wrong):
    assert prove(as_ana).post(PEOPLE, INVITED | wrong).status_code == 200
    assert not Caregiver.objects.exists()
    assert mail.outbox == []


def test_the_same_address_stands_on_the_list_once(as_ana, invited):
    answer = prove(as_ana).post(PEOPLE, INVITED)
    assert "This address is on your list already." in answer.content.decode()
    assert Caregiver.objects.count() == 1


def test_a_family_and_no_more(ana):
    for number in range(MOST):
        make_caregiver(ana, f"Helper{number} Lind")
    with pytest.raises(ValidationError, match="5 people"):
        make_caregiver(ana, "Sixth Lind")


def test_what_was_not_used_in_time_makes_room(ana, invited):
    Caregiver.objects.update(expires_at=timezone.now() - timedelta(days=1))
    make_caregiver(ana, "Mara Lind")
    assert Caregiver.objects.active().count() == 1


def test_nobody_else_invites_for_a_patient(ana, bert, priya):
    for other in (bert.user, priya):
        with pytest.raises(ValidationError):
            caregivers.invite(
                patient=ana, by=other, name="X", email="x@x.test",
                does_sessions=True, reads_messages=True,
            )  # fmt: skip


# Accepting


def test_the_link_opens_with_the_code_only(client, invited):
    for wrong in ("", "AAAA-AAAA", "é" * 8, "\x00"):
        answer = client.post(help_url(invited), ACCEPTED | {"code": wrong})
        assert answer.status_code == 200, wrong
    assert not User.objects.filter(role="caregiver").exists()
    typed = invited.code.lower().replace("-", " ")
    assert client.post(help_url(invited), ACCEPTED | {"code": typed}).url == "/portal/"
    user = User.objects.get(role="caregiver")
    assert (user.email, str(user), user.clinic) == (
        "mara@family.test", "Mara Lind", invited.patient.clinic,
    )  # fmt: skip
    assert b"Today for Ana" in client.get("/portal/").content
    assert newest("caregiver.accepted").actor_name == "Mara Lind"
    assert Client().get(help_url(invited)).status_code == 404


def test_codes_are_tried_five_times_and_a_weak_password_is_no_try(client, invited):
    for _ in range(8):
        short = ACCEPTED | {"code": invited.code, "password": "short"}
        assert client.post(help_url(invited), short).status_code == 200
    for _ in range(5):
        answer = client.post(help_url(invited), ACCEPTED | {"code": "AAAA-AAAA"})
        assert answer.status_code == 200
    assert client.post(help_url(invited), ACCEPTED | {"code": invited.code}).status_code == 429


@pytest.mark.parametrize("way", ["code", "passkey"])
def test_without_a_password(client, invited, way):
    data = {"way": way, "privacy": "on", "code": invited.code}
    assert client.post(help_url(invited), data).status_code == 302
    assert not User.objects.get(role="caregiver").has_usable_password()
    client.post("/account/logout/")
    client.post("/account/login/code/", {"email": "mara@family.test"})
    assert "mara@family.test" in mail.outbox[-1].to


def test_a_link_taken_back_or_broken_opens_nothing(client, invited, ana):
    caregivers.end(caregiver=invited, by=ana.user)
    assert client.get(help_url(invited)).status_code == 404
    assert client.get(f"/portal/help/{invited.pk}/").status_code == 404


def test_an_address_of_another_kind_of_login_is_refused(client, ana, bert):
    one = caregivers.invite(
        patient=ana, by=ana.user, name="Bert", email=bert.user.email,
        does_sessions=True, reads_messages=False,
    )  # fmt: skip
    page = client.post(help_url(one), ACCEPTED | {"code": one.code}).content.decode()
    assert "belongs to another kind of login" in page
    assert not Caregiver.objects.active().exists()


# What they see


def test_they_see_today_and_the_plan_and_nothing_else(as_mara, plan):
    for page in ("", "plan/", "plan/print/", "wrong/", "connection/"):
        assert as_mara.get(f"/portal/{page}").status_code == 200, page
    for page in ("progress/", "learn/", "messages/", "reminders/", "me/", "me/record.json",
                 "me/caregivers/", "me/leave/", "me/erasure/", "ask/", "paper/"):  # fmt: skip
        assert as_mara.get(f"/portal/{page}").status_code == 404, page
    for door in ("/workspace/", "/cms/"):
        assert as_mara.get(door).status_code == 404
    page = as_mara.get("/portal/").content.decode()
    for link in ("/portal/progress/", "/portal/messages/", "/portal/me/", "/portal/reminders/"):
        assert link not in page


def test_a_session_together_is_the_patients_and_says_who_sent_it(as_mara, as_priya, plan, mara):
    assert as_mara.get(session_url(plan)).status_code == 200
    assert as_mara.post(session_url(plan), ANSWERS).status_code == 302
    session = Session.objects.get()
    assert (session.patient, session.entered_by) == (mara.patient, mara.user)
    page = as_priya.get(f"/workspace/patients/{plan.patient_id}/sessions/").content.decode()
    assert "sent by Mara Lind" in page


def test_without_that_share_no_session(as_mara, plan, ana, mara):
    caregivers.change(caregiver=mara, by=ana.user, does_sessions=False, reads_messages=False)
    assert as_mara.get(session_url(plan)).status_code == 404
    assert as_mara.post(session_url(plan), ANSWERS).status_code == 404
    assert as_mara.get(f"/portal/session/{plan.pk}/").status_code == 404
    page = as_mara.get("/portal/").content.decode()
    assert "/portal/session/" not in page
    assert "Only Ana sends sessions." in page
    assert not Session.objects.exists()


def test_everybody_who_helps_can_say_that_something_is_wrong(as_mara, plan, ana, mara):
    caregivers.change(caregiver=mara, by=ana.user, does_sessions=False, reads_messages=False)
    assert as_mara.post("/portal/wrong/", {"signs": ["chest"]}).status_code == 302
    assert SignReport.objects.get().told_by == mara.user


def test_messages_are_read_along_where_they_are_shared(as_mara, ana, mara, letter):
    caregivers.change(caregiver=mara, by=ana.user, does_sessions=False, reads_messages=True)
    page = as_mara.get("/portal/messages/").content.decode()
    assert "Well done." in page
    assert "<textarea" not in page
    sent = {"text": "I write.", "message_id": str(uuid.uuid4())}
    assert as_mara.post("/portal/messages/", sent).status_code == 404
    with pytest.raises(ValidationError):
        messages.send(message_id=uuid.uuid4(), patient=ana, text="I write.", by=mara.user)
    assert Message.objects.count() == 1
    # That she has read is not that Ana has.
    assert ThreadMark.objects.get(reader=mara.user).up_to == 1
    assert not ThreadMark.objects.filter(reader=ana.user).exists()


def test_the_database_holds_it_too(ana, mara, letter):
    with as_role(WEB), wall.acting(mara.user):
        assert not Message.objects.exists()
        assert Session.objects.model._default_manager.filter(patient=ana).count() == 0
        assert Caregiver.objects.filter(patient=ana).exists()
    caregivers.change(caregiver=mara, by=ana.user, does_sessions=True, reads_messages=True)
    with as_role(WEB), wall.acting(mara.user):
        assert Message.objects.exists()
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Message(
                patient=ana, number=2, author=mara.user, from_patient=True, text="I write.",
                written_at=timezone.now(),
            ).save()  # fmt: skip
    with as_role(WEB), wall.acting(ana.user):
        assert Message.objects.exists()


def test_what_they_open_is_on_record_and_the_patient_sees_it(as_mara, as_ana, plan):
    as_mara.get("/portal/plan/")
    event = newest("patient.read")
    assert (event.actor_name, event.actor_role) == ("Mara Lind", "caregiver")
    page = as_ana.get("/portal/me/looks/").content.decode()
    assert "Mara Lind</strong>, helps you" in page
    assert "your plan" in page


# Changing and ending


def test_the_patient_changes_and_ends_it(as_ana, as_mara, mara, plan):
    prove(as_ana)
    assert as_ana.post(f"{PEOPLE}{mara.pk}/", {"reads_messages": "on"}).url == PEOPLE
    mara.refresh_from_db()
    assert (mara.does_sessions, mara.reads_messages) == (False, True)
    assert as_ana.post(f"{PEOPLE}{mara.pk}/", {"end": "1"}).url == PEOPLE
    assert as_mara.get("/portal/").status_code == 302  # the login is closed with the last help
    assert not Client().login(email="mara@family.test", password=PASSWORD)
    assert newest("caregiver.ended").actor_name == "Ana Reyes"
    assert "Mara Lind" in as_ana.get(PEOPLE).content.decode()


def test_nobody_changes_it_for_another_patient(mara, bert):
    other = prove(client_of(bert.user))
    assert other.post(f"{PEOPLE}{mara.pk}/", {"end": "1"}).status_code == 404
    assert Caregiver.objects.active().count() == 1


def test_who_helps_stops_it_themselves(as_mara, mara):
    address = f"/portal/for/{mara.pk}/stop/"
    assert b"Stop helping Ana?" in as_mara.get(address).content
    assert as_mara.post(address).url == "/account/login/"
    assert not Caregiver.objects.active().exists()
    assert newest("caregiver.ended").actor_name == "Mara Lind"


def test_the_clinic_ends_it_for_a_patient_who_calls(as_priya, mara, ana):
    page = as_priya.get(f"/workspace/patients/{ana.pk}/record/").content.decode()
    assert "mara@family.test" in page
    address = f"/workspace/patients/{ana.pk}/caregivers/{mara.pk}/end/"
    assert as_priya.post(address).status_code == 302
    assert not Caregiver.objects.active().exists()


def test_a_colleague_does_not_end_it(mara, ana, colm, olive):
    for other in (colm, olive):
        address = f"/workspace/patients/{ana.pk}/caregivers/{mara.pk}/end/"
        assert client_of(other).post(address).status_code == 404
        with pytest.raises(ValidationError), transaction.atomic():
            caregivers.end(caregiver=mara, by=User(pk=0, role="editor"))
    assert Caregiver.objects.active().exists()


# Two patients, one who helps


@pytest.fixture
def both(mara, bert):
    one = caregivers.invite(
        patient=bert, by=bert.user, name="Mara", email="mara@family.test",
        does_sessions=True, reads_messages=False,
    )  # fmt: skip
    return mara, one


def test_who_helps_already_accepts_with_the_login_they_have(both, as_mara, client):
    _, new = both
    page = client.get(help_url(new)).content.decode()
    assert "You have a login here" in page
    data = {"code": new.code, "privacy": "on"}
    assert client.post(help_url(new), ACCEPTED | data).status_code == 200
    assert Caregiver.objects.active().count() == 1
    assert as_mara.post(help_url(new), data | {"code": "AAAA-AAAA"}).status_code == 200
    assert as_mara.post(help_url(new), data).url == "/portal/"
    assert b"Today for Bert" in as_mara.get("/portal/").content


def test_one_at_a_time_by_choice(both, as_mara, ana, bert, olivia):
    mara, new = both
    caregivers.accept_as(caregiver=new, by=mara.user)
    assert b"Today for Ana" in as_mara.get("/portal/").content
    page = as_mara.get("/portal/for/").content.decode()
    assert "Ana Reyes" in page
    assert "Bert Reyes" in page
    assert as_mara.post("/portal/for/", {"patient": str(bert.pk)}).url == "/portal/"
    assert b"Today for Bert" in as_mara.get("/portal/").content
    for wrong in (str(olivia.pk), "x", "\x00", ""):
        assert as_mara.post("/portal/for/", {"patient": wrong}).status_code == 404
    with as_role(WEB), wall.acting(mara.user, bert.pk):
        assert set(Caregiver.objects.values_list("patient_id", flat=True)) == {bert.pk}
    caregivers.end(caregiver=new, by=bert.user)
    gone = as_mara.get("/portal/")
    assert gone.status_code == 404
    assert b"Nothing is shared with you now" in gone.content
    assert as_mara.post("/portal/for/", {"patient": str(ana.pk)}).status_code == 302
    assert b"Today for Ana" in as_mara.get("/portal/").content


def test_what_waited_for_one_patient_is_not_sent_as_anothers(as_mara, plan, mara, bert):
    owner = as_mara.get("/portal/connection/").json()["owner"]
    assert owner == f"{mara.user.uuid}.{mara.patient_id}"
    for other in (f"{mara.user.uuid}.{bert.pk}", str(mara.user.uuid), str(mara.patient.user.uuid)):
        answer = as_mara.post(session_url(plan), ANSWERS | {"owner": other})
        assert answer.status_code == 404
    assert not Session.objects.exists()
    assert as_mara.post(session_url(plan), ANSWERS | {"owner": owner}).status_code == 302


def test_events_of_who_helps_name_no_address(mara):
    told = AuditEvent.objects.filter(action__startswith="account.").values_list("detail", flat=True)
    assert "family.test" not in str(list(told))


def test_when_the_patient_leaves_nobody_helps_any_more(as_mara, ana, mara):
    leaving.leave(patient=ana, by=ana.user)
    assert not Caregiver.objects.active().exists()
    assert as_mara.get("/portal/").status_code == 302


def test_what_only_a_script_asks_is_no_look(as_mara, plan):
    as_mara.get("/portal/connection/")
    assert newest("patient.read") is None
