"""A function that runs, with all it calls, in one piece of the interpreter's data stack."""

import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

# CPython keeps the frames of Python functions in pieces of 16 KB, and gives one back each time a
# call returns across its border: a loop of a template that stands there takes and returns a piece
# some thousand times in a request, which was measured as 0.3 to 18 ms of system time, by nothing
# but how many frames lay below (github.com/python/cpython issue 142183; mended after 3.14).
# A frame that says it needs this many words gets a piece of twice as much room, and what it calls
# has the other half. Nothing of it is touched, and so it costs no memory, until it is used.
WORDS = 64 * 1024


def in_one_piece(run: Callable[P, R]) -> Callable[P, R]:
    """`run` behind a frame of that size, where the interpreter needs it."""
    if sys.version_info >= (3, 15):
        return run

    def entry(*given: P.args, **named: P.kwargs) -> R:
        return run(*given, **named)

    entry.__code__ = entry.__code__.replace(co_stacksize=WORDS)
    return entry
