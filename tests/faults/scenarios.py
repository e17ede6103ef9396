"""What is done to the site, over and over, and how long each time."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from tests.faults.site import RESTART_SECONDS, Site, children_of, send_signal

# Each returns when it has passed.
Fault = Callable[[Site, Random], None]


def do_nothing(site: Site, dice: Random) -> None:
    """What the machine takes for the same load by itself."""


def kill_web_process(site: Site, dice: Random) -> None:
    processes = site.web.children()
    if processes:
        send_signal([dice.choice(processes)], signal.SIGKILL)


def kill_web(site: Site, dice: Random) -> None:
    site.web.kill()
    time.sleep(RESTART_SECONDS)
    site.wait_until_up()


def kill_postgres(site: Site, dice: Random) -> None:
    site.postgres.kill()
    time.sleep(RESTART_SECONDS)
    site.postgres.start_again()
    site.wait_until_up()


def kill_backend(site: Site, dice: Random) -> None:
    """PostgreSQL then ends all others and recovers, for their memory may be spoiled."""
    [(pid,)] = site.sql(
        "SELECT pid FROM pg_stat_activity WHERE usename = ANY(%s) ORDER BY random() LIMIT 1",
        [["footing_web", "footing_worker"]],
    ) or [(0,)]
    if pid in children_of(site.postgres.postmaster):
        send_signal([pid], signal.SIGKILL)
    site.wait_until_up()


def end_backends(site: Site, dice: Random) -> None:
    """As an administrator or a proxy does: connections end, the server stays."""
    site.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ANY(%s)"
        " AND random() < 0.6",
        [["footing_web", "footing_worker"]],
    )


def stop_postgres(site: Site, dice: Random, *, seconds: float = 4) -> None:
    """It takes connections and does not answer."""
    stopped = site.postgres.everybody()
    send_signal(stopped, signal.SIGSTOP)
    time.sleep(seconds)
    send_signal(stopped, signal.SIGCONT)


def kill_worker(site: Site, dice: Random) -> None:
    dice.choice(site.workers).kill()


def bad_mail(site: Site, dice: Random, *, seconds: float = 6, **manners: Any) -> None:
    site.mail.behave(**manners)
    time.sleep(seconds)
    site.mail.behave()


# Or takes its database away.
STOPS_A_WORKER = (kill_worker, kill_postgres, kill_backend, end_backends)


@dataclass(frozen=True)
class Scenario:
    """`rest`: seconds between two faults. `share` of the sessions; `manners` of the mail server
    while nothing is done to it. `may_repeat_mail`: a worker may be stopped between the mail
    server's word and its own note of it (docs/operating.md, "The worker").
    """

    name: str
    words: str
    fault: Fault
    rest: float = 3
    share: float = 1
    workers: int = 1
    manners: dict[str, Any] = field(default_factory=dict)

    @property
    def may_repeat_mail(self) -> bool:
        return self.fault in STOPS_A_WORKER


# So that a worker is mostly in the middle of handing over.
BUSY = {"slow": 0.05}
SCENARIOS = [
    Scenario("nothing", "nothing", do_nothing, 10, 1.5),
    Scenario("web-process", "one of gunicorn's processes killed", kill_web_process, 8, 1.5),
    Scenario("web", "gunicorn killed, all of it", kill_web, share=1.5),
    Scenario("postgres", "PostgreSQL killed, all of it", kill_postgres, share=1.5),
    Scenario("backend", "one PostgreSQL process killed", kill_backend, share=1.5),
    Scenario("connections", "connections ended by PostgreSQL", end_backends, share=1.5),
    Scenario("postgres-hangs", "PostgreSQL stopped for 4 s", stop_postgres, rest=5),
    Scenario("worker", "the worker killed", kill_worker, 7, 0.5, manners=BUSY),
    Scenario("two-workers", "one of two workers killed", kill_worker, 4, 0.5, 2, BUSY),
    Scenario("four-workers", "one of four workers killed", kill_worker, 3, 0.5, 4, BUSY),
    Scenario(
        "mail-later", "mail server says 4xx", partial(bad_mail, refusal="450 Later"), share=0.5
    ),
    Scenario(
        "mail-never", "mail server says 5xx", partial(bad_mail, refusal="550 Unknown"), share=0.5
    ),
    Scenario("mail-hangs", "mail server does not answer", partial(bad_mail, hangs=True), share=0.5),
    Scenario(
        "mail-slow", "mail server takes 1 s for each answer", partial(bad_mail, slow=1.0), share=0.5
    ),
    Scenario(
        "mail-late", "mail server takes a mail, and says so after 12 s",
        partial(bad_mail, slow_end=12.0), share=0.5,
    ),
]  # fmt: skip
