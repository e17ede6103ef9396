"""Tests that walk the whole code base and fail where a rule was forgotten."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.permissions import Permission
from patients.models import Patient

ROOT = Path(settings.BASE_DIR)
APPS = ["accounts", "cms", "patients", "programs", "workspace", "portal", "fhir"]
# Which packages each may know; the same arrows as in pyproject.toml, for what imports don't show.
BELOW = {
    "accounts": set(),
    "patients": {"accounts"},
    "cms": {"accounts"},
    "programs": {"accounts", "patients", "cms"},
    "workspace": {"accounts", "patients", "cms", "programs"},
    "portal": {"accounts", "patients", "cms", "programs"},
    "fhir": {"accounts", "patients", "cms", "programs"},
}
DOORS = {
    "workspace/": Permission.ENTER_WORKSPACE,
    "portal/": Permission.ENTER_PORTAL,
}
OPEN_TO_ALL = {
    "portal/manifest.webmanifest": "a browser asks for it without a login; it is the same for all",
    "portal/worker.js": "asked for without a login, too; it names public files only",
    "workspace/worker.js": "asked for without a login, too; it names a picture only",
    "portal/join/": "an invited patient has no login yet; the code is limited and checked",
    "portal/reminders/off/<str:token>/": "one click in an email; the link is signed",
    "portal/calendar/<str:token>.ics": "calendar programs don't log in; the link is sealed",
    "portal/join/address/": "an invited patient has no login yet; what waits is in their session",
    "portal/help/<str:token>/": "an invited caregiver has no login yet; the code is checked, too",
    "portal/join/<str:token>/": "an invited patient has no login yet; the signed link is checked",
}


def views(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback


def doors():
    return [
        (route, view)
        for route, view in views(get_resolver().url_patterns)
        if route.startswith(tuple(DOORS))
    ]


def test_every_view_behind_a_door_has_its_gate():
    assert len(doors()) > 30
    for route, view in doors():
        if route in OPEN_TO_ALL:
            continue
        door = next(permission for path, permission in DOORS.items() if route.startswith(path))
        assert getattr(view, "gate", [None])[0] is door, f"{route} has no gate"


def test_the_list_of_open_addresses_is_not_stale():
    ungated = {route for route, view in doors() if not hasattr(view, "gate")}
    assert ungated == set(OPEN_TO_ALL)


def test_ids_in_addresses_are_uuids():
    for route, _ in doors():
        assert not re.search(r"<(int|slug):", route), route


def own_models():
    return [
        model for model in apps.get_models() if model._meta.app_label in {"patients", "programs"}
    ]


def test_all_that_belongs_to_a_patient_has_its_ownership_keys_and_visible_to():
    found = []
    for model in own_models():
        fields = {field.name: field for field in model._meta.fields}
        related = fields.get("patient")
        if related is None or related.related_model is not Patient:
            continue
        found.append(model)
        assert "clinic" in fields, model
        assert related.remote_field.on_delete is models.PROTECT, model
        if model.__name__ != "CareTeamMember":  # reached through its patient only
            assert hasattr(model.objects.all(), "visible_to"), model
    assert len(found) > 10


def test_whatever_points_at_patient_data_is_patient_data():
    owned = {model for model in own_models() if "patient" in {f.name for f in model._meta.fields}}
    for model in own_models():
        if model in owned:
            continue
        for field in model._meta.fields:
            if field.is_relation and field.related_model in owned:
                pytest.fail(f"{model.__name__}.{field.name} belongs to a patient without saying so")


def test_logs_are_never_deleted_with_what_they_point_at():
    for name in ("Session", "ExerciseLog", "CheckIn", "Alert"):
        for field in apps.get_model("programs", name)._meta.fields:
            if field.is_relation:
                assert field.remote_field.on_delete is models.PROTECT, f"{name}.{field.name}"


def test_relations_point_downwards():
    for model in apps.get_models():
        label = model._meta.app_label
        if label not in BELOW:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not field.concrete or target is None or isinstance(target, str):
                continue
            if target._meta.app_label in APPS:
                allowed = BELOW[label] | {label}
                assert target._meta.app_label in allowed, f"{model.__name__}.{field.name}"


NAMED_URL = re.compile(r"""(?:{% url |reverse\(|redirect\()\s*["'](\w+):""")
NAMED_TEMPLATE = re.compile(r"""["'](workspace|portal|cms|patients|account)/[\w/]+\.html["']""")
FOLDER_OF = {"account": "accounts"}


def texts(package):
    yield from (ROOT / package).rglob("*.py")
    folder = ROOT / "templates" / {"accounts": "account"}.get(package, package)
    yield from folder.rglob("*.html")


@pytest.mark.parametrize("package", APPS)
def test_addresses_and_templates_point_downwards(package):
    for path in texts(package):
        text = path.read_text(encoding="utf-8")
        for name in NAMED_URL.findall(text):
            if name in APPS:
                assert name == package or name in BELOW[package], f"{path} names {name}:"
        for folder in NAMED_TEMPLATE.findall(text):
            other = FOLDER_OF.get(folder, folder)
            assert other == package or other in BELOW[package], f"{path} uses {folder}/"


def test_components_know_no_door():
    for path in (ROOT / "templates" / "components").rglob("*.html"):
        assert not NAMED_URL.search(path.read_text(encoding="utf-8")), path


def test_templates_have_no_inline_script_or_style_and_load_nothing_from_elsewhere():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son\w+=\"|<script(?![^>]*\ssrc=)", text), path
        assert not re.search(r"""(src|href)=["']https?://""", text), path


def test_no_module_is_a_drawer_for_odds_and_ends():
    for package in APPS:
        for path in (ROOT / package).rglob("*.py"):
            assert path.stem not in {"utils", "helpers", "common", "core"}, path


def test_jobs_are_queued_within_the_transaction_that_causes_them():
    """`task.defer` takes a connection of its own in a worker; `accounts.queue` says why."""
    queued = 0
    for package in [*APPS, "config"]:
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            queued += len(re.findall(r"\benqueue\(\w+", text))
            deferred = re.findall(r"\.(?:batch_)?defer(?:_async)?\((?!\"|'|\))", text)
            assert not deferred or path.name == "queue.py", f"{path} defers a job by itself"
    assert queued > 3


def test_what_hovers_does_so_only_where_there_is_hover() -> None:
    """After a touch it would stay as it is under a mouse."""
    for sheet in (ROOT / "static" / "css").glob("*.css"):
        depth, inside = 0, None
        for number, line in enumerate(sheet.read_text(encoding="utf-8").splitlines(), start=1):
            if "@media (hover: hover)" in line:
                inside = depth
            assert ":hover" not in line or inside is not None, f"{sheet.name}:{number}"
            depth += line.count("{") - line.count("}")
            if inside is not None and depth <= inside:
                inside = None


# Of other programs' door: what anybody may ask without a token.
OPEN_TO_PROGRAMS = {
    "fhir/.well-known/smart-configuration": "where to ask to be let in; the same for all",
    "fhir/.well-known/jwks.json": "public keys",
    "fhir/metadata": "what can be asked; the same for all",
    "fhir/token": "a code, a refresh token or a signed statement is shown here",
    "fhir/revoke": "a token is shown, to end it",
    "fhir/": "nothing is there",
    "fhir/<path:path>": "nothing is there",
}


def test_every_view_of_programs_asks_for_a_token():
    found = {route: view for route, view in views(get_resolver().url_patterns)
             if route.startswith("fhir/")}  # fmt: skip
    assert len(found) > 12
    assert {route for route, view in found.items() if not hasattr(view, "act")} == set(
        OPEN_TO_PROGRAMS
    )
