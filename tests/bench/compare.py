"""`make bench BASE=<revision>`: this tree and another revision, in turns in one run.

Each has a database server and web processes of its own, made by its own code; what measures is this
tree's in both. A round of one is followed by a round of the other, so that whatever else the
machine does falls on both. Packages are those that are installed here.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
Rates = dict[str, float]  # requests a second, by page


@contextmanager
def tree_of(revision: str) -> Iterator[Path]:
    """The files of a revision, with the bench of this tree."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "base")
        subprocess.run(
            ["git", "worktree", "add", "--detach", "--quiet", tree, revision], cwd=ROOT, check=True
        )
        try:
            shutil.rmtree(tree / "tests" / "bench", ignore_errors=True)
            shutil.copytree(ROOT / "tests" / "bench", tree / "tests" / "bench")
            yield tree
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", tree], cwd=ROOT, check=False)


class Side:
    """One of the two, at its rounds when it is told to."""

    def __init__(self, tree: Path, given: list[str]) -> None:
        command = [sys.executable, "-m", "config.setup.with_database", "--test", "--"]
        command += [sys.executable, "-m", "tests.bench", "--when-told", *given]
        # It brings a server of its own and keeps all it writes to itself.
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment |= {"DJANGO_SETTINGS_MODULE": "tests.bench.settings"}
        environment |= {"STATIC_ROOT": str(tree / "var" / "bench-static")}
        self.process = subprocess.Popen(
            command, cwd=tree, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def round(self) -> Rates:
        assert self.process.stdin is not None
        self.process.stdin.write("round\n")
        self.process.stdin.flush()
        return self.told()

    def told(self) -> Rates:
        """What it says next: nothing once it is ready, then its rounds."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("{"):
                rates: Rates = json.loads(line)
                return rates
        raise RuntimeError(f"It ended with {self.process.wait()}.")

    def end(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait()


def main(revision: str, rounds: int, given: list[str]) -> int:
    with tree_of(revision) as tree:
        sides = Side(ROOT, given), Side(tree, given)
        found: list[dict[str, list[float]]] = [defaultdict(list), defaultdict(list)]
        try:
            for side in sides:
                side.told()
            for number in range(rounds):
                print(f"round {number + 1} of {rounds} …", flush=True)
                for side, rates in zip(sides, found, strict=True):
                    for page, rate in side.round().items():
                        rates[page].append(rate)
        finally:
            for side in sides:
                side.end()
    report(revision, *found)
    return 0


def report(revision: str, now: dict[str, list[float]], base: dict[str, list[float]]) -> None:
    """Medians, and of the ratio how far its rounds lie apart."""
    head = f"{'page':34}{revision[:12]:>13}{'now':>8}{'times':>8}{'from':>8}{'to':>7}"
    print(f"\n{head}\n{'-' * len(head)}")
    for page, mine in now.items():
        theirs = base[page]
        ratios = [one / other for one, other in zip(mine, theirs, strict=True)]
        print(
            f"{page:34}{statistics.median(theirs):13.0f}{statistics.median(mine):8.0f}"
            f"{statistics.median(ratios):8.2f}{min(ratios):8.2f}{max(ratios):7.2f}"
        )
