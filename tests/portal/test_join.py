"""Accepting an invitation: by link or code, and the way in that is chosen."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from accounts import lifetime
from accounts.models import User
from patients.actions import invitations
from tests.conftest import PASSWORD, make_patient

pytestmark = pytest.mark.django_db
CODE, PROOF = "/portal/join/", "/portal/join/address/"


@pytest.fixture
def dora(priya):
    return make_patient(priya, "Dora")


@pytest.fixture
def invitation(dora, priya):
    return invitations.make(patient=dora, by=priya)


def answer(client, invitation, way, email="dora@patients.test", **more):
    data = {"email": email, "way": way, "privacy": "on", **more}
    return client.post(f"/portal/join/{invitation.token}/", data)


def code_in_mail():
    return re.search(r"\d{4}-\d{4}", mail.outbox[-1].body)[0]


@pytest.mark.parametrize(
    ("way", "next_page"), [("code", "/portal/"), ("passkey", "/account/passkeys/webauthn/add/")]
)
def test_without_a_password_at_the_address_the_invitation_went_to(
    way, next_page, client, invitation
):
    assert answer(client, invitation, way).url == next_page
    user = User.objects.get(email="dora@patients.test")
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified
    assert client.get(next_page).status_code == 200


def test_next_time_the_code_by_email_lets_them_in(client, invitation):
    answer(client, invitation, "code")
    client.post("/account/logout/")
    client.post("/account/login/code/", {"email": "dora@patients.test"})
    assert client.post("/account/login/code/confirm/", {"code": code_in_mail()}).url == "/portal/"


def test_another_address_is_proven_before_there_is_an_account(client, invitation):
    assert answer(client, invitation, "code", "new@x.test").url == PROOF
    assert not User.objects.filter(email="new@x.test").exists()
    assert mail.outbox[-1].to == ["new@x.test"]
    assert b"new@x.test" in client.get(PROOF).content
    assert client.post(PROOF, {"code": code_in_mail()}).url == "/portal/"
    assert EmailAddress.objects.get(email="new@x.test").verified
    assert client.get(PROOF).status_code == 404  # used up


def test_a_wrong_proof_is_tried_five_times(client, invitation):
    answer(client, invitation, "code", "new@x.test")
    right = code_in_mail()
    for _ in range(5):
        assert b"not the one we sent" in client.post(PROOF, {"code": "12-34"}).content
    assert client.post(PROOF, {"code": right}).status_code == 404
    assert not User.objects.filter(email="new@x.test").exists()
    assert client.get(f"/portal/join/{invitation.token}/").status_code == 200  # start again


def test_the_proof_is_for_the_browser_that_began(client, invitation):
    answer(client, invitation, "code", "new@x.test")
    assert Client().post(PROOF, {"code": code_in_mail()}).status_code == 404


def test_an_invitation_used_meanwhile_ends_the_proof(client, invitation):
    answer(client, invitation, "code", "new@x.test")
    code = code_in_mail()
    answer(Client(), invitation, "password", password=PASSWORD)
    assert client.post(PROOF, {"code": code}).status_code == 404
    assert User.objects.filter(role="patient").count() == 1


def test_without_password_or_proof_there_is_no_account(invitation):
    with pytest.raises(ValidationError, match="Confirm"):
        invitations.accept(invitation=invitation, email="new@x.test", password=None)
    assert not User.objects.filter(email="new@x.test").exists()


def test_with_a_password_another_address_may_be_confirmed_later(client, invitation):
    made = answer(client, invitation, "password", "new@x.test", password=PASSWORD)
    assert made.url == "/portal/"
    assert b"We sent a link to new@x.test" in client.get("/portal/").content
    link = re.search(r"/account/confirm-email/\S+", mail.outbox[-1].body)[0]
    client.post(link)
    assert EmailAddress.objects.get(email="new@x.test").verified


@pytest.mark.parametrize("way", ["", "nothing"])
def test_a_way_has_to_be_chosen(way, client, invitation):
    assert answer(client, invitation, way, password=PASSWORD).status_code == 200
    assert b"Choose a password, or another way" in answer(client, invitation, "password").content


def test_on_a_shared_device_the_first_login_is_short_too(client, invitation):
    answer(client, invitation, "password", password=PASSWORD, shared_device="on")
    assert client.session.get(lifetime.SHARED)
    assert client.session.get_expire_at_browser_close()


def test_also_by_way_of_a_proof(client, invitation):
    answer(client, invitation, "code", "new@x.test", shared_device="on")
    client.post(PROOF, {"code": code_in_mail()})
    assert client.session.get_expire_at_browser_close()


def test_scanning_again_leads_in(as_ana):
    assert as_ana.get(CODE).url == "/account/home/"


def test_wrong_codes_look_the_same_whatever_is_wrong(dora, priya, ana, invitation):
    """Right code and wrong date, no such code, used, withdrawn: nothing tells them apart."""
    used = ana.invitations.get()
    invitations.make(patient=dora, by=priya)  # withdraws the first
    seen = set()
    for code, date in (
        ("2222-2222", "1956-03-14"), (invitation.code, "1956-03-14"), (used.code, "1956-03-14"),
        (dora.invitations.usable().get().code, "1956-03-15"),
    ):  # fmt: skip
        page = Client().post(CODE, {"code": code, "birth_date": date})
        text = re.sub(r'value="[^"]*"', "", page.content.decode())
        seen.add((page.status_code, text, "sessionid" in page.cookies))
    assert len(seen) == 1


def test_answers_to_an_invitation_are_limited(client, invitation):
    codes = [answer(client, invitation, "password").status_code for _ in range(31)]
    assert codes[-1] == 429
    assert b"Too many tries" in answer(client, invitation, "password").content


def test_the_invitation_speaks_the_patients_language(client, dora, invitation):
    dora.language = "es"
    dora.save()
    page = client.get(f"/portal/join/{invitation.token}/", headers={"accept-language": "en"})
    assert b'lang="es"' in page.content


# By link or by code


ACCEPT = {"email": "dora@x.test", "way": "password", "password": PASSWORD, "privacy": "on"}


def test_looking_at_the_link_uses_nothing_up(client, invitation):
    for _ in range(3):
        assert b"Welcome, Dora" in client.get(f"/portal/join/{invitation.token}/").content


def test_accepting_leads_to_today_and_the_link_is_used_up(client, invitation):
    path = f"/portal/join/{invitation.token}/"
    assert client.post(path, ACCEPT).url == "/portal/"
    assert b"putting your plan together" in client.get("/portal/").content
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"privacy": ""}, b"privacy notice and tick"),
        ({"password": "short"}, b"too short"),
        ({"password": "password123"}, b"too common"),
        ({"email": "x"}, b"valid email"),
        ({"email": "PRIYA@riverside.test"}, b"be used here"),
    ],
)
def test_accepting_with_bad_input(client, invitation, changed, words):
    page = client.post(f"/portal/join/{invitation.token}/", ACCEPT | changed)
    assert page.status_code == 200
    assert words in page.content


def test_the_code_leads_to_the_same_page(client, invitation):
    data = {"code": invitation.code.lower(), "birth_date": "1956-03-14"}
    assert client.post("/portal/join/", data).url == f"/portal/join/{invitation.token}/"


def test_every_wrong_code_is_answered_alike(client, invitation):
    answers = [
        client.post("/portal/join/", data).content
        for data in (
            {"code": invitation.code, "birth_date": "1956-03-15"},
            {"code": "2222-2222", "birth_date": "1956-03-14"},
        )
    ]
    for content in answers:
        assert b"match an open invitation" in content


def test_codes_are_limited(client, invitation):
    data = {"code": "2222-2222", "birth_date": "1956-03-14"}
    codes = [client.post("/portal/join/", data).status_code for _ in range(12)]
    assert codes[:10] == [200] * 10
    assert codes[-1] == 429
