"""Running a program so that nothing of it is left when we stop."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType

from config.setup.venv import SetupProblem

__all__ = ["SetupProblem", "child", "exit_with", "run"]

GRACE_SECONDS = 10


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def stop_like_ctrl_c() -> None:
    """A closed terminal or a `kill` ends us as Ctrl-C does, with everything cleaned up."""
    for one in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(one, _interrupt)


@contextmanager
def child(command: Sequence[str], env: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A running program that has ended, one way or the other, when the block is left."""
    process = subprocess.Popen(command, env=dict(env))
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def run(command: Sequence[str], env: Mapping[str, str]) -> int:
    """Run to the end and return the exit code."""
    with child(command, env) as process:
        return process.wait()


def exit_with(main: Callable[[], int]) -> None:
    """Leave with main's code; a problem is a sentence on stderr, never a traceback."""
    stop_like_ctrl_c()
    try:
        code = main()
    except SetupProblem as problem:
        print(f"footing: {problem}", file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
