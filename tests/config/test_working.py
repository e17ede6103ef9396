"""The worker comes back, and one job that is stuck keeps none of the others."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import psycopg
import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts import jobs as of_accounts
from accounts.models import Heartbeat
from accounts.queue import enqueue
from config import jobs, probes, readiness, working
from tests.as_role import WORKER


class FakeLoop:
    """Waits of `keep_on` as they are asked for; the clock goes by what runs take."""

    def __init__(self, monkeypatch, stop, most):
        self.waits, self.now = [], 0.0
        loop = SimpleNamespace(time=lambda: self.now)
        monkeypatch.setattr(working.asyncio, "get_running_loop", lambda: loop)

        async def wait(stop, seconds):
            self.waits.append(seconds)
            if len(self.waits) == most:
                stop.set()

        monkeypatch.setattr(working, "_wait", wait)


def kept_on(monkeypatch, run, most):
    """The waits between so many runs that end by themselves."""

    async def main():
        stop = asyncio.Event()
        loop = FakeLoop(monkeypatch, stop, most)
        await working.keep_on(lambda: run(loop), stop)
        return loop.waits

    with asyncio.Runner() as runner:
        return runner.run(main())


def test_waits_grow_up_to_a_bound_and_each_end_is_one_line(monkeypatch, caplog):
    async def run(loop):
        raise psycopg.OperationalError("connection refused\nIs the server running?")

    assert kept_on(monkeypatch, run, most=6) == [1, 2, 4, 8, 15, 15]
    assert len(caplog.messages) == 6
    assert "(OperationalError: connection refused); it begins again in 1 s." in caplog.messages[0]


def test_after_a_run_that_lasted_it_begins_at_the_shortest(monkeypatch):
    async def run(loop):
        if len(loop.waits) == 3:
            loop.now += working.LONGEST_SECONDS

    assert kept_on(monkeypatch, run, most=5) == [1, 2, 4, 1, 2]


def test_told_to_end_it_lets_what_has_begun_come_to_its_end():
    ended = []

    async def run():
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("in order")
            raise

    async def main():
        stop = asyncio.Event()
        asyncio.get_running_loop().call_soon(stop.set)
        await working.keep_on(run, stop)

    asyncio.run(main())
    assert ended == ["in order"]


# A real one


def worker(tmp_path):
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
        "TEST_DATABASE": settings.DATABASES["default"]["NAME"],
        "TEST_LETTERS": str(tmp_path),
    }
    code = "import django; django.setup(); from django.core.management import call_command;"
    code += ' call_command("work")'
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env=env,
        cwd=settings.BASE_DIR,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until(is_so, seconds=60):
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert is_so()


def of_worker(what):
    """`what` of each connection that a worker has, counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count({what}) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = %s",
            [WORKER],
        )
        return cursor.fetchone()[0]


def lose_the_database():
    """As when PostgreSQL is started anew."""
    wait_until(lambda: of_worker("pid") > 0)
    of_worker("pg_terminate_backend(pid)")


def done():
    return ProcrastinateJob.objects.filter(task_name=of_accounts.send_mail.name, status="succeeded")


def test_it_goes_on_after_it_lost_the_database_twice(committed, tmp_path):
    Heartbeat.objects.all().delete()  # of another test
    process = worker(tmp_path)
    try:
        wait_until(Heartbeat.objects.exists)
        assert probes.Look(readiness.facts).facts(20) == dict.fromkeys(readiness.FACTS, "ok")
        for number in range(2):
            lose_the_database()
            enqueue(of_accounts.send_mail, mail_id="00000000-0000-0000-0000-000000000000")
            wait_until(lambda number=number: done().count() == number + 1)
        assert process.poll() is None
    finally:
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=60)
    assert process.returncode == 0, log
    Heartbeat.objects.all().delete()


# Jobs that are stuck


def stuck(task, waits=False):
    """A job of a worker that is gone; with a successor under its queueing lock."""
    with connection.cursor() as cursor:
        lock = task.rpartition(".")[2]
        insert = (
            "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args, status)"
            " VALUES ('clock', %s, %s, '{}', %s) RETURNING id"
        )
        cursor.execute(insert, [task, lock, "doing"])
        [(number,)] = cursor.fetchall()
        if waits:
            cursor.execute(insert, [task, lock, "todo"])
    return number


def status(number):
    return ProcrastinateJob.objects.get(pk=number).status


def sweep():
    async_to_sync(jobs.retry_stalled_jobs.func)(SimpleNamespace(app=app), 0)


def test_one_whose_successor_waits_keeps_none_of_the_others(committed):
    first, second, third = (
        stuck("config.jobs.remove_old_jobs"),
        stuck("accounts.jobs.take_up_mail", waits=True),
        stuck("accounts.jobs.forget_forms"),
    )
    sweep()
    assert [status(one) for one in (first, second, third)] == ["todo", "failed", "todo"]
    sweep()  # twice is as good as once
    assert ProcrastinateJob.objects.filter(status="todo").count() == 3


def test_one_that_fails_is_told_when_all_had_their_turn(committed, monkeypatch):
    first, second = stuck("accounts.jobs.take_up_mail"), stuck("accounts.jobs.forget_forms")
    retry = app.job_manager.retry_job

    async def broken(job):
        if job.id == first:
            raise RuntimeError("not this one")
        await retry(job)

    monkeypatch.setattr(app.job_manager, "retry_job", broken)
    with pytest.raises(ExceptionGroup):
        sweep()
    assert (status(first), status(second)) == ("doing", "todo")
