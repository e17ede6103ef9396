"""Details by DOI or PubMed number, from a transport that is not the network."""

import io
import json
import threading
from collections.abc import Callable, Iterator
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.error import HTTPError, URLError

import pytest

from cms import lookup
from cms.lookup import LookupProblem

ITEM = {
    "type": "journal-article",
    "title": "Feet &amp; <i>toes</i>",
    "author": [{"family": "Reyes", "given": "Ana Belén"}],
    "container-title": "Journal of Feet",
    "container-title-short": "J Feet",
    "issued": {"date-parts": [[2020, 3]]},
    "DOI": "10.1000/x",
    "URL": "https://doi.org/10.1000/x",
}


def answering(content: object) -> tuple[Callable[[str], bytes], list[str]]:
    asked: list[str] = []

    def fetch(address: str) -> bytes:
        asked.append(address)
        return content if isinstance(content, bytes) else json.dumps(content).encode()

    return fetch, asked


def failing(error: Exception) -> Callable[[str], bytes]:
    def fetch(address: str) -> bytes:
        raise error

    return fetch


def http_error(code: int) -> HTTPError:
    return HTTPError("https://x.test", code, "no", Message(), io.BytesIO())


def test_by_doi() -> None:
    fetch, asked = answering(ITEM)
    source = lookup.by_doi("10.1000/a/b?c=d#e", fetch)
    assert source.title == "Feet & toes"
    assert source.authors == [{"family": "Reyes", "given": "Ana Belén"}]
    assert (source.container, source.url, source.pk) == ("J Feet", "", None)
    assert asked == [
        "https://api.crossref.org/works/10.1000%2Fa%2Fb%3Fc%3Dd%23e/transform/"
        "application/vnd.citationstyles.csl+json"
    ]


@pytest.mark.parametrize("answer", [ITEM, [ITEM]])
def test_by_pmid(answer: object) -> None:
    fetch, asked = answering(answer)
    assert lookup.by_pmid("123", fetch).year == 2020
    assert asked[0].startswith("https://pmc.ncbi.nlm.nih.gov/")
    assert asked[0].endswith("id=123")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (URLError("no network"), "could not be reached"),
        (TimeoutError(), "could not be reached"),
        (OSError("too long"), "could not be reached"),
        (http_error(404), "does not know"),
        (http_error(503), "could not be reached"),
    ],
)
def test_without_an_answer_it_says_so(error: Exception, words: str) -> None:
    with pytest.raises(LookupProblem, match=words):
        lookup.by_doi("10.1000/x", failing(error))


@pytest.mark.parametrize("answer", [b"<html>", b"\xff", [], "x", 3, {"title": ""}])
def test_an_answer_that_makes_no_sense(answer: object) -> None:
    fetch, _ = answering(answer)
    with pytest.raises(LookupProblem, match=r"can't be read|does not know"):
        lookup.by_doi("10.1000/x", fetch)


class Answers(BaseHTTPRequestHandler):
    """`/long` is too long, `/away` sends elsewhere, all else is an item."""

    def do_GET(self) -> None:
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "/item")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b" " * (lookup.LARGEST + 1) if self.path == "/long" else b"[]")

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Answers) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def test_the_real_transport(server: str) -> None:
    assert lookup.fetch(f"{server}/item") == b"[]"


@pytest.mark.parametrize("path", ["/long", "/away"])
def test_the_real_transport_takes_neither_too_much_nor_another_address(
    server: str, path: str
) -> None:
    with pytest.raises(OSError, match=r"too long|302") as refused:
        lookup.fetch(f"{server}{path}")
    if isinstance(refused.value, HTTPError):
        refused.value.close()


def test_the_real_transport_where_nobody_answers() -> None:
    with pytest.raises(URLError):
        lookup.fetch("http://127.0.0.1:9/")
