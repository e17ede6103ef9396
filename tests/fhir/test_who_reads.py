"""Who may read what, by kind, scope and clinic; and that each look is on record."""

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.smart.scopes import KINDS
from programs.models import Session
from tests.conftest import client_of
from tests.fhir.apps import (
    OF_PATIENT,
    ask,
    clinic_app,
    found,
    patient_app,
    patient_token,
    system_token,
)
from tests.fhir.conftest import made

pytestmark = pytest.mark.django_db


LEVELS = {"patient": "own", "other patient": "none", "clinic": "all", "other clinic": "none"}


@pytest.mark.parametrize("kind", KINDS)
def test_kind_by_scope_by_clinic(kind, record, bert, ruth, olive):
    """Each kind, read and searched, by tokens of each scope, of both clinics, of both patients."""
    olive.role = "clinic_admin"
    others = [one for one in KINDS if one != kind]
    target = next(
        entry["resource"] for entry in made(record)["entry"]
        if entry["resource"]["resourceType"] == kind
    )  # fmt: skip
    one = f"{kind}/{target['id']}"
    many = f"{kind}?patient={record.pk}" if kind in OF_PATIENT else kind
    mine, hospital = patient_app(ruth), clinic_app(ruth)
    elsewhere = clinic_app(olive)

    def asked(token):
        answers = (ask(token, one), ask(token, many))
        has = any(row["id"] == target["id"] for row in found(answers[1])) if (
            answers[1].status_code == 200) else None  # fmt: skip
        return answers[0].status_code, answers[1].status_code, has

    def own(scope, who=record):
        return asked(patient_token(mine, who.user, scope=scope)["access_token"])

    def of(app, scope):
        return asked(system_token(app, scope).json()["access_token"])

    assert own(f"patient/{kind}.rs") == (200, 200, True)
    assert own("patient/*.read") == (200, 200, True)
    assert own(f"patient/{kind}.r") == (200, 403, None)
    assert own(f"patient/{kind}.s") == (403, 200, True)
    assert own(" ".join(f"patient/{other}.rs" for other in others)) == (403, 403, None)
    shared = kind in {"Organization"}
    assert own("patient/*.rs", bert) == ((200, 200, True) if shared else (404, 200, False))
    assert of(hospital, f"system/{kind}.rs") == (200, 200, True)
    assert of(hospital, " ".join(f"system/{other}.rs" for other in others)) == (403, 403, None)
    of_all = kind == "Questionnaire"  # of the installation's library
    assert of(elsewhere, "system/*.rs") == ((200, 200, True) if of_all else (404, 200, False))


def test_each_look_is_on_record_in_the_apps_name(record, bert, system):
    begin = timezone.now()
    ask(system, f"Patient/{record.pk}")
    ask(system, f"Procedure?patient={record.pk}")
    ask(system, f"Task?patient={bert.pk}")  # nothing found is a look, too
    ask(system, "Patient")
    rows = AuditEvent.objects.filter(at__gt=begin).order_by("at")
    assert [(one.action, one.patient_id, one.detail["page"]) for one in rows] == [
        ("patient.read", record.pk, "fhir Patient"),
        ("patient.read", record.pk, "fhir Procedure"),
        ("patient.read", bert.pk, "fhir Task"),
        ("patients.listed", None, "fhir Patient"),
    ]
    assert {(one.actor_name, one.actor_role, one.actor_id) for one in rows} == {
        ("Hospital", "app", None)
    }
    assert set(rows.last().named) >= {record.pk, bert.pk}
    looks = client_of(record.user).get("/portal/me/looks/").content.decode()
    assert "Hospital" in looks
    assert "a program that your clinic connected" in looks


def test_counting_is_a_look_and_so_is_finding_nothing(record, bert, system, mine):
    begin = timezone.now()
    one = Session.objects.filter(patient=record).first()
    ask(system, f"Patient?birthdate={record.birth_date}&_summary=count")
    ask(system, f"Procedure?_id={one.pk}&status=stopped")
    ask(mine, "Procedure?status=stopped")
    rows = AuditEvent.objects.filter(at__gt=begin).order_by("at")
    looked_at = [{one.patient_id, *one.named} - {None} for one in rows]
    assert len(looked_at) == 3
    assert all(record.pk in one for one in looked_at)


def test_who_asks_for_what_they_may_not_see_is_on_record(record, olivia, ruth, system):
    begin = timezone.now()
    ask(system, f"Patient/{olivia.pk}")
    narrow = system_token(clinic_app(ruth), "system/Task.rs").json()["access_token"]
    ask(narrow, f"Patient/{record.pk}")
    rows = AuditEvent.objects.filter(at__gt=begin, action="access.refused").order_by("at")
    assert [(one.subject_id, one.detail["status"]) for one in rows] == [
        (str(olivia.pk), 404),
        (str(record.pk), 403),
    ]
    assert {one.actor_name for one in rows} == {"Hospital"}
    assert not AuditEvent.objects.filter(clinic_id=olivia.clinic_id, at__gt=begin).exists()


def test_a_patients_app_is_on_record_in_the_patients_name(record, mine):
    ask(mine, f"Procedure?patient={record.pk}")
    event = AuditEvent.objects.filter(action="patient.read").latest("at")
    assert event.actor_id == record.user.uuid
    assert event.detail["app"]


def test_nobody_takes_an_apps_name_who_is_logged_in(record, ruth, priya, clinic):
    from accounts import audit, wall

    app = clinic_app(ruth)
    with wall.acting(priya):
        audit.record(action=audit.Action.PATIENT_READ, by=priya, patient=record, app=str(app.pk))
    assert AuditEvent.objects.latest("at").actor_name == str(priya)
