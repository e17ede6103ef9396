"""What a `make run` that was killed left running: its server and its worker go before the next.

Each run writes down whom it started. Numbers of processes are used again, so one is ended only if
it still runs this checkout's Python.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from config.setup.postgres import ROOT
from config.setup.processes import GRACE_SECONDS

FOLDER = ROOT / "var"


@contextmanager
def noted(port: int, started: Sequence[int]) -> Iterator[None]:
    """These processes belong to this run until the block is left."""
    note = _note(port)
    note.parent.mkdir(exist_ok=True)
    note.write_text("\n".join(map(str, [os.getpid(), *started])))
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def end(port: int) -> int:
    """End those of a run whose own process is gone; returns how many there were."""
    note = _note(port)
    try:
        run, *started = map(int, note.read_text().split())
    except (FileNotFoundError, ValueError):
        return 0
    if _is_ours(run):  # it goes on, or ends them itself
        return 0
    left = [number for number in started if _is_ours(number)]
    for number in left:
        _end(number)
    note.unlink(missing_ok=True)
    return len(left)


def _note(port: int) -> Path:
    return FOLDER / f"run-{port}.pids"


def _is_ours(number: int) -> bool:
    """Whether it runs, and this checkout's Python; one that is dead and not buried does not."""
    told = subprocess.run(
        ["ps", "-ww", "-o", "stat=,command=", "-p", str(number)],
        capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    return sys.executable in told and not told.startswith("Z")


def _end(number: int) -> None:
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(number, how)
        except ProcessLookupError:
            return
        for _ in range(GRACE_SECONDS * 10):
            if not _is_ours(number):
                return
            time.sleep(0.1)
