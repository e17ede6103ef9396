"""`python -m config.setup.with_database [--test] -- COMMAND …`: run it with a database at hand."""

import os
import sys

from config.setup.postgres import database_url
from config.setup.processes import SetupProblem, exit_with, run


def main() -> int:
    given = sys.argv[1:]
    if "--" not in given:
        raise SetupProblem("Say what to run after '--'.")
    at = given.index("--")
    options, command = given[:at], given[at + 1 :]
    with database_url(fast="--test" in options) as url:
        return run(command, {**os.environ, "DATABASE_URL": url})


if __name__ == "__main__":
    exit_with(main)
