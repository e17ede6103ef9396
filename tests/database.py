"""The tests' database: migrated and loaded by the first worker, copied by the others.

The copy that all are made from stays on the server under a name that says what it was made of, so
that a run after which only tests have changed starts at once.
"""

import hashlib
import os
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import setup_databases
from psycopg import sql

from tests.as_role import WEB, WORKER

ROOT = Path(settings.BASE_DIR)
MADE_OF = (
    "accounts", "cms", "config", "fhir", "patients", "portal", "programs", "workspace",
    "requirements.txt", "tests/settings.py", "tests/database.py",
)  # fmt: skip
PREFIX = "footing_loaded_"
ROLES = [WEB, WORKER]
ROLES_FILE = "config/setup/roles.sql"


def make() -> Any:
    """What `teardown_databases` wants to have."""
    given = urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(given._replace(path="/postgres").geturl(), autocommit=True) as server:
        roles = server.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [ROLES])
        if len(roles.fetchall()) < len(ROLES):
            raise pytest.UsageError(f"Tests act as {' and '.join(ROLES)}: {ROLES_FILE} makes them.")
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", [PREFIX])  # one worker at a time
        own = "SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = current_user"
        kept = {name for (name,) in server.execute(own)}
        loaded = PREFIX + digest()
        if loaded in kept:
            connection.settings_dict["TEST"]["TEMPLATE"] = loaded
            return setup_databases(verbosity=0, interactive=False, aliases={"default"})
        made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
        load()
        connections.close_all()  # a database can be copied while nobody is in it
        for name in kept:
            if name.startswith(PREFIX):
                server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
        copy, source = (sql.Identifier(name) for name in (loaded, connection.settings_dict["NAME"]))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(copy, source))
        return made


def load() -> None:
    for command in ("load_library", "set_up_editing", "load_articles"):
        call_command(command, stdout=StringIO())


def digest() -> str:
    """Of every file that could have a say in what is loaded."""
    found = hashlib.sha256()
    for name in MADE_OF:
        for path in [ROOT / name, *sorted((ROOT / name).rglob("*"))]:
            if path.is_file() and "__pycache__" not in path.parts:
                found.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]
