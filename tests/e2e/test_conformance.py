"""What docs/accessibility-report.md says of whole pages and what axe can't see."""

from typing import Any

import pytest
from django.db import connections

from accounts.models import User
from tests.conftest import give_login, make_episode, make_patient, make_plan
from tests.e2e.conftest import rest
from tests.e2e.test_education import log_in

pytestmark = pytest.mark.e2e
NARROW = 320
PORTAL = ["", "wrong/", "messages/", "reminders/", "me/"]
WORKSPACE = ["", "inbox/", "notifications/"]
# WCAG 1.4.12 names the four; between paragraphs no page breaks by its height.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Something of what has the focus is on top where it lies; null at the end of the page.
IS_SEEN = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect();
  return [[.5, .5], [.1, .2], [.9, .8], [.1, .8], [.9, .2]].some(([x, y]) => {
    const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return top && (one.contains(top) || top.closest("label")?.contains(one));
  }) || one.outerHTML.slice(0, 90);
}"""


@pytest.fixture
def ana(therapist: str) -> Any:
    priya = User.objects.get(email=therapist)
    patient = make_patient(priya, "Ana", email=f"ana-{priya.pk}@patients.test")
    give_login(patient, priya)
    make_plan(make_episode(patient, priya), priya)
    connections.close_all()
    return patient


def test_what_has_the_focus_is_never_under_the_bar(walkers: Any, ana: Any) -> None:
    """WCAG 2.4.11, on the narrowest phone, where the bar takes the most."""
    walker = walkers(NARROW)
    walker.page.set_viewport_size({"width": NARROW, "height": 640})
    log_in(walker, ana.email)
    for path in PORTAL:
        walker.go(f"/portal/{path}")
        rest(walker.page)
        hidden, stops = [], 0
        while stops < 60:
            walker.page.keyboard.press("Tab")
            seen = walker.page.evaluate(IS_SEEN)
            if seen is None:
                break
            stops += 1
            hidden += [] if seen is True else [seen]
        assert hidden == [], path
        assert stops > 8, path


@pytest.mark.parametrize(("who", "pages"), [("ana", PORTAL), ("priya", WORKSPACE)])
def test_wide_letters_fit(walkers: Any, ana: Any, therapist: str, who: str, pages: Any) -> None:
    """WCAG 1.4.12."""
    walker = walkers(NARROW)
    log_in(walker, ana.email if who == "ana" else therapist)
    for path in pages:
        walker.go(f"/{'portal' if who == 'ana' else 'workspace'}/{path}")
        rest(walker.page)
        before = walker.page.locator("h1").evaluate("one => one.offsetHeight")
        walker.page.evaluate(SPACED)
        assert walker.page.locator("h1").evaluate("one => one.offsetHeight") >= before
        assert walker.page.evaluate(WIDER) <= 0, path
