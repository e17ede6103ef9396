"""A real browser against a real server, on committed data."""

import os
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    TimeoutError,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from accounts.permissions import Role
from config.setup import browser as browsers
from tests.conftest import make_clinic, make_user
from tests.stage import stage

# What Chromium would do beside the page. The lists of its address bar are pages of their own, made
# anew with each window, which takes a second of its time. The list replaces Playwright's own, whose
# names that matter to us are therefore in it.
NOT_NEEDED = (
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,AimEnabled,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,NetworkTimeServiceQuerying,"
    "OptimizationHints,PreconnectToSearch,SpareRendererForSitePerProcess,"
    "ThirdPartyStoragePartitioning"
)
FLAGS = [
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    f"--disable-features={NOT_NEEDED}",
]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # what is right is checked, but not listed
}


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Within Playwright's event loop Django keeps connections apart from those outside it: each
    side is closed when it is left, or the test database could not be dropped at the end.
    """
    stage.clear()
    connections.close_all()
    with sync_playwright() as running:
        yield running
        stage.clear()
        connections.close_all()


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = browsers.find()
    if path is None:
        pytest.fail(browsers.MISSING)
    # Chromium's own sandbox does not start for root.
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    running = playwright.chromium.launch(executable_path=path, args=flags)
    yield running
    running.close()


@pytest.fixture
def server(committed: None, settings: Any) -> Iterator[str]:
    """The site, with the starter article, on a free port."""
    running = LiveServer("127.0.0.1")
    settings.SITE_ADDRESS = running.url
    # A draft is saved when a test says so. Wagtail refuses one of two saves that meet (400), and
    # its answer to the one replaces what was begun before it came.
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    yield running.url
    running.stop()


@pytest.fixture
def therapist(server: str) -> str:
    """The email address of a therapist of a clinic that only this test knows."""
    mark = uuid.uuid4().hex[:8]
    return make_user(make_clinic(f"Story {mark}"), f"Priya{mark}", Role.THERAPIST).email


# Longer than anything takes: a slow machine is no fault of the page.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)
# Nothing is asked or put in place, and all that is seen is there. Playwright's "networkidle" never
# comes where a page asks for news in between.
AT_REST = """() => document.readyState === "complete" && document.fonts.status === "loaded" &&
  !document.querySelector(".htmx-request, .htmx-settling, .htmx-swapping") &&
  [...document.images].every((one) => one.complete || one.loading === "lazy")"""
# A button that is still fading in has the contrast of neither state.
SETTLED = """() => Promise.all(document.getAnimations()
  .filter((one) => one instanceof CSSTransition)
  .map((one) => one.finished.catch(() => {})))"""
# What is fixed to the screen widens no page, so it is looked for by itself.
CUT_OFF = """() => [...document.querySelectorAll("a, button, input, select")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }))
  .filter((one) => !one.closest(".table-scroll, .visually-hidden"))
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.textContent.trim() || one.name)"""

# How far what stands on a page moved by itself while it loaded (CLS).
SHIFT = """() => {
  window.shift = 0;
  window.moved = [];
  new PerformanceObserver((list) => list.getEntries().forEach((one) => {
    if (one.hadRecentInput) return;
    window.shift += one.value;
    window.moved.push(...one.sources.map(({ node }) => node?.outerHTML?.slice(0, 80)));
  })).observe({ type: "layout-shift", buffered: true });
}"""
MOST_SHIFT = 0.02  # web.dev calls 0.1 good


def rest(page: Page) -> None:
    """Wait until the page has all it asked for."""
    page.wait_for_load_state()
    page.wait_for_function(AT_REST)


class Walker:
    """A person with a browser, who looks at each page that they come to."""

    def __init__(self, context: BrowserContext, server: str) -> None:
        self.page: Page = context.new_page()
        self.page.add_init_script(f"({SHIFT})()")
        self.server = server
        self.faults: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("response", self._answered)

    def _answered(self, response: Any) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status} {response.url}")

    def _hear(self, message: Any) -> None:
        # A failed load is heard with its address in `_answered`.
        if message.type in {"error", "warning"} and "Failed to load" not in message.text:
            self.faults.append(message.text)

    def go(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.server + path)

    def press(self, name: str | re.Pattern[str], *, role: Any = "button") -> None:
        """Press the first visible button (or link) with exactly these words."""
        found = self.page.get_by_role(role, name=name, exact=True).filter(visible=True)
        try:
            found.first.click()
        except TimeoutError as error:
            shown = self.page.locator("body").inner_text()
            raise AssertionError(f"No {role} '{name}' on {self.page.url}:\n{shown}") from error
        self.page.wait_for_load_state()

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.press(name, role="link")

    def look(self) -> None:
        """No violation that axe knows, nothing wider than the screen, no fault in the console."""
        rest(self.page)
        self.page.evaluate(SETTLED)
        found = Axe().run(self.page, options=RULES)
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
        wider = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wider <= 0, f"{self.page.url} is {wider} px wider than the screen"
        # Wagtail's own pages scroll their filters.
        cut = [] if "/cms/" in self.page.url else self.page.evaluate(CUT_OFF)
        assert not cut, f"{self.page.url}: beyond the screen's edge: {cut}"
        assert not self.faults, f"{self.page.url}: {self.faults}"

    def see_nothing_jump(self) -> None:
        rest(self.page)
        shift = self.page.evaluate("shift")
        assert shift <= MOST_SHIFT, (
            f"{self.page.url} jumps by {shift}: {self.page.evaluate('moved')}"
        )


@pytest.fixture
def walkers(browser: Browser, server: str) -> Iterator[Any]:
    """Makes people: `walkers(width, **options)`; each has a browser profile of their own."""
    contexts: list[BrowserContext] = []

    def make(width: int, **options: Any) -> Walker:
        height = 844 if width < 700 else 900
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return Walker(context, server)

    yield make
    for context in contexts:
        context.close()
