"""A database of the bench's own: what it stores is gone when it is done."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg import sql


@contextmanager
def own() -> Iterator[str]:
    """The address of a copy of the database that was given."""
    given = urlsplit(os.environ["DATABASE_URL"])
    name = given.path.removeprefix("/")
    copy = sql.Identifier(f"{name}_{os.getpid()}")
    made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(copy, sql.Identifier(name))
    with psycopg.connect(given._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute(made)
        try:
            yield given._replace(path=f"/{name}_{os.getpid()}").geturl()
        finally:
            # Not by force: PostgreSQL itself may be cleaning up in it, which it stops by itself.
            server.execute(sql.SQL("DROP DATABASE {}").format(copy))
