"""Needs me: all that waits, in one list, and the news of it."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from patients.actions import episodes, invitations, messages, patients
from patients.models import Cover, Episode, Invitation
from programs.actions import alert_work, check_ins, questions, restrictions
from programs.models import Alert, Measure, Plan
from programs.progress import inbox
from programs.progress.inbox import Kind
from tests.conftest import OF_THE_WALL, client_of, make_episode, make_patient, make_plan
from tests.programs.actions.test_alert_work import late, report
from tests.trail import ask, newest, seal
from workspace.views import inbox as inbox_page

pytestmark = pytest.mark.django_db
PAGE, NEWS = "/workspace/inbox/", "/workspace/inbox/news/"


def write(patient, by, text="My heel is cold."):
    return messages.send(message_id=uuid.uuid4(), patient=patient, text=text, by=by)


def kinds(user):
    return [item.kind for item in inbox.load(user).items]


def pressing(user):
    """Without the plan itself, which has come to its end, and the measures of its start."""
    calm = {Kind.ENDING, Kind.MEASURE}
    return [item for item in inbox.load(user).items if item.kind not in calm]


@pytest.fixture
def alert(plan, ana):
    report(ana, "dizzy")
    return Alert.objects.get()


def test_everything_that_waits_is_in_one_list(alert, plan, ana, episode, priya):
    write(ana, ana.user)
    questions.ask(patient=ana, about=plan.prescriptions.first(), text="How long?", by=ana.user)
    make_plan(episode, priya, active=False)
    dora = make_patient(priya, "Dora")
    invitations.make(patient=dora, by=priya)
    Invitation.objects.filter(patient=dora).update(created_at=timezone.now() - dt.timedelta(4))
    found = set(kinds(priya))
    assert {Kind.ALERT, Kind.MESSAGE, Kind.QUESTION, Kind.DRAFT, Kind.INVITATION} <= found
    page = client_of(priya).get(PAGE).content.decode()
    for words in ("Ana Reyes", "Dora Reyes", "My heel is cold.", "To be answered", "Draft begun"):
        assert words in page, words
    assert newest("patients.listed").named == sorted([ana.pk, dora.pk])


def test_each_line_leads_to_where_it_is_done(alert, plan, ana, episode, priya):
    write(ana, ana.user)
    make_plan(episode, priya, active=False)
    browser = client_of(priya)
    page = browser.get(PAGE)
    links = [
        part.split('"')[0].strip() for part in page.content.decode().split('inbox__who" href="')[1:]
    ]
    assert len(links) == len(page.context["rows"]) >= 3
    for link in links:
        assert browser.get(link.strip()).status_code == 200, link


def test_late_first_then_the_worst_then_the_oldest(plan, ana, priya):
    report(ana, "dizzy")
    report(ana, "chest")
    low, worst = Alert.objects.order_by("raised_at")
    write(ana, ana.user)
    assert [item.key for item in pressing(priya)] == [worst.pk, low.pk, ana.pk]
    late(low)
    assert [item.key for item in pressing(priya)] == [low.pk, worst.pk, ana.pk]
    assert [item.is_late for item in pressing(priya)] == [True, False, False]
    assert "overdue since" in client_of(priya).get(PAGE).content.decode()


def test_reading_is_not_answering(plan, ana, priya):
    write(ana, ana.user)
    browser = client_of(priya)
    address = f"/workspace/patients/{ana.pk}/messages/"
    page = browser.get(address).content.decode()
    assert "waits for an answer" in page
    assert Kind.MESSAGE in kinds(priya)
    write(ana, priya, "Come at noon.")
    assert Kind.MESSAGE not in kinds(priya)
    assert "waits for an answer" not in browser.get(address).content.decode()


def test_what_needs_no_answer_is_said_once(plan, ana, priya, colm):
    write(ana, ana.user, "Thank you.")
    browser = client_of(priya)
    address = f"/workspace/patients/{ana.pk}/messages/settle/"
    for wrong in ("99", "x", ""):
        assert browser.post(address, {"up_to": wrong}).status_code == 404
    assert client_of(colm).post(address, {"up_to": "1"}).status_code == 404
    for _ in range(2):
        assert browser.post(address, {"up_to": "1"}).status_code == 302
    assert Kind.MESSAGE not in kinds(priya)
    assert newest("messages.settled").detail == {"up_to": 1}
    write(ana, ana.user, "But my heel is cold.")
    assert Kind.MESSAGE in kinds(priya)


@pytest.mark.parametrize(
    ("weeks", "days"), [("weeks 5–8", 55), ("week 1", 6), ("weeks 1–2", 13), ("", None)]
)
def test_the_last_day_of_a_plan(weeks, days):
    start = dt.date(2026, 6, 1)
    assert inbox.ends_on(start, weeks) == (start + dt.timedelta(days) if days is not None else None)


@pytest.mark.parametrize(
    ("left", "waits", "is_late"),
    [(15, False, False), (14, True, False), (0, True, False), (-1, True, True)],
)
def test_a_plan_that_ends_soon_waits(plan, ana, priya, left, waits, is_late):
    weeks = plan.phases.order_by("-number")[0].weeks_text
    length = inbox.ends_on(dt.date(2026, 6, 1), weeks) - dt.date(2026, 6, 1)
    start = ana.clinic.today() + dt.timedelta(days=left) - length
    seal()
    ask("ALTER TABLE programs_plan DISABLE TRIGGER USER")
    Plan.objects.filter(pk=plan.pk).update(starts_on=start)
    seal()
    ask("ALTER TABLE programs_plan ENABLE TRIGGER USER")
    found = [item for item in inbox.load(priya).items if item.kind is Kind.ENDING]
    assert [item.is_late for item in found] == ([is_late] if waits else [])


def test_what_a_colleague_took_is_not_mine(alert, ana, priya, colm):
    patients.join_care_team(patient=ana, therapist=colm, by=priya)
    alert_work.take(alert=alert, by=colm)
    mine = client_of(priya).get(PAGE)
    assert b"dizzy" not in mine.content
    team = client_of(priya).get(f"{PAGE}?show=team").content.decode()
    assert "Colm Therapist" in team


def test_only_those_who_treat_see_it(alert, ruth, ed, olive, ana):
    assert client_of(ruth).get(PAGE).status_code == 403
    assert client_of(ruth).get(NEWS).status_code == 403
    for other in (ed, ana.user):
        assert client_of(other).get(PAGE).status_code == 404
    assert client_of(olive).get(PAGE).context["rows"] == []


def test_news_are_numbers_and_a_stamp(alert, priya):
    browser = client_of(priya)
    answer = browser.get(NEWS)
    mine = inbox.load(priya)
    assert answer.json() == {"waiting": len(mine.items), "late": mine.late, "alerts": 1}
    assert b"Ana" not in answer.content
    same = browser.get(NEWS, headers={"if-none-match": answer["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    late(alert)
    changed = browser.get(NEWS, headers={"if-none-match": answer["ETag"]})
    assert changed.json() == answer.json() | {"late": mine.late + 1}


def test_asking_for_news_keeps_nobody_logged_in(priya, settings):
    settings.WORKSPACE_SESSION_AGE = dt.timedelta(minutes=30)
    browser = client_of(priya)
    browser.get(PAGE)
    session = browser.session
    session["seen"] -= 20 * 60
    session.save()
    before = session["seen"]
    browser.get(NEWS)
    assert browser.session["seen"] == before
    browser.get(PAGE)
    assert browser.session["seen"] > before


def test_so_many_queries_whatever_waits(alert, ana, priya, django_assert_num_queries):
    browser = client_of(priya)
    browser.get(NEWS)
    of_the_measures = 5
    with django_assert_num_queries(2 + OF_THE_WALL + 7 + of_the_measures):
        browser.get(NEWS)
    for number in range(3):
        write(ana, ana.user)
        report(ana, "chest")
        make_episode(make_patient(priya, f"Dora{number}"), priya)
        tug(ana, priya, on=ana.clinic.today() - dt.timedelta(days=number))
    with django_assert_num_queries(2 + OF_THE_WALL + 7 + of_the_measures):
        browser.get(NEWS)


# Measures that come again


def tug(patient, by, on=None):
    return check_ins.record_measure(
        check_in_id=uuid.uuid4(),
        patient=patient,
        measure=Measure.objects.get(code="M7"),
        answers={"seconds": 9.4},
        answered_with="clinic",
        by=by,
        on=on,
    )


def due_words(user):
    return [item.why for item in inbox.load(user).items if item.kind is Kind.MEASURE]


def test_measures_that_are_due_are_one_line_a_patient(ana, episode, priya, olive):
    [words] = due_words(priya)
    assert "Timed Up & Go" in words
    assert due_words(olive) == []
    page = client_of(priya).get(f"{PAGE}?kind=MEASURE").content.decode()
    assert f"/workspace/patients/{ana.pk}/#measures-due" in page
    tug(ana, priya)
    [words] = due_words(priya)
    assert "Timed Up & Go" not in words
    assert "30-second chair stand" in words


@pytest.mark.parametrize(("ago", "is_due"), [(27, False), (28, True)])
def test_a_measure_comes_again_by_itself(ana, episode, priya, ago, is_due):
    day = ana.clinic.today() - dt.timedelta(days=ago)
    Episode.objects.filter(pk=episode.pk).update(opened_at=timezone.now() - dt.timedelta(40))
    tug(ana, priya, on=day)
    [item] = [one for one in inbox.load(priya).items if one.kind is Kind.MEASURE]
    assert ("Timed Up & Go" in item.why) is is_due
    assert not item.is_late


def test_what_nobody_should_take_now_is_not_asked_for(ana, episode, priya):
    restrictions.impose(episode=episode, kind="standing", why="Dizzy on standing today.", by=priya)
    [words] = due_words(priya)
    assert "Timed Up & Go" not in words
    assert "filament" in words


def test_a_closed_episode_asks_for_nothing(ana, episode, priya):
    episodes.close_episode(episode=episode, outcome="goals_met", by=priya)
    assert due_words(priya) == []


# One alert


def test_from_the_list_to_closed_in_three_acts(alert, priya):
    """Open the list, open the alert, save: the owner is set, and how it ended is chosen already."""
    browser = client_of(priya)
    assert browser.get(PAGE).status_code == 200
    page = browser.get(f"/workspace/alerts/{alert.pk}/")
    assert page.context["form"]["ending"].value() == "done"
    data = {"ending": "done", "response": "She is well again."}
    assert browser.post(f"/workspace/alerts/{alert.pk}/", data).url == PAGE
    assert Alert.objects.open().count() == 0


def test_after_one_comes_the_next(plan, ana, priya):
    report(ana, "dizzy")
    report(ana, "numb_area")
    first, second = Alert.objects.order_by("raised_at")
    data = {"ending": "done", "response": "She is well again."}
    answer = client_of(priya).post(f"/workspace/alerts/{first.pk}/", data)
    assert answer.url == f"/workspace/alerts/{second.pk}/"


def test_what_is_done_from_its_page(alert, ana, priya, colm):
    patients.join_care_team(patient=ana, therapist=colm, by=priya)
    browser, address = client_of(priya), f"/workspace/alerts/{alert.pk}/work/"
    assert browser.post(address, {"do": "note", "note-words": "x"}).status_code == 200
    noted = {"do": "note", "note-words": "Called her, nobody answered."}
    assert browser.post(address, noted).status_code == 302
    assert browser.post(address, {"do": "take"}).status_code == 302
    put_off = {"do": "snooze", "snooze-hours": "2", "snooze-words": "She calls back at two."}
    assert browser.post(address, put_off | {"snooze-hours": "72"}).status_code == 200
    assert browser.post(address, put_off).url == PAGE
    handed = {"do": "hand", "hand-to": str(colm.pk), "hand-words": ""}
    assert browser.post(address, handed | {"hand-to": str(priya.pk)}).status_code == 200
    assert browser.post(address, handed).url == PAGE
    for wrong in ("", "delete", "\x00"):
        assert browser.post(address, {"do": wrong}).status_code == 404
    page = browser.get(f"/workspace/alerts/{alert.pk}/").content.decode()
    for words in (
        "noted",
        "“Called her, nobody answered.”",
        "put it off",
        "handed it over to Colm",
    ):
        assert words in page, words


def test_what_was_said_is_found_again_everywhere(alert, ana, priya, plan):
    browser = client_of(priya)
    data = {"ending": "done", "response": "She drank too little, and is well again."}
    browser.post(f"/workspace/alerts/{alert.pk}/", data)
    for page in ("", "record/"):
        content = browser.get(f"/workspace/patients/{ana.pk}/{page}").content.decode()
        assert "She drank too little" in content, page
        assert "Priya Therapist" in content, page


def test_a_clinics_administrator_sees_no_link_that_is_not_theirs(alert, ana, ruth, priya):
    data = {"ending": "done", "response": "She drank too little, and is well again."}
    client_of(priya).post(f"/workspace/alerts/{alert.pk}/", data)
    page = client_of(ruth).get(f"/workspace/patients/{ana.pk}/record/").content.decode()
    assert "She drank too little" in page
    assert f"/workspace/alerts/{alert.pk}/" not in page
    assert "/workspace/inbox/" not in page


def test_no_page_is_without_end(alert, ana, priya, monkeypatch):
    monkeypatch.setattr(inbox_page, "ITEMS_A_PAGE", 1)
    write(ana, ana.user)
    client = client_of(priya)
    first = client.get(PAGE).content.decode()
    assert first.count("data-inbox-row") == 1
    assert 'href="?show=mine&amp;page=2"' in first
    second = client.get(PAGE, {"show": "mine", "page": "2"}).content.decode()
    assert second.count("data-inbox-row") == 1
    assert "Earlier" in second
    assert client.get(PAGE, {"page": "99", "kind": "ALERT", "show": "\x00"}).status_code == 200


# What a colleague has who is not there


def test_nothing_is_in_nobodys_list(alert, priya, colm, ana):
    ana.care_team.create(clinic=ana.clinic, therapist=colm, added_by=priya)
    Alert.objects.update(owner=colm)

    def mine():
        return [one for one in inbox.load(priya).of(priya).items if one.kind is Kind.ALERT]

    assert not mine()
    today = ana.clinic.today()
    cover = Cover.objects.create(
        clinic=ana.clinic, therapist=colm, substitute=priya, first=today, last=today, made_by=priya
    )
    assert mine()
    cover.delete()
    assert not mine()
    ana.care_team.filter(therapist=colm).update(ended_at=timezone.now(), ended_by=colm)
    assert mine()


def test_a_draft_of_who_has_left_the_clinic_is_anybodys(priya, colm, ana):
    ana.care_team.create(clinic=ana.clinic, therapist=colm, added_by=priya)
    make_plan(make_episode(ana, priya), colm, active=False)

    def drafts():
        return [one for one in inbox.load(priya).of(priya).items if one.kind is Kind.DRAFT]

    assert not drafts()
    colm.is_active = False
    colm.save()
    assert drafts()
