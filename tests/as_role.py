"""Acting as one of the database's narrower roles, where tests share the owner's connection.

In production the web and the worker log in as these roles; here a test has made rows in a
transaction that nobody else would see.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.http import HttpRequest, HttpResponse
from psycopg import sql
from psycopg.pq import TransactionStatus

from config.setup.postgres import WEB, WORKER

__all__ = ["WEB", "WORKER", "WebRole", "as_role"]


@contextmanager
def as_role(name: str) -> Iterator[None]:
    """Not counted as queries, and over before the test looks at what came of it."""
    connection.ensure_connection()
    raw = connection.connection
    raw.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(name)))
    try:
        yield
    finally:
        if not raw.closed and raw.info.transaction_status != TransactionStatus.INERROR:
            raw.execute("RESET ROLE")


class WebRole:
    """The outermost middleware behind the page cache: each request is answered as the web."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with as_role(WEB):
            return self.get_response(request)
