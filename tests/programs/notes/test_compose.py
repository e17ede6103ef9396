"""Notes of each kind from what is on record: in order, in words, and nothing that is not known."""

import datetime as dt
import re
import uuid

import pytest

from accounts.models import Clinic
from programs.actions import notes, plans
from programs.models import Alert, Exercise, Session
from programs.models.note import NoteKind
from programs.notes import compose, plain, planned
from programs.notes.known import Known, days_of
from programs.notes.wording import Rows, as_text
from tests.conftest import make_episode
from tests.programs.notes.conftest import counted, do, quiet

pytestmark = pytest.mark.django_db
# Codes of rules, measures, exercises and programs, and keys of sources.
CODE = re.compile(r"\b(?:[AMX]\d{1,2}|[GTBFP]\d{2}|P\d|[a-z]{4,}\d{4})\b")


def known(episode, kind):
    first, last = days_of(episode, kind)
    return Known.load(episode, first=first, last=last)


def said(episode, kind, language="en"):
    return compose.sections(kind, known(episode, kind), language=language)


def text(episode, kind, language="en"):
    return as_text(said(episode, kind, language))


def section(episode, kind, title):
    [found] = [one for one in said(episode, kind) if one.title == title]
    return as_text([found])


@pytest.mark.parametrize("kind", NoteKind)
@pytest.mark.parametrize("language", ["en", "es"])
def test_no_code_and_no_key_of_a_source_is_in_a_note(story, kind, language):
    made = text(story, kind, language)
    assert len(made) > 500
    assert CODE.findall(made) == []
    assert CODE.findall(as_text(plain.sections(kind, known(story, kind), language=language))) == []


def test_the_initial_note_says_why_what_was_found_and_what_is_planned(story):
    made = text(story, NoteKind.INITIAL)
    assert "for numbness of the right foot." in made
    assert "Cause on record: nerve entrapment" in made
    assert "Irritability: low (settles in minutes)." in made
    assert "no sign was present" in made
    assert "30-second chair stand: 8, " in made
    assert "- Walk to the shop: 3 of 10 on " in made
    assert "Feet-together stand (low certainty): 3 × 20 s, once a day, 5 days a week." in made
    assert "Before the next phase: “Feet-together stand” held 20 s; green for 7 days." in made


def test_a_clinics_own_exercise_is_named_and_no_other_clinics(story, ana):
    shared = Exercise.objects.get(clinic=None, code="B01")
    other = Clinic.objects.create(name="Hillside", time_zone="UTC")
    for clinic, title in ((ana.clinic, "Ours"), (other, "Theirs")):
        copy = Exercise.objects.get(pk=shared.pk)
        copy.pk, copy.uuid, copy.clinic, copy.title = None, uuid.uuid4(), clinic, title
        copy._state.adding = True
        copy.save()
    assert planned._titles({"B01"}, ana.clinic_id) == {"B01": "“Ours”"}


def test_the_progress_note_counts_and_says_what_nobody_knows(story):
    made = section(story, NoteKind.PROGRESS, "Sessions")
    done = counted(story)
    assert re.search(rf", {done} of \d+ sessions due were logged \(\d+ %\)\.", made)
    assert "days nobody knows: no log is unknown, not missed." in made
    assert "7 sessions were sent: green 5, amber 0, red 1, not known 1." in made
    assert "not validated for nerves (low to medium certainty)" in made
    assert "red: 1 fall." in made


def test_pain_is_told_against_the_patients_own_baseline(story):
    made = section(story, NoteKind.PROGRESS, "Pain around the exercises")
    assert "median of the first three answers: 6." in made
    assert "4 points under it: a change that matters, for the better (high certainty)." in made


def test_measures_say_whether_the_change_matters(story):
    made = section(story, NoteKind.PROGRESS, "Measures")
    assert "Better, a change that matters (of medium size, high certainty)." in made
    assert re.search(r"Stairs: 4 of 10 .*, 5 of 10 .* No change that matters", made)
    assert "13 on" in made


def test_an_alert_is_told_with_what_was_done(story):
    made = section(story, NoteKind.PROGRESS, "Alerts")
    assert "fall or near-falls (high). Closed on " in made
    assert "“Looked at the rug at home.”" in made
    assert "Still open." in made
    assert "Left out since" not in made


def test_what_is_held_back_is_told(story, plan, ana):
    do(plan, ana, 1, **quiet(3, 3) | {"falls": 1})
    assert "Left out since" in section(story, NoteKind.PROGRESS, "Alerts")


def test_the_discharge_note_goes_from_start_to_end(story):
    course = section(story, NoteKind.DISCHARGE, "Course of care, from its start")
    days = [
        dt.datetime.strptime(one.split(":")[0], "%B %d, %Y").date()
        for one in course.split("\n- ")[1:]
    ]
    assert len(days) >= 4
    assert days == sorted(days)
    assert "version 1 of the plan" in course
    assert "moved on to phase 2 (Move more). Reason: Steady on the chair." in course
    made = text(story, NoteKind.DISCHARGE)
    assert "Not recorded yet." in made
    assert "- Emergency now: sudden numbness or weakness" in made
    assert "the emergency number is 911, ours 555-0134" in made


def test_less_urgent_alerts_that_were_closed_are_counted(story):
    Alert.objects.filter(patient=story.patient, acknowledged_at=None).update(
        acknowledged_at=story.opened_at, acknowledged_by=story.opened_by, response="Called.",
        ending="done",
    )  # fmt: skip
    course = section(story, NoteKind.DISCHARGE, "Course of care, from its start")
    assert re.search(r"\d alerts of less urgency were raised and closed\.", course)


def test_the_outcome_is_that_of_the_plan_that_ended(story, plan, priya):
    plans.end(plan=plan, by=priya, outcome="improved")
    assert "improved, goals partly met" in section(story, NoteKind.DISCHARGE, "Outcome")


def test_what_is_not_known_is_said_and_never_zero(ana, priya):
    episode = make_episode(ana, priya, screened=False, falls_12_months=None)
    made = text(episode, NoteKind.INITIAL)
    assert "Falls in the 12 months before: not known." in made
    assert "The red-flag questions have not been asked." in made
    assert "No measure was taken." in made
    assert "No goals are on record." in made
    assert "No plan has been assigned yet." in made
    made = text(episode, NoteKind.PROGRESS)
    assert "no session was due." in made
    assert "No session was sent." in made
    assert "Pain was not answered." in made
    assert "Falls were not answered." in made
    assert not Session.objects.exists()
    assert "No plan was begun" in text(episode, NoteKind.DISCHARGE)


def test_lost_feeling_is_said_beside_the_colors(story):
    type(story).objects.filter(pk=story.pk).update(sensation="lost")
    story.refresh_from_db()
    assert "green can be falsely green" in section(story, NoteKind.PROGRESS, "Sessions")


def test_every_number_leads_to_rows_of_the_patient(story):
    found = {
        part.source.rows
        for one in said(story, NoteKind.DISCHARGE)
        for sentence in one.all
        for part in sentence.parts
        if part.source
    }
    assert found == set(Rows)


def test_a_progress_note_goes_on_from_the_note_before(story, priya):
    begun, last = days_of(story, NoteKind.INITIAL)
    first = notes.save(
        note_id=story.pk, episode=story, kind=NoteKind.INITIAL, language="en", text="First.",
        first=begun, last=last, by=priya,
    )  # fmt: skip
    today = story.clinic.today()
    assert days_of(story, NoteKind.PROGRESS) == (today, today)
    assert days_of(story, NoteKind.DISCHARGE) == (first.first, today)
    assert "\nOn " in section(story, NoteKind.PROGRESS, "Sessions")  # not 'from today to today'


def test_the_patients_words_are_plain_and_promise_nothing(story):
    made = as_text(
        plain.sections(NoteKind.DISCHARGE, known(story, NoteKind.DISCHARGE), language="en")
    )
    assert f"You sent us {counted(story)} of " in made
    assert "was 6 of 10 on" in made
    assert "Walk to the shop: about 4 points more than in week 1." in made
    assert "Stand with feet together (low certainty): 3 × 20 s" in made
    for word in ("cure", "heal", "recover", "will get"):
        assert word not in made.lower()


def test_both_are_said_in_spanish(story):
    made = text(story, NoteKind.PROGRESS, "es")
    assert "Se enviaron 7 sesiones: verde 5" in made
    assert "De pie con los pies juntos (certeza baja)" in made
    assert "sessions" not in made
    told = plain.sections(NoteKind.PROGRESS, known(story, NoteKind.PROGRESS), language="es")
    assert f"Nos envió {counted(story)} de " in as_text(told)
