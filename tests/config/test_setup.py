"""The set-up before Django: environment, embedded server, run. The servers are real."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from config.setup import browser, leftovers, run, venv
from config.setup.postgres import NAME, WEB, Postgres, database_url
from config.setup.processes import SetupProblem

ROOT = Path(venv.ROOT)


@pytest.mark.parametrize("version", [(3, 10, 9), (3, 6, 0), (2, 7, 18)])
def test_a_too_old_python_is_one_sentence(version):
    with pytest.raises(SetupProblem, match=r"3\.11 or newer"):
        venv.check_version(version)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 1)])
def test_newer_pythons_are_fine(version):
    venv.check_version(version)


def test_the_stamp_changes_with_pins_and_python(tmp_path):
    for name in venv.REQUIREMENTS:
        (tmp_path / name).write_text("django==1\n")
    first = venv.stamp_of(str(tmp_path), (3, 11, 2))
    assert venv.stamp_of(str(tmp_path), (3, 11, 2)) == first
    assert venv.stamp_of(str(tmp_path), (3, 12, 0)) != first
    (tmp_path / "requirements.txt").write_text("django==2\n")
    assert venv.stamp_of(str(tmp_path), (3, 11, 2)) != first


def test_the_venv_script_parses_on_old_pythons():
    """To say that a Python is too old it has to be read by it."""
    import ast

    ast.parse((ROOT / "config/setup/venv.py").read_text(), feature_version=(3, 6))


@pytest.mark.parametrize("text", ["abc", "0", "70000", "-1"])
def test_a_port_that_is_none_is_a_sentence(text, monkeypatch):
    monkeypatch.setenv("PORT", text)
    with pytest.raises(SetupProblem, match="PORT"):
        run.port()


def test_a_taken_port_is_a_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        with pytest.raises(SetupProblem, match=f"Port {number} is taken"):
            run.check_free(number)
    run.check_free(number)


def test_an_unreachable_database_is_a_sentence(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql:///x?host=/nowhere/at/all")
    with pytest.raises(SetupProblem, match=r"can't be reached: .*nowhere"), database_url():
        pass


def test_a_given_database_is_used_as_it_is(monkeypatch):
    given = os.environ["DATABASE_URL"]
    monkeypatch.setenv("DATABASE_URL", given)
    with database_url() as url:
        assert url == given


def test_no_browser_is_none_and_a_sentence(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr(browser, "MAC", ())
    monkeypatch.setattr(browser, "_playwrights_own", lambda: None)
    assert browser.find() is None
    assert "install Chromium" in browser.MISSING


# With a server


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    """A server of its own, as the user that `make` would take."""
    as_user = "nobody" if os.geteuid() == 0 else None
    base = Path("/var/tmp") if as_user else tmp_path_factory.mktemp("pg")
    server = Postgres(base / f"footing-test-{os.getpid()}", fast=True, as_user=as_user)
    yield server
    server.remove()


def answers(server):
    try:
        psycopg.connect(server.url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def test_the_last_user_out_stops_the_server(postgres):
    with postgres.running():
        with postgres.running() as url:
            psycopg.connect(url).close()
        assert answers(postgres)
    assert not answers(postgres)


def test_its_data_stays(postgres):
    with postgres.running() as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    with postgres.running() as url, psycopg.connect(url) as connection:
        connection.execute("SELECT n FROM kept")


def test_its_folder_is_private(postgres):
    with postgres.running():
        assert postgres.folder.stat().st_mode & 0o077 == 0


def test_a_foreign_folder_is_refused(tmp_path):
    folder = tmp_path / "pg"
    folder.mkdir(mode=0o755)
    with pytest.raises(SetupProblem, match="not private"), Postgres(folder).running():
        pass


def test_data_of_another_version_is_a_sentence(postgres, monkeypatch):
    monkeypatch.setattr(postgres, "_major", lambda: 99)
    with pytest.raises(SetupProblem, match="make reset"), postgres.running():
        pass


USE = """
import os, sys, time
from pathlib import Path
from config.setup.postgres import Postgres
folder, user = sys.argv[1], sys.argv[2] or None
with Postgres(Path(folder), fast=True, as_user=user).running():
    print("up", flush=True)
    time.sleep(60)
"""


def test_a_server_left_by_a_killed_run_is_adopted_and_then_stopped(postgres):
    holder = subprocess.Popen(
        [sys.executable, "-c", USE, str(postgres.folder), postgres.as_user or ""],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout.readline() == b"up\n"
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    assert answers(postgres)
    with postgres.running():
        assert answers(postgres)
    assert not answers(postgres)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stopped_command_leaves_nothing_running(number, tmp_path):
    """`with_database` ends what it runs, however it is stopped."""
    command = [sys.executable, "-m", "config.setup.with_database", "--", sys.executable, "-c"]
    command += ["import os, time; print(os.getpid(), flush=True); time.sleep(60)"]
    holder = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    pid = int(holder.stdout.readline())
    holder.send_signal(number)
    assert holder.wait(timeout=10) == 130
    holder.stdout.close()
    for _ in range(50):
        if not Path(f"/proc/{pid}").exists():
            break
        time.sleep(0.1)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.fixture
def left_by(tmp_path, monkeypatch):
    """A run that started two programs and was killed: none of its own code ran after that."""
    monkeypatch.setattr(leftovers, "FOLDER", tmp_path / "var")
    started = []

    def run(*, stubborn=False, python=sys.executable):
        words = "signal.signal(signal.SIGTERM, signal.SIG_IGN); " if stubborn else ""
        code = f"import signal, time; {words}print(1, flush=True); time.sleep(600)"
        found = [subprocess.Popen([python, "-c", code], stdout=subprocess.PIPE) for _ in range(2)]
        started.extend(found)
        for one in found:
            one.stdout.readline()
        gone = subprocess.Popen([sys.executable, "-c", ""])
        gone.wait()
        (tmp_path / "var").mkdir(exist_ok=True)
        note = tmp_path / "var" / "run-8000.pids"
        note.write_text(" ".join(str(one.pid) for one in (gone, *found)))
        return found

    yield run
    for one in started:
        one.kill()
        one.wait()
        one.stdout.close()


def test_what_a_killed_run_left_is_ended(left_by):
    found = left_by()
    assert leftovers.end(8000) == 2
    assert [one.wait(5) for one in found] == [-signal.SIGTERM] * 2
    assert leftovers.end(8000) == 0


def test_also_what_does_not_listen(left_by, monkeypatch):
    monkeypatch.setattr(leftovers, "GRACE_SECONDS", 1)
    found = left_by(stubborn=True)
    assert leftovers.end(8000) == 2
    assert [one.wait(5) for one in found] == [-signal.SIGKILL] * 2


def test_nobody_elses_program_is_ended(left_by, monkeypatch):
    """A number that is used again by something else."""
    found = left_by()
    monkeypatch.setattr(leftovers.sys, "executable", "/elsewhere/.venv/bin/python")
    assert leftovers.end(8000) == 0
    assert [one.poll() for one in found] == [None, None]


def test_a_run_that_goes_on_is_left_alone(left_by):
    found = left_by()
    with leftovers.noted(8000, [one.pid for one in found]):
        assert leftovers.end(8000) == 0
        assert [one.poll() for one in found] == [None, None]
    assert leftovers.end(8000) == 0


def test_the_exit_code_is_passed_on():
    command = [sys.executable, "-m", "config.setup.with_database", "--"]
    command += [sys.executable, "-c", "raise SystemExit(7)"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 7


def test_a_database_that_one_role_has_made_is_taken_over(postgres):
    """`roles.sql` hands tables, functions, types and the owner's policy to the owner."""
    with postgres.running() as url, psycopg.connect(postgres.url_of(NAME), autocommit=True) as root:
        root.execute("CREATE TYPE mood AS ENUM ('well')")
        root.execute("CREATE TABLE old (id bigint GENERATED ALWAYS AS IDENTITY, how mood)")
        root.execute("CREATE FUNCTION old() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        root.execute("ALTER TABLE old ENABLE ROW LEVEL SECURITY")
        root.execute("ALTER TABLE old FORCE ROW LEVEL SECURITY")
        root.execute("CREATE POLICY whole ON old TO CURRENT_USER USING (true)")
        root.execute("INSERT INTO old (how) VALUES ('well')")
        for _ in range(2):
            postgres._create_database()
        with psycopg.connect(url, autocommit=True) as owner:
            assert owner.execute("SELECT how, old() FROM old").fetchall() == [("well", 1)]
            owner.execute("ALTER TYPE mood ADD VALUE 'better'")
            owner.execute("CREATE OR REPLACE FUNCTION old() RETURNS int LANGUAGE sql AS 'SELECT 2'")
            owner.execute("ALTER TABLE old ADD COLUMN why text")
        with psycopg.connect(postgres.url_of(WEB), autocommit=True) as web:
            for refused in ("SELECT * FROM old", "CREATE TABLE mine ()", "CREATE TEMP TABLE t ()"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    web.execute(refused)
