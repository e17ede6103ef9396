"""Asking an address of somebody else: outside of our own network, for a while, and not for ever."""

import ipaddress
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

AT_ONCE = 4096


class NotOutsideError(Exception):
    """The address leads nowhere, or into our own network."""


@contextmanager
def answer_of(
    method: str, address: str, *, seconds: float, headers: dict[str, str], body: bytes = b""
) -> Iterator[requests.Response]:
    """What an address of an app or a record answers, without being led on, and not read yet. Raises
    NotOutsideError, and what requests raises.

    It is asked at the very machine that was looked at: a name may mean another one a moment later.
    Whoever enters an address runs one clinic, and not the network that others share with it; the
    origins in APP_ORIGINS may be in it. After `seconds` the line is cut, however slowly it drips:
    what requests calls a timeout begins anew with each byte.
    """
    parts = urlsplit(address)
    headers = headers | {"Accept-Encoding": "identity"}
    name = ""
    if f"{parts.scheme}://{parts.netloc}" not in settings.APP_ORIGINS:
        name = parts.hostname or ""
        machine = _outside(name, parts.port or 443)
        headers["Host"] = parts.netloc
        address = parts._replace(netloc=f"{machine}:{parts.port or 443}").geturl()
    asker = _Asker(name)
    cutting = Timer(seconds, asker.cut)
    cutting.daemon = True
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://", asker)
        if not name:
            session.mount("http://", asker)
        cutting.start()
        try:
            with session.request(
                method, address, data=body, headers=headers, timeout=seconds,
                allow_redirects=False, stream=True,
            ) as answer:  # fmt: skip
                yield answer
                if asker.is_cut:
                    raise requests.ReadTimeout("It has not come to an end.")
        finally:
            cutting.cancel()


class _Asker(HTTPAdapter):
    """Asks a machine by its number, and takes the certificate of a name alone; without a name, as
    any other does. Its line can be cut from another thread.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: list[socket.socket] = []
        self.is_cut = False
        super().__init__()

    def init_poolmanager(self, *sizes: Any, **options: Any) -> Any:
        if self.name:
            options |= {"server_hostname": self.name, "assert_hostname": self.name}
        super().init_poolmanager(*sizes, **options)
        self.poolmanager.pool_classes_by_scheme = {
            "http": self._watched(HTTPConnectionPool, HTTPConnection),
            "https": self._watched(HTTPSConnectionPool, HTTPSConnection),
        }

    def _watched(self, pool: type, connection: type) -> type:
        asker = self

        class Connection(connection):
            def connect(self) -> None:
                super().connect()
                asker.lines.append(self.sock)
                if asker.is_cut:  # it came too late
                    asker.cut()

        return type(pool.__name__, (pool,), {"ConnectionCls": Connection})

    def cut(self) -> None:
        self.is_cut = True
        for line in self.lines:
            with suppress(OSError):
                # The socket's own: that of TLS would take away what is read by just now.
                socket.socket.shutdown(line, socket.SHUT_RDWR)


def _outside(name: str, port: int) -> str:
    """The number of a machine that a name leads to. Raises NotOutsideError."""
    try:
        found = socket.getaddrinfo(name, port, socket.AF_INET, socket.SOCK_STREAM)
    except OSError as error:
        raise NotOutsideError(name) from error
    numbers = [ipaddress.ip_address(one[4][0]) for one in found]
    if not numbers or not all(one.is_global and not one.is_multicast for one in numbers):
        raise NotOutsideError(name)
    return str(numbers[0])


class NoAnswerError(Exception):
    """Nothing of use came, or too much, or too slowly."""


def json_of(
    method: str,
    address: str,
    *,
    seconds: float,
    largest: int,
    headers: dict[str, str],
    body: bytes = b"",
) -> tuple[int, dict[str, str], Any]:
    """Status, headers by lower names, and what it says in JSON; None where that is nothing. A good
    answer to a question is JSON; an error's page, and what is said to something sent, need not be.

    `seconds` and `largest` (bytes) are for all of it. Raises NoAnswerError.
    """
    content = b""
    try:
        with answer_of(method, address, seconds=seconds, headers=headers, body=body) as answer:
            for some in answer.iter_content(AT_ONCE):
                content += some
                if len(content) > largest:
                    raise NoAnswerError("It answers too much.")
        named = {name.lower(): value for name, value in answer.headers.items()}
        return answer.status_code, named, _read(content, must_be=answer.ok and method == "GET")
    except (requests.RequestException, OSError, ValueError, NotOutsideError) as error:
        raise NoAnswerError(type(error).__name__) from error


def _read(content: bytes, *, must_be: bool) -> Any:
    """Raises ValueError for what must be JSON, and is none."""
    try:
        return json.loads(content) if content.strip() else None
    except (ValueError, RecursionError) as error:
        if must_be:
            raise ValueError("no JSON") from error
        return None
