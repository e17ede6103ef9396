import datetime as dt
import uuid

import pytest
from django.utils import timezone

from patients.actions import episodes
from programs.actions import alerts, phases, plans, prescriptions, sessions
from programs.models import Alert, CheckIn, ExerciseLog, Measure, ProgressForm, Session
from programs.progress import of_patient
from tests.conftest import (
    OF_THE_WALL,
    client_of,
    form_of,
    make_episode,
    make_plan,
)

pytestmark = pytest.mark.django_db


def session_url(plan, session_id=None):
    return f"/portal/session/{plan.pk}/{session_id or uuid.uuid4()}/"


def check_in_url(plan, check_in_id=None):
    due = plan.forms.filter(phase__number=1).get()
    return f"/portal/check-in/{due.pk}/{check_in_id or uuid.uuid4()}/"


ANSWERS = {
    "pain_before": "3",
    "pain_after": "2",
    "effort": "4",
    "settled": "minute",
    "feelings": ["tingling", "cold"],
    "skin_check": "fine",
    "falls": "0",
    "near_falls": "0",
    "new_signs": ["none"],
    "note": "Went well.",
}


@pytest.fixture
def pages(plan):
    return ["/portal/", "/portal/plan/", "/portal/progress/", session_url(plan), check_in_url(plan)]


def test_only_the_patient_enters(pages, ana, bert, priya, colm, olive, ruth, ed):
    for page in pages:
        assert client_of(ana.user).get(page).status_code == 200, page
        assert client_of(None).get(page).status_code == 302, page
        for staff in (priya, colm, olive, ruth, ed):
            assert client_of(staff).get(page).status_code == 404, page


def test_another_patients_plan_session_and_check_in_do_not_exist(plan, ana, bert):
    session = sessions.record(session_id=uuid.uuid4(), plan=plan, done={}, by=ana.user)
    client = client_of(bert.user)
    for page in (session_url(plan), check_in_url(plan), f"/portal/session/{session.pk}/done/"):
        assert client.get(page).status_code == 404, page
        assert client.post(page, ANSWERS).status_code == 404, page


@pytest.mark.parametrize("page", ["session/x/y/", "session/1/2/", "check-in/a/b/", "nothing/"])
def test_a_malformed_address_is_404(as_ana, page):
    assert as_ana.get(f"/portal/{page}").status_code == 404


def test_a_draft_is_not_shown(as_ana, draft):
    assert b"putting your plan together" in as_ana.get("/portal/").content
    assert as_ana.get(session_url(draft)).status_code == 404


def test_today_shows_what_how_much_and_the_emergency_line(as_ana, plan, priya):
    content = as_ana.get("/portal/plan/").content.decode()
    assert "Look up, kick out" in content
    assert "2 × 10, right" in content
    assert "A firm counter, sink or rail" in content
    for page in ("/portal/", "/portal/plan/", "/portal/progress/"):
        content = as_ana.get(page).content.decode()
        assert "not watched all day" in content
        assert "911" in content
        assert "555-0134" in content


def test_a_session_is_stored_with_its_answers(as_ana, plan):
    one = uuid.uuid4()
    form = as_ana.get(session_url(plan, one)).context["form"]
    done = {one.done.html_name: "all" for one in form.exercises}
    answer = as_ana.post(session_url(plan, one), ANSWERS | done)
    assert answer.url == f"/portal/session/{one}/done/"
    stored = Session.objects.get(pk=one)
    assert (stored.pain_before, stored.pain_after, stored.effort) == (3, 2, 4)
    assert stored.feelings == ["tingling", "cold"]
    assert stored.new_signs == []
    assert (stored.falls, stored.near_falls, stored.fall_injury) == (0, 0, None)
    assert ExerciseLog.objects.filter(session=stored, done="all").count() == len(done)
    assert b"took it well" in as_ana.get(answer.url).content


def test_an_empty_form_is_stored_as_not_answered(as_ana, plan):
    one = uuid.uuid4()
    as_ana.post(session_url(plan, one), {})
    stored = Session.objects.get(pk=one)
    assert stored.pain_before is stored.effort is stored.falls is stored.new_signs is None
    assert set(stored.exercise_logs.values_list("done", flat=True)) == {""}


def test_sent_twice_it_is_stored_once_and_the_back_button_leads_on(as_ana, plan):
    one = uuid.uuid4()
    for _ in range(2):
        assert as_ana.post(session_url(plan, one), ANSWERS).status_code == 302
    assert Session.objects.count() == 1
    assert as_ana.get(session_url(plan, one)).url == f"/portal/session/{one}/done/"


def test_other_answers_under_the_same_id_are_a_correction_and_raise_their_alert(as_ana, ana, plan):
    """A second tab of the same session: what was ticked there is never dropped."""
    one = uuid.uuid4()
    for answers in (ANSWERS, ANSWERS | {"new_signs": "chest"}, ANSWERS | {"new_signs": "chest"}):
        assert as_ana.post(session_url(plan, one), answers).status_code == 302
    first, second = Session.objects.order_by("received_at")
    assert (first.pk, second.replaces_id, second.new_signs) == (one, one, ["chest"])
    assert Alert.objects.get(patient=ana, severity="critical").session == second
    # The first one again is known, too, and takes nothing back.
    as_ana.post(session_url(plan, one), ANSWERS)
    assert Session.objects.count() == 2
    # A third one corrects the newest.
    as_ana.post(session_url(plan, one), ANSWERS | {"new_signs": "dizzy"})
    assert Session.objects.current().get(patient=ana).new_signs == ["dizzy"]


@pytest.mark.parametrize(
    "changed",
    [
        {"pain_before": "11"},
        {"pain_before": "-1"},
        {"settled": "sometime"},
        {"falls": "99"},
        {"note": "x" * 2001},
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_the_rest(as_ana, plan, changed):
    page = as_ana.post(session_url(plan), ANSWERS | changed)
    assert page.status_code == 200
    assert b"Nothing you typed is lost" in page.content
    assert b"field-error" in page.content
    assert page.content.count(b"checked") >= 5
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"new_signs": ["stroke"]}, b"Call 911 now"),
        ({"new_signs": ["weakness"]}, b"Call your clinic today: 555-0134"),
        ({"skin_check": "changed"}, b"Keep weight off the foot"),
        ({"falls": "1"}, b"Leave out standing exercises"),
        ({"pain_before": "2", "pain_after": "7"}, b"Leave out slides and stretches until"),
        ({"pain_before": "1", "pain_after": "4", "settled": "minute"}, b"a bit much"),
    ],
)
def test_advice_comes_at_once(as_ana, plan, answers, words):
    page = as_ana.post(session_url(plan), answers, follow=True)
    assert words in page.content


GREEN_WORDS = ["took it well", "Go on as planned", "notice--success"]


def test_who_cannot_feel_and_did_not_look_reads_no_green_words(as_ana, plan, episode, priya):
    episodes.change_episode(episode=episode, by=priya, sensation="lost")
    answers = ANSWERS | {"near_falls": "0", "skin_before": "not_done", "skin_check": "not_done"}
    page = as_ana.post(session_url(plan), answers, follow=True).content.decode()
    assert not [words for words in GREEN_WORDS if words in page]
    assert "look at both feet now" in page
    looked = answers | {"skin_before": "fine", "skin_check": "fine"}
    page = as_ana.post(session_url(plan), looked, follow=True).content.decode()
    assert "Numb feet may not tell you of harm" in page


def test_a_near_fall_and_a_hard_session_are_both_named(as_ana, plan):
    answers = ANSWERS | {"near_falls": "1", "effort": "10"}
    page = as_ana.post(session_url(plan), answers, follow=True).content.decode()
    assert not [words for words in GREEN_WORDS if words in page]
    assert "You nearly fell" in page
    assert "very hard for you" in page


def test_a_sign_wins_over_none_of_these(as_ana, plan):
    page = as_ana.post(session_url(plan), {"new_signs": ["none", "stroke"]}, follow=True)
    assert b"Call 911 now" in page.content
    assert Session.objects.get().new_signs == ["stroke"]


@pytest.mark.parametrize("sign", ["stroke", "weakness"])
def test_an_alarming_answer_stops_the_day_until_a_therapist_has_looked(as_ana, plan, priya, sign):
    as_ana.post(session_url(plan), {"new_signs": [sign]})
    assert as_ana.get("/portal/").context["today"].state == "stopped"
    for alert in Alert.objects.all():
        alerts.acknowledge(
            alert=alert, response="Seen at the hospital, cleared.", ending="not_so", by=priya
        )
    assert as_ana.get("/portal/").context["today"].state != "stopped"


def test_a_check_in_without_any_answer_is_not_done(as_ana, plan):
    page = as_ana.post(check_in_url(plan), {"note": ""})
    assert b"Answer at least one question" in page.content
    assert not CheckIn.objects.exists()


def test_every_exercise_of_a_session_has_its_stop(as_ana, plan):
    page = as_ana.get(session_url(plan))
    exercises = len(page.context["form"].prescriptions)
    assert (
        page.content.count(b"Stop: something is wrong") == exercises + 1
    )  # and of the player, on each screen


def test_an_alert_reaches_the_care_team(as_ana, plan, priya):
    as_ana.post(session_url(plan), {"new_signs": ["chest"]})
    assert Alert.objects.visible_to(priya).get().severity == "critical"


def test_a_red_flag_stops_the_day(as_ana, plan, episode, priya):
    episodes.record_screen(episode=episode, present=["new_weakness"], by=priya)
    for page in ("/portal/", "/portal/plan/"):
        content = as_ana.get(page).content
        assert b"no exercises for now" in content
        assert b"Look up, kick out" not in content


def test_an_old_tab_shows_no_exercise_after_a_stop(as_ana, plan, episode, priya):
    episodes.record_screen(episode=episode, present=["stroke"], by=priya)
    assert as_ana.get(session_url(plan)).url == "/portal/"
    # What was done before is still taken, and answered with the stop.
    page = as_ana.post(session_url(plan), ANSWERS, follow=True)
    assert b"no exercises for now" in page.content
    assert Session.objects.count() == 1


def test_an_old_tab_shows_no_exercise_after_the_end(as_ana, plan, priya):
    plans.end(plan=plan, by=priya)
    assert as_ana.get(session_url(plan)).url == "/portal/"


def test_an_ended_plan_says_so(as_ana, plan, priya):
    plans.end(plan=plan, by=priya)
    assert b"Your plan has ended" in as_ana.get("/portal/").content


def test_a_plan_of_next_week_says_when(ana, as_ana, priya, episode):
    draft = make_plan(episode, priya, active=False)
    plans.change(plan=draft, by=priya, starts_on=ana.clinic.today() + dt.timedelta(days=7))
    plans.activate(plan=draft, by=priya)
    assert b"Your plan starts" in as_ana.get("/portal/").content


def test_a_check_in_is_stored_once_and_names_come_back(as_ana, plan):
    one = uuid.uuid4()
    data = {
        "M2-numb": "5",
        "M2-burning": "0",
        "M4-name_0": "Walk to the shop",
        "M4-score_0": "4",
        "note": "Rainy week.",
    }
    for _ in range(2):
        assert as_ana.post(check_in_url(plan, one), data).url == "/portal/progress/"
    stored = CheckIn.objects.get()
    assert stored.answers["M2"] == {"numb": 5, "tingling": None, "burning": 0, "stabbing": None}
    assert stored.answers["M4"] == {"activities": [{"name": "Walk to the shop", "score": 4}]}
    assert b"Walk to the shop" in as_ana.get(check_in_url(plan)).content


def test_a_scored_activity_needs_a_name(as_ana, plan):
    page = as_ana.post(check_in_url(plan), {"M4-score_1": "4", "note": "Keep me."})
    assert b"Name the activity" in page.content
    assert b"Keep me." in page.content
    assert not CheckIn.objects.exists()


def test_the_four_symptom_form(as_ana, episode, priya):
    draft = make_plan(episode, priya, active=False)
    four = ProgressForm.objects.filter(code="weekly-four")
    plans.change(plan=draft, forms=four, by=priya)
    plan = plans.activate(plan=draft, by=priya)
    as_ana.post(
        check_in_url(plan), {"M3-burning_strength": "mild", "M3-burning_frequency": "frequent"}
    )
    answers = CheckIn.objects.get().answers["M3"]
    assert answers["burning"] == {"strength": "mild", "frequency": "frequent"}
    assert answers["stabbing"] == {"strength": None, "frequency": None}


def test_progress_shows_lines_a_table_and_weeks(as_ana, plan):
    for pain in ("5", "", "3"):
        as_ana.post(session_url(plan), {"pain_before": pain, "pain_after": "2"})
    content = as_ana.get("/portal/progress/").content.decode()
    assert "<polyline" in content
    assert "not answered" in content
    assert "Sessions, week by week" in content


def test_pain_in_a_form_is_left_to_the_picture_of_sessions_once_there_is_one(ana, as_ana, plan):
    form = form_of(plan)
    for day in (8, 1):
        CheckIn.objects.create(
            patient=ana,
            plan=plan,
            form=form,
            answered_at=timezone.now() - dt.timedelta(days=day),
            answered_on=ana.clinic.today() - dt.timedelta(days=day),
            answers={"M1": {"now": 3, "average": 3, "worst": 5}},
            versions={"M1": Measure.objects.newest()[0].version},
        )
    assert {line.code for line in of_patient.load(ana).charts} == {"M1"}
    as_ana.post(session_url(plan), {"pain_before": "5", "pain_after": "2"})
    assert of_patient.load(ana).charts == []


def test_progress_before_the_first_session(as_ana):
    assert b"Nothing to show yet" in as_ana.get("/portal/progress/").content


@pytest.mark.parametrize("count", [1, 3])
def test_today_costs_the_same_whatever_the_history(as_ana, plan, count, django_assert_num_queries):
    for _ in range(count):
        as_ana.post(session_url(plan), ANSWERS)
    as_ana.get("/portal/")
    with django_assert_num_queries(9 + OF_THE_WALL):
        as_ana.get("/portal/")


def test_portal_says_nothing_of_the_reasons_of_gates(ana, as_ana, priya):
    """What a therapist typed to override a gate is for the record, not for the patient."""
    draft = make_plan(make_episode(ana, priya, irritability="high"), priya, active=False)
    row = draft.prescriptions.get(exercise__code__startswith="T")
    prescriptions.change(
        prescription=row, by=priya, included=True, gate_reason="Anxious, tolerates little."
    )
    plan = plans.activate(plan=draft, by=priya)
    phases.start(phase=plan.phases.get(number=3), by=priya, reason="Steady in the clinic.")
    for page in ("/portal/", "/portal/plan/", session_url(plan)):
        assert b"Anxious" not in as_ana.get(page).content
