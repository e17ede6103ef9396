"""A whole clinic as files: asked for, made behind the request, fetched, and gone after a day."""

import datetime as dt
import json

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts import wall
from accounts.limits import LIMITS
from accounts.models import AppExport, AuditEvent
from accounts.private_files import private_storage
from accounts.smart import connecting
from fhir import exporting
from fhir.jobs import make_export, tidy_up
from patients.actions import erasing
from patients.actions import patients as patient_actions
from programs.export.record import as_json
from tests.conftest import client_of
from tests.fhir.apps import (
    SITE,
    ask,
    clinic_app,
    is_outcome,
    patient_app,
    patient_token,
    system_token,
)
from tests.fhir.conftest import do, made

pytestmark = pytest.mark.django_db
ASYNC = {"Prefer": "respond-async"}


@pytest.fixture
def app(ruth):
    return clinic_app(ruth)


@pytest.fixture
def token(app):
    return system_token(app).json()["access_token"]


def begun(token, query=""):
    answer = ask(token, f"$export{query}", **ASYNC)
    assert answer.status_code == 202, answer.content
    assert answer.content == b""
    return answer["Content-Location"].removeprefix(f"{SITE}/fhir/")


def work():
    """What the worker does, job by job. How many there were."""
    count = 0
    while job := ProcrastinateJob.objects.filter(
        task_name="fhir.jobs.make_export", status="todo"
    ).first():
        ProcrastinateJob.objects.filter(pk=job.pk).delete()
        make_export.func(**job.args)
        count += 1
    return count


def lines(token, address):
    manifest = ask(token, address)
    assert manifest.status_code == 200, manifest.content
    found = []
    for one in manifest.json()["output"]:
        file = ask(token, one["url"].removeprefix(f"{SITE}/fhir/"))
        assert file["Content-Type"] == "application/fhir+ndjson"
        rows = [json.loads(line) for line in file.getvalue().decode().splitlines()]
        assert len(rows) == one["count"]
        assert {row["resourceType"] for row in rows} == {one["type"]}
        found += rows
    return found


def names(rows):
    return [f"{one['resourceType']}/{one['id']}" for one in rows]


def test_a_clinic_is_asked_for_made_and_fetched(record, bert, olivia, token):
    address = begun(token)
    waiting = ask(token, address)
    assert waiting.status_code == 202
    assert int(waiting["Retry-After"]) > 0
    work()
    found = names(lines(token, address))
    assert len(set(found)) == len(found)
    for patient in (record, bert):
        of_file = [entry["resource"] for entry in made(patient)["entry"]]
        assert set(names(of_file)) <= set(found)
    assert f"Patient/{olivia.pk}" not in found
    manifest = ask(token, address)
    assert manifest.json()["requiresAccessToken"] is True
    assert manifest.json()["request"].endswith("/fhir/$export")
    assert manifest["Expires"]


def test_only_what_is_asked_for_and_what_changed(record, bert, token, priya):
    since = timezone.now().isoformat().replace("+", "%2B")
    patient_actions.change(patient=record, by=priya, first_name="Anna")
    address = begun(token, f"?_type=Patient,Task&_since={since}&_outputFormat=ndjson")
    work()
    assert names(lines(token, address)) == [f"Patient/{record.pk}"]


def test_piece_by_piece_and_safe_to_run_twice(record, bert, token, monkeypatch):
    monkeypatch.setattr(exporting, "MOST_SECONDS", -1.0)  # one patient for each
    address = begun(token)
    first = ProcrastinateJob.objects.get(task_name="fhir.jobs.make_export").args
    assert work() >= 2
    whole = names(lines(token, address))
    make_export.func(**first)
    assert names(lines(token, address)) == whole
    assert len(set(whole)) == len(whole)


def test_a_piece_that_was_killed_is_made_again(record, token, app, monkeypatch):
    address = begun(token)
    args = ProcrastinateJob.objects.get(task_name="fhir.jobs.make_export").args
    real = exporting.Piece.store

    def dies(piece):
        real(piece)
        raise OSError("no room")

    monkeypatch.setattr(exporting.Piece, "store", dies)
    with pytest.raises(OSError, match="no room"):
        make_export.func(**args)
    monkeypatch.setattr(exporting.Piece, "store", real)
    assert ask(token, address).status_code == 202
    ProcrastinateJob.objects.filter(task_name="fhir.jobs.make_export").delete()
    tidy_up.func(0)  # it has lost its job
    work()
    assert f"Patient/{record.pk}" in names(lines(token, address))


def test_each_patient_is_a_look_on_record(record, bert, token):
    begun(token, "?_type=Patient")
    work()
    looks = AuditEvent.objects.filter(action="patient.read", detail__page="fhir $export")
    assert {one.patient_id for one in looks} >= {record.pk, bert.pk}
    assert {one.actor_name for one in looks} == {"Hospital"}
    assert AuditEvent.objects.filter(action="records.exported", actor_name="Hospital").exists()
    assert "Hospital" in client_of(record.user).get("/portal/me/looks/").content.decode()


def test_it_is_the_apps_own(record, token, app, ruth, olive):
    address = begun(token)
    work()
    file = ask(token, address).json()["output"][0]["url"].removeprefix(f"{SITE}/fhir/")
    olive.role = "clinic_admin"
    for other in (clinic_app(ruth, name="Other"), clinic_app(olive)):
        stranger = system_token(other).json()["access_token"]
        for asked in (address, file):
            is_outcome(ask(stranger, asked), 404, "not-found")
    for asked in (address, file):
        is_outcome(ask(None, asked), 401, "login")
    for number in ("99", "x", "-1", "0" * 5000, "%00", "1e3", "٣"):
        is_outcome(ask(token, f"{address}/{number}"), 404, "not-found")
    for key in ("0" * 36, "x", "-" * 36):
        is_outcome(ask(token, f"export/{key}/0"), 404, "not-found")
    narrow = system_token(app, "system/Task.rs").json()["access_token"]
    is_outcome(ask(narrow, file), 404, "not-found")


def test_a_patients_app_exports_nothing(record, ruth):
    token = patient_token(patient_app(ruth), record.user)["access_token"]
    for asked in ("$export", "Patient/$export", f"export/{record.pk}", f"export/{record.pk}/0"):
        is_outcome(ask(token, asked, **ASYNC), 403, "forbidden")


def test_it_holds_what_the_token_may_read(record, app):
    token = system_token(app, "system/Patient.rs system/Task.s").json()["access_token"]
    address = begun(token)
    work()
    assert {one["resourceType"] for one in lines(token, address)} == {"Patient"}
    is_outcome(ask(token, "$export?_type=Observation", **ASYNC), 403, "forbidden")


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("", {}), ("?_outputFormat=csv", ASYNC), ("?_since=yesterday", ASYNC),
        ("?_typeFilter=x", ASYNC), ("?patient=x", ASYNC),
    ],
)  # fmt: skip
def test_what_is_not_known_is_said(query, headers, token):
    is_outcome(ask(token, f"$export{query}", **headers), 400, "invalid")


def test_it_is_taken_back(record, token):
    address = begun(token)
    client = client_of(None)
    answer = client.delete(f"/fhir/{address}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 202
    work()
    is_outcome(ask(token, address), 404, "not-found")
    tidy_up.func(0)
    assert not AppExport.objects.exists()


def stored(export):
    try:
        return private_storage().listdir(export.folder)[1]
    except FileNotFoundError:
        return []


def gone_by(what, app, ruth, record):
    if what == "a day":
        AppExport.objects.update(asked_at=timezone.now() - AppExport.KEPT)
        tidy_up.func(0)
    elif what == "the app's end":
        connecting.end(app=app, by=ruth)
    else:
        with wall.acting(ruth):
            erasing.erase(
                patient=record, by=ruth, archive=lambda one: as_json(one, made_at=timezone.now())
            )


@pytest.mark.parametrize("what", ["a day", "the app's end", "an erasure"])
def test_files_do_not_stay(what, record, token, app, ruth, django_capture_on_commit_callbacks):
    begun(token)
    work()
    export = AppExport.objects.get()
    # And what a piece that was killed had written.
    private_storage().save(f"{export.folder}/Patient.9.ndjson", ContentFile(b"{}"))
    assert len(stored(export)) > 2
    with django_capture_on_commit_callbacks(execute=True):
        gone_by(what, app, ruth, record)
    assert not AppExport.objects.exists()
    assert stored(export) == []


def test_not_again_and_again(record, token, monkeypatch):
    monkeypatch.setitem(LIMITS, "app_export", "1/h/key")
    begun(token)
    is_outcome(ask(token, "$export", **ASYNC), 429, "throttled")


def test_what_was_asked_later_says_from_when(record, token):
    before = timezone.now()
    address = begun(token, "?_type=Procedure")
    work()
    said = dt.datetime.fromisoformat(ask(token, address).json()["transactionTime"])
    assert before - dt.timedelta(seconds=1) <= said <= timezone.now()
    late = do(record.plans.order_by("version").last(), record, 0)
    since = said.isoformat().replace("+", "%2B")
    address = begun(token, f"?_type=Procedure&_since={since}")
    work()
    assert f"Procedure/{late.pk}" in names(lines(token, address))
