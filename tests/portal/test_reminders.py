import datetime as dt
import uuid

import pytest

from accounts.models import Clinic
from programs.actions import calendar_feeds, reminders
from programs.models import CalendarFeed, ReminderChoice
from programs.reminders import letters
from tests.conftest import client_of, page_of

pytestmark = pytest.mark.django_db
PAGE = "/portal/reminders/"
WANTED = {"by_email": "on", "time_1": "08:30", "time_2": "", "time_3": "", "time_zone": ""}


def choose(patient, **fields):
    wanted = {"times": [dt.time(9)], "by_email": True, **fields}
    return reminders.choose(patient=patient, by=patient.user, **wanted)


def off(choice):
    return f"{PAGE}off/{letters.off_token(choice)}/"


def test_only_a_patient_enters(ana, priya, colm, olive, ruth, ed):
    for address in (PAGE, f"{PAGE}calendar/"):
        method = "get" if address == PAGE else "post"
        assert getattr(client_of(None), method)(address).status_code == 302
        for staff in (priya, colm, olive, ruth, ed):
            assert getattr(client_of(staff), method)(address).status_code == 404
    assert client_of(ana.user).get(PAGE).status_code == 200
    assert client_of(ana.user).get(f"{PAGE}calendar/").status_code == 405


def test_choosing_is_stored_and_shown_again(as_ana, ana):
    data = WANTED | {"time_2": "17:00", "time_zone": "Europe/Berlin", "repeat": "on"}
    assert as_ana.post(PAGE, data).status_code == 302
    choice = ReminderChoice.objects.get()
    assert choice.patient == ana
    assert choice.times == [dt.time(8, 30), dt.time(17)]
    assert (choice.by_email, choice.by_sms, choice.repeat) == (True, False, True)
    assert choice.zone.key == "Europe/Berlin"
    content = as_ana.get(PAGE).content.decode()
    assert 'value="08:30"' in content
    assert "(at 20:00)" in content
    assert '<option value="Europe/Berlin" selected>' in content


def test_what_the_clinic_suggests_is_there_and_nothing_is_sent(as_ana, ana, clinic):
    assert not page_of(as_ana, PAGE).get("by_email")
    Clinic.objects.filter(pk=clinic.pk).update(reminder_at=dt.time(17), suggests_reminders=True)
    page = page_of(as_ana, PAGE)
    assert (page["by_email"], page["time_1"]) == (True, "17:00")
    suggested = "Nothing is sent before you save it."
    assert suggested in as_ana.get(PAGE).content.decode()
    assert not ReminderChoice.objects.exists()
    # What somebody has chosen, the clinic's suggestion does not change.
    choose(ana, by_email=False, times=[dt.time(8)])
    page = page_of(as_ana, PAGE)
    assert not page.get("by_email")
    assert page["time_1"] == "08:00"
    assert suggested not in as_ana.get(PAGE).content.decode()


def test_without_a_tick_it_is_off(as_ana, ana):
    choose(ana)
    page = page_of(as_ana, PAGE)
    del page["by_email"]
    as_ana.post(PAGE, page)
    choice = ReminderChoice.objects.get()
    assert not choice.by_email
    assert choice.next_at is None


@pytest.mark.parametrize(
    "wrong", [{"time_1": ""}, {"time_1": "25:00"}, {"time_2": "soon"}, {"time_zone": "Mars/One"}]
)
def test_what_makes_no_sense_is_said(as_ana, wrong):
    content = as_ana.post(PAGE, WANTED | wrong).content.decode()
    assert "Not saved yet" in content
    assert not ReminderChoice.objects.exists()


def test_text_messages_are_offered_only_with_a_service_and_a_number(as_ana, ana, settings):
    settings.SMS_BACKEND = "patients.sms.ConsoleSms"
    assert "by text message" not in as_ana.get(PAGE).content.decode()
    ana.phone = "555-0199"
    ana.save()
    assert "by text message" in as_ana.get(PAGE).content.decode()
    settings.SMS_BACKEND = ""
    assert "by text message" not in as_ana.get(PAGE).content.decode()


def test_settings_link_to_it(as_ana, plan):
    assert f'href="{PAGE}"' in as_ana.get("/portal/me/").content.decode()


# The link in an email


def test_opening_the_link_changes_nothing_and_the_button_stops_the_emails(ana):
    choice = choose(ana)
    visitor = client_of(None)
    answer = visitor.get(off(choice))
    assert "Stop the email reminders?" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    choice.refresh_from_db()
    assert choice.by_email
    assert "are off" in visitor.post(off(choice)).content.decode()
    choice.refresh_from_db()
    assert not choice.by_email
    assert "are off" in visitor.post(off(choice)).content.decode()


def test_one_click_in_a_mail_program_needs_neither_cookie_nor_token(ana):
    from django.test import Client

    choice = choose(ana)
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(off(choice), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    choice.refresh_from_db()
    assert not choice.by_email


def test_the_page_behind_the_link_tells_nothing_about_the_patient(ana, clinic, plan):
    content = client_of(None).get(off(choose(ana))).content.decode()
    for word in ("Ana", "Reyes", clinic.name, plan.title, "@"):
        assert word not in content


@pytest.mark.parametrize("token", ["x", "x:y", str(uuid.UUID(int=0))])
def test_a_wrong_link_is_404(token, ana):
    choose(ana)
    assert client_of(None).get(f"{PAGE}off/{token}/").status_code == 404
    assert client_of(None).post(f"{PAGE}off/{token}/").status_code == 404


def test_a_seal_of_another_patient_is_404(ana, bert):
    mine, theirs = choose(ana), choose(bert)
    mixed = f"{mine.pk.hex}:{letters.off_token(theirs).split(':')[1]}"
    assert client_of(None).post(f"{PAGE}off/{mixed}/").status_code == 404


# The calendar


def test_a_link_is_made_renewed_and_switched_off(as_ana, ana, plan):
    as_ana.post(f"{PAGE}calendar/", {"wanted": "new"})
    first = CalendarFeed.objects.get().token
    assert first in as_ana.get(PAGE).content.decode()
    assert client_of(None).get(f"/portal/calendar/{first}.ics").status_code == 200
    as_ana.post(f"{PAGE}calendar/", {"wanted": "new"})
    second = CalendarFeed.objects.open().get().token
    assert client_of(None).get(f"/portal/calendar/{first}.ics").status_code == 404
    assert client_of(None).get(f"/portal/calendar/{second}.ics").status_code == 200
    for _ in range(2):
        as_ana.post(f"{PAGE}calendar/", {"wanted": "off"})
    assert client_of(None).get(f"/portal/calendar/{second}.ics").status_code == 404
    assert second not in as_ana.get(PAGE).content.decode()


def test_the_feed_is_kept_by_its_etag(ana, plan):
    address = f"/portal/calendar/{calendar_feeds.renew(patient=ana, by=ana.user).token}.ics"
    visitor = client_of(None)
    answer = visitor.get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    assert "sessionid" not in answer.cookies
    again = visitor.get(address, headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    choose(ana, times=[dt.time(18)])
    changed = visitor.get(address, headers={"if-none-match": answer["ETag"]})
    assert changed.status_code == 200
    assert visitor.post(address).status_code == 405


def test_a_closed_account_closes_its_feed(ana, plan):
    address = f"/portal/calendar/{calendar_feeds.renew(patient=ana, by=ana.user).token}.ics"
    ana.user.is_active = False
    ana.user.save()
    assert client_of(None).get(address).status_code == 404


def test_guessed_and_mixed_links_are_404(ana, bert, plan):
    mine = calendar_feeds.renew(patient=ana, by=ana.user).token
    theirs = calendar_feeds.renew(patient=bert, by=bert.user).token
    for token in ("x", mine[:-1], mine[:32] + theirs[32:], mine.upper(), f"{mine}0", "0" * 96):
        assert client_of(None).get(f"/portal/calendar/{token}.ics").status_code == 404, token
