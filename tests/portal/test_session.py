"""Stops, skips, corrections, the next morning, and answers that waited on the device."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from programs.actions import corrections, pauses, plans, sessions
from programs.models import Alert, ExerciseLog, Session
from tests.conftest import client_of, make_episode, make_plan
from tests.portal.test_portal import ANSWERS, session_url

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def session(plan, ana):
    rows = {row.pk: "all" for row in plan.phases.get(number=1).prescriptions.all()}
    return sessions.record(
        session_id=uuid.uuid4(), plan=plan, done=rows, by=ana.user, pain_after=7, settled="not_yet"
    )


def correct_url(session, new_id=None):
    return f"/portal/session/{session.pk}/correct/{new_id or uuid.uuid4()}/"


def pages_of(session, plan):
    return [
        f"/portal/session/{session.pk}/done/",
        correct_url(session),
        f"/portal/session/{session.pk}/morning/",
        f"/portal/session/{plan.pk}/",
        session_url(plan),
    ]


# Who may


def test_only_the_patient_reaches_a_session(session, plan, ana, bert, priya, colm, olive, ruth, ed):
    for page in pages_of(session, plan):
        assert client_of(ana.user).get(page).status_code == 200, page
        assert client_of(None).get(page).status_code == 302, page
        for other in (bert.user, priya, colm, olive, ruth, ed):
            assert client_of(other).get(page).status_code == 404, page
            assert client_of(other).post(page, ANSWERS).status_code == 404, page
    assert Session.objects.count() == 1


@pytest.mark.parametrize("page", ["x/correct/", "{0}/correct/x/", "{0}/morning/", "{0}/done/"])
def test_a_malformed_or_missing_session_is_404(as_ana, page):
    assert as_ana.get(f"/portal/session/{page.format(uuid.uuid4())}").status_code == 404


def test_the_connection_says_who_is_logged_in(as_ana, ana, priya):
    known = as_ana.get("/portal/connection/").json()
    assert known["owner"] == str(ana.user.uuid)
    assert len(known["token"]) > 30
    assert client_of(None).get("/portal/connection/").status_code == 302
    assert client_of(priya).get("/portal/connection/").status_code == 404


# What is on screen


def test_a_replaced_version_is_not_shown_but_its_answer_is_taken(as_ana, plan, priya):
    draft = plans.adapt(plan=plan, by=priya, reason="Going well.")
    new = plans.activate(plan=draft, by=priya)
    one = uuid.uuid4()
    assert as_ana.get(session_url(plan, one)).url == "/portal/"
    assert as_ana.get(f"/portal/session/{plan.pk}/").url == "/portal/"
    assert as_ana.get(session_url(new)).status_code == 200
    as_ana.post(session_url(plan, one), ANSWERS)
    assert Session.objects.get().plan_id == plan.pk


def test_a_paused_plan_shows_no_exercise(as_ana, plan, priya):
    pauses.pause(plan=plan, first=plan.clinic.today(), last=None, why="illness", by=priya)
    assert as_ana.get(session_url(plan)).url == "/portal/"


def test_without_protective_sensation_the_skin_comes_first_and_last(as_ana, ana, priya):
    plan = make_plan(make_episode(ana, priya, sensation="lost"), priya, "P3")
    content = as_ana.get(session_url(plan)).content.decode()
    steps = content.split("data-step")
    assert "First, look at your feet" in steps[1]
    assert "Last, look at your feet again" in steps[-1]
    # It has a screen of its own, so it is no tick of the set-up as well.
    assert "I have looked at the skin of both feet." not in content


def test_with_sensation_there_is_no_first_look(as_ana, plan):
    assert b"First, look at your feet" not in as_ana.get(session_url(plan)).content


def test_the_kept_copy_is_the_same_until_something_changes(as_ana, plan):
    page = as_ana.get(f"/portal/session/{plan.pk}/")
    assert b"csrfmiddlewaretoken" not in page.content
    name = page["X-Copy"]
    again = as_ana.get(f"/portal/session/{plan.pk}/?have={name}")
    assert (again.status_code, again.content) == (204, b"")
    assert as_ana.get(f"/portal/session/{plan.pk}/?have=older").status_code == 200


# Stop


def test_a_stop_with_a_sign_raises_its_alert_and_stops_the_day(as_ana, plan):
    data = {"stopped": "on", "new_signs": ["climbing", "tense_leg"]}
    page = as_ana.post(session_url(plan), data, follow=True)
    assert b"Call 911 now" in page.content
    assert set(Alert.objects.values_list("rule", flat=True)) == {"1.9.4", "1.9.5"}
    assert b"no exercises for now" in as_ana.get("/portal/").content


def test_a_stop_without_a_sign_is_looked_at_too(as_ana, plan):
    page = as_ana.post(session_url(plan), {"stopped": "on"}, follow=True)
    assert b"Stop for today and rest" in page.content
    alert = Alert.objects.get()
    assert (alert.rule, alert.severity) == ("STOP", "high")


def test_a_sore_seen_before_the_start_raises_the_alert(as_ana, plan):
    page = as_ana.post(session_url(plan), {"skin_before": "changed"}, follow=True)
    assert b"Keep weight off the foot" in page.content
    assert Alert.objects.get().rule == "A5"


# Skips


def test_a_skip_keeps_its_reason(as_ana, plan):
    form = as_ana.get(session_url(plan)).context["form"]
    first, second, third = form.exercises[:3]
    as_ana.post(
        session_url(plan),
        {
            first.done.html_name: "none",
            first.why.html_name: "hurts",
            second.done.html_name: "all",
            second.why.html_name: "hurts",  # ticked, then done after all
            third.done.html_name: "some",
        },
    )
    found = {log.prescription_id: log.why_not for log in ExerciseLog.objects.all()}
    assert (found[first.row.pk], found[second.row.pk], found[third.row.pk]) == ("hurts", "", "")


# Where it is numb


def test_the_foot_map_is_stored_and_nowhere_is_an_answer(as_ana, plan):
    for ticked, stored in (
        (["L_sole_heel", "R_top_toes"], ["L_sole_heel", "R_top_toes"]),
        (["nowhere"], []),
        ([], None),
    ):
        one = uuid.uuid4()
        as_ana.post(session_url(plan, one), {"numb_regions": ticked})
        assert Session.objects.get(pk=one).numb_regions == stored


def test_a_region_nobody_knows_is_refused(as_ana, plan):
    as_ana.post(session_url(plan), {"numb_regions": ["L_tail"]})
    assert not Session.objects.exists()


# What waited on the device


def test_an_answer_from_the_device_says_where_to_go(as_ana, plan, ana):
    one = uuid.uuid4()
    data = ANSWERS | {"owner": str(ana.user.uuid), "waited": "30"}
    for _ in range(2):
        answer = as_ana.post(session_url(plan, one), data, **JSON)
        assert answer.json() == {"next": f"/portal/session/{one}/done/"}
    assert Session.objects.count() == 1


def test_it_counts_for_the_day_it_was_done(as_ana, plan, ana):
    as_ana.post(session_url(plan), {"waited": str(3 * 86_400)}, **JSON)
    stored = Session.objects.get()
    assert stored.done_on == ana.clinic.today() - dt.timedelta(days=3)
    assert timezone.now() - stored.received_at < dt.timedelta(minutes=5)


@pytest.mark.parametrize(
    ("took", "stored"),
    [("755", 755), ("0", 0), ("10800", 10800), ("10801", None), ("-5", None), ("soon", None),
     ("", None), ("9" * 5_000, None), ("٧", None)],
)  # fmt: skip
def test_how_long_it_took_is_stored_where_it_makes_sense(as_ana, plan, ana, took, stored):
    as_ana.post(session_url(plan), {"took": took}, **JSON)
    assert Session.objects.get().took_seconds == stored


def test_another_length_is_no_other_answer_and_a_correction_keeps_it(as_ana, plan, ana):
    address = session_url(plan, uuid.uuid4())
    for took in ("755", "900"):
        as_ana.post(address, ANSWERS | {"took": took}, **JSON)
    assert Session.objects.get().took_seconds == 755
    as_ana.post(address, ANSWERS | {"effort": "9", "took": "900"}, **JSON)
    assert list(Session.objects.values_list("took_seconds", flat=True)) == [755, 755]


@pytest.mark.parametrize("waited", ["-5", "soon", "", "1e9"])
def test_a_wait_that_makes_no_sense_is_now(as_ana, plan, ana, waited):
    as_ana.post(session_url(plan), {"waited": waited}, **JSON)
    assert timezone.now() - Session.objects.get().done_at < dt.timedelta(minutes=5)


def test_it_is_never_older_than_its_plan(as_ana, plan):
    for number, waited in enumerate([str(10**12), "9" * 5_000], start=1):
        as_ana.post(session_url(plan, uuid.uuid4()), {"waited": waited}, **JSON)
        assert Session.objects.filter(done_at=plan.effective_at).count() == number


def test_answers_belong_to_the_exercises_that_were_on_screen(as_ana, plan):
    """Of another day of the week, and of another phase."""
    rows = list(plan.prescriptions.filter(included=True, phase__number=3))
    data = {"shown": [str(row.pk) for row in rows], f"done_{rows[0].pk}": "all"}
    as_ana.post(session_url(plan), data, **JSON)
    logs = ExerciseLog.objects.all()
    assert {log.prescription_id for log in logs} == {row.pk for row in rows}
    assert logs.get(done="all").prescription_id == rows[0].pk


def test_a_shown_that_is_no_prescription_of_the_plan_is_passed_by(as_ana, plan):
    assert as_ana.post(session_url(plan), {"shown": ["x", str(uuid.uuid4())]}, **JSON).json()[
        "next"
    ]


def test_another_persons_answer_is_not_stored(as_ana, plan, bert):
    data = ANSWERS | {"owner": str(bert.user.uuid)}
    assert as_ana.post(session_url(plan), data, **JSON).status_code == 404
    assert not Session.objects.exists()


def test_bad_answers_from_the_device_are_said_in_json(as_ana, plan):
    answer = as_ana.post(session_url(plan), {"pain_before": "11"}, **JSON)
    assert answer.status_code == 422
    assert "pain_before" in answer.json()["errors"]


def test_a_post_without_a_token_is_refused(ana, plan):
    client = client_of(ana.user)
    client.handler.enforce_csrf_checks = True
    one = uuid.uuid4()
    assert client.post(session_url(plan, one), ANSWERS, **JSON).status_code == 403
    token = client.get("/portal/connection/").json()["token"]
    sent = client.post(session_url(plan, one), ANSWERS, HTTP_X_CSRFTOKEN=token, **JSON)
    assert sent.status_code == 200
    assert Session.objects.count() == 1


# Putting it right


def test_a_correction_replaces_the_entry_and_keeps_it(as_ana, session, ana):
    form = as_ana.get(correct_url(session)).context["form"]
    assert form["pain_after"].value() == 7
    new = uuid.uuid4()
    done = {one.done.html_name: "all" for one in form.exercises}
    for _ in range(2):
        as_ana.post(correct_url(session, new), done | {"pain_after": "2"})
    newer = Session.objects.get(pk=new)
    assert (newer.replaces_id, newer.pain_after, newer.done_at) == (session.pk, 2, session.done_at)
    assert Session.objects.get(pk=session.pk).pain_after == 7
    assert list(Session.objects.current()) == [newer]
    assert Session.objects.current().done_by_day() == {ana.clinic.today(): 1}
    event = AuditEvent.objects.get(action="session.corrected")
    assert event.detail["replaces"] == str(session.pk)


def test_every_address_of_the_old_entry_leads_to_the_new_one(as_ana, session):
    new = uuid.uuid4()
    as_ana.post(correct_url(session, new), {"pain_after": "2"})
    for page in (f"/portal/session/{session.pk}/done/", correct_url(session),
                 f"/portal/session/{session.pk}/morning/"):  # fmt: skip
        assert str(new) in as_ana.get(page, follow=True).redirect_chain[-1][0]


def test_today_offers_to_put_it_right(as_ana, session):
    assert f"/portal/session/{session.pk}/correct/" in as_ana.get("/portal/").content.decode()
    begun = as_ana.get(f"/portal/session/{session.pk}/correct/")
    assert begun.url.startswith(f"/portal/session/{session.pk}/correct/")


def test_a_second_correction_of_the_same_entry_is_refused(session, ana):
    corrections.correct(session=session, session_id=uuid.uuid4(), done={}, by=ana.user)
    with pytest.raises(Exception, match="put right already"):
        corrections.correct(session=session, session_id=uuid.uuid4(), done={}, by=ana.user)


# The next morning


def yesterday(plan, ana, **answers):
    at = timezone.now() - dt.timedelta(days=1)
    return sessions.record(
        session_id=uuid.uuid4(), plan=plan, done={}, by=ana.user, at=at, **answers
    )


@pytest.mark.parametrize(
    ("settled", "is_asked"), [("", True), ("not_yet", True), ("minute", False)]
)
def test_the_next_morning_is_asked_while_it_is_open(as_ana, plan, ana, settled, is_asked):
    session = yesterday(plan, ana, pain_before=2, pain_after=2, settled=settled)
    found = f"/portal/session/{session.pk}/morning/" in as_ana.get("/portal/").content.decode()
    assert found is is_asked


def test_the_answer_of_the_next_morning_completes_the_session(as_ana, plan, ana):
    session = yesterday(plan, ana, pain_before=2, pain_after=5, settled="not_yet", note="Hm.")
    page = f"/portal/session/{session.pk}/morning/"
    for _ in range(2):
        answer = as_ana.post(page, {"settled": "next_morning"}, follow=True)
    assert b"Leave out slides and stretches today" in answer.content
    newer = Session.objects.current().get()
    assert (newer.settled, newer.note, newer.source) == ("next_morning", "Hm.", "morning")
    assert (newer.done_on, newer.pain_after) == (session.done_on, 5)
    assert [alert.rule for alert in Alert.objects.all()] == ["A12"]
    assert b"the next morning?" not in as_ana.get("/portal/").content


@pytest.mark.parametrize("data", [{}, {"settled": "not_yet"}, {"settled": "never"}])
def test_the_morning_needs_one_of_its_answers(as_ana, plan, ana, data):
    session = yesterday(plan, ana)
    assert as_ana.post(f"/portal/session/{session.pk}/morning/", data).status_code == 200
    assert Session.objects.count() == 1


# The app


def test_the_app_can_be_installed_without_a_login(client, db):
    manifest = client.get("/portal/manifest.webmanifest")
    assert manifest["Content-Type"] == "application/manifest+json"
    facts = manifest.json()
    assert (facts["start_url"], facts["scope"]) == ("/portal/", "/portal/")
    for icon in facts["icons"]:
        from django.contrib.staticfiles import finders

        assert finders.find(icon["src"].removeprefix("/static/")), icon
    worker = client.get("/portal/worker.js")
    assert worker["Content-Type"] == "text/javascript"
    assert b"importScripts" in worker.content
