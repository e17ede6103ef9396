"""Staff come by their organization's own login: whom it lets in, and what it never does."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.actions import close
from accounts.models import AuditEvent, User
from tests.conftest import PASSWORD, client_of
from tests.oidc import CLIENT, SECRET, provider

pytestmark = pytest.mark.django_db
BEGIN, BACK = "/account/sso/staff/", "/account/sso/staff/back/"
REFUSED = "That did not log you in"


@pytest.fixture
def organization(settings):
    with provider() as told:
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [
                    {
                        "provider_id": "staff",
                        "name": "Riverside Hospital",
                        "client_id": CLIENT,
                        "secret": SECRET,
                        "settings": {"server_url": told.address},
                    }
                ],
            }
        }
        settings.OIDC_NAME = "Riverside Hospital"
        yield told


def come(organization, client=None, **claims):
    """There and back, as somebody of whom it says `claims`."""
    client = client or Client()
    organization.claims = {"sub": "u-1", **claims}
    left = client.post(BEGIN)
    assert left.status_code == 302, left.content
    asked = parse_qs(urlsplit(left.url).query)
    assert left.url.startswith(f"{organization.address}/authorize?")
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"http://testserver{BACK}"]
    organization.challenge = asked["code_challenge"][0]
    client.answer = client.get(BACK, {"code": "c", "state": asked["state"][0]}, follow=True)
    return client


def is_in(client):
    return "_auth_user_id" in client.session


def of(user, **more):
    return {"email": user.email, "email_verified": True, **more}


def test_staff_are_let_in_and_stay_who_they_are(organization, priya):
    client = come(organization, **of(priya, name="Somebody Else", role="clinic_admin"))
    assert client.answer.request["PATH_INFO"] == "/workspace/"
    stored = User.objects.get(pk=priya.pk)
    assert (str(stored), stored.role, stored.email) == (str(priya), priya.role, priya.email)
    event = AuditEvent.objects.filter(action="signed_in", actor_id=priya.uuid).first()
    assert event.detail["methods"] == ["socialaccount"]


def test_the_link_holds_when_the_address_changes_there(organization, priya):
    come(organization, **of(priya))
    client = come(organization, email="new@elsewhere.test", email_verified=True)
    assert client.session["_auth_user_id"] == str(priya.pk)
    assert SocialAccount.objects.count() == 1


def test_an_address_is_known_in_any_spelling(organization, priya):
    assert is_in(come(organization, email=priya.email.upper(), email_verified=True))


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "nobody@riverside.test", "email_verified": True},
        {"email": "priya@riverside.test", "email_verified": False},
        {"email": "priya@riverside.test"},
        {"email": "priya@riverside.test", "email_verified": "false"},
        {"email": "priya@riverside.test", "email_verified": 1},
        {"email": None, "email_verified": True},
        {},
    ],
)
def test_nobody_unknown_or_unproven_is_let_in_or_made(claims, organization, priya):
    count = User.objects.count()
    client = come(organization, **claims)
    assert not is_in(client)
    assert REFUSED in client.answer.content.decode()
    assert User.objects.count() == count
    assert AuditEvent.objects.filter(action="sign_in.failed").exists()


def test_a_patient_never_comes_by_it(organization, ana):
    assert not is_in(come(organization, **of(ana.user)))
    SocialAccount.objects.create(user=ana.user, provider="staff", uid="u-1")
    assert not is_in(come(organization, **of(ana.user)))


def test_who_has_left_is_out(organization, priya):
    come(organization, **of(priya))
    close(user=priya)
    assert not is_in(come(organization, email="priya@riverside.test", email_verified=True))


def test_a_second_factor_is_asked_here_unless_it_was_there(organization, priya, settings):
    settings.STAFF_SECOND_FACTOR = True
    client = come(organization, **of(priya))
    assert client.get("/workspace/").url == "/account/passkeys/"
    client = come(organization, **of(priya, amr=["pwd", "mfa"]))
    assert client.get("/workspace/").status_code == 200
    client = come(organization, **of(priya, amr="mfa"))
    assert client.get("/workspace/").url == "/account/passkeys/"


def test_an_account_has_one_link(organization, priya):
    """Somebody else there has the address now."""
    come(organization, **of(priya))
    assert not is_in(come(organization, **of(priya, sub="u-2")))


def test_who_keeps_the_platform_comes_by_our_own_login(organization, db):
    root = User.objects.create_superuser(email="root@riverside.test", password="x")
    assert not is_in(come(organization, **of(root)))


def test_what_was_proven_there_counts_for_whom_it_was_proven(organization, priya, colm, settings):
    settings.STAFF_SECOND_FACTOR = True
    client = come(organization, **of(colm, amr=["mfa"], sub="u-2"))
    client.post("/account/logout/")
    client.post("/account/login/", {"login": priya.email, "password": PASSWORD})
    assert client.get("/workspace/").url == "/account/passkeys/"


def test_one_who_is_logged_in_comes_as_somebody_else(organization, priya, colm):
    client = come(organization, client=client_of(priya), **of(colm))
    assert client.session["_auth_user_id"] == str(colm.pk)


@pytest.mark.parametrize("process", ["connect", "redirect", "x"])
def test_logins_are_not_linked_by_hand(process, organization, priya):
    for client in (Client(), client_of(priya)):
        assert client.post(f"{BEGIN}?process={process}").status_code == 404
        assert client.post(BEGIN, {"process": process}).status_code == 404


@pytest.mark.parametrize("broken", ["error", "nonsense"])
def test_a_broken_provider_is_a_sentence(broken, organization, priya):
    organization.broken = broken
    page = Client().post(BEGIN, follow=True)
    assert page.status_code == 200
    assert REFUSED in page.content.decode()


@pytest.mark.parametrize("broken", ["error", "nonsense"])
def test_one_that_breaks_on_the_way_back_is_a_sentence(broken, organization, priya):
    client = Client()
    asked = parse_qs(urlsplit(client.post(BEGIN).url).query)
    organization.broken = broken
    page = client.get(BACK, {"code": "c", "state": asked["state"][0]}, follow=True)
    assert REFUSED in page.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize(
    "asked",
    [{}, {"code": "c"}, {"code": "c", "state": "made-up"}, {"error": "access_denied", "state": "x"},
     {"code": "\x00", "state": "\x00"}, {"state": "9" * 5000}],
)  # fmt: skip
def test_coming_back_without_having_left_is_a_sentence(asked, organization):
    page = Client().get(BACK, asked, follow=True)
    assert page.status_code == 200
    assert REFUSED in page.content.decode()


def test_a_code_of_another_browser_is_worth_nothing(organization, priya):
    client = come(organization, **of(priya))
    organization.challenge = "of-another"
    left = client.post(BEGIN)
    asked = parse_qs(urlsplit(left.url).query)
    client.post("/account/logout/")
    client.get(BACK, {"code": "c", "state": asked["state"][0]})
    assert not is_in(client)


def test_it_is_offered_where_it_is_set_up(organization, client):
    assert "Log in with Riverside Hospital" in client.get("/account/login/").content.decode()


def test_without_it_there_is_nothing(client, priya):
    assert "Log in with" not in client.get("/account/login/").content.decode()
    for address in (BEGIN, BACK, "/account/sso/other/"):
        assert client.get(address).status_code == 404
        assert client_of(priya).post(address).status_code in (404, 405)
