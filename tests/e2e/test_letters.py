"""Writing to each other, reminders and the calendar link, in a real browser."""

import io
import re

import pytest
from django.db import connections
from PIL import Image

from accounts.models import User
from patients.models import Message
from programs.models import CalendarFeed, ReminderChoice
from programs.reminders import letters
from tests.conftest import give_login, make_episode, make_patient, make_plan
from tests.e2e.test_education import log_in

pytestmark = pytest.mark.e2e
PHONE, DESK = 390, 1280
TARGETS = """[...document.querySelectorAll('a, button, label:has(input), select, textarea,'
  + 'input:not([type=hidden]):not([type=checkbox])')]
  .filter(one => one.offsetParent && !one.closest('p, .skip-link'))
  .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect().height])
  .filter(([, height]) => height < 43.5)"""


@pytest.fixture
def ana(therapist):
    priya = User.objects.get(email=therapist)
    patient = make_patient(priya, "Ana", email=f"ana-{priya.pk}@patients.test")
    give_login(patient, priya)
    make_plan(make_episode(patient, priya), priya)
    connections.close_all()
    return patient


def photo():
    out = io.BytesIO()
    Image.new("RGB", (1200, 900), (190, 90, 80)).save(out, "JPEG")
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_question_with_a_picture_is_answered(walkers, therapist, ana, scheme):
    patient = walkers(PHONE, color_scheme=scheme)
    log_in(patient, ana.email)
    patient.follow("Messages")
    patient.look()
    patient.page.get_by_label("Your message").fill("Is this red spot all right?")
    patient.page.get_by_label("Add a picture").set_input_files(photo())
    patient.page.get_by_role("button", name="Send to my care team").dblclick()
    patient.page.get_by_text("Not read yet").wait_for()
    assert Message.objects.count() == 1
    patient.look()
    assert patient.page.evaluate(TARGETS) == []

    priya = walkers(DESK, color_scheme=scheme)
    log_in(priya, therapist)
    priya.go("/workspace/answers/add/")
    priya.page.get_by_label("Title").fill("Please call")
    priya.page.get_by_label("Text").fill("Please call the clinic today.")
    priya.press("Save")
    priya.look()
    priya.go("/workspace/")
    priya.look()
    priya.follow(re.compile("^1 unread"))
    picture = priya.page.get_by_role("img", name="Picture from Ana Reyes")
    loaded = "image => image.decode().then(() => image.naturalWidth)"
    assert picture.evaluate(loaded) == 1200
    priya.page.get_by_label("Your message").fill("Thank you.")
    priya.press("Put it in")
    text = priya.page.get_by_label("Your message")
    assert text.input_value() == "Thank you.\n\nPlease call the clinic today."
    priya.look()
    priya.press("Send")
    priya.look()

    patient.go("/portal/")
    patient.follow(re.compile("Messages 1 new"))
    patient.page.get_by_text("Please call the clinic today.").wait_for()
    patient.page.get_by_text(re.compile("Read by Priya")).wait_for()
    patient.look()


def test_reminders_and_a_calendar_are_chosen_and_ended(walkers, ana):
    patient = walkers(PHONE)
    log_in(patient, ana.email)
    patient.follow("Settings")
    patient.follow("Reminders and calendar")
    patient.look()
    patient.page.get_by_label("Remind me by email").check()
    patient.page.get_by_label("Time", exact=True).fill("08:15")
    patient.press("Save my reminders")
    patient.page.get_by_text("Saved.").wait_for()
    patient.press("Make a calendar link")
    address = patient.page.get_by_label("Copy this").input_value()
    assert address.endswith(f"{CalendarFeed.objects.get().token}.ics")
    patient.press("Copy the link")
    patient.page.get_by_text(re.compile("^(Copied|Selected)")).wait_for()
    feed = patient.page.request.get(address)
    assert feed.text().count("BEGIN:VEVENT") > 5
    patient.look()
    assert patient.page.evaluate(TARGETS) == []

    stranger = walkers(PHONE)
    choice = ReminderChoice.objects.get()
    stranger.go(f"/portal/reminders/off/{letters.off_token(choice)}/")
    stranger.look()
    stranger.press("Stop the emails")
    stranger.page.get_by_text("Email reminders are off").wait_for()
    stranger.look()
    assert not ReminderChoice.objects.get().by_email
