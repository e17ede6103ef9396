"""Whole installations beside the tests' database: made, upgraded, walked through, thrown away."""

import lzma
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from config.setup.postgres import WEB, as_role

ROOT = Path(__file__).resolve().parent.parent
DUMPS = ROOT / "tests" / "dumps"
# Of the newer `pg_dump` that wrote a dump; older servers don't know them.
NEWER_SETTINGS = ("\\restrict", "\\unrestrict", "SET transaction_timeout")


@dataclass(frozen=True)
class Installation:
    """A database of its own, as the owner of its tables, and folders."""

    url: str
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        return self.run("manage.py", *command)

    def walk(self) -> subprocess.CompletedProcess[str]:
        """As the web's role, which sees what it is told (`tests.smoke`)."""
        return subprocess.run(
            [sys.executable, "-m", "tests.smoke"], cwd=ROOT, env=self.environment(WEB),
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A command of Python's, for the installation as a whole."""
        return subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.environment(),
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    @contextmanager
    def running(self, *command: str, role: str) -> Iterator[Path]:
        """One of its processes, until the block is left; its log."""
        log = self.folder / f"{role}.log"
        with log.open("wb") as words:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment(role), stdout=words, stderr=words
            )
        try:
            yield log
        finally:
            process.terminate()
            process.wait(30)

    def sql(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url, options="-c footing.whole=on") as connection:
            return connection.execute(query).fetchall()

    def load(self, dump: Path) -> None:
        lines = lzma.decompress(dump.read_bytes()).decode().splitlines(keepends=True)
        words = "".join(line for line in lines if not line.startswith(NEWER_SETTINGS))
        with psycopg.connect(self.url, options="-c footing.whole=on") as connection:
            connection.execute(words.encode())

    def environment(self, role: str = "") -> dict[str, str]:
        """Of a process of this role; without one, of the owner's commands."""
        return {
            **{name: text for name, text in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
            "DATABASE_URL": as_role(self.url, role) if role else self.url,
            "FOOTING_WHOLE": "0" if role else "1",
            "FOOTING_MODE": "local",
            "FOOTING_DEMO": "1",
            "STAFF_SECOND_FACTOR": "0",
            "FOOTING_VAR": str(self.folder),
            "MEDIA_ROOT": str(self.folder / "media"),
            "PRIVATE_ROOT": str(self.folder / "private"),
            **self.settings,
        }


@contextmanager
def installation(folder: Path, **settings: str) -> Iterator[Installation]:
    """With an empty database on the tests' server, which is gone afterwards."""
    given = urlsplit(os.environ["DATABASE_URL"])
    name = f"footing_beside_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(given._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            yield Installation(given._replace(path=f"/{name}").geturl(), folder, settings)
        finally:
            _drop(server, name)


def _drop(server: psycopg.Connection, name: str) -> None:
    """Its processes have ended, and their connections end with them: not at the same moment."""
    for tries_left in reversed(range(50)):
        try:
            server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
        except psycopg.errors.ObjectInUse:
            if not tries_left:
                raise
            time.sleep(0.2)
        else:
            return
