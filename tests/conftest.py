"""The tests' database and their cast.

Riverside is the clinic. Priya is on Ana's care team, Colm is a colleague who is not, Ruth is the
clinic's administrator, Ed its editor. Olive works at another clinic. Ana and Bert are patients with
logins; Bert is Colm's. The library and the starter pages are loaded once
and rolled back to after each test.
"""

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, connections
from django.db.models import Model
from django.test import Client
from django.test.utils import teardown_databases
from hypothesis import HealthCheck, settings
from wagtail.images import get_image_model
from wagtail.models import Page

from accounts.actions import create_clinic, create_user
from accounts.models import (
    AppAccess,
    AppEvent,
    AppExport,
    AuditEvent,
    AuditLink,
    Clinic,
    ConnectedApp,
    ConnectedRecord,
    RecordVisit,
    User,
)
from accounts.permissions import Role
from cms import caching, site_menu
from cms.caching import freshness
from cms.models import Video
from cms.models.search import SearchEntry
from patients.actions import caregivers, episodes, invitations
from patients.actions import patients as patient_actions
from patients.models import Caregiver, Episode, Patient
from programs.actions import plans
from programs.models import (
    Exercise,
    Plan,
    Program,
    ProgramExercise,
    ProgressForm,
    ProgressFormVersion,
)
from tests import database
from tests.stage import asked_for, kept, stage

# Examples are judged by what they show; how long they take is the machine's matter.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

QUEUE = [
    "accounts_queuedmail",
    "procrastinate_jobs",
    "procrastinate_events",
    "procrastinate_periodic_defers",
]
PASSWORD = "walk-on-warm-paper"
# Queries of a request behind a door, within a test's transaction: a savepoint, who asks, who asked
# before, the savepoint's end.
OF_THE_WALL = 4


@pytest.fixture(autouse=True)
def _cold_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the process keeps of the public pages starts cold, and no test is slow enough to age it.

    Each test client has a page cache of its own; the stamp and the menu are the process's.
    """
    freshness.__init__()
    site_menu._kept.clear()
    now = caching.monotonic()
    monkeypatch.setattr(caching, "monotonic", lambda: now)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """The test database, always: a test without pytest-django's mark must not meet a real one."""
    stage.blocker = django_db_blocker
    with django_db_blocker.unblock():
        made = database.make()
    yield
    with django_db_blocker.unblock():
        stage.clear()
        teardown_databases(made, verbosity=0)


@pytest.fixture
def _staged(request: Any, django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        stage.set_up(asked_for(request))


@pytest.fixture
def _django_db_helper(_staged: None, _django_db_helper: None) -> None:
    """pytest-django's transaction around a test, on top of the stage."""


def make_clinic(name: str = "Riverside", **fields: Any) -> Clinic:
    return create_clinic(name=name, time_zone="America/New_York", phone="555-0134", **fields)


def make_user(clinic: Clinic | None, name: str, role: Role, domain: str = "riverside.test") -> User:
    return create_user(
        email=f"{name.lower()}@{domain}",
        first_name=name,
        last_name=role.label,
        role=role,
        clinic=clinic,
        password=PASSWORD,
        credentials="PT, DPT" if role == Role.THERAPIST else "",
    )


def make_patient(by: User, name: str, **fields: Any) -> Patient:
    details = {
        "first_name": name,
        "last_name": "Reyes",
        "birth_date": dt.date(1956, 3, 14),
        "email": f"{name.lower()}@patients.test",
        "phone": "",
        **fields,
    }
    return patient_actions.add(by=by, is_other=True, **details)


def give_login(patient: Patient, by: User) -> User:
    invitation = invitations.make(patient=patient, by=by)
    return invitations.accept(invitation=invitation, email=patient.email, password=PASSWORD)


def make_caregiver(patient: Patient, name: str, **shares: bool) -> Caregiver:
    """Invited by the patient, and accepted."""
    shares = {"does_sessions": False, "reads_messages": False, **shares}
    email = f"{name.split(maxsplit=1)[0].lower()}@family.test"
    by = patient.user
    one = caregivers.invite(patient=patient, by=by, name=name, email=email, **shares)
    caregivers.accept(caregiver=one, password=PASSWORD)
    one.refresh_from_db()
    return one


FINDINGS = {
    "cause": "entrapment",
    "nerves": ["tibial"],
    "side": "right",
    "sensation": "intact",
    "irritability": "low",
    "fall_risk": "low",
    "falls_12_months": 0,
    "walking_aid": "none",
    "helper_at_home": True,
}


def make_episode(patient: Patient, by: User, *, screened: bool = True, **fields: Any) -> Episode:
    episode = episodes.open_episode(patient=patient, by=by, **(FINDINGS | fields))
    if screened:
        episodes.record_screen(episode=episode, present=[], by=by)
    return episode


def make_plan(episode: Episode, by: User, code: str = "P1", *, active: bool = True) -> Plan:
    """From a starter program; active since six weeks ago, due every day its dosage asks for."""
    program = Program.objects.get(clinic=None, code=code)
    today = episode.patient.clinic.today()
    draft = plans.assign(
        program=program, episode=episode, by=by, starts_on=today - dt.timedelta(weeks=6)
    )
    if not active:
        return draft
    midday = dt.time(12, tzinfo=episode.patient.clinic.zone)
    then = dt.datetime.combine(today - dt.timedelta(weeks=6), midday)
    return plans.activate(plan=draft, by=by, at=then)


def forget_foot_strength() -> None:
    """For a test that goes back to a state which knows no such exercises."""
    ProgramExercise.objects.filter(exercise__kind="strength").delete()
    Exercise.objects.filter(kind="strength").delete()


def form_of(plan: Plan, code: str = "weekly") -> ProgressFormVersion:
    """The version of a progress form that the plan asks for."""
    return plan.forms.select_related("version").filter(version__form__code=code)[0].version


# The commonest first: what stands on the stage is built in this order.


@kept
def clinic(db: None) -> Clinic:
    return make_clinic()


@kept
def priya(clinic: Clinic) -> User:
    return make_user(clinic, "Priya", Role.THERAPIST)


@kept
def ana(priya: User) -> Patient:
    patient = make_patient(priya, "Ana")
    give_login(patient, priya)
    patient.refresh_from_db()
    return patient


@kept
def episode(ana: Patient, priya: User) -> Episode:
    return make_episode(ana, priya)


@kept
def plan(episode: Episode, priya: User) -> Plan:
    return make_plan(episode, priya)


@kept
def draft(episode: Episode, priya: User) -> Plan:
    return make_plan(episode, priya, active=False)


@kept
def colm(clinic: Clinic) -> User:
    return make_user(clinic, "Colm", Role.THERAPIST)


@kept
def ruth(clinic: Clinic) -> User:
    return make_user(clinic, "Ruth", Role.CLINIC_ADMIN)


@kept
def ed(clinic: Clinic) -> User:
    return make_user(clinic, "Ed", Role.EDITOR)


@kept
def olive(db: None) -> User:
    return make_user(make_clinic("Hilltop"), "Olive", Role.THERAPIST, "hilltop.test")


@kept
def olivia(olive: User) -> Patient:
    """A patient of the other clinic."""
    return make_patient(olive, "Olivia")


@kept
def mara(ana: Patient) -> Caregiver:
    """Ana's daughter: does sessions with her, and does not read her messages."""
    return make_caregiver(ana, "Mara Lind", does_sessions=True)


@kept
def bert(colm: User) -> Patient:
    patient = make_patient(colm, "Bert")
    give_login(patient, colm)
    patient.refresh_from_db()
    return patient


@pytest.fixture
def root(db: None) -> User:
    """Who keeps the platform."""
    return User.objects.create_superuser(email="root@platform.test", password=PASSWORD)


def client_of(user: User | None) -> Client:
    """A browser in which `user` is logged in."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def page_of(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send back from a page's form just as it was filled in."""
    form = client.get(address).context["form"]
    values = {field.html_name: field.value() for field in form}
    # An empty box and an unticked one send nothing.
    unsent = (None, False)
    return {name: one for name, one in values.items() if not any(one is none for none in unsent)}


def prove(client: Client) -> Client:
    """The password once more, as some changes of an account ask for it."""
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def having_shown_mailbox(client: Client, user: User) -> Client:
    """As after the code that staff are mailed before some changes (tests/accounts/test_factors)."""
    session = client.session
    session["mailbox_shown"] = [user.pk, int(time.time())]
    session.save()
    return client


@pytest.fixture
def as_priya(priya: User) -> Client:
    return client_of(priya)


@pytest.fixture
def as_ana(ana: Patient) -> Client:
    return client_of(ana.user)


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database without a transaction around the test: for threads and real servers.

    Afterwards all that belongs to patients and clinics is gone, and so are new pages, videos and
    images. Not flushed: Wagtail's root page, the starter articles and library stay.
    """
    with django_db_blocker.unblock():
        pages = list(Page.objects.values_list("pk", flat=True))
        findable = set(SearchEntry.objects.values_list("kind", "key"))
        stage.clear()
        yield
        wait_until_alone()
        Page.objects.exclude(pk__in=pages).delete()
        Video.objects.all().delete()
        get_image_model().objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(patient_tables())}")
        for model in (Program, Exercise, ProgressForm):
            model.objects.filter(clinic__isnull=False).delete()
        User.objects.all().delete()
        Clinic.objects.all().delete()
        for entry in SearchEntry.objects.only("kind", "key"):
            if (entry.kind, entry.key) not in findable:
                entry.delete()
        connections.close_all()


def wait_until_alone(seconds: float = 20) -> None:
    """Until no request of a browser that has left is still being answered."""
    others = (
        "SELECT state, query FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    )
    deadline = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(others)
            if not (left := cursor.fetchall()):
                return
            time.sleep(0.05)
    raise AssertionError(f"Somebody still uses the database: {left}")


def patient_tables() -> list[str]:
    models = [*apps.get_app_config("patients").get_models(), *_owned_in_programs()]
    models += [AppAccess, AppEvent, AppExport, AuditEvent, AuditLink, ConnectedApp]
    models += [ConnectedRecord, RecordVisit]
    return [*(model._meta.db_table for model in models), *QUEUE]


def _owned_in_programs() -> list[type[Model]]:
    models = apps.get_app_config("programs").get_models()
    return [model for model in models if "patient" in {f.name for f in model._meta.fields}]
