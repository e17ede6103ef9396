"""What `make` and `manage.py` start is started here once, so that none of it rots unseen.

`make messages` needs gettext and writes into the checkout, `make requirements` asks a package
index, `make check` is run beside the tests: of these, only that they can be found.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connections
from psycopg import sql

from cms.models import SearchEntry
from config.setup import check, reset, run
from config.setup.postgres import Postgres
from tests.bench import compare
from tests.conftest import wait_until_alone
from tests.mutants import mutants_of
from tests.stage import stage

ROOT = Path(settings.BASE_DIR)
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.bench.settings"}
PRINTED = [
    "queries    calls", "article, from the cache", "workspace: caseload",
    "portal: a session is sent", "CSS and JavaScript, gzip: portal", "figure, uncached: mean",
    "plan as PDF: first",
]  # fmt: skip


@pytest.fixture(scope="module")
def copied_database(django_db_setup, django_db_blocker):
    """The address of a copy of the tests' database, with its library and articles."""
    with django_db_blocker.unblock():
        stage.clear()
        wait_until_alone()
        connections.close_all()  # a database can be copied while nobody is in it
    name, given = settings.DATABASES["default"]["NAME"], urlsplit(os.environ["DATABASE_URL"])
    copy = sql.Identifier(f"{name}_bench")
    with psycopg.connect(given._replace(path="/postgres").geturl(), autocommit=True) as server:
        # One that was stopped in the middle left its own.
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(copy))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(copy, sql.Identifier(name)))
        yield given._replace(path=f"/{name}_bench").geturl()
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(copy))


@pytest.fixture
def environment(copied_database, tmp_path):
    """Nothing of the checkout's own is touched."""
    folders = {name: str(tmp_path / name) for name in ("STATIC_ROOT", "MEDIA_ROOT", "FOOTING_VAR")}
    return os.environ | folders | {"DATABASE_URL": copied_database}


def test_the_bench_asks_every_page_and_prints_its_table(environment):
    """What it measures is not judged."""
    command = [sys.executable, "-m", "tests.bench", "--rounds", "1", "--requests", "2"]
    done = subprocess.run(
        command, env=environment | SETTINGS, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for words in PRINTED:
        assert words in done.stdout


def test_a_round_is_run_when_it_is_told_to(environment):
    """One side of two revisions, which run in turns."""
    command = [sys.executable, "-m", "tests.bench", "--when-told", "--only", "today"]
    done = subprocess.run(
        [*command, "--requests", "2"], env=environment | SETTINGS, cwd=ROOT, input="round\nround\n",
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    ready, *rounds = [json.loads(line) for line in done.stdout.splitlines() if line[:1] == "{"]
    assert ready == {}
    assert len(rounds) == 2
    assert all("portal: today" in one and len(one) == 3 for one in rounds)  # beside the two bare
    assert all(rate > 0 for one in rounds for rate in one.values())


def test_two_revisions_take_turns_and_nothing_is_left(monkeypatch, capsys):
    turns, trees = [], []

    class Side:
        def __init__(self, tree, given):
            self.rate = 10.0 if tree == ROOT else 5.0
            trees.append(tree)
            assert given == ["--only", "today"]
            assert (tree / "tests" / "bench" / "compare.py").exists()

        def told(self):
            return {}

        def round(self):
            turns.append(self.rate)
            return {"portal: today": self.rate}

        def end(self):
            turns.append(0)

    monkeypatch.setattr(compare, "Side", Side)
    assert compare.main("HEAD", 2, ["--only", "today"]) == 0
    assert turns == [10, 5, 10, 5, 0, 0]
    table = capsys.readouterr().out
    assert re.search(r"^portal: today +5 +10 +2\.00 +2\.00 +2\.00$", table, re.MULTILINE)
    assert trees[0] == ROOT
    assert not trees[1].exists()


def test_a_grown_clinic_is_measured(environment):
    """Made of copies of the demo's patients, with all that hangs on them."""
    command = [sys.executable, "-m", "tests.bench.growth", "--patients", "70", "--sessions", "900"]
    command += ["--times", "1"]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "grown in" in done.stdout
    assert "Read from end to end" in done.stdout
    costs = dict(
        re.findall(r"^(.{28}) +[\d.]+ +[\d.]+ +[\d.]+ +(\d+ +\d+)", done.stdout, re.MULTILINE)
    )
    small, large = map(int, costs["caseload".ljust(28)].split())
    assert large <= small + 2
    assert costs.keys() >= {"hourly alerts".ljust(28), "today".ljust(28)}


def test_mutants_of_one_function_are_made_and_killed():
    command = [sys.executable, "-m", "tests.mutants", "programs/measures/scoring.py::_highest"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    made, killed = re.search(r"_highest: (\d+) of (\d+) mutants killed", done.stdout).groups()
    assert int(made) == int(killed) >= 5


def test_fuzz_asks_and_says_how_to_repeat_it():
    command = [sys.executable, "-m", "tests.fuzz", "--minutes", "0", "--seed", "7"]
    done = subprocess.run(
        [*command, "--only", "healthz"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "--seed 7\n" in done.stdout
    assert re.search(r"\d addresses of the public site were asked", done.stdout)


def test_a_picture_that_is_not_in_the_list_is_none():
    """The list is looked at in tests/config/test_guides.py; one is taken in tests/e2e/."""
    command = [sys.executable, "-m", "tests.pictures", "--only", "nowhere"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "footing: No picture's name begins with nowhere.\n"


def test_a_mutant_changes_one_thing_of_a_function_or_of_a_threshold(tmp_path):
    file = tmp_path / "rules.py"
    file.write_text("LIMIT = 3\n\n\ndef high(n: int = 9) -> bool:\n    return n >= LIMIT\n")
    assert [(one.line, one.words) for one in mutants_of(file)] == [
        (1, "3 -> 4"),
        (1, "3 -> 2"),
        (5, "return n >= LIMIT -> return None"),
        (5, "n >= LIMIT -> n > LIMIT"),
    ]
    assert len(list(mutants_of(file, "high"))) == 2


def test_run_loads_the_demo_answers_and_stops(environment):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    running = subprocess.Popen(
        [sys.executable, "-m", "config.setup.run"],
        env=environment | {"PORT": port, "DJANGO_SETTINGS_MODULE": "config.settings"},
        cwd=ROOT, text=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    lines = []
    for line in running.stdout:
        lines.append(line)
        if line.startswith("Footing is at"):
            break
    running.send_signal(signal.SIGINT)
    running.stdout.close()
    assert running.wait(timeout=30) == 130, lines
    assert f"Footing is at http://localhost:{port}" in lines[-1]
    assert any("priya@" in line for line in lines)


@pytest.fixture
def checkouts_server(tmp_path, monkeypatch):
    server = Postgres(tmp_path / "server")
    server.folder.mkdir(mode=0o700)
    (server.folder / "users.lock").touch()
    monkeypatch.setattr(Postgres, "of_checkout", classmethod(lambda cls: server))
    monkeypatch.setattr(server, "_stop", lambda: None)
    return server


@pytest.mark.parametrize(("answer", "stays"), [("yes", False), (" YES ", False), ("y", True)])
def test_reset_deletes_after_a_yes_only(checkouts_server, monkeypatch, answer, stays):
    monkeypatch.setattr("builtins.input", lambda question: answer)
    assert reset.main() == 0
    assert checkouts_server.folder.exists() is stays


def test_reset_asked_of_nobody_deletes_nothing(checkouts_server):
    with open(os.devnull) as nobody, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", nobody)
        assert reset.main() == 0
    assert checkouts_server.folder.exists()


def test_every_module_that_make_starts_is_there():
    named = re.findall(r"-m ((?:config|tests)[.\w]+)", (ROOT / "Makefile").read_text())
    assert {"config.setup.run", "config.setup.messages", "tests.bench"} <= set(named)
    assert all(find_spec(name) for name in named)


def test_the_list_of_parts_names_each_pin(tmp_path):
    """As `make release` writes it; its hashes need a package index."""
    target = tmp_path / "sbom.json"
    made = ["cyclonedx_py", "requirements", "--output-reproducible", "requirements.txt"]
    subprocess.run([sys.executable, "-m", *made, "-o", target], cwd=ROOT, check=True)
    assert " ".join(made) in (ROOT / "Makefile").read_text()
    parts = json.loads(target.read_text(encoding="utf-8"))["components"]
    pins = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "requirements.txt").read_text(), re.M)
    assert {(part["name"], part["version"]) for part in parts} == {
        (name, version.partition(";")[0]) for name, version in pins
    }


def test_every_step_of_run_and_check_is_there():
    assert {command[0] for _, command in run.STEPS} <= set(get_commands())
    for _, (program, *_rest) in check.STEPS:
        assert Path(program).exists(), program


def test_every_command_of_ours_is_started_by_a_test():
    ours = {config.name for config in apps.get_app_configs() if Path(config.path).parent == ROOT}
    commands = {name for name, app in get_commands().items() if app in ours}
    assert len(commands) >= 10
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    for name in commands:
        assert re.search(rf'\w\(\s*"{name}"', tests), f"No test starts {name}."


@pytest.mark.django_db
def test_the_search_is_built_anew(capsys):
    found = SearchEntry.objects.count()
    SearchEntry.objects.all().delete()
    call_command("update_search")
    assert SearchEntry.objects.count() == found > 50
    assert f"{found} things can be found" in capsys.readouterr().out
