"""Staff come by their organization's own login: whom it lets in, and what it never does."""

import base64
import hmac
import json
import time
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives import serialization
from django.test import Client

from accounts.actions import close
from accounts.models import AuditEvent, User
from accounts.open_id import link_key
from tests.conftest import PASSWORD, client_of
from tests.oidc import CLIENT, OTHER, OURS, SECRET, key, provider, published, signed

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
        settings.OIDC_NAME, settings.OIDC_ISSUER = "Riverside Hospital", told.address
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
    organization.challenge, organization.nonce = asked["code_challenge"][0], asked["nonce"][0]
    client.came_back = BACK, {"code": "c", "state": asked["state"][0]}
    client.answer = client.get(*client.came_back, follow=True)
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
    uid = f"{link_key(organization.address)}{sha256(b'u-1').hexdigest()}"
    SocialAccount.objects.create(user=ana.user, provider="staff", uid=uid)
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


# The ID token


def test_each_login_has_a_nonce_of_its_own(organization):
    asked = [parse_qs(urlsplit(Client().post(BEGIN).url).query)["nonce"][0] for _ in range(2)]
    assert len(asked[0]) >= 32
    assert asked[0] != asked[1]


def test_nobody_adds_to_what_is_asked(organization):
    """allauth passes on what stands behind `?`; a nonce that somebody else knows is none."""
    added = {"auth_params": "nonce=mine&redirect_uri=x", "scope": "everything"}
    left = Client().post(BEGIN, query_params=added)
    asked = parse_qs(urlsplit(left.url).query)
    assert "mine" not in asked["nonce"]
    assert asked["redirect_uri"] == [f"http://testserver{BACK}"]
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}


def encoded(part):
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def unsigned(token):
    return jwt.encode(token, None, algorithm="none", headers={"kid": OURS})


def by_public_key(token):
    """HS256, with what everybody can read as the secret. PyJWT itself won't write this one."""
    public = (
        key(OURS)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    head = json.dumps({"alg": "HS256", "typ": "JWT", "kid": OURS}).encode()
    told = f"{encoded(head)}.{encoded(json.dumps(token).encode())}"
    return f"{told}.{encoded(hmac.digest(public, told.encode(), 'sha256'))}"


def by_secret(token):
    return jwt.encode(token, SECRET, algorithm="HS256", headers={"kid": OURS})


def by_another_key(token):
    return signed(token, by=OTHER)


def with_its_own_key(token):
    """Signed with a key that the token itself brings along."""
    told = jwt.algorithms.RSAAlgorithm.to_jwk(key(OTHER).public_key(), as_dict=True)
    return signed(token, by=OTHER, jwk=told)


def changed_after(token):
    head, _, seal = signed(token).split(".")
    other = json.dumps({**token, "amr": ["mfa"]}).encode()
    return ".".join([head, encoded(other), seal])


def by_a_key_without_a_name(token):
    return jwt.encode(token, key(OTHER), algorithm="RS256")


@pytest.mark.parametrize(
    "sign",
    [unsigned, by_public_key, by_secret, by_another_key, with_its_own_key, changed_after,
     by_a_key_without_a_name, lambda token: signed(token, kid="unknown"),
     lambda token: "", lambda token: "x.y.z", lambda token: "é", None],
)  # fmt: skip
def test_a_token_that_nobody_published_a_key_for_is_refused(sign, organization, priya):
    organization.sign = sign
    client = come(organization, **of(priya))
    assert not is_in(client)
    assert REFUSED in client.answer.content.decode()
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": ""},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": ["another-client", "a-third"]},
        {"aud": None},
        {"aud": [CLIENT, "another-client"]},
        {"aud": [CLIENT, "another-client"], "azp": "another-client"},
        {"azp": "another-client"},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"iat": 4_000_000_000},
        {"nbf": 4_000_000_000},
        {"sub": "u-2"},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_for_another_time_place_or_person_is_refused(changed, organization, priya):
    organization.changed = changed
    client = come(organization, **of(priya))
    assert not is_in(client)
    assert REFUSED in client.answer.content.decode()
    assert not SocialAccount.objects.exists()


def test_a_token_that_has_just_ended_is_refused(organization, priya):
    organization.changed = {"exp": int(time.time()) - 61}
    assert not is_in(come(organization, **of(priya)))


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": [CLIENT]},
        {"aud": [CLIENT, "another-client"], "azp": CLIENT},
        {"azp": CLIENT},
    ],
    ids=str,
)
def test_a_token_that_is_right_in_another_way_is_taken(changed, organization, priya):
    organization.changed = changed
    assert is_in(come(organization, **of(priya)))


def test_clocks_may_differ_by_a_minute(organization, priya):
    now = int(time.time())
    organization.changed = {"iat": now + 50, "exp": now - 50}
    assert is_in(come(organization, **of(priya)))


def test_a_key_need_not_be_named_where_there_is_one(organization, priya):
    organization.sign = lambda token: jwt.encode(token, key(OURS), algorithm="RS256")
    assert is_in(come(organization, **of(priya)))
    organization.keys.append({**published(), "kid": "two"})
    assert not is_in(come(organization, **of(priya)))


@pytest.mark.parametrize(
    "keys", [[], [{"kty": "oct", "kid": OURS, "k": "c2VjcmV0"}], [{**published(), "use": "enc"}],
             [{"kid": OURS}], ["x"]],
)  # fmt: skip
def test_without_a_key_for_signatures_nobody_comes_in(keys, organization, priya):
    organization.keys = keys
    client = come(organization, **of(priya))
    assert not is_in(client)
    assert REFUSED in client.answer.content.decode()


def test_a_token_of_an_earlier_login_is_refused(organization, priya):
    assert is_in(come(organization, **of(priya)))
    first = organization.last
    organization.sign = lambda token: first
    client = come(organization, **of(priya))
    assert not is_in(client)
    assert AuditEvent.objects.filter(action="sign_in.failed").exists()


def test_coming_back_twice_with_one_answer_is_refused(organization, priya):
    client = come(organization, **of(priya))
    client.post("/account/logout/")
    assert REFUSED in client.get(*client.came_back, follow=True).content.decode()
    assert not is_in(client)


@pytest.mark.parametrize("details", [{"sub": "u-2"}, {}])
def test_details_of_another_person_are_refused(details, organization, priya):
    organization.details = {**of(priya), **details}
    assert not is_in(come(organization, **of(priya)))


def test_a_description_that_names_another_issuer_is_refused(organization, priya):
    organization.issuer = "https://elsewhere.example"
    page = Client().post(BEGIN, follow=True)
    assert REFUSED in page.content.decode()
    organization.issuer = ""
    client = Client()
    asked = parse_qs(urlsplit(client.post(BEGIN).url).query)
    organization.issuer = "https://elsewhere.example"
    page = client.get(BACK, {"code": "c", "state": asked["state"][0]}, follow=True)
    assert REFUSED in page.content.decode()
    assert not is_in(client)


# Links


def test_a_link_ends_with_the_issuer(organization, priya, settings):
    """The same number elsewhere is somebody else; who is known there by their address is let in."""
    come(organization, **of(priya))
    [old] = SocialAccount.objects.all()
    with provider() as elsewhere:
        app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
        app["settings"] = {"server_url": elsewhere.address}
        stranger = come(elsewhere, email="stranger@riverside.test", email_verified=True)
        assert not is_in(stranger)
        assert SocialAccount.objects.get() == old
        assert is_in(come(elsewhere, **of(priya)))
        [new] = SocialAccount.objects.all()
    assert new.user == old.user
    assert new.uid != old.uid


def test_a_link_of_before_issuers_were_kept_opens_nothing(organization, priya, colm):
    """It bore the number alone."""
    SocialAccount.objects.create(user=priya, provider="staff", uid="u-1")
    assert come(organization, **of(colm)).session["_auth_user_id"] == str(colm.pk)
    assert is_in(come(organization, **of(priya, sub="u-2")))
    assert not SocialAccount.objects.filter(uid="u-1").exists()


def test_the_address_of_the_description_is_the_same_issuer(organization, priya, settings):
    come(organization, **of(priya))
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"] = {"server_url": f"{organization.address}/.well-known/openid-configuration"}
    assert is_in(come(organization, email="new@elsewhere.test", email_verified=True))
