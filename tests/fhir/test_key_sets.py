"""Keys at an address of the app's own: fetched, kept, changed there, and never from our network."""

import io
import json
import socket
import time
from contextlib import contextmanager, suppress
from threading import Thread

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from requests import Response

from accounts.smart import asking, keys
from tests.fhir.apps import clinic_app, key, key_set, statement, system_token
from tests.listening import listening

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(settings):
    """A server with a key set."""
    with listening() as server:
        settings.APP_ORIGINS = [server.origin]
        yield server


def holds(shelf, *some):
    shelf.answers = 200, json.dumps(key_set(*some)).encode()


@pytest.fixture
def app(shelf, ruth):
    holds(shelf, key())
    return clinic_app(ruth, key_set=None, key_set_address=f"{shelf.origin}/set")


def test_they_are_fetched_once_and_kept(app, shelf):
    assert [system_token(app).status_code for _ in range(3)] == [200] * 3
    assert len(shelf.heard) == 1


def test_a_new_key_is_found_and_an_old_one_that_is_gone_is_not(app, shelf):
    assert system_token(app).status_code == 200
    new = key("next")
    holds(shelf, new)
    cache.delete(keys.name_of(app.key_set_address, "asked"))  # as after a minute
    assert system_token(app, said=statement(app, signed_by=new)).status_code == 200
    assert system_token(app).status_code == 400
    assert len(shelf.heard) == 2


def test_whoever_makes_up_keys_makes_us_ask_once_a_minute(app, shelf):
    system_token(app)
    for number in range(5):
        made_up = statement(app, signed_by=key("stranger"), head={"kid": f"x{number}"})
        assert system_token(app, said=made_up).status_code == 400
    assert len(shelf.heard) == 1
    assert system_token(app).status_code == 200


@pytest.mark.parametrize(
    "answers",
    [
        (500, b""), (404, b"{}"), (302, b""), (200, b""), (200, b"no"), (200, b"[]"),
        (200, b"[" * 5000), (200, b'{"keys": []}'), (200, b'{"keys": "x"}'),
        (200, b" " * (keys.LARGEST + 1)),
    ],
)  # fmt: skip
def test_what_is_no_key_set_lets_nobody_in(answers, app, shelf):
    shelf.answers = answers
    assert system_token(app).status_code == 400


def test_nobody_there_lets_nobody_in(app, shelf):
    shelf.shutdown()
    shelf.server_close()
    assert system_token(app).status_code == 400


def outside(address):
    with asking.answer_of("GET", address, seconds=1.0, headers={}) as answer:
        return answer


@pytest.mark.parametrize(
    "address",
    ["https://127.0.0.1/set", "https://localhost/set", "https://[::1]/set", "https://10.0.0.1/set",
     "https://169.254.169.254/latest", "https://192.168.1.1/set", "https://0.0.0.0/set", "https://224.0.0.1/set",
     "https://no-such-name.invalid/set", "https://[::ffff:127.0.0.1]/set", "https://100.64.0.1/x"],
)  # fmt: skip
def test_our_own_network_is_not_asked(address, ruth):
    with pytest.raises(asking.NotOutsideError):
        outside(address)


def empty():
    answer = Response()
    answer.raw = io.BytesIO()
    return answer


def test_it_is_asked_at_the_machine_that_was_looked_at_and_by_its_name(monkeypatch):
    """A name may lead elsewhere a moment later; the certificate is of the name."""
    asked = []
    public = [(0, 0, 0, "", ("8.8.8.8", 443))]
    monkeypatch.setattr(asking.socket, "getaddrinfo", lambda *args: public)
    monkeypatch.setattr(
        asking.requests.Session, "send",
        lambda session, request, **how: asked.append((session, request)) or empty(),
    )  # fmt: skip
    outside("https://ehr.example.org/set?x=1")
    [(session, request)] = asked
    assert request.url == "https://8.8.8.8:443/set?x=1"
    assert request.headers["Host"] == "ehr.example.org"
    pools = session.get_adapter(request.url).poolmanager.connection_pool_kw
    assert pools["server_hostname"] == pools["assert_hostname"] == "ehr.example.org"


def test_a_name_of_two_machines_one_of_which_is_ours_is_not_asked(monkeypatch):
    both = [(0, 0, 0, "", (number, 443)) for number in ("8.8.8.8", "127.0.0.1")]
    monkeypatch.setattr(asking.socket, "getaddrinfo", lambda *args: both)
    with pytest.raises(asking.NotOutsideError):
        outside("https://ehr.example.org/set")


@pytest.mark.parametrize("begins", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_who_answers_byte_by_byte_is_not_waited_for(begins, settings):
    """In the first line, in a header, in the body."""
    with dripping(begins) as origin:
        settings.APP_ORIGINS = [origin]
        with pytest.raises(asking.NoAnswerError):
            asking.json_of("GET", f"{origin}/set", seconds=0.5, largest=1000, headers={})


@contextmanager
def dripping(begins):
    """A server that never comes to an end, and ends when it is hung up on."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip():
            line, _ = server.accept()
            with line, suppress(OSError):
                line.sendall(begins)
                while True:
                    line.sendall(b"1")
                    time.sleep(0.05)

        thread = Thread(target=drip, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join(timeout=10)
        assert not thread.is_alive()


def test_an_old_set_is_used_where_nobody_answers(app, shelf):
    assert system_token(app).status_code == 200
    kept = keys.name_of(app.key_set_address, "kept")
    cache.set(kept, cache.get(kept) | {"at": 0}, 3600)  # as an hour later
    cache.delete(keys.name_of(app.key_set_address, "asked"))
    shelf.answers = 500, b""
    assert system_token(app).status_code == 200
    assert len(shelf.heard) == 2


def test_without_transport_security_only_where_it_is_said(ruth, settings):
    with pytest.raises(ValidationError):
        clinic_app(ruth, key_set=None, key_set_address="http://ehr.internal/set")
    settings.APP_ORIGINS = ["http://ehr.internal"]
    assert clinic_app(ruth, key_set=None, key_set_address="http://ehr.internal/set").has_key
