"""Programs in the workspace: the editor, versions, sharing, files; and who may do what."""

import json
import uuid
from copy import deepcopy

import pytest
from django.utils.html import escape

from accounts.permissions import Role
from programs.actions import programs as actions
from programs.documents import stored
from programs.documents.content import ProgramContent
from programs.models import Exercise, Program
from programs.models.program import Visibility
from tests.conftest import OF_THE_WALL, client_of, make_clinic, make_user

pytestmark = pytest.mark.django_db

CONTENT = {
    "title": "Ankles",
    "phases": [
        {
            "title": "One",
            "weeks": 2,
            "exercises": [
                {"exercise": "G01", "dosage": "2x10, 5 days a week, left"},
                {"exercise": "B01", "dosage": "2x8"},
            ],
            "forms": [{"form": "weekly", "every_days": 7}],
        }
    ],
}


@pytest.fixture
def program(priya):
    """Priya's own draft."""
    return actions.create(content=ProgramContent.from_json(CONTENT), by=priya)


def url(program, page="edit/"):
    return f"/workspace/programs/{program.uuid}/{page}"


def post(client, program, do, **data):
    program.refresh_from_db()
    return client.post(url(program), {"do": do, "stamp": program.draft_stamp, **data})


def phases(program):
    program.refresh_from_db()
    return stored.content_of(program).phases


def test_a_new_program_is_private_and_starts_empty(as_priya, priya):
    answer = as_priya.post("/workspace/programs/add/", {"title": "Ankles"})
    made = Program.objects.get(title="Ankles")
    assert answer.url == url(made)
    assert (made.visibility, made.owner, made.version) == (Visibility.PRIVATE, priya, 0)
    page = as_priya.get(answer.url).content.decode()
    assert "The program has no phase yet." in page
    assert "Publish" not in page


def test_each_edit_changes_the_draft(as_priya, program):
    post(as_priya, program, "add_phase")
    post(
        as_priya, program, "phase", phase=1, title="Two", weeks=3, goal="Stand", gate="skin intact"
    )
    exercise = Exercise.objects.get(code="T01")
    post(as_priya, program, "add_row", phase=1, exercise=exercise.uuid)
    post(as_priya, program, "row", phase=1, exercise="T01", dosage="1x6 hold 3", note="Easy.")
    post(as_priya, program, "add_form", phase=1, form="monthly", every_days=28)
    two = phases(program)[1]
    assert (two.title, two.weeks, two.goal) == ("Two", 3, "Stand")
    assert two.gate == ({"kind": "skin_intact"},)
    assert two.exercises[0].dosage.startswith("1×6, hold 3 s")
    assert two.exercises[0].note == "Easy."
    assert [(due.form, due.every_days) for due in two.forms] == [("weekly", 7), ("monthly", 28)]
    post(as_priya, program, "remove_form", phase=1, form="weekly")
    post(as_priya, program, "move_phase", phase=1, to=0)
    assert [due.form for due in phases(program)[0].forms] == ["monthly"]
    post(as_priya, program, "copy_phase", phase=0)
    post(as_priya, program, "remove_phase", phase=2)
    assert [phase.title for phase in phases(program)] == ["Two", "Two (copy)"]


def test_angle_limits_are_typed_in_words(as_priya, program):
    head = {"title": "Ankles", "caps": "hip at most 60, knee at least 10°"}
    post(as_priya, program, "head", **head)
    program.refresh_from_db()
    assert program.draft["caps"] == {"hip_max": 60, "knee_min": 10}
    assert (
        'value="hip at most 60°, knee at least 10°"' in as_priya.get(url(program)).content.decode()
    )
    page = post(as_priya, program, "head", **head | {"caps": "hip at most 300"})
    assert "The hip goes from -30° to 120°" in page.content.decode()
    page = post(as_priya, program, "head", **head | {"caps": "elbow at most 3"})
    assert "is not understood" in page.content.decode()


def test_rows_move_pair_and_go(as_priya, program):
    post(as_priya, program, "move_row", phase=0, exercise="B01", to=0)
    assert [row.exercise for row in phases(program)[0].exercises] == ["B01", "G01"]
    post(as_priya, program, "pair_row", phase=0, exercise="G01")
    assert [row.alternates for row in phases(program)[0].exercises] == [1, 1]
    post(as_priya, program, "remove_row", phase=0, exercise="B01")
    assert [row.exercise for row in phases(program)[0].exercises] == ["G01"]


def test_what_is_not_understood_is_shown_beside_its_field_with_what_was_typed(as_priya, program):
    page = post(as_priya, program, "row", phase=0, exercise="G01", dosage="a lot")
    content = page.content.decode()
    assert "“a lot” is not understood" in content
    assert 'value="a lot"' in content
    assert phases(program)[0].exercises[0].dosage == "2×10, once a day, 5 days a week, left"
    page = post(as_priya, program, "phase", phase=0, title="", weeks="99", gate="green for 0 days")
    content = page.content.decode()
    assert "out of range" in content
    assert "less than or equal to 52" in content
    assert phases(program)[0].title == "One"


def test_an_edit_of_an_older_page_overwrites_nothing(as_priya, program):
    stamp = program.draft_stamp
    post(as_priya, program, "add_phase")
    page = as_priya.post(url(program), {"do": "add_phase", "stamp": stamp}, follow=True)
    assert "changed in another window" in page.content.decode()
    assert len(phases(program)) == 2


@pytest.mark.parametrize(
    "data",
    [
        {"do": "nothing"},
        {"do": "copy_phase", "phase": "9"},
        {"do": "copy_phase", "phase": "-1"},
        {"do": "move_phase", "phase": "0", "to": "x"},
        {"do": "copy_phase", "phase": "²"},
        {"do": "copy_phase", "phase": "9" * 5_000},
        {},
    ],
)
def test_a_malformed_edit_is_not_found(as_priya, program, data):
    answer = as_priya.post(url(program), {"stamp": program.draft_stamp, **data})
    assert answer.status_code == 404
    assert len(phases(program)) == 1


def test_search_as_you_type_finds_by_code_name_and_nerve(as_priya, program):
    def found(words):
        return as_priya.get(url(program, "pick/"), {"phase": 0, "q": words}).content.decode()

    assert "G01 Seated" in found("g01")
    assert "B02 Sit to stand" in found("sit to stand")
    assert "G07" in found("sural")
    assert "No exercise fits" in found("zzz")
    assert "<li>" not in found("")


def test_totals_and_the_warning_over_four(as_priya, program):
    for code in ("G02", "G03", "B02"):
        post(as_priya, program, "add_row", phase=0, exercise=Exercise.objects.get(code=code).uuid)
    page = as_priya.get(url(program)).content.decode()
    assert "More than 4 exercises on one day" in page
    assert "<tfoot>" in page


def test_publishing_writes_rows_and_a_version(as_priya, program):
    as_priya.post(url(program, "publish/"), {"note": "First."})
    program.refresh_from_db()
    assert (program.version, program.draft, program.weeks) == (1, None, 2)
    row = program.phases.get().exercises.get(order=1)
    assert (row.exercise.code, row.sets, row.days_per_week, row.side) == ("G01", 2, 5, "left")
    assert program.phases.get().forms.get().form.code == "weekly"
    assert program.versions.get().note == "First."


def test_an_unfinished_program_is_not_published(as_priya, program):
    post(as_priya, program, "add_phase")
    as_priya.post(url(program, "publish/"))
    program.refresh_from_db()
    assert program.version == 0


def test_publishing_is_one_whole(as_priya, program, monkeypatch):
    as_priya.post(url(program, "publish/"))
    post(as_priya, program, "head", title="New", summary="", entry_gate="", notes="")
    monkeypatch.setattr(actions, "_write_phase", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        as_priya.post(url(program, "publish/"))
    program.refresh_from_db()
    assert (program.title, program.version) == ("Ankles", 1)
    assert program.phases.count() == 1


def test_versions_are_compared_in_words(as_priya, program):
    as_priya.post(url(program, "publish/"))
    post(as_priya, program, "row", phase=0, exercise="G01", dosage="3x10")
    as_priya.post(url(program, "publish/"))
    page = as_priya.get(url(program, "versions/")).content.decode()
    assert (
        "G01 2×10, once a day, 5 days a week, left → 3×10, once a day, 5 days a week, left" in page
    )
    odd = as_priya.get(url(program, "versions/"), {"before": "9" * 5_000, "after": "²"})
    assert odd.status_code == 200
    same = as_priya.get(url(program, "versions/"), {"before": 2, "after": 2}).content.decode()
    assert "they are the same" in same
    assert as_priya.get(url(program, "versions/"), {"before": "x"}).status_code == 200


def test_discarding_keeps_what_is_published(as_priya, program):
    as_priya.post(url(program, "publish/"))
    post(as_priya, program, "add_phase")
    as_priya.post(url(program, "discard/"))
    assert len(phases(program)) == 1
    assert program.draft is None


def test_a_program_never_published_is_gone_when_discarded(as_priya, program):
    as_priya.post(url(program, "discard/"))
    assert not Program.objects.filter(pk=program.pk).exists()


def test_a_private_program_is_seen_by_its_owner_only(program, priya, colm, olive, ruth):
    for user in (colm, olive):
        assert client_of(user).get(url(program, "")).status_code == 404
        assert client_of(user).get(url(program)).status_code == 404
    assert client_of(ruth).get(url(program, "")).status_code == 403
    assert client_of(priya).get(url(program, "")).status_code == 200


def test_a_shared_program_is_the_clinics(as_priya, program, colm, olive):
    as_priya.post(url(program, "publish/"))
    as_priya.post(url(program, "share/"), {"visibility": "clinic"})
    assert b"Ankles" in client_of(colm).get("/workspace/programs/").content
    assert client_of(colm).get(url(program)).status_code == 200
    assert b"Ankles" not in client_of(olive).get("/workspace/programs/").content
    assert client_of(olive).get(url(program, "")).status_code == 404


def test_a_therapist_does_not_share_with_all_clinics(as_priya, program):
    as_priya.post(url(program, "share/"), {"visibility": "platform"})
    program.refresh_from_db()
    assert program.visibility == Visibility.PRIVATE


def test_the_platforms_programs_are_copied_where_there_are_several_clinics(as_priya, olive):
    starter = Program.objects.get(clinic=None, code="P1")
    assert as_priya.get(url(starter)).url == url(starter, "")
    as_priya.post(url(starter, "copy/"))
    copy = Program.objects.get(title="Numb feet starter (copy)")
    assert stored.content_of(copy).phases == stored.content_of(starter).phases


def test_the_preview_speaks_of_the_range_of_each_row(program, as_priya):
    whole = Exercise.objects.get(code="G06").steps[0]
    for dosage, said in (("2x10", True), ("2x10, knee at least 40", False)):
        changed = deepcopy(CONTENT)
        changed["phases"][0]["exercises"] = [{"exercise": "G06", "dosage": dosage}]
        program.refresh_from_db()
        actions.change_draft(
            program=program,
            content=ProgramContent.from_json(changed),
            stamp=program.draft_stamp,
            by=program.owner,
        )
        page = as_priya.get(url(program, "preview/")).content.decode()
        assert (escape(whole) in page) == said


@pytest.mark.parametrize("count", [1, 3])
def test_the_preview_costs_the_same_however_many(
    program, as_priya, count, django_assert_max_num_queries
):
    rows = [{"exercise": code, "dosage": "2x10"} for code in ("G01", "G06", "T01")[:count]]
    changed = deepcopy(CONTENT)
    changed["phases"][0]["exercises"] = rows
    actions.change_draft(
        program=program,
        content=ProgramContent.from_json(changed),
        stamp=program.draft_stamp,
        by=program.owner,
    )
    as_priya.get(url(program, "preview/"))
    with django_assert_max_num_queries(12 + OF_THE_WALL):
        as_priya.get(url(program, "preview/"))


def test_the_only_clinic_keeps_the_platforms_programs(as_priya):
    starter = Program.objects.get(clinic=None, code="P1")
    assert as_priya.get(url(starter)).status_code == 200


@pytest.mark.parametrize(
    "page", ["", "edit/", "preview/", "pick/?phase=0&q=g", "versions/", "export/"]
)
def test_nobody_else_enters(program, page, ana, ed):
    assert client_of(None).get(url(program, page)).status_code == 302
    for user in (ana.user, ed):
        assert client_of(user).get(url(program, page)).status_code == 404


@pytest.mark.parametrize("page", ["publish/", "discard/", "share/", "archive/", "copy/"])
def test_writes_are_posts_of_those_who_may(program, page, as_priya, olive):
    assert as_priya.get(url(program, page)).status_code == 405
    assert client_of(olive).post(url(program, page)).status_code == 404
    missing = f"/workspace/programs/{uuid.uuid4()}/{page}"
    assert as_priya.post(missing).status_code == 404


def test_an_archived_program_is_not_assigned(as_priya, program, episode):
    as_priya.post(url(program, "publish/"))
    page = f"/workspace/patients/{episode.patient_id}/plan/assign/"
    assert b"Ankles" in as_priya.get(page).content
    assert as_priya.post(url(program, "archive/"), follow=True).status_code == 200
    assert b"Ankles" not in as_priya.get(page).content
    assert b"Ankles" in as_priya.get("/workspace/programs/?archived").content


def test_a_file_goes_from_clinic_to_clinic(as_priya, program):
    text = as_priya.get(url(program, "export/")).content.decode()
    there = client_of(make_user(make_clinic("Hilltop"), "Olive", Role.THERAPIST, "hilltop.test"))
    looked = there.post("/workspace/programs/import/", {"text": text}).content.decode()
    assert "In the library already: B01, G01" in looked
    assert not Program.objects.filter(owner__email="olive@hilltop.test").exists()
    there.post("/workspace/programs/import/", {"text": text, "save": "yes"})
    made = Program.objects.get(owner__email="olive@hilltop.test")
    assert stored.content_of(made) == ProgramContent.from_json(CONTENT)


def test_a_faulty_file_is_refused_with_its_lines(as_priya):
    data = {"format": "footing-program", "version": 1, "exercises": [], "program": CONTENT}
    text = json.dumps(data, indent=1).replace("2x8", "plenty")
    page = as_priya.post("/workspace/programs/import/", {"text": text, "save": "yes"})
    content = page.content.decode()
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "plenty" in row)
    assert f"Line {line}: “plenty” is not understood" in content
    assert not Program.objects.filter(title="Ankles").exists()


def test_programs_cost_the_same_whatever_their_length(as_priya, program, django_assert_num_queries):
    as_priya.get(url(program))
    for _ in range(2):
        with django_assert_num_queries(6 + OF_THE_WALL):
            as_priya.get(url(program))
        for code in ("G02", "G03", "B02"):
            exercise = Exercise.objects.get(code=code)
            post(as_priya, program, "add_row", phase=0, exercise=exercise.uuid)
