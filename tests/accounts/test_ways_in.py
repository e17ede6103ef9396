"""Login by code, passkeys, second factors, shared devices: the rules of getting in."""

import re
import time
from urllib.parse import quote

import pytest
from allauth.account.forms import RequestLoginCodeForm
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import CommandError, call_command
from django.template.loader import get_template
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from accounts import lifetime
from accounts.actions import close
from accounts.demo import DEMO_DOMAIN
from accounts.models import User
from accounts.permissions import Role
from tests.conftest import (
    PASSWORD,
    client_of,
    give_login,
    having_shown_mailbox,
    make_patient,
    make_user,
    prove,
)

pytestmark = pytest.mark.django_db
LOGIN, ASK, CONFIRM = "/account/login/", "/account/login/code/", "/account/login/code/confirm/"


def code_in_mail():
    return re.search(r"\d{4}-\d{4}", mail.outbox[-1].body)[0]


def give_passkey(user):
    """A row that stands for a passkey; nothing here answers a challenge with it."""
    data = {"name": "Phone", "credential": {}}
    return Authenticator.objects.create(user=user, type="webauthn", data=data)


@pytest.fixture(autouse=True)
def no_challenge(monkeypatch):
    """The passkeys above hold no key to make a challenge for."""
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])


def ask(client, email, **more):
    return client.post(ASK, {"email": email, **more})


def test_a_patient_gets_in_by_a_code(client, ana):
    assert ask(client, ana.email).url == CONFIRM
    assert mail.outbox[-1].to == [ana.email]
    assert client.post(CONFIRM, {"code": code_in_mail()}).url == "/portal/"
    assert client.get("/portal/").status_code == 200


def test_a_code_is_typed_with_blanks_or_without_dash(client, ana):
    ask(client, ana.email)
    assert client.post(CONFIRM, {"code": code_in_mail().replace("-", " ")}).status_code == 302


def test_a_code_works_once(client, ana):
    ask(client, ana.email)
    code = code_in_mail()
    client.post(CONFIRM, {"code": code})
    client.post("/account/logout/")
    assert client.post(CONFIRM, {"code": code}).url == ASK
    assert "_auth_user_id" not in client.session


def test_a_code_is_for_the_browser_that_asked(client, ana):
    ask(client, ana.email)
    other = Client()
    ask(other, "nobody@patients.test")
    other.post(CONFIRM, {"code": re.search(r"\d{4}-\d{4}", mail.outbox[0].body)[0]})
    assert "_auth_user_id" not in other.session


def test_a_code_is_tried_five_times(client, ana):
    ask(client, ana.email)
    right = code_in_mail()
    for _ in range(5):
        client.post(CONFIRM, {"code": "0000-0000" if right != "0000-0000" else "1111-1111"})
    assert client.post(CONFIRM, {"code": right}).status_code == 302
    assert "_auth_user_id" not in client.session


def test_an_old_code_opens_nothing(client, ana, monkeypatch):
    ask(client, ana.email)
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 16 * 60)
    client.post(CONFIRM, {"code": code_in_mail()})
    assert "_auth_user_id" not in client.session


@pytest.fixture
def addresses(clinic, ana, priya, settings):
    """Of a patient, of staff, of nobody, of a closed account, unproven, and of a closed demo."""
    dora = make_patient(priya, "Dora")
    give_login(dora, priya)
    EmailAddress.objects.filter(email=dora.email).update(verified=False)
    gone = make_patient(priya, "Gone")
    user = give_login(gone, priya)
    close(user=user)
    demo = make_user(clinic, "Demo", Role.PATIENT, DEMO_DOMAIN)
    return [
        ana.email, priya.email, "nobody@patients.test", gone.email, dora.email, demo.email
    ]  # fmt: skip


def shape(answer):
    """All of an answer that a stranger sees, without what is new each time or was typed."""
    text = re.sub(r'value="[\w-]{64}"', "", answer.content.decode())
    text = re.sub(r"<strong>[^<]+@[^<]+</strong>", "", text)
    return answer.status_code, answer.headers.get("Location"), text


def test_asking_for_a_code_is_answered_alike_whoever_asks(addresses):
    seen, mails = set(), []
    for email in addresses:
        client = Client()
        first = ask(client, email)
        seen.add(
            (
                shape(first),
                shape(client.get(CONFIRM)),
                shape(client.post(CONFIRM, {"code": "1234-5678"})),
            )
        )
        mails.append([message.to for message in mail.outbox])
        mail.outbox.clear()
    assert len(seen) == 1
    assert mails == [[[email]] for email in addresses]  # a mail each: it takes the same time


def test_only_a_patients_proven_address_gets_a_code(addresses):
    for email in addresses:
        ask(Client(), email)
    with_code = [m.to[0] for m in mail.outbox if re.search(r"\d{4}-\d{4}", m.body)]
    assert with_code == [addresses[0]]


def test_forgotten_passwords_are_answered_alike(addresses):
    seen = set()
    for email in addresses:
        client = Client()
        answer = client.post(reverse("account_reset_password"), {"email": email})
        seen.add((shape(answer), shape(client.get(answer.url))))
        assert [message.to for message in mail.outbox] == [[email]]
        mail.outbox.clear()
    assert len(seen) == 1


def test_codes_for_an_address_are_limited(client, ana):
    for _ in range(7):
        answer = ask(Client(), ana.email)
    assert answer.status_code == 200
    assert b"Too many" in answer.content
    assert len(mail.outbox) == 5


def test_a_code_mail_says_nothing_about_health(client, ana):
    ask(client, ana.email)
    text = mail.outbox[-1].body + mail.outbox[-1].subject
    for word in ("Ana", "Riverside", "plan", "feet", "exercise plan"):
        assert word not in text


def test_staff_with_a_passkey_are_asked_for_it_after_the_password(client, priya):
    give_passkey(priya)
    answer = client.post(LOGIN, {"login": priya.email, "password": PASSWORD})
    assert answer.url == reverse("mfa_authenticate")
    assert b"second factor" in client.get(answer.url).content
    assert "_auth_user_id" not in client.session
    assert client.get("/workspace/").status_code == 302


def test_no_code_goes_round_the_second_factor_of_staff(client, priya, monkeypatch):
    """Were a code made out to them all the same, the passkey would still be asked for."""
    give_passkey(priya)
    monkeypatch.setattr(
        "accounts.forms.RequestLoginCodeForm.clean_email", RequestLoginCodeForm.clean_email
    )
    ask(client, priya.email)
    answer = client.post(CONFIRM, {"code": code_in_mail()})
    assert answer.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session


def test_a_new_password_does_not_go_round_it_either(client, priya):
    give_passkey(priya)
    client.post(reverse("account_reset_password"), {"email": priya.email})
    link = re.search(r"/account/password/reset/key/\S+", mail.outbox[-1].body)[0]
    page = client.get(link, follow=True)
    new = {"password1": "paper-and-stone", "password2": "paper-and-stone"}
    client.post(page.redirect_chain[-1][0], new)
    answer = client.post(LOGIN, {"login": priya.email, "password": "paper-and-stone"})
    assert answer.url == reverse("mfa_authenticate")


def test_a_patients_passkey_is_one_more_way_in_and_no_second_lock(client, ana):
    give_passkey(ana.user)
    answer = client.post(LOGIN, {"login": ana.email, "password": PASSWORD})
    assert answer.url == "/portal/"
    other = Client()
    ask(other, ana.email)
    assert other.post(CONFIRM, {"code": code_in_mail()}).url == "/portal/"


def test_a_passkey_that_is_not_one_is_refused(client, ana):
    give_passkey(ana.user)
    for credential in ("", "x", "{}", '{"response": {"userHandle": "MQ"}}'):
        answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
        assert answer.url == LOGIN
    assert "_auth_user_id" not in client.session


def test_passkeys_are_changed_after_the_password_only(as_ana, ana):
    """Sessions last for two weeks: whoever finds an open phone adds no key of their own."""
    key = give_passkey(ana.user)
    for name, arguments in (
        ("mfa_add_webauthn", []), ("mfa_remove_webauthn", [key.pk]), ("mfa_edit_webauthn", [key.pk])
    ):  # fmt: skip
        assert "/account/reauthenticate/" in as_ana.get(reverse(name, args=arguments)).url


PROVE, BY_CODE = "/account/reauthenticate/", "/account/reauthenticate/code/"
SENSITIVE = ["/account/email/", "/account/passkeys/webauthn/add/"]
NEW_ADDRESS = {"email": "new@x.test", "action_add": ""}


@pytest.fixture
def by_code(ana):
    """A browser whose patient has neither password nor passkey, a while after the login."""
    ana.user.set_unusable_password()
    ana.user.save()
    return client_of(ana.user)


def asked(client, address):
    """Where an open session is led that has not shown lately who it is."""
    answer = client.get(address)
    assert answer.status_code == 302, address
    assert answer.url.endswith(f"?next={quote(address, safe='')}")
    return answer.url


@pytest.mark.parametrize("who", ["staff", "patient"])
def test_an_open_session_takes_over_no_account(who, priya, ana):
    user = {"staff": priya, "patient": ana.user}[who]
    client = client_of(user)
    having_shown_mailbox(client, user)
    for address in SENSITIVE + (["/portal/me/leave/"] if who == "patient" else []):
        assert asked(client, address).startswith(PROVE)
        client.post(address, NEW_ADDRESS)
    assert mail.outbox == []
    assert not EmailAddress.objects.filter(email="new@x.test").exists()
    assert User.objects.get(pk=user.pk).is_active


def test_after_the_proof_one_is_where_one_was(as_ana):
    where = asked(as_ana, "/account/email/")
    assert as_ana.post(where, {"password": "wrong"}).status_code == 200
    page = as_ana.get(where)
    answer = as_ana.post(
        where, {"password": PASSWORD, "next": page.context["redirect_field_value"]}
    )
    assert answer.url == "/account/email/"
    assert as_ana.get("/account/email/").status_code == 200
    as_ana.post("/account/email/", NEW_ADDRESS)
    assert mail.outbox[-1].to == ["new@x.test"]


def test_a_proof_is_old_after_some_minutes(as_ana, monkeypatch):
    assert prove(as_ana).get("/account/email/").status_code == 200
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 301)
    asked(as_ana, "/account/email/")
    as_ana.post("/account/email/", NEW_ADDRESS)
    assert mail.outbox == []


def test_without_password_and_passkey_a_code_is_the_proof(by_code, ana):
    for address in [*SENSITIVE, "/account/password/set/", "/portal/me/leave/"]:
        where = asked(by_code, address)
        assert where.startswith(BY_CODE)
    assert mail.outbox == []  # it is sent when asked for
    assert by_code.post(where, {"send": "", "next": "/account/email/"}).status_code == 302
    assert mail.outbox[-1].to == [ana.user.email]
    wrong = by_code.post(where, {"code": "1111-1111"})
    assert b"not the one we sent" in wrong.content
    right = by_code.post(where, {"code": code_in_mail(), "next": "/account/password/set/"})
    assert right.url == "/account/password/set/"
    chosen = {"password1": "quiet-river-stone", "password2": "quiet-river-stone"}
    assert by_code.post(right.url, chosen).status_code == 302
    assert User.objects.get(pk=ana.user.pk).check_password("quiet-river-stone")


def test_an_open_session_chooses_no_password_and_keeps_none(by_code, ana):
    chosen = {"password1": "quiet-river-stone", "password2": "quiet-river-stone"}
    assert by_code.post("/account/password/set/", chosen).url == "/account/password/set/"
    assert not User.objects.get(pk=ana.user.pk).has_usable_password()
    assert "quiet-river" not in str([row.get_decoded() for row in Session.objects.all()])


def test_a_code_tried_five_times_or_of_another_purpose_proves_nothing(by_code, client, ana, priya):
    by_code.post(BY_CODE, {"send": ""})
    for _ in range(5):
        by_code.post(BY_CODE, {"code": "1111-1111"})
    by_code.post(BY_CODE, {"code": code_in_mail()})
    asked(by_code, "/account/email/")
    session = by_code.session
    session["address_proof"] = {**session["address_proof"], "tries": 5, "proves": priya.pk}
    session.save()
    by_code.post(BY_CODE, {"code": code_in_mail()})
    asked(by_code, "/account/email/")


def test_a_fresh_login_by_code_is_proof_enough(client, ana):
    ana.user.set_unusable_password()
    ana.user.save()
    ask(client, ana.email)
    client.post(CONFIRM, {"code": code_in_mail()})
    assert client.get("/account/email/").status_code == 200


def test_who_lost_the_passkey_proves_it_by_a_code_and_staff_do_not(by_code, ana, priya):
    give_passkey(ana.user)
    where = asked(by_code, "/account/password/set/")
    assert where.startswith("/account/passkeys/")
    assert BY_CODE in by_code.get(where).content.decode()
    staff = client_of(priya)
    assert staff.get(BY_CODE).url.startswith(PROVE)
    staff.post(BY_CODE, {"send": ""})
    assert mail.outbox == []
    assert BY_CODE not in staff.get(PROVE).content.decode()


def test_another_persons_passkey_does_not_exist(as_ana, priya):
    key = give_passkey(priya)
    as_ana.post("/account/reauthenticate/", {"password": PASSWORD})
    for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        assert as_ana.post(reverse(name, args=[key.pk]), {"name": "x"}).status_code == 404
    assert Authenticator.objects.get().data["name"] == "Phone"


@pytest.mark.parametrize("way", ["password", "code"])
def test_on_a_shared_device_the_login_ends_with_the_browser_and_early(way, client, ana):
    if way == "password":
        data = {"login": ana.email, "password": PASSWORD, lifetime.SHARED: "on"}
        answer = client.post(LOGIN, data)
    else:
        ask(client, ana.email, shared_device="on")
        answer = client.post(CONFIRM, {"code": code_in_mail()})
    assert answer.cookies["sessionid"]["max-age"] == ""
    client.get("/portal/")
    assert client.session.get_expire_at_browser_close()


def test_a_shared_login_ends_after_its_idle_time(client, ana, monkeypatch):
    client.post(LOGIN, {"login": ana.email, "password": PASSWORD, lifetime.SHARED: "on"})
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 29 * 60)
    assert client.get("/portal/").status_code == 200
    monkeypatch.setattr("time.time", lambda: now + 58 * 60)
    assert client.get("/portal/").status_code == 200  # it is the idle time that counts
    monkeypatch.setattr("time.time", lambda: now + 89 * 60)
    assert client.get("/portal/").status_code == 302
    assert not client.session.get(lifetime.SHARED)


@pytest.mark.parametrize(("role", "longest"), [("patient", 90 * 24 * 3600), ("staff", 12 * 3600)])
def test_the_busiest_login_ends(client, ana, priya, monkeypatch, role, longest):
    email, page = (ana.email, "/portal/") if role == "patient" else (priya.email, "/workspace/")
    client.post(LOGIN, {"login": email, "password": PASSWORD})
    began = time.time()
    # Django's own end of a session is in the database and goes by another clock: not asked here.
    for part in range(1, 11):
        moment = began + part * longest / 10 - 60
        monkeypatch.setattr("time.time", lambda moment=moment: moment)
        assert client.get(page).status_code == 200
    monkeypatch.setattr("time.time", lambda: began + longest + 60)
    assert client.get(page).status_code == 302


def test_without_the_box_a_patient_stays_for_the_set_time(client, ana):
    answer = client.post(LOGIN, {"login": ana.email, "password": PASSWORD})
    assert answer.cookies["sessionid"]["max-age"] == 14 * 24 * 3600


def test_a_closed_account_is_out_everywhere_at_once(ana):
    open_one = client_of(ana.user)
    assert open_one.get("/portal/").status_code == 200
    email = ana.email
    give_passkey(ana.user)
    close(user=ana.user)
    assert open_one.get("/portal/").status_code == 302
    assert not Authenticator.objects.filter(user=ana.user).exists()
    assert Client().post(LOGIN, {"login": email, "password": PASSWORD}).status_code == 200


def test_the_language_of_the_account_pages_is_the_browsers_then_the_patients(client, ana):
    assert b'lang="es"' in client.get(LOGIN, headers={"accept-language": "es-MX,es"}).content
    assert b'lang="en"' in client.get(LOGIN, headers={"accept-language": "en-US"}).content
    ana.language = "es"
    ana.save()
    client.force_login(ana.user)
    prove(client).get("/portal/")
    english = {"accept-language": "en"}
    assert b'lang="es"' in client.get("/account/email/", headers=english).content


def test_the_public_site_does_not_vary_by_language(client):
    page = client.get("/", headers={"accept-language": "es"})
    assert b'lang="en"' in page.content
    assert "Accept-Language" not in page.headers.get("Vary", "")


def test_lost_passkeys_are_removed_by_whoever_runs_the_site(client, priya, capsys):
    give_passkey(priya)
    call_command("remove_factors", priya.email.upper())
    assert "Removed 1" in capsys.readouterr().out
    answer = client.post(LOGIN, {"login": priya.email, "password": PASSWORD})
    assert answer.url == "/workspace/"
    with pytest.raises(CommandError, match="No account"):
        call_command("remove_factors", "nobody@riverside.test")


def templates_of_account_pages():
    """Every template that an address of django-allauth's shows."""

    def walk(patterns):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield pattern
            else:
                yield from walk(pattern.url_patterns)

    names = set()
    for pattern in walk(get_resolver().url_patterns):
        module = pattern.callback.__module__
        view = getattr(pattern.callback, "view_class", None)
        if module.startswith("allauth.") and view is not None:
            names.add(getattr(view, "template_name", None))
    return names - {None}


def test_no_page_of_the_login_package_is_shown_in_its_own_dress(settings):
    # Not shown with these settings: signing up is closed, nobody has an authenticator app.
    never = {
        "account/signup.html",
        "mfa/reauthenticate.html",
        "mfa/webauthn/authenticator_list.html",
    }
    names = templates_of_account_pages() | {
        "account/email_change.html", "account/verification_sent.html", "account/signup_closed.html",
        "429.html",
    }  # fmt: skip
    assert len(names) > 15
    for name in names - never:
        assert get_template(name).origin.name.startswith(str(settings.BASE_DIR / "templates")), name


def test_the_packages_own_list_leads_to_ours(as_ana):
    assert as_ana.get(reverse("mfa_list_webauthn")).url == reverse("mfa_index")
    assert "/account/reauthenticate/" in as_ana.get("/account/passkeys/reauthenticate/").url


def test_sessions_hold_no_code_of_an_unproven_address(client, priya):
    from patients.actions import invitations

    invitation = invitations.make(patient=make_patient(priya, "Dora"), by=priya)
    data = {"email": "new@x.test", "way": "code", "privacy": "on"}
    assert client.post(f"/portal/join/{invitation.token}/", data).url == "/portal/join/address/"
    stored = [row.get_decoded() for row in Session.objects.all()]
    assert code_in_mail() not in str(stored)
