"""Getting in with a passkey, a code and a sheet of paper; my data; leaving. In a real browser."""

import re

import pytest
from django.core import mail

from accounts.permissions import Role
from patients.actions import invitations
from tests.conftest import (
    PASSWORD,
    give_login,
    make_clinic,
    make_episode,
    make_patient,
    make_plan,
    make_user,
)

pytestmark = pytest.mark.e2e
PHONE = 360
# A device with a lock: what a finger or a face is on a phone.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
# Whatever can be tapped, but for links within a sentence, and how high it is.
TARGETS = """() =>
    [...document.querySelectorAll("a, button, summary, input:not([type=hidden]), select")]
        .filter((one) => one.checkVisibility() && !one.classList.contains("skip-link"))
        .filter((one) => !one.closest("p") || one.matches("p > a:only-child"))
        .map((one) => (/checkbox|radio/.test(one.type) ? one.closest(".form-check") : one))
        .map((one) => [one.innerText || one.name, one.getBoundingClientRect().height])"""


@pytest.fixture
def priya(server):
    return make_user(make_clinic("Riverside"), "Priya", Role.THERAPIST)


@pytest.fixture
def walker(walkers):
    """At `localhost`: browsers have no passkeys for an address made of numbers."""
    found = walkers(PHONE, has_touch=True)
    found.server = found.server.replace("127.0.0.1", "localhost")
    return found


@pytest.fixture
def unlock(walker):
    """Gives the phone passkeys; called, it says whether its lock is opened when asked."""
    tools = walker.page.context.new_cdp_session(walker.page)
    tools.send("WebAuthn.enable")
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})

    def say(yes):
        answer = {"authenticatorId": made["authenticatorId"], "isUserVerified": yes}
        tools.send("WebAuthn.setUserVerified", answer)

    return say


def code_in_mail():
    return re.search(r"\d{4}-\d{4}", mail.outbox[-1].body)[0]


def look(walker):
    walker.look()
    found = walker.page.evaluate(TARGETS)
    assert found
    small = [(name, height) for name, height in found if height < 44]
    assert not small, f"{walker.page.url}: {small}"


def log_in(walker, email):
    walker.go("/account/login/")
    walker.page.get_by_label("Email").fill(email)
    walker.page.get_by_label("Password").fill(PASSWORD)
    walker.press("Log in")


def log_out(walker):
    walker.go("/account/logout/")
    look(walker)
    walker.press("Log out")


def to_first_passkey(walker):
    """Staff show their mailbox before their password once more."""
    walker.go("/account/passkeys/webauthn/add/")
    look(walker)
    walker.press("Send the code")
    look(walker)
    walker.page.get_by_label("Code").fill(code_in_mail())
    walker.press("Go on")
    walker.page.get_by_label("Password").fill(PASSWORD)
    walker.press("Go on")


def add_passkey(walker, name="My phone"):
    look(walker)
    walker.page.get_by_label("A name for it").fill(name)
    walker.press("Make the passkey")
    walker.page.wait_for_url("**/account/passkeys/")
    look(walker)
    assert name in walker.page.content()


def session_expires(walker):
    cookies = walker.page.context.cookies()
    return next(one for one in cookies if one["name"] == "sessionid")["expires"]


def with_passkey(walker, *, shared=False):
    walker.go("/account/login/")
    look(walker)
    if shared:
        walker.page.get_by_label("Other people use this device too").check()
    walker.press("Use my passkey")
    walker.page.wait_for_url("**/portal/")


def test_from_the_sheet_of_paper_to_a_passkey_and_back_in(walker, priya, unlock):
    dora = make_patient(priya, "Dora")
    make_plan(make_episode(dora, priya), priya)
    invitation = invitations.make(patient=dora, by=priya)
    page = walker.page
    walker.go("/portal/join/")
    look(walker)
    page.get_by_label("Code").fill(invitation.code.lower().replace("-", " "))
    for name, typed in (("Month (1 to 12)", "3"), ("Day", "14"), ("Year", "1956")):
        page.get_by_label(name, exact=True).fill(typed)
    walker.press("Go on")
    look(walker)
    assert page.get_by_label("Choose a password").is_visible()
    page.get_by_label("With a passkey").check()
    assert not page.get_by_label("Choose a password").is_visible()
    page.get_by_label("I have read the privacy notice").check()
    walker.press("Save and go on")
    add_passkey(walker)
    walker.follow("Go on")
    assert "Good day, Dora" in page.content()
    log_out(walker)
    with_passkey(walker)
    assert "Good day, Dora" in page.content()
    assert session_expires(walker) > 0
    log_out(walker)
    with_passkey(walker, shared=True)
    assert session_expires(walker) == -1  # it ends with the browser


def test_without_the_phones_lock_a_passkey_opens_nothing(walker, priya, unlock):
    ana = make_patient(priya, "Ana")
    give_login(ana, priya)
    page = walker.page
    log_in(walker, ana.email)
    walker.follow("Settings")
    look(walker)
    page.get_by_role("link", name=re.compile("^Passkeys")).click()
    look(walker)
    walker.follow("Add a passkey")
    look(walker)
    page.get_by_label("Password").fill(PASSWORD)
    walker.press("Go on")
    add_passkey(walker)
    log_out(walker)
    unlock(False)
    walker.go("/account/login/")
    walker.press("Use my passkey")
    page.get_by_text("That did not work").wait_for()
    walker.go("/portal/")
    assert "/account/login/" in page.url


def test_staff_show_their_passkey_after_the_password(walker, priya, unlock):
    page = walker.page
    log_in(walker, priya.email)
    to_first_passkey(walker)
    add_passkey(walker)
    log_out(walker)
    log_in(walker, priya.email)
    assert "/account/passkeys/authenticate/" in page.url
    look(walker)
    walker.go("/workspace/")
    assert "/account/" in page.url
    walker.go("/account/passkeys/authenticate/")
    walker.press("Use my passkey")
    page.wait_for_url("**/workspace/")


def test_passkeys_are_renamed_and_removed(walker, priya, unlock):
    page = walker.page
    log_in(walker, priya.email)
    to_first_passkey(walker)
    add_passkey(walker)
    walker.follow("Rename My phone")
    look(walker)
    page.get_by_label("Name").fill("Old phone")
    walker.press("Save the name")
    walker.follow("Remove Old phone")
    look(walker)
    walker.press("Remove the passkey")
    look(walker)
    assert "You have none yet" in page.content()


def test_in_by_a_code_and_out_for_good(walker, priya):
    ana = make_patient(priya, "Ana")
    give_login(ana, priya)
    make_plan(make_episode(ana, priya), priya)
    page = walker.page
    walker.go("/account/login/")
    walker.follow("Email me a code")
    look(walker)
    page.get_by_label("Email").fill(ana.email)
    walker.press("Send the code")
    look(walker)
    page.get_by_label("Code").fill("0000")
    walker.press("Log in")
    look(walker)
    page.get_by_label("Code").fill(code_in_mail())
    walker.press("Log in")
    walker.follow("Settings")
    page.get_by_label("Very large").check()
    walker.press("Save")
    look(walker)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "22px"
    page.get_by_label("Español").check()
    walker.press("Save")
    look(walker)
    page.get_by_label("English").check()
    walker.press("Guardar")
    walker.follow("Change email address")
    look(walker)
    walker.follow("Email me a code")
    look(walker)
    walker.press("Send the code")
    look(walker)
    page.get_by_label("Code").fill(code_in_mail())
    walker.press("Go on")
    page.get_by_role("heading", name="Change your email address").wait_for()
    look(walker)
    walker.go("/portal/me/")
    with page.expect_download() as download:
        walker.follow("Download everything to read (PDF)")
    assert download.value.suggested_filename.endswith(".pdf")
    walker.follow("Who looked at my record")
    look(walker)
    page.locator("main").get_by_role("link", name="Settings").click()
    walker.follow("Close my account")
    look(walker)
    assert "/portal/me/leave/" in page.url  # what was shown for the email address holds a while
    walker.press("Close my account")
    # The device is emptied first, and only then the form goes out.
    page.get_by_role("heading", name="Your account is closed").wait_for()
    look(walker)
    walker.go("/portal/")
    assert "/account/login/" in page.url


def test_a_code_to_an_address_that_the_clinic_did_not_know(walker, priya):
    invitation = invitations.make(patient=make_patient(priya, "Dora"), by=priya)
    page = walker.page
    walker.go(f"/portal/join/{invitation.token}/")
    page.get_by_label("Your email address").fill("dora.new@x.test")
    page.get_by_label("With a code that we email").check()
    page.get_by_label("I have read the privacy notice").check()
    walker.press("Save and go on")
    look(walker)
    page.get_by_label("Code").fill(code_in_mail())
    walker.press("Go on")
    assert "Good day, Dora" in page.content()
