"""A clinic's program is told that something happened: signed, once, and without a name."""

import base64
import datetime as dt
import hashlib
import json
import socket

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import KeySet

from accounts.models import AppEvent
from accounts.smart import connecting
from fhir import telling
from fhir.jobs import tell_apps, tidy_up
from fhir.resources.R4B.bundle import Bundle
from programs.models import Alert, Session
from tests.conftest import client_of, prove
from tests.fhir.apps import SITE, ask, clinic_app, patient_app, system_token
from tests.fhir.conftest import do
from tests.listening import listening

pytestmark = pytest.mark.django_db
BOTH = ["session-stored", "alert-raised"]


@pytest.fixture
def hook(settings):
    """A program's address."""
    with listening() as server:
        settings.APP_ORIGINS = [server.origin]
        yield server


@pytest.fixture
def app(hook, ruth):
    return clinic_app(ruth, topics=BOTH, hook_address=f"{hook.origin}/news")


def focus(body):
    parts = body["entry"][0]["resource"]["parameter"]
    event = next(one for one in parts if one["name"] == "notification-event")
    return next(one for one in event["part"] if one["name"] == "focus")["valueReference"][
        "reference"
    ]


def told(hook):
    return [focus(json.loads(body)).removeprefix(f"{SITE}/fhir/") for _, _, body in hook.heard]


def test_a_session_is_told_and_can_be_read(app, hook, plan, ana):
    session = do(plan, ana, 0)
    tell_apps.func(0)
    assert told(hook) == [f"Procedure/{session.pk}"]
    token = system_token(app).json()["access_token"]
    assert ask(token, told(hook)[0]).json()["id"] == str(session.pk)
    tell_apps.func(0)
    assert len(hook.heard) == 1


def test_an_alert_is_told_too_and_nothing_by_which_one_knows_anybody(app, hook, plan, ana):
    do(plan, ana, 0, falls=1, fall_injury=True, note="Fell in the kitchen.")
    tell_apps.func(0)
    alerts = {f"Task/{one.pk}" for one in Alert.objects.filter(patient=ana)}
    assert alerts
    assert set(told(hook)) == alerts | {f"Procedure/{Session.objects.get().pk}"}
    everything = b"".join(body for _, _, body in hook.heard).decode()
    for word in (str(ana.pk), ana.first_name, ana.last_name, "kitchen", "fall", str(plan.pk)):
        assert word not in everything
    for _, _, body in hook.heard:
        Bundle.model_validate_json(body)


def test_it_is_signed_about_what_was_sent(app, hook, plan, ana):
    do(plan, ana, 0)
    tell_apps.func(0)
    [(_, headers, body)] = hook.heard
    keys = KeySet.import_key_set(ask(None, ".well-known/jwks.json").json())
    assert all("d" not in one for one in keys.as_dict()["keys"])
    said = jwt.decode(headers["Authorization"].removeprefix("Bearer "), keys, algorithms=["ES384"])
    digest = base64.urlsafe_b64encode(hashlib.sha256(body).digest()).decode().rstrip("=")
    assert said.claims["sha256"] == digest
    assert said.claims["iss"] == f"{SITE}/fhir"
    assert said.claims["aud"] == hook.origin
    assert said.claims["jti"] == str(AppEvent.objects.get().pk)
    assert 0 < said.claims["exp"] - said.claims["iat"] <= 300
    assert headers["Content-Type"] == "application/fhir+json"


def test_what_failed_elsewhere_is_not_told_again(app, hook, plan, ana):
    hook.answers = 500, b""
    do(plan, ana, 0)
    tell_apps.func(0)
    tell_apps.func(0)
    assert len(hook.heard) == 1
    page = client_of(app.added_by).get(f"/workspace/apps/{app.pk}/").content.decode()
    assert "1 not taken in 30 days" in page


def test_what_nobody_took_is_told_later_and_left_in_the_end(app, hook, plan, ana, settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    settings.APP_ORIGINS = [nobody, hook.origin]
    type(app).objects.filter(pk=app.pk).update(hook_address=f"{nobody}/news")
    do(plan, ana, 0)
    tell_apps.func(0)
    event = AppEvent.objects.get()
    assert (event.tries, event.told_at) == (1, None)
    assert event.next_at > timezone.now()
    type(app).objects.filter(pk=app.pk).update(hook_address=f"{hook.origin}/news")
    AppEvent.objects.update(next_at=timezone.now())
    tell_apps.func(0)
    assert len(hook.heard) == 1
    AppEvent.objects.update(next_at=timezone.now(), tries=telling.MOST_TRIES - 1, told_at=None)
    type(app).objects.filter(pk=app.pk).update(hook_address=f"{nobody}/news")
    tell_apps.func(0)
    assert AppEvent.objects.get().next_at is None


def test_who_is_killed_while_telling_tells_it_no_second_time(app, hook, plan, ana, monkeypatch):
    def killed(event):
        raise SystemExit

    do(plan, ana, 0)
    monkeypatch.setattr(telling, "tell", killed)
    with pytest.raises(SystemExit):
        tell_apps.func(0)
    monkeypatch.undo()
    tell_apps.func(0)
    assert hook.heard == []


def test_what_was_not_stored_is_not_told(app, hook, plan, ana):
    with transaction.atomic():
        do(plan, ana, 0)
        transaction.set_rollback(True)
    tell_apps.func(0)
    assert hook.heard == []


def test_only_what_was_chosen_by_whom_and_of_this_clinic(hook, plan, ana, ruth, olive):
    olive.role = "clinic_admin"
    there = clinic_app(olive, topics=BOTH, hook_address=f"{hook.origin}/there")
    alone = clinic_app(ruth, topics=["alert-raised"], hook_address=f"{hook.origin}/alerts")
    silent = clinic_app(ruth)
    do(plan, ana, 0)
    assert not AppEvent.objects.filter(app__in=[there, alone, silent]).exists()


@pytest.mark.parametrize("what", ["ended", "less is read", "less is told"])
def test_what_the_clinic_takes_away_is_told_no_more(what, app, hook, plan, ana, ruth):
    do(plan, ana, 0)
    if what == "ended":
        connecting.end(app=app, by=ruth)
    else:
        changed = {"topics": ["alert-raised"]} | (
            {"kinds": ["Task"]} if what == "less is read" else {}
        )
        connecting.change(app=app, by=ruth, **changed)
    tell_apps.func(0)
    assert hook.heard == []


@pytest.mark.parametrize(
    "fields",
    [
        {"topics": BOTH}, {"hook_address": "https://ehr.example.org/news"},
        {"topics": ["made-up"], "hook_address": "https://ehr.example.org/news"},
        {"topics": BOTH, "hook_address": "http://ehr.example.org/news"},
        {"topics": BOTH, "hook_address": "https://ehr.example.org/news", "kinds": ["Patient"]},
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_not_entered(fields, ruth):
    with pytest.raises(ValidationError):
        clinic_app(ruth, **fields)


def test_a_patients_app_is_told_of_nothing(ruth):
    with pytest.raises(ValidationError):
        patient_app(ruth, topics=BOTH, hook_address="https://app.example.org/news")


def test_our_own_network_is_told_nothing(plan, ana, ruth):
    clinic_app(ruth, topics=BOTH, hook_address="https://127.0.0.1/news")
    do(plan, ana, 0)
    tell_apps.func(0)
    assert AppEvent.objects.get().told_at is None


def test_it_is_forgotten_after_a_month(app, hook, plan, ana):
    do(plan, ana, 0)
    tell_apps.func(0)
    AppEvent.objects.update(at=timezone.now() - dt.timedelta(days=31))
    tidy_up.func(0)
    assert not AppEvent.objects.exists()


def test_an_administrator_enters_what_it_is_told_of(app, ruth):
    client = prove(client_of(ruth))
    page = client.get(f"/workspace/apps/{app.pk}/").content.decode()
    assert "/fhir/.well-known/jwks.json" in page
    assert "An alert was raised" in page
