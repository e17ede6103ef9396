"""The tables, on a terminal and in docs/reliability.md."""

import datetime as dt
import os
import platform
from pathlib import Path

from config.setup.postgres import ROOT
from tests.faults.clients import UNANSWERED, Reader
from tests.faults.run import Counted

PAPER = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
AIM_SECONDS = 1.0

Row = list[str]


def tables(counted: list[Counted], postgres: str) -> str:
    parts = [
        f"{dt.datetime.now(dt.UTC):%B %-d, %Y}, {_machine()}, PostgreSQL {postgres}.",
        _table(SESSIONS, [_sessions(one) for one in counted] + [_sum(counted)]),
        _table(PAGES, [row for one in counted for row in _pages(one)]),
        _table(MAIL, [_mail(one) for one in counted]),
    ]
    return "\n\n".join(parts)


SESSIONS = ["what was done", "times", "sessions confirmed", "stored once", "twice", "in part",
            "lost", "sent without an answer", "503", "500"]  # fmt: skip


def _sessions(one: Counted) -> Row:
    numbers = [
        one.faults, one.confirmed, one.once, one.twice, one.broken, one.lost,
        one.tries[UNANSWERED], one.tries[503] + one.tries[507], one.five_hundreds,
    ]  # fmt: skip
    return [one.scenario.words, *map(str, numbers)]


def _sum(counted: list[Counted]) -> Row:
    rows = [[int(cell) for cell in _sessions(one)[1:]] for one in counted]
    return ["all", *(str(sum(column)) for column in zip(*rows, strict=True))]


PAGES = ["while", "page", "asked", "200", "503", "no answer", "median", "slowest answer",
         "over 1 s", "longest without any answer"]  # fmt: skip


def _pages(one: Counted) -> list[Row]:
    return [[one.scenario.words, *_page(page)] for page in one.pages.values()]


def _page(page: Reader) -> Row:
    seconds, statuses = page.seconds() or [0.0], page.statuses
    others = sorted({*statuses} - {200, 503, UNANSWERED})
    name = f"{page.name} ({', '.join(f'{one}: {statuses[one]}' for one in others)})"
    return [
        name if others else page.name, str(len(page.answers)), str(statuses[200]),
        str(statuses[503]), str(statuses[UNANSWERED]), f"{seconds[len(seconds) // 2]:.2f} s",
        f"{seconds[-1]:.1f} s", str(sum(one > AIM_SECONDS for one in seconds)),
        f"{page.longest_silence():.1f} s",
    ]  # fmt: skip


MAIL = ["what was done", "mails confirmed", "delivered once", "further copies", "refused for good",
        "lost", "reminders due", "delivered once", "further copies", "ended otherwise"]  # fmt: skip


def _mail(one: Counted) -> Row:
    others = {name: count for name, count in sorted(one.states.items()) if name != "sent"}
    numbers = [one.mails, one.mail_once, one.mail_again, one.mail_refused, one.mail_lost,
               one.reminders, one.reminded_once, one.reminded_again]  # fmt: skip
    words = ", ".join(f"{count} {name}" for name, count in others.items())
    return [one.scenario.words, *map(str, numbers), words or "0"]


def _table(head: Row, rows: list[Row]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores, {memory:.0f} GB, {system}, Python {platform.python_version()}"


def write(text: str, paper: Path = PAPER) -> None:
    """Into the paper, in the place of the figures of before."""
    before, _, rest = paper.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    paper.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", "utf-8")
