"""`make fuzz`: odd requests to every address for some minutes, another set each time.

What failed is printed with the smallest request that shows it, and the seed that finds it again:
`make fuzz ARGS="--seed 7 --only portal/"`.
"""

import argparse
import random
import sys

import pytest
from django.db import connection

from tests.fuzz import run

TEST = "tests/config/test_fuzz.py::test_no_address_answers_odd_requests_with_a_500"


class OwnDatabase:
    """Tests may run beside it."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> None:
        connection.settings_dict["TEST"]["NAME"] = "test_fuzz"


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make fuzz")
    parser.add_argument("--minutes", type=float, default=5, help="0 for one round")
    parser.add_argument(
        "--examples", type=int, default=5, help="of each kind, for an address in a round"
    )
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--only", default="", help="a part of an address, such as portal/ask")
    asked = parser.parse_args(given)
    run.chosen = run.Run(asked.seed, 60 * asked.minutes, asked.examples, asked.only)
    print(f"--seed {asked.seed}", flush=True)
    options = ["-q", "-p", "no:xdist", "-s", "--show-capture=no", TEST]
    return int(pytest.main(options, plugins=[OwnDatabase()]))


if __name__ == "__main__":
    sys.exit(main())
