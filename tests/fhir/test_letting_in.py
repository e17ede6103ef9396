"""How a patient lets an app in, what it then has, and how it is stopped."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts import wall
from accounts.actions import close
from accounts.models import AnsweredForm, AppAccess, AuditEvent, User
from accounts.smart import connecting
from accounts.smart.clients import digest
from accounts.smart.server import ALLOWED_FOR
from patients.actions import erasing
from tests.conftest import client_of, prove
from tests.fhir.apps import (
    ASSERTION,
    BACK,
    ask,
    code_for,
    error_of,
    exchange,
    is_outcome,
    key_set,
    patient_app,
    patient_token,
    post,
    question,
    renew,
    sent_back,
    statement,
)

pytestmark = pytest.mark.django_db


def test_a_patient_lets_an_app_in_and_it_reads_that_record_alone(ana, bert, ruth):
    app = patient_app(ruth)
    token = patient_token(app, ana.user)
    assert token["patient"] == str(ana.pk)
    assert token["token_type"] == "Bearer"
    assert token["expires_in"] == 3600
    assert token["scope"] == "patient/*.rs launch/patient offline_access"
    assert ask(token["access_token"], f"Patient/{ana.pk}").json()["id"] == str(ana.pk)
    is_outcome(ask(token["access_token"], f"Patient/{bert.pk}"), 404, "not-found")


def test_the_question_says_what_is_read_by_whom_and_for_how_long(ana, ruth):
    address, _ = question(patient_app(ruth), scope="patient/Procedure.rs patient/CarePlan.read")
    page = prove(client_of(ana.user)).get(address)
    said = page.content.decode()
    assert "Let Steps read your record?" in said
    assert "Your sessions" in said
    assert "Your plan and your exercises" in said
    assert "Who helps you" not in said
    assert "It reads for one hour." in said
    assert "https://app.example.org" in said
    assert "form-action 'self';" in page["Content-Security-Policy"] + ";"
    assert "no-store" in page["Cache-Control"]


def test_the_question_is_asked_after_showing_who_it_is_and_comes_back_whole(ana, ruth):
    address, _ = question(patient_app(ruth))
    away = client_of(ana.user).get(address)
    assert away.status_code == 302
    assert away.url.startswith("/account/reauthenticate/")
    assert "code_challenge" in away.url
    assert client_of(None).get(address).url.startswith("/account/login/")


def test_a_patient_says_no(ana, ruth):
    back, _ = code_for(patient_app(ruth), ana.user, answer="refuse")
    assert back["error"] == "access_denied"
    assert back["state"] == "s" * 20
    assert not AppAccess.objects.exists()


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"aud": "https://evil.example/fhir"}, "invalid_request"),
        ({"aud": None}, "invalid_request"),
        ({"scope": "openid fhirUser"}, "invalid_scope"),
        ({"scope": "system/*.rs"}, "invalid_scope"),
        ({"scope": "patient/*.cud patient/Observation.write"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
)
def test_what_is_wrong_with_the_question_is_told_to_the_app(changed, error, ana, ruth):
    address, _ = question(patient_app(ruth), **changed)
    answer = prove(client_of(ana.user)).get(address)
    assert answer["Location"].startswith(BACK)
    assert sent_back(answer["Location"])["error"] == error
    assert sent_back(answer["Location"])["state"] == "s" * 20


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/back", f"{BACK}/more", f"{BACK}?x=1", "https://app.example.org/Back",
        "http://app.example.org/back", "https://app.example.org:444/back", "javascript:alert(1)",
        "", None, "https://app.example.org@evil.example/back", f"{BACK}#x", f"{BACK}\r\nX: y",
    ],
)  # fmt: skip
def test_a_patient_is_led_to_no_address_that_was_not_entered(back, ana, ruth):
    address, _ = question(patient_app(ruth), redirect_uri=back)
    for method in ("get", "post"):
        answer = getattr(prove(client_of(ana.user)), method)(
            address, {"allow": "1"} if method == "post" else None
        )
        assert answer.status_code == 400
        assert "not known" in answer.content.decode()
    assert not AppAccess.objects.exists()


def test_on_the_same_device_the_port_is_free(ana, ruth):
    app = patient_app(ruth, redirect_uris=["http://127.0.0.1/back"])
    address, _ = question(app, redirect_uri="http://127.0.0.1:51234/back")
    assert prove(client_of(ana.user)).get(address).status_code == 200
    address, _ = question(app, redirect_uri="http://127.0.0.1:51234/other")
    assert prove(client_of(ana.user)).get(address).status_code == 400


def test_an_app_of_another_clinic_is_not_known(ana, olive):
    olive.role = "clinic_admin"
    address, _ = question(patient_app(olive))
    assert prove(client_of(ana.user)).get(address).status_code == 400


def test_only_a_patient_is_asked(ana, priya, ruth, mara):
    address, _ = question(patient_app(ruth))
    for who in (priya, ruth, mara.user):
        assert prove(client_of(who)).get(address).status_code == 404


def test_a_code_is_changed_once_and_a_second_time_ends_all(ana, ruth):
    app = patient_app(ruth)
    back, verifier = code_for(app, ana.user)
    token = exchange(app, back["code"], verifier).json()
    assert ask(token["access_token"], "Patient").status_code == 200
    assert error_of(exchange(app, back["code"], verifier)) == "invalid_grant"
    assert ask(token["access_token"], "Patient").status_code == 401
    assert error_of(renew(app, token["refresh_token"])) == "invalid_grant"


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "x" * 50}, {"code_verifier": None},
        {"redirect_uri": "https://app.example.org/other"}, {"redirect_uri": None},
        {"code": "made-up"}, {"client_id": "made-up"},
    ],
)  # fmt: skip
def test_a_code_is_the_apps_own(changed, ana, ruth):
    app = patient_app(ruth)
    back, verifier = code_for(app, ana.user)
    assert exchange(app, back["code"], verifier, **changed).status_code in {400, 401}
    assert exchange(app, back["code"], verifier).status_code == 200


def test_another_app_changes_no_code(ana, ruth):
    app, other = patient_app(ruth), patient_app(ruth, name="Other")
    back, verifier = code_for(app, ana.user)
    assert error_of(exchange(other, back["code"], verifier)) == "invalid_grant"


def test_a_code_lasts_a_minute(ana, ruth):
    app = patient_app(ruth)
    back, verifier = code_for(app, ana.user)
    AppAccess.objects.update(code_until=timezone.now() - dt.timedelta(seconds=1))
    assert error_of(exchange(app, back["code"], verifier)) == "invalid_grant"


def test_nothing_that_opens_anything_is_stored(ana, ruth):
    app = patient_app(ruth)
    back, verifier = code_for(app, ana.user)
    token = exchange(app, back["code"], verifier).json()
    row = AppAccess.objects.get()
    kept = str(AppAccess.objects.values().get()) + str(AnsweredForm.objects.values())
    for secret in (back["code"], verifier, token["access_token"], token["refresh_token"]):
        assert secret not in kept
    assert row.access == digest(token["access_token"])


def test_without_offline_access_it_ends_with_the_hour(ana, ruth):
    token = patient_token(patient_app(ruth), ana.user, scope="launch/patient patient/*.rs")
    assert "refresh_token" not in token
    AppAccess.objects.update(access_until=timezone.now())
    assert ask(token["access_token"], "Patient").status_code == 401


def test_a_refresh_token_is_good_once_and_a_second_time_ends_all(ana, ruth):
    app = patient_app(ruth)
    first = patient_token(app, ana.user)
    second = renew(app, first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["patient"] == str(ana.pk)
    assert ask(first["access_token"], "Patient").status_code == 401
    assert ask(second["access_token"], "Patient").status_code == 200
    assert error_of(renew(app, first["refresh_token"])) == "invalid_grant"
    assert ask(second["access_token"], "Patient").status_code == 401


def test_less_can_be_asked_for_when_renewing_and_more_can_not(ana, ruth):
    app = patient_app(ruth)
    token = patient_token(app, ana.user, scope="patient/Patient.rs patient/Task.rs offline_access")
    less = renew(app, token["refresh_token"], scope="patient/Task.rs").json()
    assert less["scope"] == "patient/Task.rs"
    is_outcome(ask(less["access_token"], "Patient"), 403, "forbidden")
    assert error_of(renew(app, less["refresh_token"], scope="patient/*.rs")) == "invalid_scope"
    again = renew(app, less["refresh_token"]).json()
    assert ask(again["access_token"], "Patient").status_code == 200


def test_each_is_asked_again_after_a_year(ana, ruth):
    app = patient_app(ruth)
    token = patient_token(app, ana.user)
    AppAccess.objects.update(allowed_at=timezone.now() - ALLOWED_FOR)
    last = renew(app, token["refresh_token"]).json()
    assert "refresh_token" not in last


def test_an_app_on_a_server_shows_its_key_with_the_code(ana, ruth):
    app = patient_app(ruth, key_set=key_set())
    back, verifier = code_for(app, ana.user)
    assert exchange(app, back["code"], verifier).status_code == 400
    shown = {"client_assertion_type": ASSERTION, "client_assertion": statement(app)}
    assert exchange(app, back["code"], verifier, **shown).status_code == 200


def test_a_patient_stops_an_app_in_settings(ana, ruth):
    app = patient_app(ruth)
    token = patient_token(app, ana.user)
    ask(token["access_token"], "Patient")
    client = client_of(ana.user)
    page = client.get("/portal/me/apps/").content.decode()
    assert "Steps" in page
    assert "It last read: today" in page
    client.post(f"/portal/me/apps/{app.pk}/stop/")
    assert ask(token["access_token"], "Patient").status_code == 401
    assert error_of(renew(app, token["refresh_token"])) == "invalid_grant"
    assert "No app reads your record" in client.get("/portal/me/apps/").content.decode()
    events = AuditEvent.objects.filter(actor_id=ana.user.uuid).values_list("action", flat=True)
    assert {"app.allowed", "app.stopped"} <= set(events)


def test_an_app_stops_itself(ana, bert, ruth):
    app = patient_app(ruth)
    token, other = patient_token(app, ana.user), patient_token(app, bert.user)
    done = post("/fhir/revoke", token=token["refresh_token"], client_id=str(app.pk))
    assert done.status_code == 200
    assert ask(token["access_token"], "Patient").status_code == 401
    assert ask(other["access_token"], "Patient").status_code == 200
    stranger = patient_app(ruth, name="Other")
    post("/fhir/revoke", token=other["access_token"], client_id=str(stranger.pk))
    assert ask(other["access_token"], "Patient").status_code == 200


def test_who_is_erased_leaves_no_access_behind(ana, ruth):
    token = patient_token(patient_app(ruth), ana.user)
    with wall.acting(ruth):
        erasing.erase(patient=ana, by=ruth, archive=lambda one: b"{}")
    assert not AppAccess.objects.exists()
    assert ask(token["access_token"], "Patient").status_code == 401


def ended_by(what, app, ana, ruth):
    if what == "the app's end":
        connecting.end(app=app, by=ruth)
    elif what == "a closed login":
        close(user=ana.user)
    else:
        User.objects.filter(pk=ana.user.pk).update(is_active=False)
        User.objects.filter(pk=ana.user.pk).update(is_active=True)


@pytest.mark.parametrize("what", ["the app's end", "a closed login", "a login that ended once"])
def test_what_ends_an_access_ends_it_everywhere(what, ana, ruth):
    app = patient_app(ruth)
    token = patient_token(app, ana.user)
    back, verifier = code_for(app, ana.user)
    ended_by(what, app, ana, ruth)
    assert ask(token["access_token"], "Patient").status_code == 401
    assert renew(app, token["refresh_token"]).status_code in {400, 401}
    assert exchange(app, back["code"], verifier).status_code in {400, 401}


def test_what_the_clinic_takes_away_is_gone_at_once(ana, ruth):
    app = patient_app(ruth)
    token = patient_token(app, ana.user)["access_token"]
    assert ask(token, "Task").status_code == 200
    connecting.change(app=app, by=ruth, kinds=["Patient"])
    is_outcome(ask(token, "Task"), 403, "forbidden")
    assert ask(token, "Patient").status_code == 200


@pytest.mark.parametrize("name", ["response_type", "scope", "client_id", "redirect_uri", "state"])
@pytest.mark.parametrize("value", ["é", 'a"b', "a\\b", "\x00", "x" * 5000, "\n"])
def test_whatever_is_asked_is_answered(name, value, ana, ruth):
    address, _ = question(patient_app(ruth), **{name: value})
    assert prove(client_of(ana.user)).get(address).status_code in {200, 302, 400}


@pytest.mark.parametrize(
    "name",
    [
        "grant_type",
        "scope",
        "client_id",
        "code",
        "code_verifier",
        "refresh_token",
        "client_assertion",
        "client_assertion_type",
    ],
)
@pytest.mark.parametrize("value", ["é", 'a"b', "\x00", "e30.eyJzdWIiOlsxXX0.x", "x" * 5000])
def test_whatever_is_sent_for_a_token_is_refused(name, value, ana, ruth):
    app = patient_app(ruth)
    for grant in ("authorization_code", "refresh_token", "client_credentials"):
        sent = {"grant_type": grant, "client_id": str(app.pk), "code": "x", "refresh_token": "x"}
        answer = post("/fhir/token", **(sent | {name: value}))
        assert answer.status_code in {400, 401}, answer.content
        assert answer.json()["error"]


def test_what_is_past_is_forgotten(ana, ruth):
    app = patient_app(ruth)
    patient_token(app, ana.user)
    code_for(app, ana.user)
    connecting.forget()
    assert AppAccess.objects.count() == 2
    long_ago = timezone.now() - dt.timedelta(days=31)
    rows = AppAccess.objects.exclude(access=None)
    rows.update(access_until=long_ago, refresh_until=long_ago, allowed_at=long_ago)
    AppAccess.objects.filter(access=None).update(allowed_at=long_ago)
    connecting.forget()
    assert not AppAccess.objects.exists()
