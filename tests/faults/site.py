"""A whole installation of its own that can be hurt: PostgreSQL, web, workers, mail server."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from config.setup.postgres import ROOT, WEB, WORKER, Postgres
from config.setup.processes import SetupProblem
from tests.faults.clients import ask
from tests.installation import DUMPS, Installation
from tests.smtp import MailServer, mail_server

RESTART_SECONDS = 2.0  # as deploy/systemd has it
LONGEST_SECONDS = 90.0  # until the site has to be back


def children_of(parent: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-axo", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout
    pairs = (line.split() for line in listed.splitlines())
    return [int(pid) for pid, ppid in pairs if int(ppid) == parent]


def send_signal(pids: list[int], number: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


class Mortal(Postgres):
    """A PostgreSQL that can be killed and stopped, and loses nothing by it: it is not `fast`."""

    @property
    def postmaster(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def everybody(self) -> list[int]:
        return [self.postmaster, *children_of(self.postmaster)]

    def kill(self) -> None:
        """As when the machine's power goes."""
        send_signal(self.everybody(), signal.SIGKILL)

    def start_again(self) -> None:
        for _ in range(20):
            try:
                with self._alone():
                    self._start()
                return
            except (SetupProblem, psycopg.Error):  # one of its processes is not gone yet
                time.sleep(0.5)
        raise SetupProblem("PostgreSQL did not come back.")


class Service:
    """A program that is started again whenever it ends, as systemd does: `Restart=always`,
    `RestartSec=2`, `KillMode=mixed`.
    """

    def __init__(self, command: list[str], env: dict[str, str], log: Path) -> None:
        self.command, self.env, self.log = command, env, log
        self._over = threading.Event()
        self._start()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def _start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )

    def _keep(self) -> None:
        while True:
            self.process.wait()
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            if self._over.wait(RESTART_SECONDS):
                return
            self._start()

    def children(self) -> list[int]:
        return children_of(self.process.pid)

    def kill(self) -> None:
        send_signal([self.process.pid], signal.SIGKILL)

    def stop(self) -> None:
        self._over.set()
        process = self.process
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        self._keeper.join()


class Site:
    """What the faults are done to, and what is asked afterwards."""

    def __init__(
        self, postgres: Mortal, installation: Installation, mail: MailServer, cast: dict[str, Any]
    ) -> None:
        self.postgres, self.installation, self.mail, self.cast = postgres, installation, mail, cast
        self.port = _free_port()
        self.workers: list[Service] = []
        command = ["-m", "gunicorn", "--config", "python:config.gunicorn", "config.wsgi"]
        command += ["--bind", f"127.0.0.1:{self.port}"]
        self.web = self._service(WEB, "web", command)

    def _service(self, role: str, name: str, command: list[str]) -> Service:
        env = self.installation.environment(role)
        return Service([sys.executable, *command], env, self.installation.folder / f"{name}.log")

    def have_workers(self, count: int) -> None:
        while len(self.workers) > count:
            self.workers.pop().stop()
        while len(self.workers) < count:
            name = f"worker-{len(self.workers)}"
            self.workers.append(self._service(WORKER, name, ["manage.py", "work"]))

    def sql(self, query: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """As the owner, who sees all clinics; tried again while PostgreSQL is away."""
        return until_answered(lambda: self._sql(query, values))

    def _sql(self, query: str, values: list[Any] | None) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.installation.url, options="-c footing.whole=on") as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def wait_until_up(self) -> None:
        """Until several in a row are answered, by whichever of the web processes."""
        deadline, row = time.monotonic() + LONGEST_SECONDS, 0
        while row < 4:
            if time.monotonic() > deadline:
                raise SetupProblem("The site did not come back.")
            row = row + 1 if ask(self.port, "/articles/?up", seconds=5).status == 200 else 0
            time.sleep(0.05 if row else 0.3)

    def log(self) -> str:
        return (self.installation.folder / "web.log").read_text("utf-8", "replace")

    def stop(self) -> None:
        self.have_workers(0)
        self.web.stop()


def until_answered(work: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + LONGEST_SECONDS
    while True:
        try:
            return work()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(*, senders: int, reminded: int) -> Iterator[Site]:
    """Everything, with so many patients, gone afterwards."""
    base = Path("/var/tmp") if os.geteuid() == 0 else Path(tempfile.gettempdir())
    folder = base / f"footing-faults-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o755)
    postgres = Mortal(folder / "db", as_user="nobody" if os.geteuid() == 0 else None)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        mail = stack.enter_context(mail_server())
        stack.enter_context(postgres.running())
        settings = {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "FAULTS_MAIL_PORT": str(mail.port),
            "STATIC_ROOT": str(folder / "static"),
        }
        (folder / "static").mkdir()
        installation = Installation(postgres.url, folder / "site", settings)
        installation.folder.mkdir()
        installation.load(DUMPS / "version_1_0_0.sql.xz")
        made = installation.run("-m", "tests.faults.cast", str(senders), str(reminded))
        if made.returncode:
            raise SetupProblem(made.stdout + made.stderr)
        site = Site(postgres, installation, mail, json.loads(made.stdout.splitlines()[-1]))
        stack.callback(site.stop)
        site.wait_until_up()
        yield site
