"""`make bench`: the main pages under gunicorn, in turns with bare views behind the same middleware.

In a database of its own: the demo clinic is loaded into it, and what is sent is gone with it. How
it measures is told in `rounds`.
"""

import os
import subprocess
import sys

from tests.bench import database


def main(given: list[str]) -> int:
    with database.own() as url:
        command = [sys.executable, "-m", "tests.bench.rounds", *given]
        environment = {**os.environ, "DATABASE_URL": url}
        return subprocess.run(command, check=False, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
