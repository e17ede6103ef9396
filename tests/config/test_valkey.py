"""The cache in a Valkey: counts of tries, sealed, and never forgotten without a word."""

import pickle
import socket
import threading

import pytest
from django.core.cache import caches
from django.test import Client
from fakeredis import TcpFakeServer
from redis import Redis

from config import readiness, trouble
from config.cache import Sealed
from config.settings.database import _valkey
from tests.config.test_site import settings_process


@pytest.fixture(scope="module")
def server():
    server = TcpFakeServer(("127.0.0.1", 0), server_type="valkey")
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def use(settings, address):
    settings.VALKEY_URL = address
    settings.CACHES = {"default": _valkey | {"LOCATION": address}}


@pytest.fixture
def valkey(settings, server):
    """The site's cache, and a client who has got in some other way."""
    address = f"redis://127.0.0.1:{server.server_address[1]}/0"
    use(settings, address)
    stranger = Redis.from_url(address)
    stranger.flushdb()
    yield stranger
    stranger.close()
    caches["default"]._cache._get_connection_pool(True).disconnect()


def test_values_come_back_as_they_were(valkey):
    cache = caches["default"]
    for value in (7, True, None, "word", [1.5, 2.5], {"a": (1, 2)}):
        cache.set("key", value)
        assert cache.get("key", "nothing") == value
    cache.set("count", 1)
    assert (cache.incr("count"), cache.get("count")) == (2, 2)


def test_what_nobody_of_ours_sealed_is_not_read(valkey):
    ran = []

    class Trap:
        def __reduce__(self):
            return (ran.append, ("run",))

    for planted in (pickle.dumps(Trap()), b"x" * 32 + pickle.dumps(Trap()), b"", b"\x00"):
        valkey.set("footing:1:planted", planted)
        assert caches["default"].get("planted") is None
    assert ran == []


def test_another_secret_seals_otherwise(settings):
    sealed = Sealed().dumps("word")
    settings.SECRET_KEY = "another"
    assert Sealed().loads(sealed) is None


@pytest.mark.django_db
def test_tries_to_log_in_are_counted_there(valkey):
    client, wrong = Client(), {"login": "nobody@mail.example", "password": "wrong-wrong"}
    statuses = [client.post("/account/login/", wrong).status_code for _ in range(12)]
    assert valkey.keys("footing:*")
    kept = valkey.keys()
    texts = b"".join(valkey.get(key) or b"" for key in kept)
    assert b"nobody@mail.example" not in texts + b"".join(kept)
    assert statuses[0] == 200
    page = client.post("/account/login/", wrong)
    assert page.status_code == 429 or b"Too many" in page.content


@pytest.mark.django_db
def test_away_nobody_logs_in_and_readyz_says_so(settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        use(settings, f"redis://127.0.0.1:{probe.getsockname()[1]}/0")
    client = Client(raise_request_exception=False)
    answer = client.post("/account/login/", {"login": "a@mail.example", "password": "x"})
    assert answer.status_code == 503
    assert "mend VALKEY_URL" in readiness.limits_table()


def test_readyz_looks_whether_it_forgets(valkey, monkeypatch):
    assert readiness.limits_table() is None  # whom it does not tell
    monkeypatch.setattr(Redis, "info", lambda self, section: {"maxmemory_policy": "allkeys-lru"})
    assert "noeviction" in readiness.limits_table()


def test_its_errors_are_no_fault_of_ours():
    from redis.exceptions import ConnectionError as GoneError

    assert trouble.trouble_of(GoneError("x")) is trouble.UNCOUNTED


def test_its_address_is_looked_at():
    done = settings_process(VALKEY_URL="valkey.example:6379", FOOTING_MODE="local")
    assert "VALKEY_URL" in done.stderr.splitlines()[-1]
