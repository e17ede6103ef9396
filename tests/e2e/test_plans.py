"""A plan over time: assigned in a few clicks, adapted, seen on both sides, moved on."""

import datetime as dt
import re
import uuid

import pytest

from accounts.permissions import Role
from patients.actions import patients as patient_actions
from programs.actions import sessions
from programs.models import Plan
from tests.conftest import (
    PASSWORD,
    give_login,
    make_clinic,
    make_episode,
    make_patient,
    make_plan,
    make_user,
)
from tests.e2e.conftest import rest
from tests.e2e.test_story import DESK, PHONE, log_in, save, unfold

pytestmark = pytest.mark.e2e


class Counted:
    """Presses what a person would, and counts it."""

    def __init__(self, walker):
        self.walker, self.actions = walker, 0

    def follow(self, name):
        self.actions += 1
        self.walker.follow(name)
        self.walker.look()

    def press(self, name):
        self.actions += 1
        self.walker.press(name)
        self.walker.look()

    def type(self, field, text):
        """One action: a field clicked, typed into and left."""
        self.actions += 1
        field.fill(text)
        save(self.walker.page, field)


@pytest.fixture
def cast(server):
    mark = uuid.uuid4().hex[:8]
    clinic = make_clinic(f"Plans {mark}")
    priya = make_user(clinic, f"Priya{mark}", Role.THERAPIST)
    patients = [make_patient(priya, f"{name}{mark}") for name in ("Ana", "Cleo")]
    for patient in patients:
        make_episode(patient, priya, irritability="moderate")
    return priya, patients


def patient_page(patient, page=""):
    return f"/workspace/patients/{patient.pk}/{page}"


def test_a_plan_is_assigned_in_at_most_five_actions_with_nothing_typed(walkers, cast):
    priya, (ana, cleo) = cast
    walker = walkers(DESK)
    log_in(walker, priya.email)
    walker.go(patient_page(ana))
    counted = Counted(walker)
    counted.follow("Assign a plan")
    assert "protective feeling not lost" in walker.page.content()
    counted.press(re.compile("Use this program.*Tibial"))
    counted.press(f"Activate for {ana.first_name}")
    assert counted.actions <= 5
    assert Plan.objects.active().get(patient=ana).program.code == "P4"
    # The same again for the next patient, with one change.
    walker.go(patient_page(cleo))
    counted = Counted(walker)
    counted.follow("Assign a plan")
    counted.press(re.compile("Use this program.*Tibial"))
    first = walker.page.locator("li.line").first
    counted.type(first.get_by_label("Dosage"), "3x10")
    counted.press(f"Activate for {cleo.first_name}")
    assert counted.actions <= 5
    assert Plan.objects.active().get(patient=cleo).prescriptions.first().sets == 3


def green_sessions(plan, patient, days=14):
    """A good log for two weeks, with every session done."""
    today = patient.clinic.today()
    rows = list(plan.prescriptions.filter(phase__number=1).values_list("pk", flat=True))
    for ago in range(days, -1, -1):
        at = dt.datetime.combine(
            today - dt.timedelta(days=ago), dt.time(12), tzinfo=patient.clinic.zone
        )
        sessions.record(
            session_id=uuid.uuid4(), plan=plan, done=dict.fromkeys(rows, "all"),
            by=patient.user, at=min(at, dt.datetime.now(dt.UTC)), pain_before=2, pain_after=2,
            settled="minute", falls=0,
        )  # fmt: skip


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_adapting_shows_the_change_on_both_sides_and_a_phase_moves_on(walkers, cast, width):
    priya, (ana, _) = cast
    give_login(ana, priya)
    ana.refresh_from_db()
    plan = make_plan(ana.episodes.get(), priya, "P4")
    green_sessions(plan, ana)
    desk, phone = walkers(width), walkers(PHONE)
    log_in(desk, priya.email)
    desk.go(patient_page(ana, "plan/"))
    desk.look()
    desk.press("Adapt plan")
    desk.look()
    page = desk.page
    unfold(page)
    first = page.locator("li.line").first
    first.get_by_label("Dosage").fill("3x10")
    save(page, first.get_by_label("Dosage"))
    page.locator("li.line").nth(1).get_by_role("button", name=re.compile("^Remove")).click()
    page.get_by_role("button", name="Undo: G06 removed").click()
    page.get_by_text("Taken back: G06 removed.").wait_for()
    assert "→ 3×10" in page.locator(".changes").inner_text()
    desk.look()
    page.get_by_label("Why it changes").fill("Settles in minutes.")
    page.get_by_role("button", name="Activate the change").click()
    page.wait_for_load_state()
    desk.look()
    page.get_by_role("row", name=re.compile("^2 ")).get_by_role("link").click()
    page.wait_for_load_state()
    desk.look()
    words = "is now 3 × 10, right, once a day, 5 days a week (it was 2 × 10"
    assert words in page.locator("main").inner_text()
    log_in(phone, ana.user.email)
    phone.look()
    assert words in phone.page.locator("main").inner_text()
    # The gate is met by the log; the therapist moves the patient on.
    desk.go(patient_page(ana, "plan/"))
    assert "Yes, yes, yes." in page.content()
    assert "May move on." in page.content()
    page.get_by_role("button", name="Move on to phase 2").click()
    page.wait_for_load_state()
    desk.look()
    assert "is in phase 2. Seated slides from today." in page.content()
    phone.go("/portal/plan/")
    assert "Seated slides" in phone.page.content()


def test_what_is_typed_while_a_save_is_under_way_is_not_lost(walkers, cast):
    priya, (ana, _) = cast
    draft = make_plan(ana.episodes.get(), priya, "P4", active=False)
    walker = walkers(DESK)
    log_in(walker, priya.email)
    walker.go(f"/workspace/plans/{draft.pk}/")
    page = walker.page
    held = []

    def hold_first(route):
        if held or route.request.method != "POST":
            route.continue_()
        else:
            held.append(route)

    page.route("**/workspace/plans/*/", hold_first)
    unfold(page)
    first, second = (page.locator("li.line").nth(number) for number in (0, 1))
    first.get_by_label("Dosage").fill("3x10")
    with page.expect_request(lambda asked: asked.method == "POST"):
        first.get_by_label("Dosage").press("Tab")
    # The answer is slow. Meanwhile one field is filled and left, and another one is begun.
    first.get_by_label("Note to the patient").fill("Slowly.")
    second.get_by_label("Dosage").fill("4x6")
    second.get_by_label("Note to the patient").press_sequentially("Breathe")
    held[0].continue_()
    rest(page)
    note = second.get_by_label("Note to the patient")
    note.press_sequentially(" out")
    assert note.input_value() == "Breathe out"
    save(page, note)
    rows = list(draft.prescriptions.order_by("phase__number", "order")[:2])
    assert [(row.sets, row.reps, row.note) for row in rows] == [
        (3, 10, "Slowly."),
        (4, 6, "Breathe out"),
    ]


def test_two_therapists_with_one_draft_are_told(walkers, cast):
    priya, (ana, _) = cast
    colm = make_user(priya.clinic, f"Colm{uuid.uuid4().hex[:6]}", Role.THERAPIST)
    patient_actions.join_care_team(patient=ana, therapist=colm, by=priya)
    draft = make_plan(ana.episodes.get(), priya, "P4", active=False)
    one, other = walkers(DESK), walkers(DESK)
    for walker, user in ((one, priya), (other, colm)):
        log_in(walker, user.email)
        walker.go(f"/workspace/plans/{draft.pk}/")
    for walker, words in ((one, "4x4"), (other, "5x5")):
        field = walker.page.locator("li.line").first.get_by_label("Dosage")
        field.fill(words)
        save(walker.page, field)
    other.page.get_by_text("changed this draft meanwhile").wait_for()
    assert draft.prescriptions.first().sets == 4
    one.page.get_by_role("button", name=re.compile("^Activate for")).click()
    one.page.get_by_text("The plan is active").wait_for()
    other.page.get_by_role("button", name=re.compile("^Activate for")).click()
    other.page.get_by_text("activated this version").wait_for()


def test_a_pause_a_paper_sheet_and_the_end(walkers, cast):
    priya, (ana, _) = cast
    give_login(ana, priya)
    ana.refresh_from_db()
    make_plan(ana.episodes.get(), priya, "P4")
    desk, phone = walkers(DESK), walkers(PHONE)
    log_in(phone, ana.user.email, PASSWORD)
    phone.go("/portal/paper/")
    phone.look()
    phone.page.locator(".day-box input").first.check()
    phone.press("Store what is ticked")
    phone.look()
    assert "1 session stored" in phone.page.content()
    log_in(desk, priya.email)
    desk.go(patient_page(ana, "sessions/"))
    assert "From paper" in desk.page.content()
    desk.go(patient_page(ana, "plan/"))
    desk.page.get_by_text("Pause: holiday").click()
    desk.page.get_by_label("Why").select_option("holiday")
    desk.press(re.compile("^Pause the plan"))
    desk.look()
    phone.go("/portal/")
    phone.look()
    assert "Your plan is paused" in phone.page.content()
    desk.press("Go on from today")
    for page in ("plan/day/", "plan/copy/", "plan/assign/", "paper/"):
        desk.go(patient_page(ana, page))
        desk.look()
    desk.go(patient_page(ana, "plan/end/"))
    desk.look()
    desk.page.get_by_label("Outcome").select_option("improved")
    desk.press(re.compile("^End the plan"))
    desk.look()
    phone.go("/portal/")
    assert "Your plan has ended" in phone.page.content()
