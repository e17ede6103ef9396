"""No page shows a link or a button that the person who sees it can't use."""

from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from lxml import html
from wagtail.models import Page

from accounts.models import User
from programs.models import Exercise
from tests.config import test_matrix as matrix
from tests.conftest import client_of, prove
from tests.fuzz import pages

pytestmark = pytest.mark.django_db
ids, keys = matrix.ids, matrix.keys

# As often each kind of page is looked at: with and without what another one may show.
TIMES = 4
# Sent, not opened: what logs out, and what Wagtail's script adds the ticked rows to.
BUTTONS = ("/account/logout/", "/cms/logout/", "/cms/bulk/")
# The public pages are the same for everybody, and know nobody. Wagtail's are walked by those who
# have no other door.
WALKED = ("/workspace/", "/portal/", "/account/")


def route_of(address: str) -> str:
    return resolve(urlsplit(address).path).route


def walked(
    user: User, starts: list[str], doors: tuple[str, ...] = WALKED
) -> tuple[set[str], list[str]]:
    """The routes that were looked at, and what did not open, with the page that leads there."""
    client = prove(client_of(user))
    client.raise_request_exception = False
    seen = Counter(map(route_of, starts))
    known, faults, waiting = set(starts), [], [(start, "") for start in starts]
    while waiting:
        address, came_from = waiting.pop(0)
        answer = client.get(address, follow=True)
        if answer.status_code in (403, 404, 405, 500):
            faults.append(f"{answer.status_code} {address} from {came_from}")
        if answer.streaming or not answer["Content-Type"].startswith("text/html"):
            continue
        # Wagtail's buttons name no gate.
        is_wagtails = answer.request["PATH_INFO"].startswith("/cms/")
        forms = () if is_wagtails else pages.read(answer.content, address).forms
        faults += [
            f"a button for {form.address} on {address}"
            for form in forms
            if not may_send(user, form.address)
        ]
        for link in links(answer.content, address, doors):
            route = route_of(link)
            if link in known or seen[route] >= TIMES:
                continue
            seen[route] += 1
            known.add(link)
            waiting.append((link, address))
    return set(seen), faults


def links(content: bytes, address: str, doors: tuple[str, ...]) -> list[str]:
    found = html.fromstring(content).xpath("//a/@href") if content.strip() else []
    return [
        link
        for link in pages.local(found, address)
        if link.startswith(doors) and not link.startswith(BUTTONS)
    ]


def may_send(user: User, address: str) -> bool:
    gate = getattr(resolve(urlsplit(address).path).func, "gate", ())
    return all(user.may(permission) for permission in gate)


def deep_in_wagtail(user: User) -> list[str]:
    """Beyond more lists than are read to their end."""
    article = Page.objects.get(slug="numb-feet").pk
    with_authors = Page.objects.get(slug="about").pk
    exercise = Exercise.objects.filter(clinic=user.clinic)[0].pk
    exercises = "/cms/snippets/programs/exercise"
    return [
        *(f"/cms/pages/{article}/{name}" for name in ("edit/", "history/")),
        f"/cms/pages/{with_authors}/",
        *(f"{exercises}/{name}/{exercise}/" for name in ("edit", "history")),
    ]


@pytest.mark.parametrize(
    ("who", "start", "least"),
    [("priya", "/workspace/", 40), ("colm", "/workspace/", 12), ("ruth", "/workspace/", 15),
     ("ana", "/portal/", 20), ("mara", "/portal/", 8), ("olive", "/workspace/", 12),
     ("ed", "/cms/", 12), ("root", "/cms/", 12)],
)  # fmt: skip
def test_every_link_of_every_page_opens(
    who, start, least, keys, priya, colm, ruth, ana, mara, olive, ed, root
):
    people = {
        "priya": priya, "colm": colm, "ruth": ruth, "ana": ana.user, "mara": mara.user,
        "olive": olive, "ed": ed, "root": root,
    }  # fmt: skip
    starts = [start, *deep_in_wagtail(people[who])] if start == "/cms/" else [start]
    routes, faults = walked(people[who], starts, (*WALKED, start))
    assert faults == [], "\n".join(faults)
    assert len(routes) >= least, sorted(routes)


def test_who_is_refused_is_still_somewhere(ruth):
    answer = client_of(ruth).get("/workspace/inbox/")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert 'aria-label="Workspace"' in page
    assert "Who may" in page
