"""One spelling of an address: stored, unique, looked up, and mended where it was not."""

import uuid

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.actions import create_user
from accounts.addresses import canonical
from accounts.demo import DEMO_DOMAIN, is_closed_demo
from accounts.models import User
from accounts.permissions import Role
from patients.actions import invitations
from patients.actions import patients as patient_actions
from tests.conftest import (
    PASSWORD,
    client_of,
    having_shown_mailbox,
    make_patient,
    prove,
)

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"
TYPED = "Jo.Doe@Clinic.example"
SPELLINGS = [
    "jo.doe@clinic.example",
    TYPED,
    "JO.DOE@CLINIC.EXAMPLE",
    "  jo.doe@clinic.example ",
    "jo.doe@ｃｌｉｎｉｃ.example",
]


@pytest.fixture
def jo(clinic):
    return create_user(
        email=TYPED, first_name="Jo", last_name="Doe", role=Role.THERAPIST, clinic=clinic,
        password=PASSWORD,
    )  # fmt: skip


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_the_canonical_spelling_is_its_own(text):
    assert canonical(canonical(text)) == canonical(text)
    assert canonical(text) == canonical(text).strip()


@pytest.mark.parametrize(
    ("typed", "known"),
    [*((one, SPELLINGS[0]) for one in SPELLINGS), ("ﬁa@x.test", "fia@x.test"),
     ("\u212aim@x.test", "kim@x.test")],
)  # fmt: skip
def test_spellings_of_one_address(typed, known):
    assert canonical(typed) == known


@pytest.mark.parametrize("typed", SPELLINGS)
def test_an_account_is_found_in_any_spelling(client, jo, typed):
    assert client.post(LOGIN, {"login": typed, "password": PASSWORD}).url == "/workspace/"
    assert authenticate(None, email=typed, password=PASSWORD) == jo
    assert authenticate(None, username=typed, password=PASSWORD) == jo
    assert User.objects.get(email=typed) == User.objects.get_by_natural_key(typed) == jo


def test_a_dotless_i_is_another_letter(clinic, jo):
    create_user(
        email="ıan@clinic.example", first_name="I", last_name="D", role=Role.EDITOR, clinic=clinic
    )
    with pytest.raises(User.DoesNotExist):
        User.objects.get_by_natural_key("ian@clinic.example")


@pytest.mark.parametrize("typed", SPELLINGS)
def test_a_reset_goes_to_the_address_that_is_kept(client, jo, typed):
    client.post("/account/password/reset/", {"email": typed})
    (sent,) = mail.outbox
    assert sent.to == ["jo.doe@clinic.example"]
    assert "/account/password/reset/key/" in sent.body


@pytest.mark.parametrize("typed", SPELLINGS)
def test_another_account_cannot_have_it_in_any_spelling(clinic, jo, typed):
    with pytest.raises(ValidationError, match="exists"):
        create_user(
            email=typed, first_name="J", last_name="D", role=Role.EDITOR, clinic=clinic
        )  # fmt: skip


def test_tries_are_counted_for_the_account_and_not_for_its_spelling(client, jo):
    for typed in [*SPELLINGS, "jO.doe@clinic.example"]:
        client.post(LOGIN, {"login": typed, "password": "nope-nope-nope"})
    client.post(LOGIN, {"login": "jo.doe@clinic.exａmple", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_every_way_to_a_row_keeps_the_one_spelling(jo):
    User.objects.filter(pk=jo.pk).update(email="JO@X.TEST")
    jo.refresh_from_db()
    assert jo.email == "jo@x.test"
    jo.email = " Jo@Y.test"
    jo.save()
    assert jo.email == "jo@y.test"
    User.objects.bulk_create([User(email="Ed@Y.test", is_superuser=True)])
    assert User.objects.filter(email="ed@y.test").exists()


def test_the_database_refuses_capitals(jo):
    raw = "UPDATE accounts_user SET email = 'Jo@x.test' WHERE id = %s"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(raw, [jo.pk])


def test_the_commands_take_any_spelling(client, clinic, capsys):
    names = {"first_name": "Jo", "last_name": "Doe", "clinic": str(clinic.pk)}
    call_command("create_account", TYPED, role="therapist", **names)
    assert "jo.doe@clinic.example" in capsys.readouterr().out
    with pytest.raises(CommandError, match="exists"):
        call_command("create_account", TYPED.upper(), role="therapist", **names)
    call_command("remove_factors", TYPED.upper())
    call_command("set_up_editing", reviewer=[TYPED.upper()])
    assert "jo.doe@clinic.example may sign off" in capsys.readouterr().out


def test_a_superuser_made_with_a_capital_logs_in(client, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="Root@Clinic.example", interactive=False, verbosity=0)
    answer = client.post(LOGIN, {"login": "Root@Clinic.example", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(email="root@clinic.example").pk)


def test_a_change_of_address_keeps_the_one_spelling(jo):
    client = having_shown_mailbox(prove(client_of(jo)), jo)
    client.post("/account/email/", {"email": "New@ｘ.test", "action_add": ""})
    assert EmailAddress.objects.get(user=jo, verified=False).email == "new@x.test"
    assert mail.outbox[0].to == ["new@x.test"]


def test_an_invitation_with_capitals_leads_to_a_login(client, priya):
    patient = make_patient(priya, "Ana", email="Ana.Reyes@Mail.example")
    invitation = invitations.make(patient=patient, by=priya)
    answers = {"email": "ANA.reyes@mail.example", "way": "code", "privacy": "on"}
    answer = client.post(f"/portal/join/{invitation.token}/", answers)
    assert answer.url == "/portal/"  # the invitation's own address: no further proof is asked
    address = EmailAddress.objects.get(user__role=Role.PATIENT)
    assert (address.email, address.verified) == ("ana.reyes@mail.example", True)


def test_the_record_follows_a_new_address_whatever_its_spelling(ana):
    patient_actions.change(patient=ana, by=ana.user, email="ANA@Patients.test")
    client = prove(client_of(ana.user))
    client.post("/account/email/", {"email": "new@patients.test", "action_add": ""})
    link = next(word for word in mail.outbox[-1].body.split() if "/confirm-email/" in word)
    client.post(link[link.index("/account") :])
    ana.refresh_from_db()
    assert ana.email == "new@patients.test"


def test_a_demo_address_is_closed_in_any_spelling(settings):
    settings.DEMO = False
    assert is_closed_demo(f" Ana@{DEMO_DOMAIN.upper()}")
    assert is_closed_demo(f"ana@ｄ{DEMO_DOMAIN[1:]}")


# By the clinic's word


def test_an_account_gets_another_address_by_its_id(jo, ana):
    call_command("change_address", str(jo.uuid), "Jo.New@Clinic.Example")
    jo.refresh_from_db()
    assert jo.email == EmailAddress.objects.get(user=jo).email == "jo.new@clinic.example"
    for account, email in (
        (uuid.uuid4(), "x@clinic.example"),
        (jo.uuid, ana.user.email),
        (jo.uuid, "x"),
    ):
        with pytest.raises(CommandError):
            call_command("change_address", str(account), email)
    jo.refresh_from_db()
    assert jo.email == "jo.new@clinic.example"
