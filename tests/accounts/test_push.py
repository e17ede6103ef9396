"""Notifications: what is sent, to whom, and that it holds nothing."""

import base64
import datetime as dt
import uuid

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import ValidationError

from accounts import actions, jobs, push
from accounts.audit import Action
from accounts.models import AuditEvent, PushDevice
from programs.actions import sessions, telling
from tests.conftest import client_of
from tests.listening import listening

pytestmark = pytest.mark.django_db
PAGE = "/workspace/notifications/"


@pytest.fixture
def service(settings):
    """A push service of its own."""
    with listening() as server:
        server.answers = 201, b""
        settings.WEB_PUSH_SERVICES = [server.origin]
        yield server


def test_logging_out_of_that_browser_ends_it(device, as_priya, priya, service):
    other = actions.add_push_device(user=priya, endpoint=f"{service.origin}/other")
    as_priya.post("/account/logout/", {"push_endpoint": device.endpoint})
    assert list(PushDevice.objects.all()) == [other]


@pytest.fixture
def device(service, priya):
    return actions.add_push_device(user=priya, endpoint=f"{service.origin}/x", words="Firefox")


def test_what_is_sent_is_empty_and_signed_by_this_installation(device, service, settings):
    push.tell(str(device.pk))
    [(path, headers, body)] = service.heard
    assert (path, body) == ("/x", b"")
    assert headers["Urgency"] == "high"
    assert 0 < int(headers["TTL"]) <= dt.timedelta(days=1).total_seconds()
    told, known = (part.split("=", 1)[1] for part in headers["Authorization"][6:].split(", "))
    assert known == push.public_key()
    point = base64.urlsafe_b64decode(known + "=")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    claims = jwt.decode(told, key, algorithms=["ES256"], audience=service.origin)
    assert claims["sub"] == settings.SITE_ADDRESS


@pytest.mark.parametrize("answer", [403, 404, 410])
def test_a_device_that_is_gone_is_forgotten(device, service, answer):
    service.answers = answer, b""
    push.tell(str(device.pk))
    push.tell(str(device.pk))
    assert not PushDevice.objects.exists()
    assert len(service.heard) == 1


@pytest.mark.parametrize("answer", [302, 400, 429, 500])
def test_another_refusal_is_tried_again(device, service, answer):
    service.answers = answer, b""
    with pytest.raises(push.NotToldError):
        push.tell(str(device.pk))
    assert PushDevice.objects.exists()


def test_a_service_that_is_away_is_tried_again(device, settings):
    settings.WEB_PUSH_SERVICES = ["http://127.0.0.1:1"]  # where nobody listens
    PushDevice.objects.update(endpoint="http://127.0.0.1:1/x")
    with pytest.raises(push.NotToldError):
        jobs.wake_device(device_id=str(device.pk))


def test_who_has_left_is_not_told(device, service, priya):
    type(priya).objects.filter(pk=priya.pk).update(is_active=False)
    push.tell(str(device.pk))
    assert not service.heard


def test_a_service_that_is_no_longer_asked_is_not_asked(device, service, settings):
    settings.WEB_PUSH_SERVICES = ["https://fcm.googleapis.com"]
    push.tell(str(device.pk))
    assert not service.heard


@pytest.mark.parametrize(
    ("endpoint", "is_known"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://web.push.apple.com/abc", True),
        ("https://db5p.notify.windows.com/w/?token=abc", True),
        ("http://fcm.googleapis.com/abc", False),
        ("https://fcm.googleapis.com:8443/abc", False),
        ("https://fcm.googleapis.com@10.0.0.1/abc", False),
        ("https://10.0.0.1/.push.apple.com", False),
        ("https://10.0.0.1\\.push.apple.com/", False),
        ("https://10.0.0.1#.push.apple.com/", False),
        ("https://evilpush.apple.com.example/", False),
        ("https://[::1/", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_only_known_services_are_asked(endpoint, is_known):
    assert push.is_served(endpoint) is is_known


def test_an_alert_wakes_the_devices_of_whom_it_waits_for(
    device, service, plan, ana, priya, colm, monkeypatch
):
    woken = []
    monkeypatch.setattr(telling, "enqueue", lambda task, **given: woken.append(given["device_id"]))
    actions.add_push_device(user=colm, endpoint=f"{service.origin}/other")
    sessions.record(session_id=uuid.uuid4(), plan=plan, done={}, by=ana.user, falls=1)
    assert set(woken) == {str(device.pk)}


def test_with_no_service_nothing_is_offered_or_queued(device, priya, settings, monkeypatch):
    settings.WEB_PUSH_SERVICES = []
    monkeypatch.setattr(telling, "enqueue", lambda *args, **given: pytest.fail("queued"))
    telling.tell([priya])
    assert "sends no notifications" in client_of(priya).get(PAGE).content.decode()


# The page


def test_on_and_off_and_on_record(as_priya, priya, service):
    answer = as_priya.post(PAGE, {"endpoint": f"{service.origin}/mine"}, follow=True)
    assert "Notifications are on" in answer.content.decode()
    as_priya.post(PAGE, {"endpoint": f"{service.origin}/mine"})
    device = PushDevice.objects.get()
    assert device.user == priya
    assert device.digest in as_priya.get(PAGE).content.decode()
    as_priya.post(PAGE, {"remove": "this", "endpoint": device.endpoint})
    as_priya.post(PAGE, {"remove": "this", "endpoint": device.endpoint})
    assert not PushDevice.objects.exists()
    acts = AuditEvent.objects.filter(action__in=[Action.PUSH_ADDED, Action.PUSH_REMOVED])
    assert [one.action for one in acts.order_by("at")] == ["push.added", "push.removed"]


def test_nobody_switches_anothers_off(device, colm, as_priya):
    assert client_of(colm).post(PAGE, {"remove": str(device.pk)}).status_code == 404
    assert client_of(colm).post(PAGE, {"remove": "\x00"}).status_code == 404
    as_priya.post(PAGE, {"remove": str(device.pk)})
    assert not PushDevice.objects.exists()


def test_who_switches_it_on_in_the_same_browser_takes_it_over(device, colm):
    client_of(colm).post(PAGE, {"endpoint": device.endpoint})
    assert PushDevice.objects.get().user == colm


@pytest.mark.parametrize(
    "endpoint", ["", "https://10.0.0.1/", "\x00", "x" * 5000, "http://127.0.0.1:1/" + "x" * 1000]
)
def test_an_odd_address_is_refused_in_a_sentence(as_priya, service, settings, endpoint):
    settings.WEB_PUSH_SERVICES = [*settings.WEB_PUSH_SERVICES, "http://127.0.0.1:1"]
    answer = as_priya.post(PAGE, {"endpoint": endpoint}, follow=True)
    assert "not known" in answer.content.decode()
    assert not PushDevice.objects.exists()


def test_a_device_that_others_use_gets_none(priya, service):
    client = client_of(priya)
    session = client.session
    session["shared_device"] = True
    session.save()
    assert "Switch them on" not in client.get(PAGE).content.decode()
    client.post(PAGE, {"endpoint": f"{service.origin}/mine"})
    assert not PushDevice.objects.exists()


def test_the_oldest_of_too_many_goes(priya, service):
    for number in range(actions.MOST_PUSH_DEVICES + 2):
        actions.add_push_device(user=priya, endpoint=f"{service.origin}/{number}")
    assert priya.push_devices.count() == actions.MOST_PUSH_DEVICES
    assert not priya.push_devices.filter(endpoint__endswith="/0").exists()


def test_a_login_that_is_closed_leaves_none(device, priya):
    actions.close(user=priya)
    assert not PushDevice.objects.exists()


def test_a_service_that_nobody_knows_is_refused(priya):
    with pytest.raises(ValidationError):
        actions.add_push_device(user=priya, endpoint="https://push.example/x")
