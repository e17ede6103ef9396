"""Two people with the same page open: who saves second is told, and sets nothing back."""

import datetime as dt

import pytest

from accounts.stale import StaleError, stamp_of
from patients.actions import canned_answers, episodes
from patients.actions import patients as patient_actions
from patients.models import CannedAnswer, Episode
from programs.actions import reminders
from programs.models import ReminderChoice
from tests.conftest import FINDINGS, page_of

pytestmark = pytest.mark.django_db


def test_an_older_page_of_the_findings_sets_nothing_back(as_priya, ana, episode, priya):
    address = f"/workspace/patients/{ana.pk}/episode/"
    older = page_of(as_priya, address)
    episodes.change_episode(episode=episode, by=priya, sensation="lost")
    page = as_priya.post(address, older | {"fall_risk": "moderate"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "Somebody changed this since your page was loaded" in text
    assert "Protective sensation: Lost" in text
    episode.refresh_from_db()
    assert (episode.sensation, episode.fall_risk) == ("lost", "low")


def test_who_was_told_may_save_what_is_meant(as_priya, ana, episode, priya):
    address = f"/workspace/patients/{ana.pk}/episode/"
    older = page_of(as_priya, address)
    episodes.change_episode(episode=episode, by=priya, sensation="lost")
    told = as_priya.post(address, older).context["form"]
    assert as_priya.post(address, older | {"read": told["read"].value()}).status_code == 302
    episode.refresh_from_db()
    assert episode.sensation == "intact"


def test_a_page_that_names_no_state_counts_as_older(as_priya, ana, episode):
    address = f"/workspace/patients/{ana.pk}/episode/"
    page = page_of(as_priya, address) | {"read": "", "fall_risk": "high"}
    assert as_priya.post(address, page).status_code == 200
    assert Episode.objects.get().fall_risk == "low"


def test_the_same_findings_saved_twice_are_no_conflict(as_priya, ana, episode):
    address = f"/workspace/patients/{ana.pk}/episode/"
    page = page_of(as_priya, address)
    for _ in range(2):
        assert as_priya.post(address, page).status_code == 302


def test_an_older_page_of_the_details_sets_nothing_back(as_priya, ana, priya):
    address = f"/workspace/patients/{ana.pk}/edit/"
    older = page_of(as_priya, address)
    patient_actions.change(patient=ana, by=priya, phone="555-0199")
    page = as_priya.post(address, older | {"record_number": "17"})
    assert "Phone: 555-0199" in page.content.decode()
    ana.refresh_from_db()
    assert (ana.phone, ana.record_number) == ("555-0199", "")


def test_a_patients_older_page_does_not_undo_a_new_phone_number(as_ana, ana, priya):
    older = page_of(as_ana, "/portal/me/")
    patient_actions.change(patient=ana, by=priya, phone="555-0199")
    page = as_ana.post("/portal/me/", older | {"text_size": "large"})
    assert "Phone: 555-0199" in page.content.decode()
    ana.refresh_from_db()
    assert (ana.phone, ana.text_size) == ("555-0199", "normal")


def test_an_older_page_of_the_reminders_sets_nothing_back(as_ana, ana):
    reminders.choose(patient=ana, by=ana.user, by_email=True, times=[dt.time(9)])
    older = page_of(as_ana, "/portal/reminders/")
    reminders.choose(patient=ana, by=ana.user, by_email=False, times=[dt.time(9)])
    page = as_ana.post("/portal/reminders/", older | {"repeat": "on"})
    assert page.status_code == 200
    assert not ReminderChoice.objects.get().by_email


def test_an_older_page_of_a_canned_answer_sets_nothing_back(as_priya, priya):
    answer = canned_answers.save(answer=None, title="Shoes", text="Wear them.", by=priya)
    address = f"/workspace/answers/{answer.pk}/"
    older = page_of(as_priya, address)
    canned_answers.save(answer=answer, title="Shoes", text="Closed ones.", by=priya)
    assert as_priya.post(address, older | {"title": "About shoes"}).status_code == 200
    assert CannedAnswer.objects.get().text == "Closed ones."


def test_the_stamp_is_compared_with_the_row_not_with_the_callers_copy(episode, priya):
    names = list(FINDINGS)
    read = stamp_of(episode, names)
    episodes.change_episode(episode=episode, by=priya, sensation="lost")
    with pytest.raises(StaleError) as told:
        episodes.change_episode(episode=episode, by=priya, read=read, **FINDINGS)
    assert told.value.differing == ["sensation"]
