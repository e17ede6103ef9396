"""Programs that others wrote come in from outside: SMART's own client, and one that searches."""

import uuid
from urllib.parse import urlencode

import pytest
from django.db import connections
from fhirclient.client import FHIRClient
from fhirclient.models.observation import Observation
from fhirclient.models.procedure import Procedure
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import AuthorizationError, OperationOutcome

from accounts.models import User
from accounts.permissions import Role
from accounts.smart import connecting
from patients.models import Patient
from programs.actions import sessions
from tests.conftest import PASSWORD, give_login, make_episode, make_patient, make_plan, make_user
from tests.e2e.test_caregivers import prove
from tests.e2e.test_education import log_in
from tests.fhir.apps import clinic_app, patient_app, statement
from tests.fhir.hospital import CLIENT, LAUNCH, open_hospital
from tests.listening import listening

pytestmark = pytest.mark.e2e
PHONE, DESK = 390, 1280


@pytest.fixture
def priya(therapist):
    return User.objects.get(email=therapist)


@pytest.fixture
def ruth(priya):
    return make_user(priya.clinic, f"Ruth{priya.pk}", Role.CLINIC_ADMIN)


@pytest.fixture
def ana(priya):
    patient = make_patient(priya, "Ana", email=f"ana-{priya.pk}@patients.test")
    give_login(patient, priya)
    patient.refresh_from_db()
    plan = make_plan(make_episode(patient, priya), priya)
    for pain in range(9):
        sessions.record(
            session_id=uuid.uuid4(), plan=plan, done={}, by=patient.user, pain_before=pain
        )
    connections.close_all()
    return patient


PAGE = b"<!doctype html><html lang=en><title>Steps</title><h1>Steps</h1>"


def came_back(server):
    return [one.path for one in server.heard if one.path.startswith("/back")][-1]


def test_smarts_own_client_is_let_in_by_a_patient_and_stopped(walkers, server, ana, ruth):
    with listening() as steps:
        steps.answers, back = (200, PAGE), f"{steps.origin}/back"
        app = patient_app(ruth, name="Steps", redirect_uris=["http://127.0.0.1/back"])
        connections.close_all()
        smart = FHIRClient(
            {
                "app_id": str(app.pk), "api_base": f"{server}/fhir", "redirect_uri": back,
                "scope": "launch/patient patient/*.rs offline_access",
            }
        )  # fmt: skip
        smart.prepare()
        patient = walkers(PHONE, color_scheme="dark")
        patient.page.goto(smart.authorize_url)
        log_in_where_asked(patient, ana)
        patient.page.get_by_role("heading", name="Let Steps read your record?").wait_for()
        patient.look()
        patient.press("No")
        patient.page.get_by_role("heading", name="Steps", exact=True).wait_for()
        assert "error=access_denied" in came_back(steps)

        patient.page.goto(smart.authorize_url)
        patient.press("Yes, let Steps read it")
        patient.page.get_by_role("heading", name="Steps", exact=True).wait_for()
        smart.handle_callback(f"http://127.0.0.1{came_back(steps)}")

    assert smart.patient_id == str(ana.pk)
    assert smart.patient.name[0].given == ["Ana"]
    assert smart.patient.name[0].family == ana.last_name
    asked = {"patient": smart.patient_id, "_count": "5"}
    done = list(Procedure.where(asked).perform_resources_iter(smart.server))
    assert len(done) == 9  # over two pages
    pains = Observation.where({"patient": smart.patient_id, "code": "72514-3"})
    assert len(list(pains.perform_resources_iter(smart.server))) > 9
    assert smart.reauthorize()
    assert Procedure.read(done[0].id, smart.server).status == "unknown"

    patient.faults.clear()
    patient.go("/portal/me/")
    patient.follow("Apps that read my record")
    patient.look()
    patient.press("Stop Steps")
    patient.page.get_by_text("Steps can no longer read your record.").wait_for()
    patient.look()
    with pytest.raises(Exception, match=r"401|Unauthorized"):
        Procedure.read(done[0].id, smart.server)


def log_in_where_asked(walker, patient):
    walker.page.locator("[name=login]").fill(patient.email)
    walker.page.locator("[name=password]").fill(PASSWORD)
    walker.page.locator("main button[type=submit]").first.click()
    walker.page.wait_for_load_state()


def test_a_clinics_program_reads_every_patient_page_by_page(server, ana, ruth):
    app = clinic_app(ruth)
    said = statement(app)
    connections.close_all()
    smart = FHIRClient(
        {
            "app_id": str(app.pk), "api_base": f"{server}/fhir", "jwt_token": said,
            "scope": "system/*.rs",
        }
    )  # fmt: skip
    smart.prepare()
    smart.authorize()
    other = SyncFHIRClient(
        f"{server}/fhir", authorization=f"Bearer {smart.server.auth.access_token}"
    )
    anas = other.resources("Patient").search(name="Ana").fetch()
    assert [one["id"] for one in anas] == [str(ana.pk)]
    pages = other.resources("Observation").search(patient=str(ana.pk)).limit(20)
    everything = list(pages)
    assert len(everything) == pages.count() > 40
    assert len({one["id"] for one in everything}) == len(everything)
    plan = other.resources("CarePlan").search(patient=str(ana.pk)).include("CarePlan", "goal")
    assert {one["resource"]["resourceType"] for one in plan.fetch_raw()["entry"]} == {
        "CarePlan",
        "Goal",
    }
    with pytest.raises(OperationOutcome, match="name one patient"):
        other.resources("Observation").fetch()
    with pytest.raises(OperationOutcome, match="not supported"):
        other.resource("Observation", status="final").save()
    connecting.end(app=app, by=ruth)
    connections.close_all()
    with pytest.raises(AuthorizationError):
        other.resources("Patient").fetch()


def test_an_administrator_connects_an_app(walkers, server, ana, ruth):
    connections.close_all()
    admin = walkers(DESK)
    log_in(admin, ruth.email)
    admin.go("/workspace/clinic/")
    admin.follow("Connected apps")
    admin.look()
    admin.follow("Connect an app")
    admin.look()
    admin.page.get_by_label("Name").first.fill("Hospital record")
    admin.page.get_by_label("Whose record it reads").select_option("system")
    admin.press("Connect")
    prove(admin)
    admin.press("Put it back")
    admin.press("Connect")
    admin.page.get_by_text("What reads a whole clinic shows a key.").first.wait_for()
    admin.look()
    admin.page.locator("[name=redirect_uris]").fill("https://steps.example.org/back")
    admin.page.get_by_label("Whose record it reads").select_option("patient")
    admin.press("Connect")
    admin.page.get_by_role("heading", name="What its makers need").wait_for()
    admin.look()
    admin.press("End Hospital record")
    admin.page.get_by_text("Hospital record can no longer read anything.").wait_for()
    admin.look()


def test_a_therapist_opens_footing_out_of_the_hospitals_record(
    walkers, server, ana, ruth, therapist, settings
):
    """Connect it, add who is open there, open an episode, prescribe, and send the plan back."""
    with open_hospital() as hospital:
        settings.APP_ORIGINS = [hospital.origin]
        connections.close_all()
        admin = walkers(DESK)
        log_in(admin, ruth.email)
        admin.go("/workspace/clinic/")
        admin.follow("Record systems")
        admin.look()
        admin.page.get_by_role("link", name="Connect a record system").click()
        admin.page.get_by_label("Name").fill("Hospital")
        admin.page.get_by_label("Its FHIR R4 address").fill(hospital.base)
        admin.page.get_by_label("Our client_id there").fill(CLIENT)
        admin.look()
        admin.press("Connect")
        prove(admin)
        admin.press("Put it back")
        admin.press("Connect")
        admin.page.get_by_role("heading", name="Hospital", exact=True).wait_for()
        admin.look()

        priya = walkers(DESK, color_scheme="dark")
        asked = urlencode({"iss": hospital.base, "launch": LAUNCH})
        priya.page.goto(f"{server}/workspace/records/launch/?{asked}")
        priya.page.locator("[name=login]").fill(therapist)
        priya.page.locator("[name=password]").fill(PASSWORD)
        priya.page.locator("main button[type=submit]").first.click()
        priya.page.get_by_role("link", name="Let Footing in").click()
        priya.page.get_by_role("heading", name="Is this somebody new?").wait_for()
        priya.look()
        place = priya.page.url
        priya.press("Add the patient")
        priya.page.get_by_label("Other precautions").wait_for()
        said = priya.page.get_by_label("Other precautions").input_value()
        assert "Type 2 diabetes mellitus" in said

        priya.page.goto(place)
        priya.page.get_by_text("There is no plan in force.").wait_for()
        priya.look()
        connections.close_all()
        lopez = Patient.objects.get(last_name="Lopez", clinic=ana.clinic)
        by = User.objects.get(email=therapist)
        make_plan(make_episode(lopez, by), by)
        connections.close_all()
        priya.page.reload()
        priya.page.get_by_role("button", name="Send it to Hospital").click()
        priya.page.get_by_text("Hospital has the plan as it is now.").wait_for()
        priya.look()
        [plan] = hospital.stored.values()
        assert plan["status"] == "active"
        priya.press("Leave Hospital: end this visit here")
        priya.page.get_by_role("heading", name="Patients").wait_for()
