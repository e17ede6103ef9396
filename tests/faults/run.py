"""One scenario from its first request to the counting."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.faults.clients import UNANSWERED, Forgetful, Reader, Senders, ask
from tests.faults.reminding import Reminders, by_the_clock
from tests.faults.scenarios import Scenario
from tests.faults.site import Site

KEPT_PAGES = {"home": "/", "article": "/articles/numb-feet/"}
CASELOAD = "/workspace/"
# A worker that was killed is missed after 30 s; mail is tried again after 1, 3, 5 … minutes, which
# nobody waits for here: what waits is made due.
SETTLED_SECONDS = 240.0
WAITS = (
    "SELECT (SELECT count(*) FROM accounts_queuedmail),"
    " (SELECT count(*) FROM procrastinate_jobs"
    "  WHERE queue_name = 'mail' AND status IN ('todo', 'doing')),"
    " (SELECT count(*) FROM programs_reminderslot WHERE state = 'waiting')"
)
SOON = (
    "UPDATE procrastinate_jobs SET scheduled_at = NULL"
    " WHERE status = 'todo' AND queue_name = 'mail' AND scheduled_at IS NOT NULL"
)


@dataclass(frozen=True)
class Load:
    """Of each scenario: sessions (times its share), seconds, mails."""

    sessions: int
    seconds: float
    mails: int


@dataclass(frozen=True)
class Counted:
    """What came of a scenario. Times in seconds."""

    scenario: Scenario
    faults: int
    confirmed: int
    never: int  # sessions that were not confirmed for two minutes
    tries: Counter[int]
    wrong: list[str]  # answers to a session that a device would take for a refusal
    once: int
    twice: int
    lost: int
    broken: int  # stored without one of their exercises, or without their line in the audit trail
    unasked: int  # stored, though nobody sent them
    pages: dict[str, Reader]
    mails: int
    mail_once: int
    mail_again: int  # further copies
    mail_lost: int
    mail_refused: int
    reminders: int
    reminded_once: int
    reminded_again: int
    states: dict[str, int]
    is_settled: bool
    five_hundreds: int

    @property
    def problems(self) -> list[str]:
        """What must not be, whatever was done."""
        counts = {
            "sessions never confirmed": self.never,
            "confirmed sessions lost": self.lost,
            "sessions stored twice": self.twice,
            "sessions stored in part": self.broken,
            "sessions that nobody sent": self.unasked,
            "answers 500": self.five_hundreds,
            "refusals of a session": len(self.wrong),
            "mails lost": self.mail_lost,
            "copies of a mail": max(0, self.mail_again - self.copies_allowed),
            "copies of a reminder": self.reminded_again,
            "left waiting": int(not self.is_settled),
        }
        return [f"{count} {words}" for words, count in counts.items() if count]

    @property
    def copies_allowed(self) -> int:
        """One for each time that the worker may have been stopped in handing over."""
        return self.faults if self.scenario.may_repeat_mail else 0


def run(site: Site, scenario: Scenario, load: Load, used: set, seed: int) -> Counted:
    site.have_workers(scenario.workers)
    site.mail.behave(**scenario.manners)
    site.wait_until_up()
    for _ in range(12):  # each web process keeps the public pages
        for path in KEPT_PAGES.values():
            ask(site.port, path)
    letters, refused = len(site.mail.letters), _refused(site)
    before = _stored(site)
    count = max(1, round(load.sessions * scenario.share))
    senders = Senders(site.port, site.cast["senders"], count, load.seconds)
    forgetful = Forgetful(site.port, load.mails, load.seconds)
    reminders = Reminders(site, max(1, round(load.seconds / 8)), used)
    pages = [Reader(name, site.port, path) for name, path in KEPT_PAGES.items()]
    pages.append(Reader("caseload", site.port, CASELOAD, site.cast["therapist"]))
    over = threading.Event()
    with threads(over, [lambda one=one: one.work(over) for one in pages]):
        faults = _hurt(site, scenario, seed, [
            *(lambda one=one: senders.work(one) for one in site.cast["senders"]),
            forgetful.work, lambda: reminders.work(load.seconds, over),
        ])  # fmt: skip
    site.mail.behave()
    is_settled = _settle(site)
    return _count(site, scenario, faults, senders, forgetful, reminders, pages, is_settled,
                  letters, refused, before)  # fmt: skip


@contextmanager
def threads(over: threading.Event, works: list) -> Iterator[None]:
    begun = [threading.Thread(target=work, daemon=True) for work in works]
    for one in begun:
        one.start()
    try:
        yield
    finally:
        over.set()
        for one in begun:
            one.join()


def _hurt(site: Site, scenario: Scenario, seed: int, works: list) -> int:
    """While they work; returns how often."""
    dice, count = random.Random(seed), 0
    begun = [threading.Thread(target=work, daemon=True) for work in works]
    for one in begun:
        one.start()
    rest = min(1.0, scenario.rest)
    while any(one.is_alive() for one in begun):
        deadline = time.monotonic() + rest
        while time.monotonic() < deadline and any(one.is_alive() for one in begun):
            time.sleep(0.1)
        if not any(one.is_alive() for one in begun):
            break
        scenario.fault(site, dice)
        count += 1
        rest = scenario.rest * dice.uniform(0.7, 1.3)
    return count


def _settle(site: Site) -> bool:
    """Whether all that waited has left, or was given up."""
    deadline = time.monotonic() + SETTLED_SECONDS
    while time.monotonic() < deadline:
        if not any(site.sql(WAITS)[0]):
            return True
        site.sql(SOON)
        for task in ("config.jobs.retry_stalled_jobs", "accounts.jobs.take_up_mail",
                     "programs.jobs.queue_reminders"):  # fmt: skip
            by_the_clock(site, task)
        time.sleep(3)
    return False


def _refused(site: Site) -> int:
    [(count,)] = site.sql("SELECT count(*) FROM accounts_undeliveredmail")
    return int(count)


def _stored(site: Site) -> dict[str, tuple[int, int, int]]:
    """Of each session how many rows, exercises, and lines of the audit trail there are."""
    rows = site.sql(
        "WITH logs AS (SELECT session_id AS id, count(*) FROM programs_exerciselog GROUP BY 1),"
        " events AS (SELECT subject_id AS id, count(*) FROM accounts_auditevent"
        "  WHERE action = 'session.recorded' GROUP BY 1)"
        " SELECT s.id, count(*), coalesce(max(logs.count), 0), coalesce(max(events.count), 0)"
        " FROM programs_session s LEFT JOIN logs USING (id)"
        " LEFT JOIN events ON events.id = s.id::text GROUP BY s.id"
    )
    return {str(key): (count, logs, events) for key, count, logs, events in rows}


def _count(
    site, scenario, faults, senders, forgetful, reminders, pages, is_settled, letters, refused,
    before,
) -> Counted:  # fmt: skip
    now = _stored(site)
    found = {key: now[key] for key in senders.confirmed if key in now}
    to = Counter(str(one["To"]) for one in site.mail.letters[letters:])
    mailed = {one: to[one] for one in [*forgetful.confirmed, *forgetful.unsure]}
    reminded = [to[one["email"]] for one in reminders.people]
    gone = _refused(site) - refused
    unsent = sum(not mailed[one] for one in forgetful.confirmed)
    statuses = [senders.statuses, forgetful.statuses, *(one.statuses for one in pages)]
    return Counted(
        scenario=scenario,
        faults=faults,
        confirmed=len(senders.confirmed),
        never=len(senders.never),
        tries=senders.statuses,
        wrong=senders.wrong,
        once=sum(rows == 1 and events == 1 for rows, _, events in found.values()),
        twice=sum(rows > 1 or events > 1 for rows, _, events in found.values()),
        lost=len(senders.confirmed) - len(found),
        broken=sum(
            events == 0 or logs != senders.confirmed[key]
            for key, (_, logs, events) in found.items()
        ),
        unasked=len(now.keys() - before.keys() - senders.confirmed.keys() - set(senders.never)),
        pages={one.name: one for one in pages},
        mails=len(forgetful.confirmed),
        mail_once=sum(mailed[one] == 1 for one in forgetful.confirmed),
        mail_again=sum(max(0, count - 1) for count in mailed.values()),
        # A mail that nobody got an answer about may have been refused, too.
        mail_lost=max(0, unsent - gone),
        mail_refused=min(unsent, gone),
        reminders=len(reminders.people),
        reminded_once=sum(count == 1 for count in reminded),
        reminded_again=sum(max(0, count - 1) for count in reminded),
        states=reminders.states(),
        is_settled=is_settled,
        five_hundreds=sum(one[500] for one in statuses),
    )


__all__ = ["UNANSWERED", "Counted", "Load", "run"]
