"""Staff's second factor: asked for, made, shown, lost; and devices and sessions of one's own."""

import datetime as dt
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from accounts import jobs
from accounts.actions import remove_factors
from accounts.models import AuditEvent, User
from tests.as_role import WORKER, as_role
from tests.conftest import PASSWORD, client_of, prove

pytestmark = pytest.mark.django_db
LOGIN, SHOW, INDEX = "/account/login/", "/account/passkeys/authenticate/", "/account/passkeys/"
APP, CODES = "/account/passkeys/app/", "/account/passkeys/recovery-codes/"
MAILBOX, ADD_PASSKEY = "/account/mailbox/", "/account/passkeys/webauthn/add/"
WRONG = "wrong-wrong-wrong"


@pytest.fixture
def asked(settings):
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture(autouse=True)
def committed_at_once(monkeypatch):
    """What allauth does after a commit happens within the request, as it does there."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda done, **kwargs: done())


@pytest.fixture(autouse=True)
def no_challenge(monkeypatch):
    """The passkeys here hold no key to make a challenge for."""
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])


def code_for(secret, ahead=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def log_in(user, password=PASSWORD, client=None, **more):
    client = client or Client(**more)
    client.answer = client.post(LOGIN, {"login": user.email, "password": password})
    return client


def code_in_mail():
    return re.search(r"\d{4}-\d{4}", mail.outbox[-1].body)[0]


def show_mailbox(client):
    """As who reads the mail of the account."""
    assert client.post(MAILBOX, {"send": ""}).status_code == 302
    assert client.post(MAILBOX, {"code": code_in_mail()}).url == INDEX
    return client


def set_up_app(client):
    """As a person does it: the key from the page, and the code that the app shows."""
    prove(show_mailbox(client))
    page = client.get(APP)
    secret = page.context["form"].secret
    assert client.post(APP, {"code": code_for(secret)}).url == reverse("mfa_index")
    return secret


def make_codes(client):
    client.post(CODES + "make/")
    return client.get(CODES).context["unused_codes"]


@pytest.fixture
def ready(asked, priya):
    """Priya with an app and recovery codes, logged out: the key, the codes."""
    client = log_in(priya)
    secret = set_up_app(client)
    codes = make_codes(client)
    client.post("/account/logout/")
    return secret, codes


# Asked for


@pytest.mark.parametrize("address", ["/workspace/", "/workspace/patients/add/", "/cms/",
                                     "/cms/pages/"])  # fmt: skip
def test_without_a_factor_staff_come_no_further_than_where_they_make_one(address, asked, priya):
    client = log_in(priya)
    assert client.answer.status_code == 302
    for method in (client.get, client.post):
        assert method(address).url == INDEX
    page = client.get(INDEX)
    assert "Before you see patients here" in page.content.decode()
    assert "Go on" not in page.content.decode()


def test_a_superuser_too(asked, db):
    root = User.objects.create_superuser(email="root@platform.test", password=PASSWORD)
    assert client_of(root).get("/cms/").url == INDEX


def test_a_patient_is_not_asked_and_has_no_such_pages(asked, ana):
    client = client_of(ana.user)
    assert client.get("/portal/").status_code == 200
    for address in (APP, APP + "remove/", CODES, CODES + "make/", CODES + "file/"):
        assert client.get(address).status_code == 404
    page = client.get(INDEX).content.decode()
    assert "app" not in page.split("<main")[1].lower()
    assert client.get("/account/passkeys/totp/activate/").status_code == 404


def test_a_local_try_asks_nobody(priya):
    assert log_in(priya).get("/workspace/").status_code == 200


def test_who_has_one_but_did_not_show_it_logs_in_anew(asked, priya):
    client = client_of(priya)  # as a session from before it was asked for
    priya.authenticator_set.create(type="totp", data={})
    answer = client.get("/workspace/patients/add/")
    assert answer.url == "/account/login/?next=/workspace/patients/add/"
    assert "_auth_user_id" not in client.session


# Made, shown


def test_an_app_is_set_up_and_then_asked_for(asked, priya):
    client = log_in(priya)
    secret = set_up_app(client)
    assert client.get("/workspace/").status_code == 200
    assert "An app was set up" in [letter.subject for letter in mail.outbox]
    kept = Authenticator.objects.get(user=priya, type="totp")
    assert secret not in str(kept.data)
    client.post("/account/logout/")
    client = log_in(priya)
    assert client.answer.url.startswith(SHOW)
    assert client.get("/workspace/").status_code == 302
    assert "Use my passkey" not in client.get(SHOW).content.decode()
    shown = client.post(SHOW, {"code": " ".join(code_for(secret, 1))})
    assert shown.url == "/workspace/"
    assert client.get("/workspace/").status_code == 200


def test_a_code_is_used_once(ready, priya):
    secret, _ = ready
    code = code_for(secret, 1)
    first, second = log_in(priya), log_in(priya)
    assert first.post(SHOW, {"code": code}).status_code == 302
    assert second.post(SHOW, {"code": code}).status_code == 200


@pytest.mark.parametrize("code", ["", "000000", "abc", "9" * 5000, "\x00", "１２３４５６"])
def test_a_wrong_code_is_a_sentence_and_on_record(code, ready, priya):
    client = log_in(priya)
    page = client.post(SHOW, {"code": code})
    assert page.status_code == 200
    assert page.context["form"].errors["code"]
    assert client.get("/workspace/").status_code == 302
    failed = AuditEvent.objects.filter(action="sign_in.failed", subject_id=str(priya.uuid))
    assert failed.exists() == bool(code.strip("\x00"))


def test_codes_are_not_tried_for_long(ready, priya):
    secret, _ = ready
    client = log_in(priya)
    for _attempt in range(6):
        client.post(SHOW, {"code": "000000"})
    assert client.post(SHOW, {"code": code_for(secret, 1)}).status_code == 200


def test_a_recovery_code_lets_in_once(ready, priya):
    _, codes = ready
    assert len(codes) == 10
    assert log_in(priya).post(SHOW, {"code": codes[3]}).url == "/workspace/"
    assert log_in(priya).post(SHOW, {"code": codes[3]}).status_code == 200
    assert log_in(priya).post(SHOW, {"code": codes[4]}).url == "/workspace/"


def test_recovery_codes_are_sealed_shown_and_taken_along(ready, priya):
    _, codes = ready
    client = log_in(priya)
    client.post(SHOW, {"code": codes[0]})
    assert client.get(CODES).url.startswith("/account/reauthenticate/")
    prove(client)
    assert client.get(CODES).context["unused_codes"] == codes[1:]
    assert codes[1] in client.get(CODES + "file/").content.decode()
    fresh = make_codes(client)
    assert not set(fresh) & set(codes)
    assert log_in(priya).post(SHOW, {"code": codes[1]}).status_code == 200


def test_recovery_codes_need_something_that_they_recover(asked, priya):
    client = prove(show_mailbox(log_in(priya)))
    assert "Add a passkey or an app first" in client.post(CODES + "make/").content.decode()
    assert client.get(CODES).status_code == 404


def test_whoever_removes_the_last_one_makes_another_first(ready, priya):
    secret, _ = ready
    client = log_in(priya)
    client.post(SHOW, {"code": code_for(secret, 1)})
    prove(client)
    assert client.post(APP + "remove/").url == INDEX
    assert not Authenticator.objects.filter(user=priya).exists()
    assert client.get("/workspace/").url == INDEX


def test_making_and_removing_one_asks_who_it_is(asked, priya, settings):
    client = log_in(priya)
    set_up_app(client)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    for address in (APP + "remove/", CODES + "make/", "/account/passkeys/webauthn/add/"):
        assert client.get(address).url.startswith("/account/reauthenticate/"), address


def test_it_is_proven_by_a_code_of_the_app_too(ready, priya):
    secret, codes = ready
    client = log_in(priya)
    client.post(SHOW, {"code": codes[0]})
    page = client.get("/account/reauthenticate/")
    assert "Use a code of my app" in page.content.decode()
    address = "/account/passkeys/reauthenticate/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"code": code_for(secret, 1)}).status_code == 302
    assert client.get(CODES).status_code == 200


def test_all_of_it_is_on_record(ready, priya):
    done = AuditEvent.objects.filter(actor_id=priya.uuid).values_list("action", flat=True)
    assert list(done).count("factor.added") == 2


def test_a_session_from_before_comes_to_no_page_of_factors(asked, priya):
    """Whoever knows the password alone makes no factor beside the owner's."""
    addresses = (INDEX, APP, CODES + "make/", "/account/passkeys/webauthn/add/")
    early = {address: log_in(priya) for address in addresses}
    set_up_app(log_in(priya))
    for address, client in early.items():
        assert client.get(address).url.startswith("/account/login/"), address
        assert "_auth_user_id" not in client.session


def test_a_code_is_not_used_again_in_the_next_half_minute(ready, priya, monkeypatch):
    secret, _ = ready
    code = code_for(secret, 1)
    assert log_in(priya).post(SHOW, {"code": code}).status_code == 302
    later = time.time() + 29
    monkeypatch.setattr("time.time", lambda: later)
    assert log_in(priya).post(SHOW, {"code": code}).status_code == 200


def test_under_another_secret_key_no_code_is_right(ready, priya, settings):
    """Nor is there a 500, or a code that anybody could work out."""
    secret, codes = ready
    settings.SECRET_KEY = "another-key-than-the-one-that-sealed-it"
    client = log_in(priya)
    for code in (code_for(secret, 1), codes[0], code_for("", 0)):
        assert client.post(SHOW, {"code": code}).status_code == 200


# The first one: a password is not enough


def made(user):
    return Authenticator.objects.filter(user=user).exists()


@pytest.mark.parametrize("address", [APP, ADD_PASSKEY, CODES + "make/", "/account/email/",
                                     "/account/passkeys/anything/"])  # fmt: skip
@pytest.mark.parametrize("is_asked_of_staff", [True, False])
def test_who_knows_the_password_alone_makes_none(address, is_asked_of_staff, priya, settings):
    settings.STAFF_SECOND_FACTOR = is_asked_of_staff
    client = prove(log_in(priya))
    for method in (client.get, client.post):
        assert method(address).url == f"{MAILBOX}?next={address}"
    assert not made(priya)
    assert client.get(INDEX).status_code == 200


def test_nor_do_they_move_the_mailbox(asked, priya):
    """Else the code would go to their own."""
    client = prove(log_in(priya))
    client.post("/account/email/", {"action_add": "", "email": "stranger@elsewhere.test"})
    assert not mail.outbox
    client.post(MAILBOX, {"send": ""})
    assert [letter.to for letter in mail.outbox] == [[priya.email]]


def test_a_code_is_mailed_when_it_is_asked_for_and_not_before(asked, priya):
    client = log_in(priya)
    page = client.get(f"{MAILBOX}?next={APP}")
    assert priya.email in page.content.decode()
    assert not mail.outbox
    client.post(MAILBOX, {"send": "", "next": APP})
    sent = client.post(MAILBOX, {"code": code_in_mail(), "next": APP})
    assert sent.url == APP
    assert prove(client).get(APP).status_code == 200
    assert client.get(MAILBOX).url == INDEX
    assert client.get("/workspace/").url == INDEX  # it is no factor itself


@pytest.mark.parametrize("code", ["", "0000-0000", "x", "9" * 5000, "\x00"])
def test_a_wrong_code_shows_no_mailbox(code, asked, priya):
    client = log_in(priya)
    client.post(MAILBOX, {"send": ""})
    assert client.post(MAILBOX, {"code": code}).status_code == 200
    assert prove(client).get(APP).url.startswith(MAILBOX)


def test_a_wrong_code_of_the_mailbox_is_on_record(asked, priya):
    client = log_in(priya)
    client.post(MAILBOX, {"send": ""})
    client.post(MAILBOX, {"code": "0000-0000"})
    event = AuditEvent.objects.get(action="sign_in.failed", subject_id=str(priya.uuid))
    assert event.detail["method"] == "code"


def test_a_code_is_tried_five_times_here_too(asked, priya):
    client = log_in(priya)
    client.post(MAILBOX, {"send": ""})
    for _attempt in range(5):
        client.post(MAILBOX, {"code": "0000-0000"})
    assert client.post(MAILBOX, {"code": code_in_mail()}).status_code == 200


def test_codes_for_a_mailbox_are_limited(asked, priya):
    client = log_in(priya)
    answers = [client.post(MAILBOX, {"send": ""}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert len(mail.outbox) == 5


def test_the_code_is_for_the_session_that_asked(asked, priya):
    stranger, owner = log_in(priya), log_in(priya)
    stranger.post(MAILBOX, {"send": ""})
    code = code_in_mail()
    assert owner.post(MAILBOX, {"code": code}).status_code == 200
    show_mailbox(owner)
    assert prove(stranger).get(APP).url.startswith(MAILBOX)


def test_it_proves_nothing_else(asked, priya, ana):
    """Staff's passwords stand: a mailbox alone changes none."""
    client = log_in(priya)
    client.post(MAILBOX, {"send": ""})
    answer = client.post("/account/reauthenticate/code/", {"code": code_in_mail()})
    assert answer.url.startswith("/account/reauthenticate/")
    assert client.post(MAILBOX, {"code": code_in_mail()}).status_code == 302


def test_a_mailbox_that_was_shown_long_ago_is_shown_again(asked, priya, monkeypatch):
    client = show_mailbox(log_in(priya))
    assert client.get(MAILBOX).url == INDEX
    later = time.time() + 31 * 60
    monkeypatch.setattr("time.time", lambda: later)
    assert prove(client).get(APP).url.startswith(MAILBOX)


def test_who_has_a_factor_shows_that_one(ready, priya):
    secret, _ = ready
    client = log_in(priya)
    client.post(SHOW, {"code": code_for(secret, 1)})
    assert prove(client).get(ADD_PASSKEY).status_code == 200
    assert client.get("/account/email/").status_code == 200
    assert client.get(MAILBOX).url == INDEX


def test_who_lost_the_last_one_shows_the_mailbox_again(ready, priya):
    """As after `remove_factors`: the password alone was never the proof."""
    secret, _ = ready
    client = log_in(priya)
    client.post(SHOW, {"code": code_for(secret, 1)})
    remove_factors(user=priya)
    client = prove(log_in(priya))
    assert client.get(APP).url.startswith(MAILBOX)


def test_a_patient_has_no_such_page(ana):
    client = prove(client_of(ana.user))
    assert client.get(ADD_PASSKEY).status_code == 200
    assert client.get("/account/email/").status_code == 200
    assert client.get(MAILBOX).url == INDEX


def test_nobody_shows_a_mailbox_without_a_login(client):
    assert client.get(MAILBOX).url == f"/account/login/?next={MAILBOX}"
    assert client.post(MAILBOX, {"send": ""}).url == f"/account/login/?next={MAILBOX}"


def choose_password(user, client, new="seven-quiet-otters-swim"):
    """By the link in a mail, opened in this browser."""
    client.post("/account/password/reset/", {"email": user.email})
    link = re.search(r"/account/password/reset/key/\S+", mail.outbox[-1].body)[0]
    form = client.get(link)
    answer = client.post(form.url, {"password1": new, "password2": new})
    assert answer.status_code == 302
    return new


def test_a_link_to_a_new_password_has_shown_the_mailbox(asked, priya):
    """As new staff come: they are sent a link, and are asked for no code on top."""
    client = Client()
    new = choose_password(priya, client)
    log_in(priya, new, client)
    assert client.post("/account/reauthenticate/", {"password": new}).status_code == 302
    assert client.get(APP).status_code == 200
    assert client.get(MAILBOX).url == INDEX


def test_such_a_link_ends_after_two_hours(priya, monkeypatch):
    """Whoever finds an old one in a mailbox, or in a mail that was passed on, has nothing."""
    Client().post("/account/password/reset/", {"email": priya.email})
    link = re.search(r"/account/password/reset/key/\S+", mail.outbox[-1].body)[0]
    made_at = dt.datetime.now()  # as Django's generator tells the time
    for minutes, is_open in ((119, True), (121, False)):
        then = made_at + dt.timedelta(minutes=minutes)
        monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self, then=then: then)
        page = Client().get(link, follow=True)
        assert page.status_code == 200
        assert bool(page.context.get("token_fail")) != is_open


def test_but_in_its_own_browser_and_for_its_own_account(asked, priya, colm):
    client = Client()
    new = choose_password(priya, client)
    assert log_in(priya, new).get(APP).url.startswith(MAILBOX)
    assert log_in(colm, client=client).get(APP).url.startswith(MAILBOX)


# Known devices


def lock(user, **more):
    stranger = Client(REMOTE_ADDR="198.51.100.7", **more)
    for _attempt in range(6):
        log_in(user, WRONG, stranger)
    return stranger


def test_a_stranger_locks_nobody_out_of_a_device_that_is_known(priya):
    known = log_in(priya)
    known.post("/account/logout/")
    stranger = lock(priya)
    assert log_in(priya, client=stranger).answer.status_code == 200
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert log_in(priya, client=elsewhere).answer.status_code == 200
    assert log_in(priya, client=known).answer.status_code == 302


def test_the_lock_has_no_other_spelling(priya, settings):
    settings.ALLOWED_HOSTS = ["*"]
    lock(priya)
    for host in ("TestServer", "testserver.", "testserver:80"):
        elsewhere = Client(REMOTE_ADDR="203.0.113.9", headers={"host": host})
        assert log_in(priya, client=elsewhere).answer.status_code == 200, host


def test_a_known_device_is_known_for_its_own_accounts(priya, colm):
    device = log_in(colm)
    device.post("/account/logout/")
    lock(priya)
    assert log_in(priya, client=device).answer.status_code == 200


def test_tries_from_a_known_device_have_a_limit_too(priya):
    known = log_in(priya)
    known.post("/account/logout/")
    for _attempt in range(6):
        log_in(priya, WRONG, known)
    assert log_in(priya, client=known).answer.status_code == 200


@pytest.mark.parametrize("cookie", ["", "x", "WyJhIl0:1:x", "\x00", "9" * 5000])
def test_a_device_that_only_says_so_is_none(cookie, priya):
    lock(priya)
    liar = Client(REMOTE_ADDR="203.0.113.9")
    liar.cookies["device"] = cookie
    assert log_in(priya, client=liar).answer.status_code == 200


# Where one is logged in


SESSIONS = "/account/sessions/"


def test_sessions_are_listed_in_words(ana):
    client = log_in(
        ana.user,
        headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/1 Firefox/140.0"},
    )
    log_in(ana.user)
    page = client.get(SESSIONS).content.decode()
    assert "Firefox, Windows" in page
    assert "a browser we do not know" in page
    assert page.count(">this one<") == 1


def test_one_session_is_ended(priya):
    here, there = log_in(priya), log_in(priya)
    other = UserSession.objects.get(session_key=there.session.session_key)
    here.post(SESSIONS, {"session": other.pk})
    assert there.get("/workspace/").status_code == 302
    assert here.get("/workspace/").status_code == 200


def test_all_the_others_are_ended(priya):
    here, there, third = log_in(priya), log_in(priya), log_in(priya)
    here.post(SESSIONS, {"others": "1"})
    assert [client.get("/workspace/").status_code for client in (here, there, third)] == [
        200, 302, 302,
    ]  # fmt: skip
    assert UserSession.objects.filter(user=priya).count() == 1


@pytest.mark.parametrize("key", ["", "x", "9" * 5000, "-1", "0"])
def test_a_session_that_is_none_ends_nothing(key, priya):
    here, there = log_in(priya), log_in(priya)
    assert here.post(SESSIONS, {"session": key}).status_code == 302
    assert there.get("/workspace/").status_code == 200


def test_nobody_ends_anothers_session(priya, colm):
    theirs = log_in(colm)
    other = UserSession.objects.get(user=colm)
    log_in(priya).post(SESSIONS, {"session": other.pk})
    assert theirs.get("/workspace/").status_code == 200


def test_logins_that_have_ended_are_forgotten(priya, colm):
    stays, ended = log_in(priya), log_in(colm)
    Session.objects.filter(session_key=ended.session.session_key).update(expire_date=now())
    with as_role(WORKER):
        jobs.forget_sessions(timestamp=0)
    assert Session.objects.filter(session_key=stays.session.session_key).exists()
    assert [one.user for one in UserSession.objects.all()] == [priya]


def test_a_new_password_ends_every_session(priya):
    here, there = log_in(priya), log_in(priya)
    new = "seven-quiet-otters-swim"
    here.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert there.get("/workspace/").status_code == 302
    assert len(log_in(priya, new).get(SESSIONS).context["sessions"]) == 1


def test_sessions_are_nobodys_business_without_a_login(client):
    assert client.get(SESSIONS).url == f"/account/login/?next={SESSIONS}"
