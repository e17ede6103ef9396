"""How the site's log reads: what failed and where, never what a row held.

Lines of text for who reads them as they come, or JSON, an object a line, for what collects them
(LOG_FORMAT). Both name the request that was being answered, or the job that the worker did.
"""

import datetime as dt
import json
import logging
import re
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from psycopg_pool import PoolTimeout

from config import request_ids
from config.postgresql.outage import AwayError

if TYPE_CHECKING:  # logging is set up before there are applications
    from procrastinate.job_context import JobContext
    from procrastinate.worker import Worker

# PostgreSQL quotes a key or a whole row there, over as many lines as the row has.
_AFTER = "HINT:|CONTEXT:|LOCATION:|Traceback |The above |During handling |  File "
_DETAIL = re.compile(rf"^DETAIL:.*?(?=^(?:{_AFTER})|\Z)", re.MULTILINE | re.DOTALL)
# And the line of the statement that it did not understand, with a mark below it.
_STATEMENT = re.compile(r"^LINE \d+: .*(?:\n *\^)?", re.MULTILINE)
LEFT_OUT = "DETAIL:  left out, it quotes the row\n"
# Addresses that are keys: what comes after one of these opens something. Django names the address
# that failed; web servers in front have the same list (deploy/).
KEYS = (
    "portal/join", "portal/help", "portal/calendar", "portal/reminders/off",
    "account/password/reset/key", "account/confirm-email",
)  # fmt: skip
_KEYS = re.compile(rf"(/(?:{'|'.join(KEYS)})/)[^\s/\"']+")
_job: ContextVar[str] = ContextVar("job", default="")


def discreet(text: str) -> str:
    """Without what the database tells of rows beside an error, and without keys in addresses.

    Behind the wall it tells nothing by itself; of accounts, mail and the queue it would.
    """
    without_rows = _STATEMENT.sub("LINE left out", _DETAIL.sub(LEFT_OUT, text))
    return _KEYS.sub(r"\1…", without_rows).rstrip()


class Discreet(logging.Formatter):
    """A line of text, with the request's or the job's name at its end."""

    def format(self, record: logging.LogRecord) -> str:
        return discreet(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        named = " ".join(f"[{name} {value}]" for name, value in where(record).items())
        line = super().formatMessage(record)
        return f"{line} {named}" if named else line


class Json(logging.Formatter):
    """An object a line: time, level, logger, message, and where there are, the request's id, the
    job, the traceback. What else a library hangs on a record stays out: it may be a row.
    """

    def format(self, record: logging.LogRecord) -> str:
        at = dt.datetime.fromtimestamp(record.created, dt.UTC)
        told: dict[str, Any] = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": discreet(record.getMessage()),
            **where(record),
        }
        if record.exc_info:
            told["traceback"] = discreet(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False)


class WithoutOutages(logging.Filter):
    """Of a database that is away the line is enough: the traceback is the same for each request,
    and thousands come in a minute.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and isinstance(error.__cause__, AwayError | PoolTimeout):
            record.exc_info = record.exc_text = None
        return True


def where(record: object = None) -> dict[str, str]:
    """The request or the job, without those that there are not: of a line of the log, or now."""
    request = request_ids.current() or request_ids.of(getattr(record, "request", None))
    found = {"request": request, "job": _job.get()}
    return {name: value for name, value in found.items() if value}


async def name_job(
    call_next: Callable[[], Awaitable[Any]], context: "JobContext", worker: "Worker"
) -> Any:
    """Around each job of the worker, in its thread too: its task and number, no arguments."""
    token = _job.set(f"{context.job.task_name}[{context.job.id}]")
    try:
        return await call_next()
    finally:
        _job.reset(token)
