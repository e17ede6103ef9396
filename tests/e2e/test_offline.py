"""No network: the session goes on, waits on the device, and is stored exactly once."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Playwright

from config.setup import browser as browsers
from programs.models import Session
from tests.conftest import PASSWORD
from tests.e2e.conftest import FLAGS, Walker
from tests.e2e.test_session import PHONE, add_person, look, pass_exercise, set_out
from tests.e2e.test_story import choose, log_in

pytestmark = pytest.mark.e2e
KEPT = """async () => {
  const base = await new Promise((done) => {
    const opening = indexedDB.open("footing", 1);
    opening.onsuccess = () => done(opening.result);
    opening.onupgradeneeded = () => opening.result.createObjectStore("answers", { keyPath: "id" });
  });
  const all = base.transaction("answers").objectStore("answers").getAll();
  const found = await new Promise((done) => { all.onsuccess = () => done(all.result); });
  base.close();
  return found;
}"""
AGAIN = """async (kept) => {
  const { token } = await (await fetch("/portal/connection/")).json();
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  const body = new URLSearchParams(kept.fields);
  return (await fetch(kept.url, { method: "POST", body, headers })).status;
}"""
COPIES = """async () => {
  const pages = await caches.open("footing-pages");
  return (await pages.keys()).map((one) => new URL(one.url).pathname).sort();
}"""


@pytest.fixture
def phone(playwright: Playwright, server: str, tmp_path: Path) -> Iterator[Any]:
    """`phone()` switches a phone on; what it stores stays when it is closed."""
    running: list[BrowserContext] = []

    def switch_on() -> Walker:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "phone",
            executable_path=browsers.find(),
            args=[*FLAGS, "--no-sandbox"],
            viewport={"width": PHONE, "height": 740},
        )
        context.set_default_timeout(15_000)
        running.append(context)
        return Walker(context, server)

    def switch_off() -> None:
        running.pop().close()

    yield switch_on, switch_off
    for context in running:
        context.close()


def wait_until_kept(walker: Walker) -> None:
    """Service worker in charge, copies of three pages."""
    page = walker.page
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    until(walker, COPIES, lambda all_: "/portal/kept-for" in all_)


def until(walker: Walker, script: str, holds: Callable[[Any], bool]) -> None:
    """Asked again and again; a page that is just being left can't answer."""
    found = None
    for _ in range(150):
        with suppress(Error):
            if holds(found := walker.page.evaluate(script)):
                return
        walker.page.wait_for_timeout(100)
    raise AssertionError(f"It stays {found}.")


def until_sent(walker: Walker) -> None:
    until(walker, KEPT, lambda kept: not kept)


def cut(walker: Walker) -> None:
    walker.page.context.set_offline(True)


def finish(walker: Walker, pain: str = "1") -> None:
    page = walker.page
    set_out(walker)
    while page.locator("[data-exercise]:visible").count():
        pass_exercise(walker)
    choose(page, "Pain in your feet now, after the exercises", pain)
    for _ in range(3):
        walker.press("Next")
    walker.press("Save and finish")
    page.get_by_role("heading", name="Kept on this device").wait_for()


def test_a_session_without_a_network_is_stored_exactly_once(phone: Any, server: str) -> None:
    switch_on, switch_off = phone
    email, plan = add_person()
    ana = switch_on()
    log_in(ana, email)
    wait_until_kept(ana)
    cut(ana)
    ana.go("/portal/plan/")
    assert ana.page.locator(".figure svg").count() > 3
    ana.go("/portal/progress/")  # not kept: today says so
    ana.page.get_by_text("No connection.").locator("visible=true").wait_for()
    ana.follow("Start")
    ana.page.locator("[data-player-bar]").wait_for()
    assert ana.page.locator("[data-exercise] .figure svg").count() > 3
    finish(ana)
    (kept,) = ana.page.evaluate(KEPT)
    assert ["pain_after", "1"] in kept["fields"]
    assert not any("csrf" in name for name, _ in kept["fields"])
    assert "pain" not in kept["url"]
    ana.follow("Back to today")
    ana.page.get_by_role("heading", name="Waiting on this device").wait_for()
    ana.faults.clear()  # the line was cut; that is what was heard
    look(ana)
    # The phone is switched off; later it comes back with a connection.
    switch_off()
    assert not Session.objects.exists()
    ana = switch_on()
    ana.go("/portal/")
    until_sent(ana)
    ana.page.get_by_text("That was one session").wait_for()
    stored = Session.objects.get(patient=plan.patient)
    assert (str(stored.pk), stored.pain_after) == (kept["id"], 1)
    # Sent once more, as a line that broke before the answer would: still one.
    assert ana.page.evaluate(AGAIN, kept) == 200
    assert Session.objects.count() == 1


def test_a_session_goes_on_where_the_tab_was_killed(phone: Any, server: str) -> None:
    switch_on, switch_off = phone
    email, _plan = add_person()
    ana = switch_on()
    log_in(ana, email)
    wait_until_kept(ana)
    ana.follow("Start")
    ana.page.locator("[data-player-bar]").wait_for()
    set_out(ana)
    pass_exercise(ana)
    ana.page.get_by_text("3 of ").wait_for()
    until(ana, KEPT, lambda kept: any(value == "all" for one in kept for _, value in one["fields"]))
    address = ana.page.url
    switch_off()
    ana = switch_on()
    ana.go(address)
    ana.page.get_by_text("3 of ").wait_for()
    ana.press("Back")
    done = ana.page.locator("[data-exercise]:visible").get_by_label("Did it")
    assert done.is_checked()
    ana.press("Back")
    assert (
        ana.page.get_by_role("group", name="Pain in your feet now").get_by_label("2").is_checked()
    )
    assert not Session.objects.exists()
    # Logging out takes it away without asking: it was never meant to be sent.
    ana.go("/portal/")
    ana.follow("Log out")
    ana.page.wait_for_url(re.compile("/account/logout/"))
    assert ana.page.evaluate(KEPT) == []


def test_two_sessions_wait_and_go_in_order_after_a_new_login(phone: Any, server: str) -> None:
    switch_on, _ = phone
    email, plan = add_person()
    ana = switch_on()
    log_in(ana, email)
    wait_until_kept(ana)
    cut(ana)
    for pain in ("1", "2"):
        ana.go("/portal/")
        ana.page.locator("a[data-new-session]").first.click()
        ana.page.locator("[data-player-bar]").wait_for()
        finish(ana, pain)
    # The login has run out meanwhile.
    ana.page.context.clear_cookies()
    ana.page.context.set_offline(False)
    ana.go("/portal/")
    assert "/account/login/" in ana.page.url
    assert len(ana.page.evaluate(KEPT)) == 2
    assert not Session.objects.exists()
    log_in(ana, email)
    until_sent(ana)
    stored = list(Session.objects.filter(patient=plan.patient).order_by("received_at"))
    assert [one.pain_after for one in stored] == [1, 2]
    assert stored[0].done_at < stored[1].done_at


def test_another_person_on_the_same_phone_sends_and_sees_nothing_of_it(
    phone: Any, server: str
) -> None:
    switch_on, _ = phone
    (first, plan), (second, other) = add_person(), add_person()
    ana = switch_on()
    log_in(ana, first)
    wait_until_kept(ana)
    cut(ana)
    ana.follow("Start")
    ana.page.locator("[data-player-bar]").wait_for()
    finish(ana)
    ana.page.context.clear_cookies()
    ana.page.context.set_offline(False)
    log_in(ana, second)
    page = ana.page
    wait_until_kept(ana)
    until(ana, COPIES, lambda all_: f"/portal/session/{other.pk}/" in all_)
    assert f"/portal/session/{plan.pk}/" not in page.evaluate(COPIES)
    assert page.get_by_role("heading", name="Waiting on this device").is_hidden()
    assert len(page.evaluate(KEPT)) == 1  # Ana's, for when she is back
    # Bert logs out: his copies go, Ana's answers stay.
    ana.follow("Log out")
    page.wait_for_url(re.compile("/account/logout/"))
    assert page.evaluate(COPIES) == []
    ana.press("Log out")
    assert not Session.objects.exists()
    log_in(ana, first)
    until_sent(ana)
    assert Session.objects.get().patient_id == plan.patient_id


def test_logging_out_asks_before_it_throws_answers_away(phone: Any, server: str) -> None:
    switch_on, _ = phone
    email, _plan = add_person()
    ana = switch_on()
    log_in(ana, email)
    wait_until_kept(ana)
    cut(ana)
    ana.follow("Start")
    ana.page.locator("[data-player-bar]").wait_for()
    finish(ana)
    ana.follow("Back to today")
    page = ana.page
    ana.follow("Log out")
    page.get_by_role("dialog", name="Some answers are not sent yet").wait_for()
    ana.faults.clear()
    look(ana)
    ana.press("Stay logged in")
    assert len(page.evaluate(KEPT)) == 1
    # There is a line again, but not to where the answers go.
    page.context.route("**/portal/connection/", lambda route: route.abort())
    page.context.set_offline(False)
    ana.follow("Log out")
    ana.press("Delete them and log out")
    page.wait_for_url(re.compile("/account/logout/"))
    assert page.evaluate(KEPT) == []
    assert page.evaluate(COPIES) == []
    assert not Session.objects.exists()


def test_a_stop_without_a_network_still_says_what_to_do(phone: Any, server: str) -> None:
    switch_on, _ = phone
    email, _plan = add_person()
    ana = switch_on()
    log_in(ana, email)
    wait_until_kept(ana)
    cut(ana)
    ana.follow("Start")
    page = ana.page
    page.locator("[data-player-bar]").wait_for()
    ana.press("Stop: something is wrong")
    choose(page, "Did any of these happen?", "New weakness, or my foot drops or trips")
    ana.press("Tell me what to do")
    page.get_by_text("Stop the exercises. Call your clinic today").locator(
        "visible=true"
    ).wait_for()
    page.get_by_text("wait safely on this device").locator("visible=true").wait_for()
    ana.follow("Back to today")
    page.get_by_text("Do not exercise until you have talked").locator("visible=true").wait_for()
    assert page.locator("a[data-new-session]").first.is_hidden()
    page.context.set_offline(False)
    ana.press("Send now")
    page.get_by_text("Please do no exercises for now.").locator("visible=true").wait_for()
    assert Session.objects.get().stopped


def test_a_shared_device_keeps_no_pages(phone: Any, server: str) -> None:
    switch_on, _ = phone
    email, _plan = add_person()
    ana = switch_on()
    log_in(ana, email)
    wait_until_kept(ana)
    ana.page.context.clear_cookies()
    ana.go("/account/login/")
    ana.page.get_by_label("Other people use this device too").check()
    ana.page.get_by_label("Email").fill(email)
    ana.page.get_by_label("Password").fill(PASSWORD)
    ana.press("Log in")
    until(ana, COPIES, lambda all_: not all_)


def test_closing_the_account_leaves_nothing_on_the_device(phone: Any, server: str) -> None:
    switch_on, _ = phone
    email, _plan = add_person()
    ana = switch_on()
    log_in(ana, email)
    wait_until_kept(ana)
    ana.follow("Start")
    ana.page.locator("[data-player-bar]").wait_for()
    set_out(ana)
    until(ana, KEPT, lambda kept: len(kept) == 1)
    ana.go("/portal/me/leave/")
    ana.page.fill("input[name=password]", PASSWORD)  # who is it? asked before
    ana.press("Go on")
    ana.press("Close my account")
    until(ana, COPIES, lambda all_: not all_)
    until(ana, KEPT, lambda kept: not kept)
    ana.page.get_by_role("button", name="Close my account").wait_for(state="hidden")
