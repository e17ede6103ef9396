"""The composer says what is about the patient, once, and nothing that the house itself causes."""

import re
import uuid

import pytest

from programs.actions import sessions
from programs.models import Alert, Program, ProgressForm
from programs.plans import composing
from programs.plans.suggestions import RULES
from tests.conftest import make_episode, make_plan

pytestmark = pytest.mark.django_db

# Whom each starter program is meant for (brief 3.2), and what of them the gates have to say.
MANY = {"cause": "diabetes", "nerves": ["many"], "side": "both"}
HELPER = "Brief 1.6, point 3"
MEANT_FOR = {
    "P1": ({}, set()),
    "P2": ({"irritability": "high"}, {"Brief 3.1", "Brief 3.2"}),
    "P3": ({**MANY, "sensation": "lost"}, {"Brief 2.4, boyd2010", HELPER}),
    "P4": ({"nerves": ["tibial"]}, {HELPER}),
    "P5": ({"nerves": ["superficial_fibular"]}, {"Brief 3.2"}),
    "P6": ({"fall_risk": "high", "falls_12_months": 2}, {HELPER}),
    "P7": ({**MANY, "foot_risk": 1}, {"Brief 3.2"}),
}


@pytest.fixture
def draft_of(ana, priya):
    def make(code):
        return make_plan(make_episode(ana, priya, **MEANT_FOR[code][0]), priya, code, active=False)

    return make


@pytest.mark.parametrize("code", MEANT_FOR)
def test_a_starter_program_says_nothing_that_the_house_causes(code, draft_of, priya):
    plan = draft_of(code)
    assert all(one.holds(plan.episode) for one in RULES[code])
    draft = composing.load(plan, priya)
    lines = [line for part in draft.phases for line in part.lines]
    found = [*draft.findings, *(one for line in lines for one in line.findings)]
    assert {one.level for one in found} <= {"note"}
    assert {one.source for one in found} <= MEANT_FOR[code][1]
    assert draft.stops == []


@pytest.mark.parametrize("code", MEANT_FOR)
def test_what_is_equal_is_said_once_in_a_phase(code, draft_of, priya):
    for part in composing.load(draft_of(code), priya).phases:
        said = [one.finding for one in part.notices] + [
            one for line in part.lines for one in line.own
        ]
        assert len(said) == len(set(said))
        of_lines = {(line.number, one) for line in part.lines for one in line.findings}
        told = {(line.number, one.finding) for one in part.notices for line in one.lines}
        told |= {(line.number, one) for line in part.lines for one in line.own}
        assert told == of_lines


def test_the_falls_program_says_four_notices_in_all(as_priya, draft_of):
    """One a phase, and one for what needs a helper whoever does it; it was two a line."""
    page = as_priya.get(f"/workspace/plans/{draft_of('P6').pk}/").content.decode()
    assert page.count('class="notice') == 4
    first = page[page.index('class="notice') :]
    assert re.findall(r">(B\d\d)</a>", first[: first.index("</div>")]) == [
        "B02", "B04", "B05", "B06",
    ]  # fmt: skip


def test_equal_stops_are_one_thing_to_settle(as_priya, ana, priya):
    alone = make_episode(ana, priya, falls_12_months=1, helper_at_home=False)
    plan = make_plan(alone, priya, "P6", active=False)
    plan.prescriptions.update(included=True)  # off until a reason is typed
    draft = composing.load(plan, priya)
    assert [len(one.lines) for one in draft.stops] == [10, 2]
    page = as_priya.get(f"/workspace/plans/{plan.pk}/").content.decode()
    assert "2 things to settle first" in page
    assert page.count("4 to settle") == 3


@pytest.mark.parametrize("page", ["plan/assign/", "plan/", "", "check-ins/", "record/", "episode/"])
def test_no_key_of_a_source_and_no_section_of_the_brief_is_on_a_page(as_priya, plan, ana, page):
    shown = as_priya.get(f"/workspace/patients/{ana.pk}/{page}").content.decode()
    assert not re.search(r"\b[a-z]{4,}(19|20)\d\d\b|Brief \d", shown)


def test_a_composer_names_its_sources_in_words(as_priya, ana, priya):
    numb = make_episode(ana, priya, sensation="lost", irritability="high")
    plan = make_plan(numb, priya, "P4", active=False)
    page = as_priya.get(f"/workspace/plans/{plan.pk}/").content.decode()
    assert "(Boyd et al 2010)" in page
    assert not re.search(r"\b[a-z]{4,}(19|20)\d\d\b|Brief \d", page)


def test_no_program_and_no_screen_names_a_source_by_its_key(as_priya, episode, ana):
    for program in Program.objects.filter(clinic=None):
        page = as_priya.get(f"/workspace/programs/{program.uuid}/").content.decode()
        assert not re.search(r"\b[a-z]{4,}(19|20)\d\d\b", page), program
    screen = as_priya.get(f"/workspace/patients/{ana.pk}/red-flags/").content.decode()
    assert not re.search(r"\b[a-z]{4,}(19|20)\d\d\b", screen)


def test_an_alert_is_named_not_coded(as_priya, ana, plan):
    sessions.record(session_id=uuid.uuid4(), plan=plan, done={}, by=ana.user, falls=1)
    alert = Alert.objects.get(rule="A7")
    assert str(alert) == alert.message
    for page in (f"alerts/{alert.pk}/", f"patients/{ana.pk}/"):
        shown = as_priya.get(f"/workspace/{page}").content.decode()
        assert "fall or near-falls" in shown
        assert not re.search(r"[( ]A7\b", shown)


def test_no_two_forms_have_one_name(as_priya, draft):
    names = [form.name for form in ProgressForm.objects.filter(clinic=None)]
    assert len(names) == len(set(names))
    page = as_priya.get(f"/workspace/plans/{draft.pk}/").content.decode()
    assert "Your weekly check-in: four symptoms" in page
    assert "(weekly)" not in page
