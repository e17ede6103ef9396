"""Each picture: who looks, how wide, and how they come there."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from accounts.demo import DEMO_DOMAIN, DEMO_PASSWORD

PHONE, DESK = 390, 1280
HEIGHTS = {PHONE: 780, DESK: 800}
# The demo's logins, which no clinic has.
NO_DEMO = ".plain__main hr:last-of-type, .plain__main hr:last-of-type ~ * { display: none }"


@dataclass(frozen=True)
class Shot:
    """`hide` is CSS for what belongs to the demo alone."""

    name: str
    who: str
    width: int
    go: Callable[[Page], None]
    height: int = 0
    hide: str = ""


def log_in(page: Page, who: str) -> None:
    page.goto("/account/login/")
    page.locator("[name=login]").first.fill(f"{who}@{DEMO_DOMAIN}")
    page.locator("[name=password]").first.fill(DEMO_PASSWORD)
    page.locator("[name=password]").first.press("Enter")
    page.wait_for_url(lambda url: "/account/login" not in url)


def at(path: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        page.goto(path)

    return go


def patient(name: str) -> Callable[[Page], None]:
    """Somebody's page in the workspace; `name` as the list writes it."""

    def go(page: Page) -> None:
        page.goto("/workspace/")
        page.get_by_role("link", name=name, exact=True).click()
        page.wait_for_url("**/workspace/patients/**")

    return go


def alert(page: Page) -> None:
    patient("Kowalska, Maria")(page)
    page.get_by_role("link", name="Look and close").first.click()
    page.wait_for_url("**/workspace/alerts/**")


def composer(page: Page) -> None:
    """A draft, as far as somebody sees it who has just pressed the button."""
    patient("Osei, Samuel")(page)
    page.locator(".patient-head .button--primary").click()  # "Adapt plan"
    page.wait_for_url("**/workspace/plans/**")
    page.frame_locator("#phone").locator("h1").wait_for()
    page.locator("details.phase[open]").first.evaluate("one => one.scrollIntoView()")


def session(page: Page) -> None:
    """At the first exercise."""
    page.goto("/portal/")
    page.locator(".start").click()
    page.locator("[data-player-bar]").wait_for()
    for box in page.locator("[data-safety] input").all():
        box.check()
    page.locator("[data-next]").click()
    page.locator("[data-exercise]:visible .pacer").wait_for()
    page.evaluate("scrollTo(0, 0)")


def check_in(page: Page) -> None:
    page.goto("/portal/")
    page.locator("a[href*='/check-in']").first.click()
    page.wait_for_url("**/check-in**")


SHOTS = [
    Shot("caseload", "priya", DESK, at("/workspace/")),
    Shot("needs-me", "priya", DESK, at("/workspace/inbox/")),
    Shot("patient", "priya", DESK, patient("Reyes, Ana")),
    Shot("alert", "priya", DESK, alert),
    Shot("composer", "priya", DESK, composer),
    Shot("log-in", "", PHONE, at("/account/login/"), hide=NO_DEMO),
    Shot("today", "walter", PHONE, at("/portal/")),
    Shot("session", "walter", PHONE, session),
    Shot("something-is-wrong", "walter", PHONE, at("/portal/wrong/")),
    Shot("progress-form", "samuel", PHONE, check_in),
    Shot("progress", "grace", PHONE, at("/portal/progress/")),
    Shot("messages", "walter", PHONE, at("/portal/messages/")),
    Shot("log-in-es", "", PHONE, at("/account/login/"), hide=NO_DEMO),
    Shot("today-es", "ana", PHONE, at("/portal/")),
    Shot("session-es", "ana", PHONE, session),
    Shot("something-is-wrong-es", "ana", PHONE, at("/portal/wrong/")),
    Shot("progress-form-es", "ana", PHONE, check_in),
    Shot("progress-es", "ana", PHONE, at("/portal/progress/")),
    Shot("messages-es", "ana", PHONE, at("/portal/messages/")),
]
