"""The rounds of `make bench`, in the database that it is given.

Method: one gunicorn with two workers on this machine, production-like settings, the demo clinic.
Each page is warmed up, then all pages take turns in several rounds; a round sends a fixed number of
requests over two connections. Printed are the medians over the rounds: requests a
second, the 95th percentile, and the ratio to the floor of the same round, with half of the way
between the lowest and the highest. Queries and calls of functions are counted inside Django by the
test client, bytes as a browser that takes gzip gets them. Calls are the same in each run: where a
machine's speed comes and goes, two revisions are told apart by them.
"""

import argparse
import json
import os
import statistics
import sys
from collections.abc import Iterator

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")

import django

django.setup()

from tests.bench import figures, handouts, pages, server  # noqa: E402 - Django first

REQUESTS = 150
WARM_UP = 30


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--only", default="", help="pages whose name has this in it, and the bare")
    parser.add_argument("--when-told", action="store_true", help="a round for each line that comes")
    chosen = parser.parse_args(given)
    pages.prepare()
    measured = [page for page in pages.all_pages() if page.is_bare or chosen.only in page.name]
    with server.running() as site:
        for page in measured:
            server.load(site.address, page, min(WARM_UP, chosen.requests))
        if chosen.when_told:
            print(json.dumps({}), flush=True)  # prepared and warm
            for _ in sys.stdin:
                found = _round(site, measured, chosen.requests)
                print(json.dumps({name: one.per_second for name, one in found}), flush=True)
            return 0
        rounds: dict[str, list[server.Round]] = {page.name: [] for page in measured}
        for number in range(chosen.rounds):
            print(f"round {number + 1} of {chosen.rounds} …", flush=True)
            for name, one in _round(site, measured, chosen.requests):
                rounds[name].append(one)
        memory = " and ".join(f"{one:.0f}" for one in site.memory_mb())
    report(measured, rounds)
    print(f"\nfrom start to the first answer {site.started_in:.1f} s; workers {memory} MB")
    print(figures.measured(chosen.rounds))
    print(handouts.measured(chosen.rounds))
    return 0


def _round(
    site: server.Site, measured: list[pages.Page], requests: int
) -> Iterator[tuple[str, server.Round]]:
    for page in measured:
        yield page.name, server.load(site.address, page, requests)


def report(measured: list[pages.Page], rounds: dict[str, list[server.Round]]) -> None:
    rate = {name: statistics.median(one.per_second for one in of) for name, of in rounds.items()}
    p95 = {name: statistics.median(one.p95_ms for one in of) for name, of in rounds.items()}
    head = f"{'page':34}{'req/s':>8}{'p95 ms':>9}{'of floor':>10}{'±':>6}"
    head += f"{'queries':>9}{'calls':>9}{'bytes':>9}"
    print(f"\n{head}\n{'-' * len(head)}")
    for page in measured:
        pairs = zip(rounds[page.name], rounds[page.floor], strict=True)
        ratios = [one.per_second / bare.per_second for one, bare in pairs]
        spread = (max(ratios) - min(ratios)) / 2
        print(
            f"{page.name:34}{rate[page.name]:8.0f}{p95[page.name]:9.1f}"
            f"{statistics.median(ratios):10.2f}{spread:6.2f}"
            f"{page.queries():>9}{page.calls():>9}{page.compressed():>9}"
        )
    print(f"\nCSS and JavaScript, gzip: {pages.assets(measured)}")


if __name__ == "__main__":
    sys.exit(main())
