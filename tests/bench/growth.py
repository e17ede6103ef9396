"""`make bench-growth`: what pages and jobs cost in a large clinic and in a small one.

The demo clinic is grown in SQL (`clones`) to 50 patients, measured, and grown to 5,000 with 300,000
sessions (`grown`), in a database of its own. Printed are the medians of CPU time, queries, bytes,
and how many times the small clinic's the large one's time is.
"""

import argparse
import os
import subprocess
import sys
import time
from json import loads
from typing import Any

from config.setup.postgres import WEB, as_role
from tests.bench import database
from tests.bench.scans import MANY

SMALL, LARGE, SESSIONS = 50, 5_000, 300_000
Costs = dict[str, dict[str, Any]]


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make bench-growth")
    parser.add_argument("--patients", type=int, default=LARGE)
    parser.add_argument("--sessions", type=int, default=SESSIONS)
    parser.add_argument("--times", type=int, default=5, help="how often each page is asked for")
    chosen = parser.parse_args(given)
    with database.own() as url:
        _run(url, "prepare")
        _run(url, "grow", str(SMALL), "0")
        small = _measured(url, chosen.times)
        began = time.perf_counter()
        _run(url, "grow", str(chosen.patients), str(chosen.sessions))
        print(f"grown in {time.perf_counter() - began:.0f} s", flush=True)
        report(small, _measured(url, chosen.times))
    return 0


def _run(url: str, *given: str) -> str:
    """What a step says. Each is a process of its own, in the database that is grown."""
    command = [sys.executable, "-m", "tests.bench.grown", *given]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.bench.settings"}
    environment |= {"DATABASE_URL": url, "FOOTING_WHOLE": "1"}
    if given[0] == "measure":  # by the role of pages: row security is part of what they cost
        environment |= {"DATABASE_URL": as_role(url, WEB), "FOOTING_WHOLE": "0"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def _measured(url: str, times: int) -> Costs:
    found: Costs = loads(_run(url, "measure", str(times)).splitlines()[-1])
    return found


def report(small: Costs, large: Costs) -> None:
    head = f"{'':28}{'CPU ms':>10}{'large':>10}{'times':>8}{'queries':>9}{'large':>8}{'bytes':>10}"
    print(f"\n{head}\n{'-' * len(head)}")
    for name, cost in large.items():
        before = small[name]
        print(
            f"{name:28}{before['cpu_ms']:10.1f}{cost['cpu_ms']:10.1f}"
            f"{cost['cpu_ms'] / before['cpu_ms']:8.1f}"
            f"{before['queries']:>9}{cost['queries']:>8}{cost['size']:>10}"
        )
    print(f"\nRead from end to end, of more than {MANY:,} rows:")
    for name, cost in large.items():
        for scan in cost["scans"]:
            print(f"  {name}: {scan['table']}, {scan['rows']:,} rows: {scan['sql'][:200]}")


if __name__ == "__main__":
    sys.exit(main())
