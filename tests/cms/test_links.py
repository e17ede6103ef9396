"""Asking other sites: only the public network, at the address that was looked up, by no ruse."""

import socket
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from cms import links
from cms.models import ArticleIndexPage
from tests.cms.conftest import make_article

INSIDE = (None, "Its host is not on the public network.")
NONE = (None, "This is not the address of a page.")


def looked_up(*addresses: str) -> list[tuple[Any, ...]]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 0)) for one in addresses]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Where a connection was opened to; none is."""
    opened: list[Any] = []

    def refuse(address: Any, timeout: float) -> None:
        opened.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(links.socket, "create_connection", refuse)
    return opened


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.8", "169.254.169.254", "192.168.1.1", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.8", "64:ff9b::10.0.0.8",
        "64:ff9b:1::a00:8", "2002:a00:8::1", "2001:0:a00:8::1", "ff02::1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("first", [[], ["93.184.215.14"]])
def test_the_clinics_own_network_is_never_asked(
    monkeypatch: pytest.MonkeyPatch, asked: list[Any], address: str, first: list[str]
) -> None:
    monkeypatch.setattr(links.socket, "getaddrinfo", lambda *args, **_: looked_up(*first, address))
    assert links.ask("https://inside.example/", 1) == INSIDE
    assert asked == []


@pytest.mark.parametrize("url", ["http://a..b/", "http://[", "//[", "http://x:y/", "http://[::1"])
def test_what_is_no_address_is_said_and_not_asked(url: str, asked: list[Any]) -> None:
    assert links.ask(url, 1) == NONE
    assert asked == []


@pytest.mark.parametrize("url", ["http://there.example:8080/", "https://there.example:80/"])
def test_only_the_usual_ports_are_asked(
    monkeypatch: pytest.MonkeyPatch, asked: list[Any], url: str
) -> None:
    monkeypatch.setattr(links.socket, "getaddrinfo", lambda *_, **__: looked_up("93.184.215.14"))
    assert links.ask(url, 1) == (None, "Only the usual port of a scheme is asked.")
    assert asked == []


def test_a_name_is_looked_up_once_and_that_address_asked(
    monkeypatch: pytest.MonkeyPatch, asked: list[Any]
) -> None:
    answers = [looked_up("93.184.215.14"), looked_up("10.0.0.8")]
    monkeypatch.setattr(links.socket, "getaddrinfo", lambda *_, **__: answers.pop(0))
    status, problem = links.ask("http://turns.example/", 1)
    assert (status, problem[:18]) == (None, "It does not answer")
    assert asked == [("93.184.215.14", 80)]
    assert len(answers) == 1


def test_an_unknown_host_is_a_broken_link(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: Any, **kwargs: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(links.socket, "getaddrinfo", unknown)
    problem = "Its host is not known: Name or service not known"
    assert links.ask("https://nowhere.example/", 1) == (None, problem)


class Site(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        numbers = {"/gone": 404, "/moved": 302, "/": 200, "/a%20b?q=1": 200}
        self.send_response(numbers.get(self.path, 500))
        self.send_header("Location", "http://10.0.0.8/")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Nothing is printed."""


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/", (200, "")),
        ("/gone", (404, "It answers 404.")),
        ("/moved", (302, "")),
        ("/a b?q=1", (200, "")),
        ("/a%20b?q=1#part", (200, "")),
        ("/broken", (500, "")),
    ],
)
def test_what_a_site_answers(
    monkeypatch: pytest.MonkeyPatch, path: str, answer: tuple[int, str]
) -> None:
    server = HTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.handle_request, daemon=True).start()
    monkeypatch.setattr(links, "is_public", lambda address: True)
    monkeypatch.setitem(links._PORTS, "http", server.server_port)
    assert links.ask(f"http://127.0.0.1{path}", 5) == answer
    server.server_close()


@pytest.mark.django_db
def test_links_that_are_none_do_not_end_the_run(
    index: ArticleIndexPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "".join(f'<a href="{one}">x</a>' for one in ("http://[", "//[", "http://a..b/", "/[?x"))
    page = make_article(index, "Odd links", body=[("paragraph", f"<p>{text}</p>")])
    monkeypatch.setattr(links, "pages_with_text", lambda: [page])
    checked = {found.url: found.problem for found in links.check_all(0.1)}
    assert checked == dict.fromkeys(["http://[", "//[", "http://a..b/"], NONE[1])
    assert {found.link for found in links.broken([page])} >= {"http://[", "//[", "/[?x"}
