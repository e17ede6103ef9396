"""`make bench`: the main pages under gunicorn, in turns with bare views behind the same middleware.

In a database of its own: the demo clinic is loaded into it, and what is sent is gone with it. How
it measures is told in `rounds`.
"""

import argparse
import os
import subprocess
import sys

from tests.bench import compare, database

ROUNDS = 7


def main(given: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make bench", add_help=False)
    parser.add_argument("--base", default="", help="a revision to compare with")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen, others = parser.parse_known_args(given)
    if chosen.base:
        return compare.main(chosen.base, chosen.rounds, others)
    given = [*others, "--rounds", str(chosen.rounds)]
    with database.own() as url:
        command = [sys.executable, "-m", "tests.bench.rounds", *given]
        environment = {**os.environ, "DATABASE_URL": url}
        return subprocess.run(command, check=False, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
