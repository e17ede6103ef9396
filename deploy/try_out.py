"""Runs what deploy/Containerfile and deploy/compose.yaml run, on a machine without containers.

    .venv/bin/python -m deploy.try_out

Takes three to five minutes: a virtual environment with production's requirements alone, the files
that the image would hold, and then each RUN, the commands of compose's services, HEALTHCHECK and
CMD, each with the environment of its service. `/venv`, `/app` and `/srv/footing` are folders below
a temporary one, PostgreSQL an embedded server of its own with the three roles. Then a password is
asked for, and its mail has to arrive. Ends with 1 where anything does not.

Not looked at: the base images, users and rights of containers, networks, volumes, Caddy.
"""

import os
import re
import secrets
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path
from urllib.request import Request, urlopen

import yaml

from config.setup.postgres import ROOT, Postgres, as_role
from config.setup.processes import SetupProblem, child, exit_with

PORT = "18765"
HOST = "127.0.0.1"
SECONDS = 60
ROLES = {"prepare": None, "web": "footing_web", "worker": "footing_worker"}


def instructions() -> Iterator[tuple[str, str]]:
    """Name and words of each, with its continued lines."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "deploy/Containerfile").read_text("utf-8"))
    for line in text.splitlines():
        if found := re.match(r"([A-Z]+) (.*)", line):
            yield found[1], found[2]


class Machine:
    """The image's file system as folders."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.env = {"HOME": str(root), "LANG": "C.UTF-8"}

    def here(self, text: str) -> str:
        """With the image's folders as ours."""
        return re.sub(r"(?<![\w.$-])/(venv|app|srv/footing|build)\b", rf"{self.root}/\1", text)

    def environment(self, words: str) -> None:
        for pair in shlex.split(words):
            name, _, value = pair.partition("=")
            self.env[name] = self.here(value)

    def copy(self, words: str) -> None:
        """The checkout's files that .dockerignore lets through; stages share a file system here."""
        if words.startswith("--from"):
            return
        source, target = words.split()
        to = Path(self.here(target))
        if source != ".":
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source, to)
            return
        lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        for name in (line[1:] for line in lines if line.startswith("!")):
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).is_dir():
                shutil.copytree(
                    ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__")
                )
            else:
                shutil.copy(ROOT / name, to / name)
        assert not [one for one in to.rglob("*") if fnmatch(one.name, "*.env")]

    def run(self, words: str, env: dict[str, str] | None = None) -> None:
        command = self.here(words)
        if os.getuid() != 0:
            command = re.sub(r" -[og] \d+", "", command)
        where = Path(self.env.get("cwd", str(self.root)))
        given = {**self.env, **(env or {})}
        if subprocess.call(["/bin/sh", "-ec", command], cwd=where, env=given):
            raise SetupProblem(f"It failed: {words}")


def build(machine: Machine) -> dict[str, str]:
    """Follows the file; returns what is left for later."""
    path = os.environ["PATH"]
    machine.env["PATH"] = path
    later: dict[str, str] = {}
    for name, words in instructions():
        print(f"— {name} {words[:90]}", flush=True)
        match name:
            case "ENV":
                machine.environment(words)
                machine.env["PATH"] = f"{machine.root}/venv/bin:{path}"
            case "COPY":
                machine.copy(words)
            case "RUN":
                machine.run(words)
            case "WORKDIR":
                machine.env["cwd"] = machine.here(words)
            case "CMD":
                later[name] = words
            case "HEALTHCHECK":
                later[name] = words.partition("CMD ")[2]
            case "FROM" | "USER" | "EXPOSE":
                pass
            case _:
                raise SetupProblem(f"The Containerfile has a {name}, which is not known here.")
    return later


@contextmanager
def database() -> Iterator[str]:
    """An empty one, thrown away afterwards."""
    folder = Path("/var/tmp") / f"footing-try-{secrets.token_hex(6)}"
    server = Postgres(folder, fast=True, as_user="nobody" if os.geteuid() == 0 else None)
    with server.running() as url:
        yield url
    server.remove()


def environments(url: str, mail: int) -> dict[str, dict[str, str]]:
    """Of each of compose's services, as it would fill in its names."""
    values = {
        "FOOTING_HOST": HOST,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "EMAIL_URL": f"smtp://127.0.0.1:{mail}",
        "DEFAULT_FROM_EMAIL": "Clinic <post@clinic.example>",
    }
    services = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text("utf-8"))["services"]
    found = {}
    for name, role in ROLES.items():
        told = {
            key: re.sub(r"\$\{(\w+)[^}]*\}", lambda one: values.get(one[1], ""), str(value))
            for key, value in services[name]["environment"].items()
        }
        found[name] = told | {"DATABASE_URL": as_role(url, role) if role else url}
    return found


def command(words: str) -> list[str]:
    return [str(one) for one in yaml.safe_load(words)]


def until_healthy(machine: Machine, words: str, seconds: float = SECONDS) -> None:
    check = [one.replace(":8000", f":{PORT}") for one in command(words)]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done = subprocess.run(check, env=machine.env, capture_output=True, check=False)
        if done.returncode == 0:
            return
        time.sleep(0.5)
    raise SetupProblem("HEALTHCHECK does not say that it lives.")


def ask_for_a_password() -> None:
    """As a browser behind the proxy would."""
    address = f"http://{HOST}:{PORT}/account/password/reset/"
    headers = {"X-Forwarded-Proto": "https", "Referer": f"https://{HOST}/", "Host": HOST}
    with urlopen(Request(address, headers=headers)) as page:
        cookie = page.headers["Set-Cookie"].partition(";")[0]
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
    assert token
    data = f"csrfmiddlewaretoken={token[1]}&email=nobody%40clinic.example".encode()
    with urlopen(Request(address, data, {**headers, "Cookie": cookie})) as page:
        assert page.status == 200


def main() -> int:
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="footing-image-")))
        machine = Machine(root)
        later = build(machine)
        url = stack.enter_context(database())
        server = stack.enter_context(import_module("tests.smtp").mail_server())
        told = environments(url, server.port)
        services = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text("utf-8"))["services"]
        print("— compose: prepare", flush=True)
        machine.run(shlex.join(services["prepare"]["command"]), told["prepare"])
        machine.run(shlex.join(services["prepare"]["command"]), told["prepare"])  # safe to repeat
        where = machine.env.pop("cwd")
        serve = [one.replace(":8000", f":{PORT}") for one in command(later["CMD"])]
        print(f"— CMD {shlex.join(serve)}", flush=True)
        given = {name: {**machine.env, **told[name]} for name in ("web", "worker")}
        work = [str(one) for one in services["worker"]["command"]]
        os.chdir(where)
        for name, words in (("web", serve), ("worker", work)):
            program = shutil.which(words[0], path=machine.env["PATH"]) or words[0]
            stack.enter_context(child([program, *words[1:]], given[name]))
        until_healthy(machine, later["HEALTHCHECK"])
        ask_for_a_password()
        for _ in range(SECONDS * 2):
            if server.letters:
                break
            time.sleep(0.5)
        else:
            raise SetupProblem("The worker sent no mail.")
        print(f"The mail came: {server.letters[0]['Subject']}. All of it runs.")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    exit_with(main)
