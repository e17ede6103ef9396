"""A server of somebody else on this machine: what it was sent, and what it answers."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import NamedTuple, TypeVar

Server = TypeVar("Server", bound=HTTPServer)


class Heard(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes


class Listener(HTTPServer):
    """`answers` is (status, body), the same for all."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.heard: list[Heard] = []
        self.answers: tuple[int, bytes] = (200, b"")
        self.origin = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        heard = Heard(self.path, dict(self.headers), self.rfile.read(length))
        self.server.heard.append(heard)
        status, body = self.server.answers
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", f"{self.server.origin}/other")
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing."""


@contextmanager
def served(server: Server) -> Iterator[Server]:
    """In a thread of its own, until the test is over."""
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def listening() -> AbstractContextManager[Listener]:
    return served(Listener())
