"""The worker that comes back: procrastinate's, begun anew whenever it ends by itself.

It ends when PostgreSQL goes away, and does not begin while PostgreSQL is away or in recovery.
"""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable

import psycopg
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.utils import connector_params

from config.logs import name_job
from config.trouble import said_by

log = logging.getLogger("footing.worker")
# Between two tries, doubled up to the longest. A run that lasted as long as that begins at the
# shortest again.
SHORTEST_SECONDS = 1.0
LONGEST_SECONDS = 15.0

Run = Callable[[], Awaitable[None]]


class NotYetError(Exception):
    """The database can't be worked on now."""


async def run_once(concurrency: int) -> None:
    """Work until it is cancelled, which lets jobs end that have begun. Raises whatever ends it."""
    await check_database()
    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    with app.replace_connector(connector.get_worker_connector()):
        async with app.open_async():
            await app.run_worker_async(
                concurrency=concurrency,
                install_signal_handlers=False,
                worker_middleware=[name_job],
            )


async def check_database() -> None:
    """Before a pool of connections is opened, which would try for half a minute. Raises NotYetError
    or psycopg.Error.
    """
    parts = connector_params("default")
    parts.pop("pool", None)
    async with await psycopg.AsyncConnection.connect(**parts, autocommit=True) as connection:
        found = await (await connection.execute("SELECT pg_is_in_recovery()")).fetchone()
    if found and found[0]:
        raise NotYetError("the database is a standby or in recovery")


async def keep_on(run: Run, stop: asyncio.Event) -> None:
    """Run it again and again until `stop` is set; each time that it ended is one line."""
    clock = asyncio.get_running_loop().time
    seconds = SHORTEST_SECONDS
    while not stop.is_set():
        began = clock()
        reason = await _until(stop, run)
        if stop.is_set():
            return
        if clock() - began >= LONGEST_SECONDS:
            seconds = SHORTEST_SECONDS
        log.warning("The worker stopped (%s); it begins again in %.0f s.", reason, seconds)
        await _wait(stop, seconds)
        seconds = min(2 * seconds, LONGEST_SECONDS)


async def _until(stop: asyncio.Event, run: Run) -> str:
    """Why the run has ended; empty where it was asked to."""
    running = asyncio.ensure_future(run())
    asked = asyncio.ensure_future(stop.wait())
    await asyncio.wait({running, asked}, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    if not running.done():
        running.cancel()  # procrastinate lets what has begun come to its end
    try:
        await running
    except asyncio.CancelledError:
        return ""
    except Exception as error:
        return f"{type(error).__name__}: {said_by(error)}".splitlines()[0].rstrip(": ")
    return "it lost the database"  # procrastinate has told why


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        pass


async def work(concurrency: int) -> None:
    """Until the process is told to end (SIGTERM, SIGINT)."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await keep_on(lambda: run_once(concurrency), stop)
