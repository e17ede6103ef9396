"""All that happened to a patient, newest first, whatever it was."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from patients.actions import episodes, messages, patients
from programs.actions import (
    alert_work,
    alerts,
    check_ins,
    notes,
    pauses,
    plans,
    questions,
    restrictions,
    sessions,
)
from programs.models import Alert, Measure
from programs.models.note import NoteKind, Recipient
from programs.progress import timeline
from programs.progress.timeline import Kind
from tests.conftest import OF_THE_WALL, client_of, form_of
from tests.programs.actions.test_sign_reports import tell

pytestmark = pytest.mark.django_db


def url(patient, query=""):
    return f"/workspace/patients/{patient.pk}/timeline/{query}"


@pytest.fixture
def lived(ana, plan, episode, priya):
    sessions.record(
        session_id=uuid.uuid4(), plan=plan, done={}, by=ana.user, falls=1, note="The rug."
    )
    alert = Alert.objects.filter(patient=ana).first()
    alerts.acknowledge(alert=alert, response="Called, she is well.", by=priya)
    tell(ana, "dizzy")
    messages.send(message_id=uuid.uuid4(), patient=ana, text="How often?", by=ana.user)
    pauses.pause(plan=plan, why="holiday", by=priya)
    episodes.record_screen(episode=episode, present=["foot_lesion"], by=priya)
    return ana


def test_all_kinds_in_one_list(as_priya, lived):
    page = as_priya.get(url(lived)).content.decode()
    for words in ("The rug.", "Called, she is well.", "Dizzy", "How often?", "Paused: holiday",
                  "Present: ", "Episode opened", "version 1: active"):  # fmt: skip
        assert words in page, words
    found = timeline.page(lived, list(Kind)).entries
    assert {entry.kind for entry in found} == set(Kind) - {Kind.MEASURE, Kind.NOTE}
    moments = [entry.at for entry in found]
    assert moments == sorted(moments, reverse=True)


def test_filters_combine_and_are_taken_away(as_priya, lived):
    page = as_priya.get(url(lived, "?kind=session&kind=message")).content.decode()
    assert "The rug." in page
    assert "How often?" in page
    assert "Paused: holiday" not in page
    assert 'href="?kind=session"' in page
    assert 'href="?kind=session&amp;kind=message&amp;kind=plan"' in page
    assert "Paused" in as_priya.get(url(lived, "?kind=nonsense")).content.decode()


def test_an_administrator_reads_no_messages(lived, ruth):
    page = client_of(ruth).get(url(lived, "?kind=message")).content.decode()
    assert "How often?" not in page
    assert "The rug." in page


def test_page_by_page_nothing_is_left_out_or_said_twice(lived, plan, monkeypatch):
    for days in range(9):
        at = timezone.now() - dt.timedelta(days=days)
        sessions.record(session_id=uuid.uuid4(), plan=plan, done={}, by=lived.user, at=at)
    whole = timeline.page(lived, list(Kind)).entries
    monkeypatch.setattr(timeline, "A_PAGE", 4)
    found, before = [], None
    while True:
        page = timeline.page(lived, list(Kind), before=before)
        found += page.entries
        before = page.before
        if before is None:
            break
    assert len(found) == len(whole)
    assert set(found) == set(whole)


@pytest.mark.parametrize("before", ["x", "2026-01-01", "9" * 500, "0001-01-01T00:00:00+23:59"])
def test_an_odd_page_is_the_first_or_empty(as_priya, lived, before):
    assert as_priya.get(url(lived), {"before": before}).status_code == 200


def test_as_many_queries_whatever_happened(
    as_priya, ana, plan, priya, django_assert_max_num_queries
):
    restrictions.impose(episode=plan.episode, kind="tension", why="Sore today, says she.", by=priya)
    for _ in range(5):
        sessions.record(session_id=uuid.uuid4(), plan=plan, done={}, by=ana.user, falls=1)
    # One for each kind of row.
    with django_assert_max_num_queries(30 + OF_THE_WALL):
        as_priya.get(url(ana))


def titles(patient, kind):
    return {entry.title: entry for entry in timeline.page(patient, [kind]).entries}


def taken(patient, by, code, **answers):
    return check_ins.record_measure(
        check_in_id=uuid.uuid4(), patient=patient, measure=Measure.objects.get(code=code),
        answers=answers, answered_with="clinic", by=by,
    )  # fmt: skip


def test_a_measure_says_its_name_its_score_and_who_took_it(as_priya, ana, episode, priya):
    taken(ana, priya, "M7", seconds=9.5)
    [entry] = timeline.page(ana, [Kind.MEASURE]).entries
    assert (entry.title, entry.by) == ("Timed Up & Go", str(priya))
    assert entry.words == "Timed Up & Go: 9.5"
    assert "Timed Up &amp; Go: 9.5" in as_priya.get(url(ana)).content.decode()


def test_a_score_says_the_end_of_its_scale(ana, plan):
    form = form_of(plan)
    answers = {"M2": {"numb": 4, "tingling": 3, "burning": 3, "stabbing": None}}
    check_ins.record(check_in_id=uuid.uuid4(), plan=plan, form=form, by=ana.user, answers=answers)
    [entry] = timeline.page(ana, [Kind.MEASURE]).entries
    assert entry.title == form.title
    assert ": 4 of 10" in entry.words


def test_as_many_queries_however_many_measures(ana, episode, priya, django_assert_num_queries):
    taken(ana, priya, "M7", seconds=9.5)
    with CaptureQueriesContext(connection) as one:
        timeline.page(ana, [Kind.MEASURE])
    taken(ana, priya, "M6", feet_together=10, semi_tandem=10, tandem=10)
    taken(ana, priya, "M7", seconds=9)
    with django_assert_num_queries(len(one)):
        timeline.page(ana, [Kind.MEASURE])


def test_what_was_done_about_an_alert(as_priya, ana, plan, priya, colm):
    patients.join_care_team(patient=ana, therapist=colm, by=priya)
    tell(ana, "dizzy")
    alert = Alert.objects.get()
    alert_work.see(alert=alert, by=priya)
    alert_work.take(alert=alert, by=priya)
    alert_work.note(alert=alert, words="Called her, nobody answered.", by=priya)
    until = timezone.now() + dt.timedelta(hours=1)
    alert_work.snooze(alert=alert, until=until, words="She calls back in an hour.", by=priya)
    alert_work.hand_over(alert=alert, to=colm, by=priya, words="She asked for you.")
    Alert.objects.update(due_at=timezone.now() - dt.timedelta(hours=1))
    ana.clinic.second_reader = priya
    ana.clinic.save()
    alert_work.escalate_overdue(ana.clinic)
    found = titles(ana, Kind.ALERT)
    assert found["Taken on: Dizzy or faint"].by == str(priya)
    assert found["Noted: Dizzy or faint"].words == "“Called her, nobody answered.”"
    assert found[f"Handed over to {colm}: Dizzy or faint"].words == "“She asked for you.”"
    assert found[f"Its time had passed, to {priya}: Dizzy or faint"].by == ""
    at = f"{until.astimezone(ana.clinic.zone):%-d %b %Y, %H:%M}"
    assert found[f"Put off until {at}: Dizzy or faint"].words == "“She calls back in an hour.”"
    assert all(entry.key == alert.pk for entry in found.values() if entry.key)
    assert "Handed over to" in as_priya.get(url(ana)).content.decode()


def test_a_plan_that_ended_and_an_answer(as_priya, ana, plan, priya):
    about = plan.prescriptions.first()
    question = questions.ask(patient=ana, about=about, text="How high?", by=ana.user)
    questions.answer(question=question, text="As far as it is easy.", by=priya)
    plans.end(plan=plan, by=priya, outcome="improved")
    entry = titles(ana, Kind.PLAN)[f"{plan}: ended: improved, goals partly met"]
    assert (entry.by, entry.key) == (str(priya), plan.pk)
    entry = titles(ana, Kind.MESSAGE)[f"Answer about {question.about}"]
    assert (entry.words, entry.by) == ("As far as it is easy.", str(priya))


def test_a_letter_leads_to_itself(as_priya, ana, episode, priya):
    today = ana.clinic.today()
    note = notes.save(
        note_id=uuid.uuid4(), episode=episode, kind=NoteKind.PROGRESS, language="en",
        first=today, last=today, text="Seen today.", by=priya,
    )  # fmt: skip
    letter = notes.make_letter(
        letter_id=uuid.uuid4(), note=note, to=Recipient.PHYSICIAN, language="en", name="Dr. Low",
        subject="Ana", text="Seen today.", by=priya,
    )  # fmt: skip
    page = as_priya.get(url(ana)).content.decode()
    address = reverse("workspace:letter", args=[ana.pk, letter.pk])
    assert f'<a href="{address}">Letter to Dr. Low</a>' in page
    assert f"/notes/{note.pk}/" in page
