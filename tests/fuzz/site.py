"""The cast at the site: who asks for what, and what came of it."""

import copy
import random
import time
import traceback
import zlib
from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from django.db import transaction
from django.http import HttpResponse
from hypothesis import HealthCheck, Phase, assume, given, note, seed, settings
from hypothesis import strategies as st

from accounts.models import User
from tests.accounts.test_single_sign_on import BEGIN
from tests.config.test_matrix import CAST, TABLE, keys_in, kind_of
from tests.conftest import client_of, prove
from tests.fuzz import pages, run, sends
from tests.fuzz.places import RAISES_ON_PURPOSE, Place, everywhere, odd_address, route_of
from tests.fuzz.sends import Sent

AT_THE_DESK = ("platform", "editor", "therapist")
PROGRAM = "a clinic's program"
Rows = Callable[[Place], list[str]]  # the addresses of a place, filled with rows
SAYS_NO = (403, 404)

# Which says by 503 that there is no worker, as here.
TOLD_BY_NUMBER = "/readyz"


class Browser:
    """One of the cast, logged in a moment ago, or a program with a token; whose every request is
    taken back.
    """

    def __init__(self, user: User | None, token: str = "") -> None:
        self.client = client_of(user)
        self.client.defaults |= {"HTTP_AUTHORIZATION": f"Bearer {token}"} if token else {}
        self.client.raise_request_exception = False
        if user is not None:
            prove(self.client)
        self.client.post(BEGIN)  # there is a login to come back from
        self.cookies = copy.deepcopy(self.client.cookies)

    def send(self, sent: Sent) -> HttpResponse:
        """The answer; raises what a view raised. A form that was taken is followed by a page."""
        self.client.cookies = copy.deepcopy(self.cookies)
        with transaction.atomic():
            try:
                answer = self._send(sent)
                if answer.status_code in (302, 303) and sent.method == "POST":
                    for address in pages.local([answer["Location"]], sent.address):
                        self._send(Sent("GET", address))
            finally:
                transaction.set_rollback(True)
        return answer

    def _send(self, sent: Sent) -> HttpResponse:
        told = dict(sent.headers)
        if "HTTP_COOKIE" in told:  # beside those of the session
            own = [f"{name}={one.value}" for name, one in self.client.cookies.items()]
            told["HTTP_COOKIE"] = "; ".join([*own, told["HTTP_COOKIE"]])
        answer = self.client.generic(sent.method, sent.address, sent.body, sent.kind, **told)
        if answer.streaming:
            b"".join(answer.streaming_content)
        is_probe = answer.status_code == 503 and sent.address.startswith(TOLD_BY_NUMBER)
        if answer.status_code >= 500 and (answer.exc_info or not is_probe):
            raise answer.exc_info[1] if answer.exc_info else AssertionError(answer.status_code)
        return answer


class Visit(NamedTuple):
    """An address, who came in there, and what there was to send."""

    place: Place
    address: str
    who: str
    page: pages.Page


def candidates(place: Place) -> list[str]:
    """Who may come in, by the matrix or by the door."""
    if place.gate:
        row = TABLE[kind_of(place.route, set(keys_in(place.route)), place.view)].split()
        return [who for who, cell in zip(CAST, row, strict=True) if cell == "in"] or ["patient"]
    return list({"cms": AT_THE_DESK, "fhir": (PROGRAM,)}.get(place.door, CAST))


def fault(error: BaseException, sent: Sent | None = None) -> str:
    """Where it was raised, and the request: what Hypothesis notes, the smallest that it found."""
    errors = error.exceptions if isinstance(error, BaseExceptionGroup) else [error]
    return "\n".join(_told(one, sent) for one in errors)


def _told(error: BaseException, sent: Sent | None) -> str:
    frames = traceback.format_tb(error.__traceback__)[-4:]
    words = [f"{type(error).__module__}.{type(error).__qualname__}: {str(error)[:500]}\n"]
    request = getattr(error, "__notes__", [""])[-1] if sent is None else repr(sent)
    return "".join([*frames, *words, request, "\n"])


def asked_for(chosen: run.Run) -> list[Place]:
    return [place for place in everywhere()
            if chosen.only in place.route and place.route not in RAISES_ON_PURPOSE]  # fmt: skip


class Site:
    """All there is to ask for, with rows for its keys, and the cast to ask it."""

    def __init__(self, cast: dict[str, User | None], rows: Rows, token: str) -> None:
        self.browsers = {who: Browser(user) for who, user in cast.items()}
        self.browsers[PROGRAM] = Browser(None, token)
        self.rows = rows
        self.faults: list[str] = []

    def visit(self, place: Place, address: str, turn: int) -> Visit:
        """By the first of those who may come in that is let in; they take turns at being first."""
        names = candidates(place)
        for number in range(len(names)):
            who = names[(turn + number) % len(names)]
            try:
                answer = self.browsers[who].send(Sent("GET", address))
            except Exception as error:
                self.faults.append(fault(error, Sent("GET", address)))
                continue
            to_login = answer.get("Location", "").startswith("/account/login/")
            if answer.status_code not in SAYS_NO and not (to_login and place.door):
                content = b"" if answer.streaming else answer.content
                return Visit(place, address, who, pages.read(content, address))
        return Visit(place, address, names[turn % len(names)], pages.Page())

    def sweep(self, door: str, chosen: run.Run, until: float) -> int:
        """How many addresses there were, each sent some odd requests."""
        visits = [self.visit(place, address, chosen.seed + number)
                  for number, place in enumerate(asked_for(chosen)) if place.door == door
                  for address in self.rows(place)]  # fmt: skip
        forms, names = offered(visits)
        random.Random(chosen.seed).shuffle(visits)
        for visit in visits:
            if time.monotonic() > until:
                break
            self.try_odd(visit, forms[visit.place.route], names[visit.place.route], chosen)
        return len(visits)

    def try_odd(
        self, visit: Visit, forms: list[pages.Form], names: set[str], chosen: run.Run
    ) -> None:
        place, browser = visit.place, self.browsers[visit.who]
        known = tuple(sorted({*names, *place.names()}))
        address = st.just(visit.address)
        if place.has_keys:
            odd = (address, odd_address(place))
            address = sends.now_and_then.flatmap(odd.__getitem__)
        for send in (sends.asked, sends.posted):
            requests = address.flatmap(lambda one, send=send: send(one, forms, known))
            number = zlib.crc32(f"{chosen.seed} {visit.address} {send.__name__}".encode())
            try:
                tried(browser, visit.who, requests, number, chosen.examples)
            except Exception as error:
                self.faults.append(fault(error))


def offered(visits: list[Visit]) -> tuple[dict[str, list[pages.Form]], dict[str, set[str]]]:
    """For each route the forms that any page sends there, and the names that queries of it have."""
    forms: dict[str, list[pages.Form]] = defaultdict(list)
    names: dict[str, set[str]] = defaultdict(set)
    for visit in visits:
        for form in visit.page.forms:
            forms[route_of(form.address)].append(form)
            names[route_of(form.address)] |= {field.name for field in form.fields}
        for link in visit.page.links:
            names[route_of(link)] |= {name for name, _ in parse_qsl(urlsplit(link).query)}
    return forms, names


def tried(
    browser: Browser, who: str, requests: st.SearchStrategy[Sent], number: int, examples: int
) -> None:
    """Raises what a view raised, with the smallest such request."""

    @settings(
        max_examples=examples, database=None, phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck), deadline=None,
        derandomize=False, print_blob=False,  # as by default, but not where CI is set
    )  # fmt: skip
    @seed(number)
    @given(requests, st.integers(0, 1 << 32))
    def one(sent: Sent, salt: int) -> None:
        assume(salt)  # the simplest of all examples comes first, and is hardly odd
        note(f"as {who}: {sent!r}")
        browser.send(sent)

    one()
