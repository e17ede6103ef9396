"""Notifications are switched on, say nothing of anybody, and end with the login.

Chromium here has no push service: what it would answer is put in, what it wakes is the real worker.
"""

import re

import pytest
from django.db import connections
from playwright.sync_api import expect

from accounts.models import PushDevice
from tests.e2e.test_education import log_in

pytestmark = pytest.mark.e2e
ENDPOINT = "https://fcm.googleapis.com/fcm/send/this-browser"
SERVICE = """(endpoint) => {
  const made = () => ({
    endpoint,
    options: {},
    unsubscribe: async () => localStorage.removeItem("test-push"),
  });
  PushManager.prototype.subscribe = async ({ applicationServerKey, userVisibleOnly }) => {
    if (applicationServerKey.length !== 65 || !userVisibleOnly) throw new Error("no key");
    localStorage.setItem("test-push", "1");
    return made();
  };
  PushManager.prototype.getSubscription = async () =>
    localStorage.getItem("test-push") ? made() : null;
}"""
SHOWN = """async () => {
  const found = await navigator.serviceWorker.getRegistration("/workspace/");
  return (await found.getNotifications()).map((one) => [one.title, one.body]);
}"""


@pytest.fixture
def priya(walkers, therapist, server):
    walker = walkers(390)
    context = walker.page.context
    context.grant_permissions(["notifications"], origin=server)
    context.add_init_script(f"({SERVICE})({ENDPOINT!r})")
    log_in(walker, therapist)
    walker.go("/workspace/notifications/")
    return walker


def devices():
    connections.close_all()
    return PushDevice.objects.count()


def test_on_woken_and_off(priya, server):
    page = priya.page
    priya.look()
    tools = page.context.new_cdp_session(page)
    registrations = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registrations.extend(told["registrations"]),
    )
    tools.send("ServiceWorker.enable")
    priya.press("Switch them on")
    expect(page.get_by_text("They are on.")).to_be_visible()
    assert devices() == 1
    priya.look()
    for _ in range(50):
        if registrations:
            break
        page.wait_for_timeout(100)
    wake = {"origin": server, "registrationId": registrations[-1]["registrationId"], "data": ""}
    tools.send("ServiceWorker.deliverPushMessage", wake)
    for _ in range(50):
        if shown := page.evaluate(SHOWN):
            break
        page.wait_for_timeout(100)
    assert shown == [["Footing", "An alert waits for you. Log in to see it."]]
    priya.press("Switch them off")
    expect(page.get_by_text("They are off.")).to_be_visible()
    assert devices() == 0


def test_logging_out_switches_them_off_in_the_browser(priya):
    priya.press("Switch them on")
    expect(priya.page.get_by_text("They are on.")).to_be_visible()
    priya.go("/account/logout/")
    priya.press("Log out")
    expect(priya.page).not_to_have_url(re.compile("logout"))
    assert priya.page.evaluate("localStorage.getItem('test-push')") is None
