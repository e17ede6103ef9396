"""The server under measure, and the load."""

import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.setup.postgres import WEB, as_role
from tests.bench.pages import Page

CONNECTIONS = 2  # as many as workers: what is measured is the answer, not the queue


@dataclass(frozen=True)
class Round:
    per_second: float
    p95_ms: float


@dataclass(frozen=True)
class Site:
    """What is measured: gunicorn with two workers."""

    address: tuple[str, int]
    started_in: float  # seconds until it answered
    process: int

    def memory_mb(self) -> list[float]:
        """Of each worker, with its share of what several processes hold together."""
        listed = Path(f"/proc/{self.process}/task/{self.process}/children").read_text()
        return sorted(map(_megabytes, listed.split()))


def _megabytes(process: str) -> float:
    told = Path(f"/proc/{process}/smaps_rollup").read_text()
    return int(re.findall(r"^Pss: +(\d+) kB", told, re.MULTILINE)[0]) / 1024


@contextmanager
def running() -> Iterator[Site]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn"]
    command += ["config.wsgi", "--workers", "2"]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    url = as_role(os.environ["DATABASE_URL"], WEB)
    process = subprocess.Popen(
        command, env={**os.environ, "DATABASE_URL": url, "FOOTING_WHOLE": "0"}
    )
    began = time.perf_counter()
    try:
        _wait(port)
        yield Site(("127.0.0.1", port), time.perf_counter() - began, process.pid)
    finally:
        process.terminate()
        process.wait()


def _wait(port: int) -> None:
    for _ in range(1000):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("The server under measure does not answer.")


def load(address: tuple[str, int], page: Page, requests: int) -> Round:
    """Send `requests` over a few connections at once and time each. A wrong status stops it."""
    times: list[float] = []
    wrong: list[str] = []
    share = requests // CONNECTIONS
    threads = [
        threading.Thread(target=_send, args=(address, page, share, times, wrong))
        for _ in range(CONNECTIONS)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    if wrong:
        raise RuntimeError(f"{page.name}: {wrong[0]}")
    return Round(len(times) / took, 1000 * statistics.quantiles(times, n=20)[-1])


def _send(
    address: tuple[str, int], page: Page, count: int, times: list[float], wrong: list[str]
) -> None:
    connection = http.client.HTTPConnection(*address, timeout=30)
    for _ in range(count):
        method, path, body, headers = page.request()
        began = time.perf_counter()
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()  # gunicorn's sync workers keep none alive
        times.append(time.perf_counter() - began)
        if answer.status != page.status:
            wrong.append(f"{answer.status} instead of {page.status}")
            return
