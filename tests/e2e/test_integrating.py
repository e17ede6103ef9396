"""The examples of docs/integrating.md, as they stand there, against a server."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from accounts.permissions import Role
from fhir.jobs import make_export
from programs.actions import sessions
from tests.conftest import give_login, make_episode, make_patient, make_plan, make_user
from tests.fhir.apps import BACK, clinic_app, code_for, patient_app

pytestmark = pytest.mark.e2e
PAGE = Path(settings.BASE_DIR) / "docs" / "integrating.md"
BLOCK = re.compile(r"```(sh|python)\n(.*?)```", re.DOTALL)


@pytest.fixture
def clinic(therapist):
    priya = User.objects.get(email=therapist)
    patient = make_patient(
        priya, "Ana", last_name="Reyes", birth_date="1950-01-31", email=f"ana-{priya.pk}@x.test"
    )
    give_login(patient, priya)
    patient.refresh_from_db()
    plan = make_plan(make_episode(patient, priya), priya)
    sessions.record(
        session_id=uuid.uuid4(), plan=plan, done={}, by=patient.user, pain_before=3
    )  # fmt: skip
    return make_user(priya.clinic, f"Ruth{priya.pk}", Role.CLINIC_ADMIN), patient


def blocks(begin, end=""):
    """The examples between two headings; scripts are stored under the names that they give."""
    text = PAGE.read_text(encoding="utf-8")
    text = text[text.index(begin) : text.index(end) if end else None]
    return BLOCK.findall(text)


def run(folder, script, **told):
    """Stops at the first that fails, also a curl that is answered by an error."""
    assert shutil.which("curl"), "The examples are run with curl: install it."
    python = folder / "bin"
    python.mkdir(exist_ok=True)
    if not (python / "python").exists():
        (python / "python").symlink_to(sys.executable)
    curl = python / "curl"
    curl.write_text(f'#!/bin/sh\nexec {shutil.which("curl")} --fail-with-body --max-time 30 "$@"\n')
    curl.chmod(0o755)
    env = {"PATH": f"{python}:{os.environ['PATH']}", "VIRTUAL_ENV": sys.prefix} | told
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=folder, env=env, text=True,
        capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    read = {one.name: one.read_text() for one in folder.glob("*.json")}
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{read}"


def write(folder, found):
    for kind, text in found:
        if kind == "python":
            (folder / re.match(r"# (\w+\.py)", text)[1]).write_text(text)
    return "\n".join(text for kind, text in found if kind == "sh")


def read(folder, name):
    return json.loads((folder / name).read_text())


def kinds(bundle):
    return {one["resource"]["resourceType"] for one in bundle["entry"]}


@pytest.fixture
def worker():
    """What the worker does about exports, until the test ends."""
    over = threading.Event()

    def work():
        while not over.wait(0.2):
            for job in ProcrastinateJob.objects.filter(
                task_name="fhir.jobs.make_export", status="todo"
            ):
                ProcrastinateJob.objects.filter(pk=job.pk).delete()
                make_export.func(**job.args)
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    over.set()
    thread.join()


def test_a_clinics_program(server, clinic, worker, tmp_path):
    ruth, patient = clinic
    script = write(tmp_path, blocks("### A clinic's program", "### A patient's app"))
    run(tmp_path, "python make_key.py")
    app = clinic_app(ruth, key_set=read(tmp_path, "keys.json"))
    connections.close_all()
    run(tmp_path, script, FHIR=f"{server}/fhir", CLIENT_ID=str(app.pk))
    [found] = read(tmp_path, "patients.json")["entry"]
    assert found["resource"]["id"] == str(patient.pk)
    assert kinds(read(tmp_path, "pain.json")) == {"Observation"}
    assert kinds(read(tmp_path, "plan.json")) == {"CarePlan", "Goal", "Provenance"}
    assert kinds(read(tmp_path, "sessions.json")) == {"Procedure"}
    assert (tmp_path / "status.txt").read_text() == "304"
    lines = (tmp_path / "everything.ndjson").read_text().splitlines()
    assert {json.loads(line)["resourceType"] for line in lines} == {"Patient", "CarePlan"}


def test_a_patients_app(server, clinic, tmp_path):
    ruth, patient = clinic
    script = write(tmp_path, blocks("### A patient's app", "### What to know"))
    app = patient_app(ruth)
    back, verifier = code_for(app, patient.user)
    connections.close_all()
    told = {"CODE": back["code"], "VERIFIER": verifier, "BACK": BACK}
    run(tmp_path, script, FHIR=f"{server}/fhir", CLIENT_ID=str(app.pk), **told)
    assert read(tmp_path, "mine.json")["patient"] == str(patient.pk)
    assert kinds(read(tmp_path, "my_sessions.json")) == {"Procedure"}
    assert read(tmp_path, "renewed.json")["access_token"]
