"""Asking an address of somebody else: outside of our own network, for a while, and not for ever."""

import ipaddress
import json
import socket
import time
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter

AT_ONCE = 4096


class NotOutsideError(Exception):
    """The address leads nowhere, or into our own network."""


def answer_of(
    method: str, address: str, *, seconds: float, headers: dict[str, str], body: bytes = b""
) -> requests.Response:
    """What an address of an app answers, without being led on, and not read yet. Raises
    NotOutsideError, and what requests raises.

    It is asked at the very machine that was looked at: a name may mean another one a moment later.
    Whoever enters an address runs one clinic, and not the network that others share with it; the
    origins in APP_ORIGINS may be in it.
    """
    parts = urlsplit(address)
    session = requests.Session()
    session.trust_env = False
    headers = headers | {"Accept-Encoding": "identity"}
    if f"{parts.scheme}://{parts.netloc}" not in settings.APP_ORIGINS:
        name = parts.hostname or ""
        machine = _outside(name, parts.port or 443)
        session.mount("https://", _AtMachine(name))
        headers["Host"] = parts.netloc
        address = parts._replace(netloc=f"{machine}:{parts.port or 443}").geturl()
    return session.request(
        method, address, data=body, headers=headers, timeout=seconds, allow_redirects=False,
        stream=True,
    )  # fmt: skip


class _AtMachine(HTTPAdapter):
    """Asks a machine by its number, and takes the certificate of a name alone."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__()

    def init_poolmanager(self, *sizes: Any, **options: Any) -> Any:
        options |= {"server_hostname": self.name, "assert_hostname": self.name}
        return super().init_poolmanager(*sizes, **options)


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
    """Status, headers by lower names, and what it says in JSON; None where that is nothing, and for
    an error's page.

    `seconds` and `largest` (bytes) are for all of it. Raises NoAnswerError.
    """
    deadline, content = time.monotonic() + seconds, b""
    try:
        with answer_of(method, address, seconds=seconds, headers=headers, body=body) as answer:
            for some in answer.iter_content(AT_ONCE):
                content += some
                if len(content) > largest or time.monotonic() > deadline:
                    raise NoAnswerError("It answers too much, or too slowly.")
        named = {name.lower(): value for name, value in answer.headers.items()}
        return answer.status_code, named, _read(content, answer.ok)
    except (requests.RequestException, ValueError, RecursionError, NotOutsideError) as error:
        raise NoAnswerError(type(error).__name__) from error


def _read(content: bytes, is_fine: bool) -> Any:
    """Raises ValueError for what should be JSON, and is none."""
    try:
        return json.loads(content) if content.strip() else None
    except (ValueError, RecursionError):
        if is_fine:
            raise
        return None
