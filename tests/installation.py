"""Whole installations beside the tests' database: made, upgraded, walked through, thrown away."""

import lzma
import os
import subprocess
import sys
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
        return self._run("manage.py", *command, url=self.url, whole="1")

    def walk(self) -> subprocess.CompletedProcess[str]:
        """As the web's role, which sees what it is told (`tests.smoke`)."""
        return self._run("-m", "tests.smoke", url=as_role(self.url, WEB), whole="0")

    def sql(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url, options="-c footing.whole=on") as connection:
            return connection.execute(query).fetchall()

    def load(self, dump: Path) -> None:
        lines = lzma.decompress(dump.read_bytes()).decode().splitlines(keepends=True)
        words = "".join(line for line in lines if not line.startswith(NEWER_SETTINGS))
        with psycopg.connect(self.url, options="-c footing.whole=on") as connection:
            connection.execute(words.encode())

    def module(self, *command: str) -> subprocess.CompletedProcess[str]:
        """`python -m …` as the owner."""
        return self._run("-m", *command, url=self.url, whole="1")

    def environment(self, url: str, whole: str) -> dict[str, str]:
        """Of a process at this database, as whoever `url` names."""
        return {
            **{name: text for name, text in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
            "DATABASE_URL": url,
            "FOOTING_WHOLE": whole,
            "FOOTING_MODE": "local",
            "FOOTING_DEMO": "1",
            "STAFF_SECOND_FACTOR": "0",
            "FOOTING_VAR": str(self.folder),
            "MEDIA_ROOT": str(self.folder / "media"),
            "PRIVATE_ROOT": str(self.folder / "private"),
            **self.settings,
        }

    def _run(self, *command: str, url: str, whole: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment(url, whole),
            capture_output=True,
            text=True,
            check=False,
        )


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
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
