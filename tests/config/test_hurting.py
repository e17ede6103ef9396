"""`make faults` runs once in a cheap form: a few sessions, one of gunicorn's processes killed."""

import re
import subprocess
import sys

from django.conf import settings

from tests.faults import report
from tests.faults.scenarios import SCENARIOS

CHEAP = ["--only", "web-process", "--sessions", "8", "--seconds", "6", "--mails", "2"]
FEW = ["--senders", "2", "--reminders", "2"]


def test_sessions_are_stored_once_while_a_web_process_is_killed():
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", *CHEAP, *FEW],
        cwd=settings.BASE_DIR, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    row = re.search(r"^\| one of gunicorn's processes killed \| (\d+) \| (\d+) \| (\d+) \| 0 \|",
                    done.stdout, re.M)  # fmt: skip
    assert row, done.stdout
    times, confirmed, once = map(int, row.groups())
    assert times >= 1
    assert confirmed == once == 12


def test_the_tables_stand_where_those_of_before_stood(tmp_path):
    paper = tmp_path / "paper.md"
    paper.write_text(f"Before.\n\n{report.BEGIN}\nold\n{report.END}\n\nAfter.\n")
    report.write("| new |", paper)
    text = paper.read_text()
    assert "old" not in text
    assert text.index("Before.") < text.index("| new |") < text.index("After.")
    report.write("| newer |", paper)
    assert paper.read_text() == text.replace("new", "newer")


def test_the_paper_has_a_row_of_each_that_is_done():
    text = report.PAPER.read_text(encoding="utf-8")
    figures = text.partition(report.BEGIN)[2].partition(report.END)[0]
    for one in SCENARIOS:
        assert figures.count(f"| {one.words} |") >= 5, one.name
