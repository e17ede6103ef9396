"""Reminders that come due while something happens, in some waves."""

import datetime as dt
import threading
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from tests.faults.site import Site

DUE = (
    "UPDATE programs_reminderchoice SET times = ARRAY[%s::time], next_at = %s"
    " WHERE patient_id = ANY(%s::uuid[])"
)
# As the worker's clock does, which would take up to ten minutes.
JOB = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args)"
    " SELECT 'clock', %(task)s, %(lock)s, '{\"timestamp\": 0}' WHERE NOT EXISTS"
    " (SELECT FROM procrastinate_jobs WHERE queueing_lock = %(lock)s AND status = 'todo')"
    " ON CONFLICT DO NOTHING"
)


def by_the_clock(site: Site, task: str) -> None:
    site.sql(JOB, {"task": task, "lock": task.rpartition(".")[2]})


@dataclass
class Reminders:
    """Each patient is reminded once in a scenario, at a minute that no other scenario uses."""

    site: Site
    waves: int
    used: set[dt.datetime]
    due: dt.datetime = field(init=False)

    def __post_init__(self) -> None:
        self.due = dt.datetime.now(dt.UTC).replace(second=0, microsecond=0)
        while self.due in self.used:
            self.due -= dt.timedelta(minutes=1)
        self.used.add(self.due)
        self.people: list[dict[str, str]] = self.site.cast["reminded"]

    @property
    def at(self) -> dt.time:
        """On the patient's wall."""
        return self.due.astimezone(ZoneInfo(self.site.cast["zone"])).time()

    def work(self, seconds: float, over: threading.Event) -> None:
        for number in range(self.waves):
            wave = self.people[number :: self.waves]
            patients = [one["patient"] for one in wave]
            if wave:
                self.site.sql(DUE, [self.at, self.due, patients])
                by_the_clock(self.site, "programs.jobs.queue_reminders")
            over.wait(seconds / self.waves)

    def states(self) -> dict[str, int]:
        """How many of this scenario's ended how."""
        rows: list[tuple[Any, ...]] = self.site.sql(
            "SELECT state, count(*) FROM programs_reminderslot WHERE due_at = %s GROUP BY state",
            [self.due],
        )
        return dict(rows)
