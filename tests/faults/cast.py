"""The demo clinic with more patients, each with a plan: `python -m tests.faults.cast 20 40`, as the
owner of a database with a released version's dump. Prints what the clients need as JSON.

The first ones send sessions, the others are reminded and do nothing.
"""

import datetime as dt
import json
import re
import sys

import django

SHOWN = re.compile(r'name="shown" value="([0-9a-f-]{36})"')


def main(senders: int, reminded: int) -> dict[str, object]:
    django.setup()
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    from accounts.models import User

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    setup_test_environment()
    priya = User.objects.get(email__startswith="priya@")
    zone = noon()
    type(priya.clinic).objects.filter(pk=priya.clinic_id).update(time_zone=zone)
    priya = User.objects.get(pk=priya.pk)
    return {
        "zone": zone,
        # Whose patients are not among the others: no list has so many sessions of one day.
        "therapist": cookie_of(User.objects.get(email__startswith="tom@")),
        "senders": [sender(priya, f"Sender{number}") for number in range(senders)],
        "reminded": [reminded_one(priya, f"Reminded{number}") for number in range(reminded)],
    }


def noon() -> str:
    """Where it is about noon now, so that no midnight falls into a run."""
    hours = 12 - dt.datetime.now(dt.UTC).hour
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"


def cookie_of(user) -> str:
    """Of a browser in which they are logged in, as it is after the first page."""
    from django.conf import settings

    from tests.conftest import client_of

    client = client_of(user)
    client.get("/account/home/")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def patient(by, name: str):
    from tests.conftest import give_login, make_episode, make_patient, make_plan

    patient = make_patient(by, name)
    give_login(patient, by)
    patient.refresh_from_db()
    return patient, make_plan(make_episode(patient, by), by)


def sender(by, name: str) -> dict[str, object]:
    """`shown`: the exercises that the page of a session asks about."""
    from uuid import uuid4

    from tests.conftest import client_of

    one, plan = patient(by, name)
    address = f"/portal/session/{plan.pk}/{uuid4()}/"
    page = client_of(one.user).get(address).content.decode()
    shown = SHOWN.findall(page)
    assert shown, "no exercise is due"
    return {"cookie": cookie_of(one.user), "plan": str(plan.pk), "shown": shown}


def reminded_one(by, name: str) -> dict[str, str]:
    from programs.actions.reminders import choose

    one, _ = patient(by, name)
    choose(patient=one, by=one.user, by_email=True, times=[dt.time(23)])
    return {"patient": str(one.pk), "email": one.email}


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:]))))
