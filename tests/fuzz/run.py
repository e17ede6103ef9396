"""How long and how deep it goes: bounded in the test suite, what `make fuzz` was told otherwise."""

from typing import NamedTuple


class Run(NamedTuple):
    """`seconds` 0: each address in one round. `only` is a part of the addresses that are asked."""

    seed: int = 1
    seconds: float = 0
    examples: int = 1
    only: str = ""


BOUNDED = Run()
chosen = BOUNDED
