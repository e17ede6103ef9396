"""The plan of a patient in the workspace: assign, decide, pause, copy, end, look back."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programs.actions import pauses, phases, plans, prescriptions, sessions
from programs.models import Exercise, PhaseStart, Plan, Program, Session
from tests.conftest import OF_THE_WALL, client_of, make_episode, make_patient, make_plan

pytestmark = pytest.mark.django_db


def url(patient, page="plan/"):
    return f"/workspace/patients/{patient.pk}/{page}"


def read(client, address, **data):
    answer = client.get(address, data)
    assert answer.status_code == 200
    return answer.content.decode()


def do(plan, ana, **answers):
    return sessions.record(
        session_id=uuid.uuid4(), plan=plan, done={plan.prescriptions.first().pk: "all"},
        by=ana.user, **answers,
    )  # fmt: skip


def test_suggestions_stand_first_with_their_reason_and_nothing_is_hidden(as_priya, episode, ana):
    page = read(as_priya, url(ana, "plan/assign/"))
    assert page.index("Suggested") < page.index("P4 Tibial") < page.index("All others")
    assert "tibial or plantar nerve" in page
    for code in ("P1", "P2", "P3", "P4", "P5", "P6"):
        assert f'id="p-{code}"' in page


def test_two_programs_are_assigned_together(as_priya, episode, ana):
    first, second = (Program.objects.get(code=code) for code in ("P4", "P6"))
    as_priya.post(url(ana, "plan/assign/"), {"program": first.uuid, "second": second.uuid})
    assert Plan.objects.get().programs == [first, second]


def test_a_favorite_is_put_first_and_taken_off(as_priya, episode, ana):
    program = Program.objects.get(code="P2")
    for words in ("Your favorites", None):
        as_priya.post(url(ana, "plan/favorite/"), {"program": program.uuid})
        page = read(as_priya, url(ana, "plan/assign/"))
        assert ("Your favorites" in page) is bool(words)


def test_the_gate_is_shown_with_its_evidence_and_a_suggestion(as_priya, plan, ana):
    for _ in range(3):
        do(plan, ana, pain_before=1, pain_after=1)
    page = read(as_priya, url(ana))
    assert "last 3 sessions green" in page
    assert "Yes, yes, yes." in page
    assert "Your judgment." in page  # 'chair stand steady' is not in the log
    assert "May move on." in page


def test_the_therapist_moves_holds_and_goes_back_with_a_reason(as_priya, plan, ana):
    numbers = {phase.number: phase.pk for phase in plan.phases.all()}
    for number, move in ((2, "progress"), (2, "hold"), (1, "regress")):
        page = as_priya.post(
            url(ana, "plan/phase/"), {"phase": numbers[number], "reason": "Seen today."},
            follow=True,
        )  # fmt: skip
        assert f"is in phase {number}." in page.content.decode()
        newest = PhaseStart.objects.order_by("at").last()
        assert (newest.move, newest.reason) == (move, "Seen today.")


def test_a_phase_of_an_older_version_is_refused_with_a_sentence(as_priya, plan, ana, priya):
    plans.activate(plan=plans.adapt(plan=plan, by=priya, reason="A step further."), by=priya)
    page = as_priya.post(url(ana, "plan/phase/"), {"phase": plan.phases.last().pk}, follow=True)
    assert b"Only the active plan has a current phase" in page.content


def test_pause_and_go_on(as_priya, plan, ana):
    today = ana.clinic.today()
    page = as_priya.post(
        url(ana, "plan/pause/"), {"why": "holiday", "first": today.isoformat(), "last": ""},
        follow=True,
    ).content.decode()  # fmt: skip
    assert "<strong>Paused</strong>" in page
    page = as_priya.post(url(ana, "plan/resume/"), follow=True).content.decode()
    assert "<strong>Paused</strong>" not in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"why": "", "first": "2026-01-01"}, "This field is required"),
        ({"why": "holiday", "first": "2020-01-01"}, "today or a later day"),
        ({"why": "holiday", "first": "2100-01-05", "last": "2100-01-01"}, "comes before"),
        ({"why": "holiday", "first": "soon"}, "valid date"),
    ],
)
def test_a_pause_that_can_not_be_is_said_beside_its_field(as_priya, plan, ana, data, words):
    page = as_priya.post(url(ana, "plan/pause/"), data | {"note": "Keep me."})
    assert words in page.content.decode()
    assert b"Keep me." in page.content


def test_ending_asks_the_outcome_and_keeps_the_edited_summary(as_priya, plan, ana):
    page = read(as_priya, url(ana, "plan/end/"))
    assert "version 1 of the plan, “Numb feet starter”" in page
    refused = as_priya.post(url(ana, "plan/end/"), {"outcome": "", "summary": "Mine."})
    assert b"required" in refused.content
    assert b"Mine." in refused.content
    as_priya.post(url(ana, "plan/end/"), {"outcome": "goals_met", "summary": "Mine.",
                                          "close": "on"})  # fmt: skip
    plan.refresh_from_db()
    assert (plan.status, plan.outcome) == ("ended", "goals_met")
    plan.episode.refresh_from_db()
    assert (plan.episode.outcome, plan.episode.summary) == ("goals_met", "Mine.")
    assert "Mine." in read(as_priya, url(ana, "record/"))


def test_closing_without_an_active_plan_keeps_the_summary(as_priya, plan, ana, priya):
    plans.end(plan=plan, by=priya, outcome="improved")
    as_priya.post(url(ana, "plan/end/"), {"outcome": "improved", "summary": "All told.",
                                          "close": "on"})  # fmt: skip
    assert "All told." in read(as_priya, url(ana, "record/"))


def test_ending_only_the_plan_leaves_the_episode_open(as_priya, plan, ana):
    as_priya.post(url(ana, "plan/end/"), {"outcome": "no_change", "summary": "So far."})
    assert "So far." in read(as_priya, url(ana, f"plan/{plan.pk}/"))
    plan.episode.refresh_from_db()
    assert plan.episode.closed_at is None
    again = as_priya.post(url(ana, "plan/end/"), {"outcome": "no_change", "summary": ""})
    assert b"There is no active plan to end" in again.content


def test_what_was_seen_on_a_day(as_priya, plan, ana, priya):
    draft = plans.adapt(plan=plan, by=priya, reason="Less, as agreed.")
    draft.prescriptions.filter(exercise__code="G01").update(included=False)
    plans.activate(plan=draft, by=priya)
    do(plan, ana, pain_before=1)
    yesterday = ana.clinic.today() - dt.timedelta(days=1)
    page = read(as_priya, url(ana, "plan/day/"), day=yesterday.isoformat())
    assert "version 1" in page
    assert "version 2" not in page
    assert ">G01<" in page
    page = read(as_priya, url(ana, "plan/day/"))
    assert "version 1" in page  # until this moment
    assert "version 2" in page
    before = ana.clinic.today() - dt.timedelta(days=365)
    assert "No plan was in force" in read(as_priya, url(ana, "plan/day/"), day=before.isoformat())


@pytest.mark.parametrize("day", ["", "soon", "0001-01-01", "9999-12-31", "2026-02-30", "%00"])
def test_a_day_that_is_none_shows_a_page_all_the_same(as_priya, plan, ana, day):
    read(as_priya, url(ana, "plan/day/"), day=day)


def test_a_version_shows_what_it_changed_on_both_sides(as_priya, plan, ana, priya, as_ana):
    draft = plans.adapt(plan=plan, by=priya)
    prescriptions.change(prescription=draft.prescriptions.first(), by=priya, sets=3)
    active = plans.activate(plan=draft, by=priya, reason="Settles in minutes.")
    page = read(as_priya, url(ana, f"plan/{active.pk}/"))
    assert "Settles in minutes." in page
    assert "→ 3×10" in page
    words = "is now 3 × 10, right, once a day, 6 days a week"
    assert words in page
    assert words in read(as_ana, "/portal/")
    assert "Settles in minutes." not in read(as_ana, "/portal/")


def test_copying_to_another_patient(as_priya, plan, ana, priya):
    cleo = make_patient(priya, "Cleo")
    other = make_episode(cleo, priya)
    assert "Copy to Cleo" in read(as_priya, url(ana, "plan/copy/"))
    assert "Copy to Cleo" not in read(as_priya, url(ana, "plan/copy/"), q="Nobody")
    answer = as_priya.post(url(ana, "plan/copy/"), {"episode": other.pk})
    assert answer.url == f"/workspace/plans/{Plan.objects.get(patient=cleo).pk}/"


def test_a_copy_goes_to_nobody_the_therapist_does_not_see(as_priya, plan, ana, colm, bert):
    theirs = make_episode(bert, colm)
    assert "Bert" not in read(as_priya, url(ana, "plan/copy/"))
    answer = as_priya.post(url(ana, "plan/copy/"), {"episode": theirs.pk})
    assert answer.status_code == 404
    assert not Plan.objects.filter(patient=bert).exists()


def bulk_data(*plans_, **changed):
    data = {"what": "dosage", "dosage": "3x10", "reason": "All are steady.",
            "exercise": Exercise.objects.get(code="B01").pk}  # fmt: skip
    return data | {"plans": [plan.pk for plan in plans_]} | changed


def test_one_change_for_several_is_shown_for_each_first(as_priya, plan, priya, ana):
    cleo = make_plan(make_episode(make_patient(priya, "Cleo"), priya), priya)
    address = f"/workspace/programs/{Program.objects.get(code='P1').uuid}/patients/"
    assert "Cleo Reyes" in read(as_priya, address)
    shown = as_priya.post(address, bulk_data(plan, cleo)).content.decode()
    assert shown.count("→ 3×10") == 2
    assert Plan.objects.count() == 2
    shown = as_priya.post(address, bulk_data(cleo))
    # Whatever is typed after the preview, what was shown is made.
    data = bulk_data(plan, cleo, dosage="1x3", apply=shown.context["preview"])
    done = as_priya.post(address, data, follow=True).content.decode()
    assert "Cleo Reyes: changed, and active now." in done
    now = Plan.objects.active().get(patient=cleo.patient)
    assert set(now.prescriptions.filter(exercise__code="B01").values_list("sets")) == {(3,)}
    assert Plan.objects.active().get(patient=ana).version == 1


def test_nothing_is_made_of_a_preview_that_is_not_ones_own(as_priya, plan, priya, colm):
    address = f"/workspace/programs/{Program.objects.get(code='P1').uuid}/patients/"
    kept = as_priya.post(address, bulk_data(plan)).context["preview"]
    for token in ("yes", "", kept[:-3]):
        page = as_priya.post(address, {"apply": token}, follow=True).content.decode()
        assert "Nothing was changed" in page
    client_of(colm).post(address, {"apply": kept})
    assert Plan.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"plans": []}, "at least one patient"), ({"dosage": ""}, "Write the new dosage"),
     ({"what": "swap"}, "in its place"), ({"reason": ""}, "required")],
)  # fmt: skip
def test_a_bulk_change_that_is_not_whole_is_said(as_priya, plan, changed, words):
    address = f"/workspace/programs/{Program.objects.get(code='P1').uuid}/patients/"
    page = as_priya.post(address, bulk_data(plan) | changed).content.decode()
    assert words in page
    assert Plan.objects.count() == 1


def test_a_bulk_change_reaches_only_patients_one_sees(as_priya, plan, colm, bert):
    theirs = make_plan(make_episode(bert, colm), colm)
    address = f"/workspace/programs/{Program.objects.get(code='P1').uuid}/patients/"
    assert "Bert" not in read(as_priya, address)
    page = as_priya.post(address, bulk_data(theirs))
    assert page.status_code == 200
    assert page.context["results"] == []
    assert Plan.objects.active().get(patient=bert).version == 1
    assert "Bert" in read(client_of(colm), address)


def paper_data(ana, ago, codes, **more):
    day = (ana.clinic.today() - dt.timedelta(days=ago)).isoformat()
    return {f"tick-{day}": codes, f"id-{day}": str(uuid.uuid4()),
            **{f"{name}-{day}": value for name, value in more.items()}}  # fmt: skip


def all_ids(ana):
    data = {}
    for ago in range(7):
        data |= paper_data(ana, ago, [])
    return data


@pytest.mark.parametrize("door", ["workspace", "portal"])
def test_a_paper_sheet_is_entered_by_either(as_priya, as_ana, plan, ana, priya, door):
    client, by = (as_priya, priya) if door == "workspace" else (as_ana, ana.user)
    address = url(ana, "paper/") if door == "workspace" else "/portal/paper/"
    assert "Pain after" in read(client, address)
    data = all_ids(ana) | paper_data(ana, 2, ["G01"], pain="4")
    answer = client.post(address, data)
    assert answer.status_code == 302
    session = Session.objects.get()
    assert (session.entered_by, session.source, session.pain_after) == (by, "paper", 4)
    page = read(as_priya, url(ana, "sessions/"))
    assert "From paper" in page
    assert str(by) in page


@pytest.mark.parametrize(
    ("more", "words"), [({}, "Tick at least one"), ({"pain": "11"}, "less than or equal to 10"),
                        ({"pain": "much"}, "number from 0 to 10")],
)  # fmt: skip
def test_a_paper_sheet_with_a_slip_keeps_what_was_ticked(as_priya, plan, ana, more, words):
    page = as_priya.post(url(ana, "paper/"), all_ids(ana) | paper_data(ana, 1, [], **more))
    assert words in page.content.decode()
    assert not Session.objects.exists()


def count(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries) - OF_THE_WALL


def test_queries_of_the_plan_page_do_not_grow(as_priya, plan, ana, priya):
    assert count(as_priya, url(ana)) == 11
    for _ in range(3):
        newest = Plan.objects.active().select_related("episode", "clinic").get(patient=ana)
        do(newest, ana, pain_before=1)
        pauses.pause(plan=newest, why="flare", by=priya)
        pauses.resume(plan=newest, by=priya)
        phases.start(phase=newest.phases.last(), by=priya, reason="Steady in the clinic.")
        plans.activate(plan=plans.adapt(plan=newest, by=priya, reason="A step further."), by=priya)
    assert count(as_priya, url(ana)) == 11


def test_queries_of_the_other_pages(as_priya, plan, ana):
    assert count(as_priya, url(ana, "plan/day/")) == 13
    assert count(as_priya, url(ana, f"plan/{plan.pk}/")) == 10
    assert count(as_priya, url(ana, "plan/assign/")) == 12
    assert count(as_priya, url(ana, "paper/")) == 8


def test_a_phase_moved_at_midday_shows_both(as_priya, plan, ana, priya):
    phases.start(phase=plan.phases.get(number=2), by=priya, reason="Steady in the clinic.")
    page = read(as_priya, url(ana, "plan/day/"))
    assert page.count("version 1, phase") == 2
    assert "Steady in the clinic." in read(as_priya, url(ana, f"plan/{plan.pk}/"))


def test_what_was_due_before_a_change_is_not_a_rest_day(as_priya, plan, ana, priya):
    plans.activate(plan=plans.adapt(plan=plan, by=priya, reason="Same again."), by=priya)
    record = as_priya.get(url(ana, "plan/day/")).context["record"]
    earlier, later = record.shown
    assert len(earlier.due) == len(later.due)
    is_day_of_rest = ana.clinic.today().weekday() == 6
    assert bool(later.due) != is_day_of_rest


def test_a_day_on_which_the_plan_was_stopped_says_so(as_priya, plan, ana, priya):
    assert "Stopped" not in read(as_priya, url(ana, "plan/day/"))
    do(plan, ana, new_signs=["chest"])
    page = read(as_priya, url(ana, "plan/day/"))
    assert "read “do no exercises for now”" in page
    later = ana.clinic.today() + dt.timedelta(days=1)
    assert "Stopped all day" in read(as_priya, url(ana, "plan/day/"), day=later.isoformat())


def test_the_gate_is_kept_with_the_decision(as_priya, plan, ana):
    do(plan, ana, pain_before=1, pain_after=1)
    second = plan.phases.get(number=2)
    as_priya.post(url(ana, "plan/phase/"), {"phase": second.pk, "reason": "Steady\x00 now."})
    kept = PhaseStart.objects.get(move="progress")
    assert kept.reason == "Steady now."
    assert "1 so far: yes." in [tick["evidence"] for tick in kept.evidence]
    assert "The gate as it stood" in read(as_priya, url(ana, f"plan/{plan.pk}/"))


def test_a_pause_to_come_is_shown_and_taken_back(as_priya, plan, ana, priya):
    first = ana.clinic.today() + dt.timedelta(days=9)
    pause = pauses.pause(plan=plan, why="holiday", by=priya, first=first)
    assert "Pause to come" in read(as_priya, url(ana))
    as_priya.post(url(ana, "plan/pause/withdraw/"), {"pause": pause.pk})
    assert "Pause to come" not in read(as_priya, url(ana))
    assert as_priya.post(url(ana, "plan/pause/withdraw/"), {"pause": pause.pk}).status_code == 404
