"""Every address, asked and sent what it does not expect, answers; nothing of it is a 500.

Addresses come from the site's resolver, what to send from the pages' own forms and from what the
views' code reads. Each request is taken back before the next. `make fuzz` goes on for longer.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver
from wagtail.models import Page

from accounts.models import User
from cms import lookup
from patients.actions import caregivers, invitations
from programs.actions.calendar_feeds import renew
from programs.actions.reminders import choose
from programs.reminders.letters import off_token
from tests.accounts import test_single_sign_on
from tests.cms.test_teams import LEAKY
from tests.config import test_matrix as matrix
from tests.config.test_matrix import desk_keys, filled
from tests.conftest import make_patient
from tests.fhir.apps import clinic_app, system_token
from tests.fuzz import run
from tests.fuzz.places import DOORS, KEY, Place, filled_pattern, is_pattern
from tests.fuzz.site import Rows, Site, asked_for

pytestmark = pytest.mark.django_db
ids, keys, owned, cast = matrix.ids, matrix.keys, matrix.owned, matrix.cast
organization = test_single_sign_on.organization


@pytest.fixture
def tokens(ana: Any, priya: User) -> dict[str, str]:
    """By the beginning of an address, the link that it is made for."""
    invited = invitations.make(patient=make_patient(priya, "Dora"), by=priya)
    helper = caregivers.invite(
        patient=ana, by=ana.user, name="Ida", email="ida@family.test",
        does_sessions=True, reads_messages=True,
    )  # fmt: skip
    choice = choose(patient=ana, by=ana.user, by_email=True)
    return {
        "portal/join": invited.token,
        "portal/help": helper.token,
        "portal/reminders": off_token(choice),
        "portal/calendar": renew(patient=ana, by=ana.user).token,
    }


@pytest.fixture
def rows(keys: dict[str, Any], owned: dict[str, Any], tokens: dict[str, str], priya: User) -> Rows:
    """What fills the keys of an address: rows of Ana's or Riverside's; each kind of public page."""
    code = f"{user_pk_to_url_str(priya)}-{default_token_generator.make_token(priya)}"
    live = {type(page): page.url for page in Page.objects.live().specific() if page.url}
    of_patterns = {
        "account/^password": [f"/account/password/reset/key/{code}/"],
        "account/^confirm": ["/account/confirm-email/MQ:1:x/"],
        "documents/": [owned["cms/documents/"].url],
        "^media": [owned["cms/images/"].file.url],
        "^((": list(live.values()),
    }

    def fill(place: Place) -> list[str]:
        for start, addresses in of_patterns.items():
            if place.route.startswith(start) and is_pattern(place.route):
                return addresses
        if place.door == "fhir" and is_pattern(place.route):
            return [of_programs(place.view.__name__, keys["patient_id"])]
        if place.door == "cms":
            row = next(row for start, row in owned.items() if place.route.startswith(start))
            if is_pattern(place.route):
                return ["/" + filled_pattern(KEY.sub(str(row.pk), place.route), row.pk)]
            return [filled(place.route, desk_keys(place.route, owned))]
        token = next((one for start, one in tokens.items() if place.route.startswith(start)), "")
        more = {"provider_id": "staff", "key": keys["article_key"], "token": token}
        return [filled(place.route, defaultdict(lambda: "1", keys | more))]

    return fill


def of_programs(view: str, patient: Any) -> str:
    """An address of a resource, a search, or an export."""
    return {
        "begin": "/fhir/$export?_type=Patient",
        "read": f"/fhir/Patient/{patient}",
        "search": f"/fhir/Observation?patient={patient}",
        "search_by_form": f"/fhir/Observation/_search?patient={patient}",
    }[view]


@pytest.fixture
def site(
    cast: dict[str, User | None],
    rows: Rows,
    organization: Any,
    ruth: User,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Site]:
    def unreachable(*handlers: Any) -> None:
        raise OSError("No look-up leaves a test.")

    monkeypatch.setattr(lookup, "build_opener", unreachable)
    site = Site(cast, rows, system_token(clinic_app(ruth)).json()["access_token"])
    logging.disable()  # each refusal is a line there
    yield site
    logging.disable(logging.NOTSET)


@LEAKY
@pytest.mark.parametrize("door", ["", *DOORS])
def test_no_address_answers_odd_requests_with_a_500(site: Site, door: str) -> None:
    chosen, begun = run.chosen, time.monotonic()
    doors = [place.door for place in asked_for(chosen)]
    share = chosen.seconds * doors.count(door) / len(doors)
    until = begun + share if chosen.seconds else float("inf")
    asked = site.sweep(door, chosen, until)
    while asked and chosen.seconds and time.monotonic() < until:
        chosen = chosen._replace(seed=chosen.seed + 1)
        site.sweep(door, chosen, until)
    print(f"{asked} addresses of {door or 'the public site'} were asked")  # noqa: T201 - make fuzz
    if site.faults:
        pytest.fail("\n\n".join(site.faults), pytrace=False)
    assert asked or chosen.only


def test_what_a_view_does_not_expect_is_found_and_printed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(request: HttpRequest) -> HttpResponse:
        return HttpResponse(int(request.GET.get("page") or request.POST.get("size") or 1))

    pattern = next(one for one in get_resolver().url_patterns if str(one.pattern) == "healthz")
    monkeypatch.setattr(pattern, "callback", broken)
    site.sweep("", run.Run(examples=20, only="healthz"), float("inf"))
    asked, posted = site.faults
    assert "ValueError" in asked
    assert "client.generic('GET', '/healthz?page=" in asked
    assert "ValueError" in posted
    assert "client.generic('POST', '/healthz', b'" in posted
    assert "size" in posted
