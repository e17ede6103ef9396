"""Who may open what in the workspace: every address, every member of the cast."""

import uuid

import pytest

from patients.actions import messages
from patients.models import ProposedFinding
from programs.actions import check_ins, notes, plans, sessions
from programs.models import Alert, Exercise, Measure, Program, Restriction
from programs.models.note import NoteKind, Recipient
from programs.notes.known import days_of
from tests.conftest import client_of, make_episode, make_plan
from tests.patients.test_pictures import photo
from tests.programs.actions.test_monitoring import minutes, switch_on, talk
from tests.stage import kept

pytestmark = pytest.mark.django_db

# Addresses about one patient's data. get, or post where a GET is refused.
PATIENT_PAGES = [
    ("get", "patients/{patient}/"),
    ("get", "patients/{patient}/sessions/"),
    ("get", "patients/{patient}/check-ins/"),
    ("get", "patients/{patient}/record/"),
    ("get", "patients/{patient}/plan/"),
    ("get", "patients/{patient}/plan/day/"),
    ("get", "patients/{patient}/plan/{plan}/"),
    ("get", "patients/{patient}/plan/{plan}/print/"),
    ("get", "patients/{patient}/plan/{plan}/print/file/"),
    ("get", "patients/{patient}/notes/"),
    ("get", "patients/{patient}/notes/{note}/"),
    ("get", "patients/{patient}/letters/{letter_made}/"),
    ("get", "patients/{patient}/letters/{letter_made}/file/"),
    ("get", "patients/{patient}/edit/"),
    ("get", "patients/{patient}/invitation/"),
    ("get", "patients/{patient}/monitoring/"),
    ("get", "patients/{patient}/monitoring/pdf/"),
    ("get", "patients/{patient}/monitoring/csv/"),
    ("post", "patients/{patient}/invite/"),
    ("post", "patients/{patient}/care-team/"),
    ("post", "patients/{patient}/care-team/{member}/leave/"),
]
CLINICAL_PAGES = [
    ("get", "patients/{patient}/episode/"),
    ("get", "patients/{patient}/red-flags/"),
    ("get", "patients/{patient}/measures/"),
    ("get", "patients/{patient}/measures/M5/00000000-0000-4000-8000-000000000005/"),
    ("get", "patients/{patient}/measures/correct/{measure}/00000000-0000-4000-8000-000000000005/"),
    ("get", "patients/{patient}/red-flags/clear/"),
    ("get", "patients/{patient}/paper/"),
    ("get", "patients/{patient}/plan/assign/"),
    ("post", "patients/{patient}/plan/favorite/"),
    ("post", "patients/{patient}/plan/adapt/"),
    ("post", "patients/{patient}/plan/phase/"),
    ("post", "patients/{patient}/plan/pause/"),
    ("post", "patients/{patient}/plan/resume/"),
    ("get", "patients/{patient}/plan/copy/"),
    ("get", "patients/{patient}/plan/end/"),
    ("get", "patients/{patient}/plan/{draft}/print/"),
    ("get", "patients/{patient}/plan/{draft}/print/file/"),
    ("get", "plans/{draft}/"),
    ("get", "plans/{draft}/pick/"),
    ("get", "plans/{draft}/preview/"),
    ("get", "prescriptions/{prescription}/still/"),
    ("post", "plans/{draft}/activate/"),
    ("post", "plans/{draft}/discard/"),
    ("get", "alerts/{alert}/"),
    ("get", "patients/{patient}/restrict/"),
    ("get", "restrictions/{restriction}/"),
    ("get", "proposals/{proposal}/"),
    ("get", "patients/{patient}/monitoring/papers/"),
    ("get", "patients/{patient}/monitoring/minutes/{entry}/"),
    ("get", "patients/{patient}/monitoring/talks/{talk}/"),
    ("post", "patients/{patient}/monitoring/enter/"),
    ("get", "patients/{patient}/messages/"),
    ("get", "patients/{patient}/messages/{letter}/picture/"),
    ("get", "patients/{patient}/notes/write/progress/00000000-0000-4000-8000-000000000006/"),
    ("get", "patients/{patient}/notes/{note}/edit/00000000-0000-4000-8000-000000000006/"),
    ("get", "patients/{patient}/notes/{note}/letter/00000000-0000-4000-8000-000000000006/"),
]
# What a button on the page would send; without it there is nothing to find.
DATA = {
    "patients/{patient}/plan/favorite/": {"program": "{program}"},
    "plans/{draft}/pick/": {"phase": "1", "q": "heel"},
    "plans/{draft}/activate/": {"stamp": "0"},
    "patients/{patient}/plan/phase/": {"phase": "{phase}"},
    "patients/{patient}/monitoring/enter/": {"do": "minutes"},
}
SHARED_PAGES = [("get", ""), ("get", "patients/add/")]
LIBRARY_PAGES = [
    ("get", "answers/"),
    ("get", "answers/add/"),
    ("get", "library/"),
    ("get", "library/{exercise}/"),
    ("get", "library/{exercise}/still/"),
    ("get", "programs/"),
    ("get", "programs/{program}/"),
]


@kept
def ids(ana, plan, priya):
    sessions.record(session_id=uuid.uuid4(), plan=plan, done={}, by=ana.user, falls=1)
    draft = plans.adapt(plan=plan, by=priya, reason="Going well.")
    letter = messages.send(
        message_id=uuid.uuid4(), patient=ana, text="", picture=photo(), by=ana.user
    )
    measure = check_ins.record_measure(
        check_in_id=uuid.uuid4(),
        patient=ana,
        measure=Measure.objects.get(code="M7"),
        answers={"seconds": 9},
        answered_with="clinic",
        by=priya,
    )
    switch_on(ana.clinic)
    first, last = days_of(plan.episode, NoteKind.PROGRESS)
    note = notes.save(
        note_id=uuid.uuid4(),
        first=first,
        last=last,
        episode=plan.episode,
        kind=NoteKind.PROGRESS,
        language="en",
        text="Seen today.",
        by=priya,
    )
    made = notes.make_letter(
        letter_id=uuid.uuid4(),
        note=note,
        to=Recipient.PHYSICIAN,
        language="en",
        name="Dr. Lee",
        subject="A patient of yours",
        text="Seen today.",
        by=priya,
    )
    return {
        "note": note.pk,
        "letter_made": made.pk,
        "patient": ana.pk,
        "entry": minutes(ana, priya).pk,
        "talk": talk(ana, priya).pk,
        "measure": measure.pk,
        "member": ana.care_team.get().pk,
        "draft": draft.pk,
        "prescription": draft.prescriptions.first().pk,
        "letter": letter.pk,
        "plan": plan.pk,
        "phase": plan.phases.first().pk,
        "alert": Alert.objects.get(rule="A7").pk,
        "restriction": Restriction.objects.get().pk,
        "proposal": ProposedFinding.objects.first().pk,
        "exercise": Exercise.objects.get(code="G01").uuid,
        "program": Program.objects.get(code="P1").uuid,
    }


def status(user, method, path, ids):
    address = "/workspace/" + path.format(**ids)
    data = {name: value.format(**ids) for name, value in DATA.get(path, {}).items()}
    return getattr(client_of(user), method)(address, data).status_code


@pytest.mark.parametrize(("method", "path"), PATIENT_PAGES + CLINICAL_PAGES)
def test_the_care_team_is_let_in_and_nobody_else_learns_that_it_exists(
    method, path, ids, priya, colm, olive, ed, ana, bert
):
    for outsider in (colm, olive, ed, ana.user, bert.user):
        assert status(outsider, method, path, ids) == 404, outsider
    assert status(None, method, path, ids) == 302
    assert status(priya, method, path, ids) in (200, 302)


@pytest.mark.parametrize(("method", "path"), PATIENT_PAGES)
def test_an_administrator_keeps_records_and_care_teams(method, path, ids, ruth):
    assert status(ruth, method, path, ids) in (200, 302)


@pytest.mark.parametrize(("method", "path"), CLINICAL_PAGES + LIBRARY_PAGES)
def test_an_administrator_decides_nothing_clinical(method, path, ids, ruth):
    assert status(ruth, method, path, ids) == 403


@pytest.mark.parametrize(("method", "path"), SHARED_PAGES + LIBRARY_PAGES)
def test_the_rest_is_for_all_therapists_and_for_nobody_outside(
    method, path, ids, priya, colm, olive, ed, ana
):
    for therapist in (priya, colm, olive):
        assert status(therapist, method, path, ids) == 200
    for outsider in (ed, ana.user):
        assert status(outsider, method, path, ids) == 404
    assert status(None, method, path, ids) == 302


@pytest.mark.parametrize(("method", "path"), PATIENT_PAGES + CLINICAL_PAGES)
@pytest.mark.parametrize("wrong", ["00000000-0000-4000-8000-000000000000", "not-an-id", "1"])
def test_a_wrong_id_is_404(method, path, wrong, ids, priya):
    names = [name for name in ids if "{" + name + "}" in path]
    assert status(priya, method, path, ids | {names[0]: wrong}) == 404


@pytest.mark.parametrize(("method", "path"), [row for row in PATIENT_PAGES + CLINICAL_PAGES
                                              if row[0] == "post"])  # fmt: skip
def test_what_changes_something_is_not_a_get(method, path, ids, priya):
    assert status(priya, "get", path, ids) == 405


def test_a_colleagues_list_does_not_leak(ids, colm, bert, priya):
    assert b"Ana " in client_of(priya).get("/workspace/").content
    page = client_of(colm).get("/workspace/")
    assert b"Bert" in page.content
    assert b"Ana " not in page.content
    assert b"Fall without injury" not in page.content


def test_a_search_does_not_leak(ids, colm):
    content = client_of(colm).get("/workspace/?q=Ana").content
    assert b"Nobody here matches" in content
    assert b"Reyes" not in content


def test_a_members_id_of_another_patient_is_404(ids, priya, colm, bert):
    other = bert.care_team.get().pk
    assert status(priya, "post", "patients/{patient}/care-team/{member}/leave/",
                  ids | {"member": other}) == 404  # fmt: skip


def test_a_phase_of_another_patient_is_404(ids, priya, colm, bert):
    theirs = make_plan(make_episode(bert, colm), colm)
    answer = client_of(priya).post(
        f"/workspace/patients/{ids['patient']}/plan/phase/", {"phase": theirs.phases.first().pk}
    )
    assert answer.status_code == 404
