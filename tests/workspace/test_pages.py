import datetime as dt
import uuid

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import AuditEvent
from patients.actions import episodes
from patients.models import Episode, Invitation, Patient
from patients.red_flags import RED_FLAGS
from programs.actions import check_ins, corrections, sessions
from programs.models import Alert
from tests.conftest import (
    FINDINGS,
    OF_THE_WALL,
    form_of,
    make_episode,
    make_patient,
    make_plan,
    page_of,
)
from workspace.views import patients

pytestmark = pytest.mark.django_db
NEW = {
    "first_name": "Dora",
    "last_name": "Lind",
    "birth_date": "1950-02-03",
    "email": "dora@x.test",
    "language": "en",
}


def url(patient, page=""):
    return f"/workspace/patients/{patient.pk}/{page}"


def test_adding_a_patient_leads_to_the_episode(as_priya):
    answer = as_priya.post("/workspace/patients/add/", NEW)
    patient = Patient.objects.get()
    assert answer.url == url(patient, "episode/")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"birth_date": "2999-01-01"}, b"Check the birth date"),
        ({"birth_date": "1800-01-01"}, b"Check the birth date"),
        ({"birth_date": "yesterday"}, b"valid date"),
        ({"email": ""}, b"Enter an email address or a phone number"),
        ({"email": "dora"}, b"valid email"),
        ({"first_name": ""}, b"required"),
        ({"last_name": "x" * 81}, b"at most 80"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(as_priya, changed, words):
    page = as_priya.post("/workspace/patients/add/", NEW | {"record_number": "R-77"} | changed)
    assert page.status_code == 200
    assert words in page.content
    assert b"R-77" in page.content
    assert not Patient.objects.exists()


def test_a_taken_record_number_is_said_beside_the_form(as_priya, priya):
    make_patient(priya, "Edda", record_number="7")
    page = as_priya.post("/workspace/patients/add/", NEW | {"record_number": "7"})
    assert b"Another patient has this record number" in page.content


def test_episode_then_red_flags(as_priya, priya):
    patient = make_patient(priya, "Dora")
    answer = as_priya.post(url(patient, "episode/"), FINDINGS)
    assert answer.url == url(patient, "red-flags/")
    none = {flag.code: "no" for flag in RED_FLAGS}
    incomplete = as_priya.post(url(patient, "red-flags/"), {**none, "stroke": ""})
    assert b"Answer yes or no" in incomplete.content
    as_priya.post(url(patient, "red-flags/"), none)
    screen = Episode.objects.get().latest_screen
    assert screen.present == []
    assert screen.screened_by == priya


def test_an_open_red_flag_is_shown_and_cleared(as_priya, episode, ana):
    answers = {flag.code: "no" for flag in RED_FLAGS} | {"foot_lesion": "yes"}
    as_priya.post(url(ana, "red-flags/"), answers)
    page = as_priya.get(url(ana))
    assert b"Red flag" in page.content
    assert b"Foot wound" in page.content
    as_priya.post(url(ana, "red-flags/clear/"), {"note": "Healed, says Dr. Lee."})
    assert not episode.screens.first().is_open


def test_changed_findings_are_saved(as_priya, episode, ana):
    page = page_of(as_priya, url(ana, "episode/"))
    as_priya.post(url(ana, "episode/"), page | {"sensation": "lost"})
    episode.refresh_from_db()
    assert episode.sensation == "lost"


def test_inviting_mails_and_shows_the_code(as_priya, priya, django_capture_on_commit_callbacks):
    patient = make_patient(priya, "Dora")
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_priya.post(url(patient, "invite/"))
    page = as_priya.get(answer.url)
    assert Invitation.objects.get().code.encode() in page.content
    assert len(mail.outbox) == 1


def test_a_patient_with_a_login_is_not_invited_again(as_priya, ana):
    page = as_priya.post(url(ana, "invite/"), follow=True)
    assert b"already has a login" in page.content


def test_an_alert_is_looked_at_and_closed(as_priya, plan, ana):
    sessions.record(session_id=uuid.uuid4(), plan=plan, done={}, by=ana.user, falls=1, note="Rug.")
    alert = Alert.objects.get()
    assert b"Fall without injury" in as_priya.get("/workspace/").content
    page = as_priya.get(f"/workspace/alerts/{alert.pk}/")
    assert b"Rug." in page.content
    empty = as_priya.post(f"/workspace/alerts/{alert.pk}/", {"ending": "done", "response": ""})
    assert b"required" in empty.content
    as_priya.post(
        f"/workspace/alerts/{alert.pk}/", {"ending": "done", "response": "Called, all is well."}
    )
    assert not Alert.objects.open().exists()


def test_red_answers_stand_first_on_the_sessions_page(as_priya, plan, ana):
    now = dt.datetime.now(dt.UTC)
    for hours, falls in ((5, 1), (1, 0)):
        sessions.record(
            session_id=uuid.uuid4(), plan=plan, done={}, by=ana.user, falls=falls,
            at=now - dt.timedelta(hours=hours), pain_before=1, pain_after=1,
        )  # fmt: skip
    content = as_priya.get(url(ana, "sessions/")).content
    assert content.index(b"badge--red") < content.index(b"badge--green")


def test_every_reading_of_a_patients_page_is_audited(as_priya, priya, ana):
    before = AuditEvent.objects.filter(action="patient.read").count()
    for page in ("", "sessions/", "check-ins/", "record/", "plan/"):
        as_priya.get(url(ana, page))
    events = AuditEvent.objects.filter(action="patient.read")
    assert events.count() == before + 5
    assert events.first().actor_id == priya.uuid


@pytest.mark.parametrize("method", ["options", "put", "delete", "trace"])
def test_other_methods_show_nothing(as_priya, ana, method):
    assert getattr(as_priya, method)(url(ana, "record/")).status_code == 405


def test_pages_of_the_workspace_are_never_kept_by_a_browser(as_priya, ana):
    for page in ("/workspace/", url(ana)):
        assert "no-store" in as_priya.get(page)["Cache-Control"]


@pytest.mark.parametrize("page", ["/workspace/?q=%00", "/workspace/library/?q=%00ankle"])
def test_a_search_for_what_no_database_knows(as_priya, page):
    assert as_priya.get(page).status_code == 200


def test_a_new_screen_that_drops_an_open_sign_is_said_in_the_form(as_priya, episode, ana):
    answers = {flag.code: "no" for flag in RED_FLAGS}
    as_priya.post(url(ana, "red-flags/"), answers | {"stroke": "yes"})
    page = as_priya.post(url(ana, "red-flags/"), answers)
    assert b"Clear it with a note first" in page.content


@pytest.mark.parametrize("count", [1, 3])
def test_caseload_costs_the_same_whatever_its_length(
    as_priya, priya, count, django_assert_num_queries
):
    for number in range(count):
        patient = make_patient(priya, f"Pat{number}")
        plan = make_plan(make_episode(patient, priya), priya)
        sessions.record(session_id=uuid.uuid4(), plan=plan, done={}, by=priya, falls=1)
    as_priya.get("/workspace/")
    # who, views; whom they may be filtered by: 2; whom, how many; alerts, silent, letters; of the
    # rows: themselves (the pressing), episodes, plans, starts, prescriptions, sessions, alerts,
    # teams; audit
    with django_assert_num_queries(17 + OF_THE_WALL):
        page = as_priya.get("/workspace/")
    assert page.content.count(b'scope="row"') == count


@pytest.mark.parametrize("count", [1, 3])
def test_sessions_page_costs_the_same_whatever_its_length(
    as_priya, plan, ana, count, django_assert_num_queries
):
    done = dict.fromkeys(plan.prescriptions.values_list("pk", flat=True), "all")
    for _ in range(count):
        sessions.record(session_id=uuid.uuid4(), plan=plan, done=done, by=ana.user)
    as_priya.get(url(ana))
    with django_assert_num_queries(9 + OF_THE_WALL):
        page = as_priya.get(url(ana, "sessions/"))
    assert page.content.count(b"<article") == count


def test_many_sessions_stand_on_several_pages(as_priya, plan, ana, monkeypatch):
    monkeypatch.setattr(patients, "SESSIONS_A_PAGE", 2)
    now = dt.datetime.now(dt.UTC)
    made = [
        sessions.record(
            session_id=uuid.uuid4(), plan=plan, done={}, by=ana.user, falls=int(days == 3),
            at=now - dt.timedelta(days=days), pain_before=1, pain_after=1,
        )
        for days in range(5)
    ]  # fmt: skip

    def shown(query):
        page = as_priya.get(url(ana, f"sessions/{query}")).content.decode()
        return [days for days, one in enumerate(made) if f'id="session-{one.pk}"' in page], page

    numbers, page = shown("")
    assert (numbers, "Page 1 of 3" in page) == ([0, 1], True)
    assert shown("?page=3")[0] == [4]
    assert shown("?page=nine")[0] == [0, 1]
    assert "?color=red" in page
    assert shown("?color=red")[0] == [3]
    assert shown(f"?session={made[4].pk}")[0] == [4]
    assert shown("?session=none")[0] == [0, 1]
    corrections.correct(
        session=made[4], session_id=(new := uuid.uuid4()), done={}, by=ana.user, pain_after=2
    )
    assert f'id="session-{new}"' in as_priya.get(url(ana, f"sessions/?session={made[4].pk}")).text


def test_pages_are_compressed_and_files_are_not(as_priya, ana, plan):
    zipped = {"accept-encoding": "gzip"}
    page = as_priya.get(url(ana), headers=zipped)
    assert page["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in as_priya.get(url(ana))
    paper = as_priya.get(reverse("workspace:plan_file", args=[ana.pk, plan.pk]), headers=zipped)
    assert paper["Content-Type"] == "application/pdf"
    assert "Content-Encoding" not in paper


@pytest.mark.parametrize("count", [1, 3])
def test_check_ins_page_costs_the_same_whatever_its_length(
    as_priya, plan, ana, count, django_assert_num_queries
):
    for _ in range(count):
        check_ins.record(
            check_in_id=uuid.uuid4(), plan=plan, form=form_of(plan), answers={"M2": {}}, by=ana.user
        )
    as_priya.get(url(ana))
    with django_assert_num_queries(9 + OF_THE_WALL):  # with what the plan was meanwhile
        as_priya.get(url(ana, "check-ins/"))


def test_library_costs_one_query_for_all_exercises(as_priya, django_assert_num_queries):
    as_priya.get("/workspace/library/")
    with django_assert_num_queries(3 + OF_THE_WALL):
        page = as_priya.get("/workspace/library/")
    assert page.content.count(b"<strong>") >= 36


@pytest.mark.parametrize(
    ("query", "code", "missing"),
    [
        ("kind=tension", b"T01", b"G01"),
        ("nerve=sural", b"G07", b"G01"),
        ("q=tandem", b"B08", b"G01"),
    ],
)
def test_library_filters(as_priya, query, code, missing):
    content = as_priya.get(f"/workspace/library/?{query}").content
    assert code in content
    assert missing + b" " not in content


def test_empty_states_say_what_to_do(as_priya, priya):
    assert b"Add the first" in as_priya.get("/workspace/").content
    patient = make_patient(priya, "Dora")
    assert b"Open an episode" in as_priya.get(url(patient)).content
    assert b"No session yet" in as_priya.get(url(patient, "sessions/")).content
    assert b"No check-in yet" in as_priya.get(url(patient, "check-ins/")).content
    assert b"No active plan" in as_priya.get(url(patient, "plan/")).content
    assert b"Nobody here matches" in as_priya.get("/workspace/?q=zzz").content


def test_text_that_a_patient_typed_is_never_markup(as_priya, plan, ana):
    bad = "<script>alert(1)</script>"
    sessions.record(session_id=uuid.uuid4(), plan=plan, done={}, by=ana.user, note=bad)
    for page in ("", "sessions/"):
        content = as_priya.get(url(ana, page)).content
        assert bad.encode() not in content
        assert b"&lt;script&gt;" in content


def test_what_was_left_open_is_a_no_only_where_all_were_asked(as_priya, episode, ana):
    address, before = url(ana, "red-flags/"), episode.screens.count()
    assert b"Answer yes or no" in as_priya.post(address, {}).content
    assert episode.screens.count() == before
    one = RED_FLAGS[2].code
    as_priya.post(address, {one: "yes", "asked_all": "on"})
    latest = episode.screens.first()
    assert (latest.present, latest.summed_up) == ([one], True)
    assert "not answered one by one" in as_priya.get(url(ana, "record/")).content.decode()
    assert "not answered one by one" in as_priya.get(url(ana, "timeline/")).content.decode()
    with pytest.raises(ValidationError, match="each question"):
        episodes.record_screen(
            episode=episode, present=[one], summed_up=True, by=latest.screened_by
        )
    assert b"needs its own answer" in as_priya.get(address).content
    odd = as_priya.post(address, {one: "perhaps"})
    assert b"Select a valid choice" in odd.content
