"""Role x address x owner: every address behind a door, every member of the cast, two clinics.

Addresses and what each asks for are read from the site itself. What may happen is decided by the
table below, by what an address is about; nothing here names a single page.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from accounts.models import FactorReset, User
from accounts.permissions import Permission
from cms import teams
from cms.models import Author
from patients.actions import canned_answers, clinics, record_links, saved_views
from patients.models import Caregiver, SealedRecord, Share
from programs.actions import covering, library, programs, questions
from programs.models import Exercise, ProgressForm, Session
from programs.models.program import Visibility
from tests.cms.conftest import make_source
from tests.cms.test_teams import make_files
from tests.config.test_guards import OPEN_TO_ALL, views
from tests.conftest import PASSWORD, client_of, make_patient
from tests.fhir.apps import patient_app
from tests.fhir.conftest import earlier_record
from tests.fhir.hospital import connected, visiting
from tests.programs.actions.test_sign_reports import tell
from tests.stage import kept
from tests.workspace.test_access import ids as story

pytestmark = pytest.mark.django_db
ids = story

CAST = ("therapist", "colleague", "administrator", "editor", "patient", "other patient",
        "other clinic", "platform", "caregiver", "stranger")  # fmt: skip
# One row for each kind of address, one column for each of the cast, in that order. `in`: let in,
# whatever the page then says; `out`: it does not exist; `no`: it exists, and is not for them.
TABLE = {
    "of a patient":           "in out in  out out out out out out login",
    "clinical, of a patient": "in out no  out out out out out out login",
    "of the clinic":          "in in  no  out out out out out out login",
    "for all therapists":     "in in  no  out out out in  out out login",
    "for the workspace":      "in in  in  out out out in  out out login",
    "of the staff":           "in in  in  out out out out out out login",
    "of one of the staff":    "in out out out out out out out out login",
    "where it is switched on": "in in  in  out out out out out out login",
    "the administrator's":    "no no  in  out out out no  out out login",
    "one's own":              "out out out out in in  out out out login",
    "one patient's own":      "out out out out in out out out out login",
    "shared":                 "out out out out in in  out out in  login",
    "shared, of a patient":   "out out out out in out out out in  login",
    "shared messages":        "out out out out in in  out out out login",
    "a caregiver's own":      "out out out out out out out out in login",
}  # fmt: skip

OF_A_PATIENT = {"patient_id", "plan_id", "alert_id", "restriction_id", "proposal_id",
                "question_id", "message_id", "session_id", "report_id", "prescription_id",
                "form_id", "caregiver_id", "note_id", "letter_id", "link_id",
                "visit_id", "earlier_id"}  # fmt: skip
OF_THE_CLINIC = {"answer_id", "exercise_id", "program_id", "record_id"}
ADMINISTRATION = {Permission.ADD_PATIENTS, Permission.MANAGE_CARE_TEAMS}
OF_STAFF = {
    "cover_id": "of the staff", "view_id": "of one of the staff", "reset_id": "of the staff"
}  # fmt: skip
THE_ADMINISTRATORS = {
    Permission.READ_AUDIT, Permission.ERASE_PATIENTS, Permission.MERGE_PATIENTS,
    Permission.RUN_CLINIC,
}  # fmt: skip


def kind_of(route: str, keys: set[str], view: Any) -> str:
    gate, is_of_one = view.gate, bool(keys & OF_A_PATIENT)
    if route.startswith("portal/for/"):
        return "a caregiver's own"
    if route.startswith("portal/"):
        return kind_of_portal(view.share, is_of_one)
    if THE_ADMINISTRATORS & set(gate):
        return "the administrator's"
    clinical = Permission.TREAT in gate
    if keys & OF_A_PATIENT:
        return "clinical, of a patient" if clinical else "of a patient"
    if hasattr(view, "needs_monitoring"):
        return "where it is switched on"
    return kind_of_clinics(keys, clinical)


def kind_of_clinics(keys: set[str], clinical: bool) -> str:
    if keys & OF_THE_CLINIC:
        return "of the clinic"
    of_staff = next((OF_STAFF[key] for key in keys if key in OF_STAFF), "")
    return of_staff or ("for all therapists" if clinical else "for the workspace")


def kind_of_portal(share: Share | None, is_of_one: bool) -> str:
    if share in (Share.PLAN, Share.SESSIONS):
        return "shared, of a patient" if is_of_one else "shared"
    if is_of_one:
        return "one patient's own"
    return "shared messages" if share else "one's own"


def gated() -> list[tuple[str, Any, set[str]]]:
    return [
        (route, view, set(keys_in(route)))
        for route, view in views(get_resolver().url_patterns)
        if hasattr(view, "gate")
    ]


def keys_in(route: str) -> list[str]:
    return [part.split(">")[0].split(":")[-1] for part in route.split("<")[1:]]


@kept
def keys(
    ids: Any, ana: Any, plan: Any, priya: User, colm: User, ruth: User, mara: Caregiver
) -> dict[str, Any]:
    """A row of Ana's, or of Riverside's, for each key that an address can have."""
    session = Session.objects.get(patient=ana)
    exercise = library.copy_exercise(
        exercise=Exercise.objects.get(clinic=None, code="G01"), by=priya
    )
    row = plan.prescriptions.first()
    question = questions.ask(patient=ana, about=row, text="How long?", by=ana.user)
    answer = canned_answers.save(answer=None, title="Rest", text="Rest today.", by=priya)
    draft = programs.copy(program=plan.program, by=priya)
    program = programs.publish(program=draft, by=priya)
    programs.share(program=program, visibility=Visibility.CLINIC, by=priya)
    cover = covering.arrange(
        therapist=priya, substitute=colm, first=ana.clinic.today() + dt.timedelta(days=3),
        last=ana.clinic.today() + dt.timedelta(days=5), by=priya,
    )  # fmt: skip
    sealed = SealedRecord(clinic=ana.clinic, sealed_by=ruth, kept_until=ana.clinic.today())
    sealed.seal(b"archive")
    sealed.save()
    record = connected(ruth, "https://record.example.org/fhir")
    link = record_links.link(patient=ana, record=record, their_id="p-1", told=[], by=priya)
    clinics.change_logo(clinic=ana.clinic, by=ruth, file=get_test_image_file("logo.png"))
    return {
        "patient_id": ana.pk,
        "plan_id": ids["draft"],
        "member_id": ids["member"],
        "alert_id": ids["alert"],
        "restriction_id": ids["restriction"],
        "proposal_id": ids["proposal"],
        "message_id": ids["letter"],
        "wrong_id": ids["measure"],
        "question_id": question.pk,
        "answer_id": answer.pk,
        "exercise_id": exercise.uuid,
        "program_id": program.uuid,
        "session_id": session.pk,
        "report_id": tell(ana, skin_changed=True).pk,
        "prescription_id": row.pk,
        "form_id": plan.forms.order_by("phase__number").first().pk,
        "check_in_id": uuid.UUID(int=5),
        "new_id": uuid.UUID(int=6),
        "article_key": Page.objects.get(slug="numb-feet").translation_key,
        "code": "M5",
        "active_plan": plan.pk,
        "caregiver_id": mara.pk,
        "cover_id": cover.pk,
        "page": "today",
        "other_id": make_patient(ruth, "Anna", email="anna@y.test").pk,
        "view_id": saved_views.save(name="Falls", query="finding=falls", by=priya).pk,
        "entry_id": ids["entry"],
        "talk_id": ids["talk"],
        "sealed_id": sealed.pk,
        "note_id": ids["note"],
        "letter_id": ids["letter_made"],
        "kind": "progress",
        "person_id": colm.uuid,
        "app_id": patient_app(ruth).pk,
        "record_id": record.pk,
        "link_id": link.pk,
        "earlier_id": earlier_record(ana, priya).pk,
        "visit_id": visiting(priya, record, link.their_id),
        "reset_id": FactorReset.objects.create(user=colm, asked_by=ruth, words="Here.").pk,
    }


@pytest.fixture
def cast(
    priya: User, colm: User, ruth: User, ed: User, ana: Any, bert: Any, olive: User, mara: Caregiver
) -> dict[str, User | None]:
    root = User.objects.create_superuser(email="root@platform.test", password=PASSWORD)
    people = (priya, colm, ruth, ed, ana.user, bert.user, olive, root, mara.user, None)
    return dict(zip(CAST, people, strict=True))


def outcome(client: Client, address: str) -> str:
    """Asked as a page is, or by a button where it is one."""
    answer = client.get(address, {"phase": "1", "q": "heel"})
    if answer.status_code == 405:
        answer = client.post(address)
    assert answer.status_code < 500, address
    if answer.status_code == 302 and answer.url.startswith("/account/login/"):
        return "login"
    return {404: "out", 403: "no"}.get(answer.status_code, "in")


def filled(route: str, keys: dict[str, Any]) -> str:
    if route.startswith(("portal/session/<uuid:plan_id>", "workspace/patients/")):
        keys = keys | {"plan_id": keys["active_plan"]}
        if route.startswith("portal/") and route.count("<") == 2:
            keys = keys | {"session_id": uuid.UUID(int=7)}  # one that is about to be done
    for name in keys_in(route):
        start = route.index("<")
        route = route[:start] + str(keys[name]) + route[route.index(">") + 1 :]
    return f"/{route}"


@pytest.mark.parametrize("who", CAST)
def test_who_gets_in_where(who: str, keys: dict[str, Any], cast: dict[str, User | None]) -> None:
    cells, wrong = 0, []
    for route, view, named in gated():
        wanted = TABLE[kind_of(route, named, view)].split()[CAST.index(who)]
        if who == "patient" and route.endswith(("done/", "leave/")):
            continue  # what Ana has said already, or would end
        client = client_of(cast[who])
        with transaction.atomic():  # a button does what it says, and the next finds it undone
            found = outcome(client, filled(route, keys))
            transaction.set_rollback(True)
        # A button that finds nothing to do for whoever may press it says so by a 404, too.
        is_button = (
            wanted == "in" and found == "out" and client.get(filled(route, keys)).status_code == 405
        )
        if found != wanted and not is_button:
            wrong.append((route, wanted, found))
        cells += 1
    assert wrong == []
    assert cells > 95


def test_each_row_of_the_table_is_used() -> None:
    assert {kind_of(route, named, view) for route, view, named in gated()} == set(TABLE)
    ungated = {
        route
        for route, view in views(get_resolver().url_patterns)
        if route.startswith(("workspace/", "portal/")) and not hasattr(view, "gate")
    }
    assert ungated == set(OPEN_TO_ALL)


# Wagtail's admin: whatever is sent to whichever address, what is Riverside's stays as it is


@pytest.fixture
def owned(priya: User) -> dict[str, Any]:
    """By the beginning of an address, what of Riverside's its keys are filled with."""
    files = make_files(teams.files_of(priya.clinic).collection, "Saltmarsh", priya)
    exercise = library.copy_exercise(
        exercise=Exercise.objects.get(clinic=None, code="G01"), by=priya
    )
    exercise.title = "Saltmarsh stretch"
    exercise.save_revision(user=priya).publish()
    body = ProgressForm.objects.get(clinic=None, code="weekly").body
    form = ProgressForm(clinic=priya.clinic, code="own", title="Saltmarsh form", body=body)
    form.save()
    form.save_revision(user=priya)
    source = make_source()
    source.save()
    page = Page.objects.get(slug="numb-feet").specific
    page.save_revision(user=priya)
    author = Author.of(priya)
    author.save_revision(user=priya)
    image, document, video = files.values()
    return {
        "cms/images/": image,
        "cms/documents/": document,
        "cms/snippets/cms/video/": video,
        "cms/snippets/cms/author/": author,
        "cms/snippets/cms/source/": source,
        "cms/snippets/programs/exercise/": exercise,
        "cms/snippets/programs/progressform/": form,
        "cms/collections/": files[type(image)].collection,
        "cms/": page,
    }


def of_the_desk(owned: dict[str, Any]) -> Iterator[str]:
    for route, _ in views(get_resolver().url_patterns):
        is_plain = not any(sign in route for sign in "^$\\")
        if route.startswith("cms/") and is_plain and "logout" not in route:
            yield filled(route, desk_keys(route, owned))


def desk_keys(route: str, owned: dict[str, Any]) -> dict[str, Any]:
    """What an address of Wagtail's admin is filled with."""
    row = next(row for start, row in owned.items() if route.startswith(start))
    revision = getattr(row, "latest_revision_id", None) or 1
    label = row._meta
    named = {"app_label": label.app_label, "app_name": label.app_label,
             "model_name": label.model_name, "action": "delete", "mode": "",
             "content_type_app_name": "cms", "content_type_model_name": "articlepage",
             "revision_id": revision, "revision_id_a": "earliest",
             "revision_id_b": revision}  # fmt: skip
    return {name: named.get(name, row.pk) for name in keys_in(route)}


def digests(owned: dict[str, Any]) -> dict[str, str]:
    """Of the rows themselves, as the database has them."""
    found = {}
    with connection.cursor() as cursor:
        for row in owned.values():
            for model in [type(row), *type(row)._meta.get_parent_list()]:
                table, key = model._meta.db_table, model._meta.pk.column
                cursor.execute(
                    f"SELECT md5(t::text) FROM {table} t WHERE {key} = %s",
                    [row.pk],
                )
                found[f"{table} {row.pk}"] = cursor.fetchone()[0]
    return found


ICONS = {"/cms/sprite/"}  # the same for all, without a word
SENT = {"title": "Mine", "name": "Mine", "key": "mine", "action-publish": "1", "user": "",
        "comment": "Mine", "workflow-action-name": "approve", "collection": "1",
        "confirm": "1", "next": "/cms/", "slug": "mine", "parent": "1"}  # fmt: skip


@pytest.mark.parametrize("who", ["other clinic", "administrator", "patient", "stranger"])
def test_nothing_of_a_clinic_is_changed_or_named_at_anothers_desk(
    who: str, owned: dict[str, Any], cast: dict[str, User | None]
) -> None:
    before, client, count = digests(owned), client_of(cast[who]), 0
    client.raise_request_exception = False
    for address in of_the_desk(owned):
        for method, data in [("get", None), ("post", {}), ("post", SENT)]:
            answer = getattr(client, method)(address, data)
            told = b"" if answer.streaming else answer.content
            assert answer.status_code != 500 or "failwhale" in address, (method, address)
            assert b"Saltmarsh" not in told, (method, address)
            count += 1
        if who != "other clinic" and address not in ICONS:
            assert answer.status_code in (302, 404, 405), address
    assert digests(owned) == before
    assert count > 600
