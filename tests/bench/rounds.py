"""The rounds of `make bench`, in the database that it is given.

Method: one gunicorn with two workers on this machine, production-like settings, the demo clinic.
Each page is warmed up, then all pages take turns in several rounds; a round sends a fixed number of
requests over two connections. Printed are the medians over the rounds: requests a
second, the 95th percentile, and the ratio to the floor measured in the same rounds. Queries are
counted inside Django by the test client, bytes as a browser that takes gzip gets them.
"""

import argparse
import os
import statistics
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")

import django

django.setup()

from tests.bench import figures, handouts, pages, server  # noqa: E402 - Django first

ROUNDS = 7
REQUESTS = 150
WARM_UP = 30


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    chosen = parser.parse_args(given)
    pages.prepare()
    measured = pages.all_pages()
    with server.running() as address:
        for page in measured:
            server.load(address, page, min(WARM_UP, chosen.requests))
        rounds: dict[str, list[server.Round]] = {page.name: [] for page in measured}
        for number in range(chosen.rounds):
            print(f"round {number + 1} of {chosen.rounds} …", flush=True)
            for page in measured:
                rounds[page.name].append(server.load(address, page, chosen.requests))
    report(measured, rounds)
    print(figures.measured(chosen.rounds))
    print(handouts.measured(chosen.rounds))
    return 0


def report(measured: list[pages.Page], rounds: dict[str, list[server.Round]]) -> None:
    rate = {name: statistics.median(one.per_second for one in of) for name, of in rounds.items()}
    p95 = {name: statistics.median(one.p95_ms for one in of) for name, of in rounds.items()}
    head = f"{'page':34}{'req/s':>8}{'p95 ms':>9}{'of floor':>10}{'queries':>9}{'bytes':>9}"
    print(f"\n{head}\n{'-' * len(head)}")
    for page in measured:
        ratio = rate[page.name] / rate[page.floor]
        print(
            f"{page.name:34}{rate[page.name]:8.0f}{p95[page.name]:9.1f}{ratio:10.2f}"
            f"{page.queries():>9}{page.compressed():>9}"
        )
    print(f"\nCSS and JavaScript, gzip: {pages.assets(measured)}")


if __name__ == "__main__":
    sys.exit(main())
