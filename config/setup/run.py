"""`make run`: the database, the demo clinic, the server and its worker, until Ctrl-C."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from urllib.error import URLError
from urllib.request import urlopen

from config.setup import leftovers
from config.setup.postgres import ROOT, WEB, WORKER, as_role, database_url
from config.setup.processes import SetupProblem, child, exit_with

STEPS = [
    ("Preparing the database", ["migrate", "--noinput", "--verbosity", "0"]),
    ("Preparing the cache", ["createcachetable"]),
    ("Loading the exercise library", ["load_library"]),
    ("Setting up the editors' workflow", ["set_up_editing"]),
    ("Loading the articles", ["load_articles"]),
    ("Loading the demo clinic", ["load_demo"]),
]
WAIT_SECONDS = 30


def port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SetupProblem(f"PORT is {text}; it has to be a number from 1 to 65535.")
    return int(text)


def check_free(number: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except PermissionError as error:
            raise SetupProblem(f"Port {number} needs more rights. Try PORT=8001.") from error
        except OSError as error:
            raise SetupProblem(
                f"Port {number} is taken by another program. Try: make run PORT={number + 1}"
            ) from error


def prepare(env: Mapping[str, str]) -> str:
    """Migrate and load; returns the last step's words, which are the logins."""
    words = ""
    for title, command in STEPS:
        print(f"{title} …", flush=True)
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *command],
            env=dict(env),
            capture_output=True,
            text=True,
            check=False,
        )
        words = done.stdout
        if done.returncode != 0:
            print(done.stdout + done.stderr, file=sys.stderr)
            raise SetupProblem(
                f"'{title}' failed; the lines above say why. A database of an older, unreleased "
                "Footing is thrown away with: make reset"
            )
    return words


def wait_until_it_answers(server: subprocess.Popen[bytes], address: str) -> None:
    for _ in range(WAIT_SECONDS * 5):
        if server.poll() is not None:
            raise SetupProblem("The server stopped at once; the lines above say why.")
        try:
            urlopen(f"{address}/healthz", timeout=2).close()  # noqa: S310 - our own address
        except (URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise SetupProblem("The server does not answer; the lines above may say why.")


def main() -> int:
    number = port()
    if count := leftovers.end(number):
        print(f"Ended {count} programs that a killed run had left.", flush=True)
    check_free(number)
    address = f"http://localhost:{number}"
    print("Starting the database …", flush=True)
    with database_url() as url:
        env = {
            **os.environ,
            "DATABASE_URL": url,
            "FOOTING_MODE": "local",
            "FOOTING_DEMO": "1",
            "FOOTING_ADDRESS": address,
        }
        logins = prepare(env)
        serve = [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn"]
        serve += ["--bind", f"127.0.0.1:{number}", "--log-level", "warning", "config.wsgi"]
        work = [sys.executable, str(ROOT / "manage.py"), "work"]
        as_web = {**env, "DATABASE_URL": as_role(url, WEB)}
        as_worker = {**env, "DATABASE_URL": as_role(url, WORKER)}
        with (
            child(serve, as_web) as server,
            child(work, as_worker) as worker,
            leftovers.noted(number, [server.pid, worker.pid]),
        ):
            wait_until_it_answers(server, address)
            print(f"{logins}\nFooting is at {address} (Ctrl-C stops it)", flush=True)
            return server.wait()


if __name__ == "__main__":
    exit_with(main)
