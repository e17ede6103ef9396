"""The plan composer: each small post saves, is told when it comes late, and can be taken back."""

import pytest

from accounts.models import AuditEvent
from programs.actions import plans, prescriptions
from programs.models import Exercise, Plan, Prescription, Program, ProgressForm
from tests.conftest import OF_THE_WALL, make_episode, make_plan

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def url(plan, page=""):
    return f"/workspace/plans/{plan.pk}/{page}"


def post(client, plan, do, headers=HTMX, **data):
    stamp = Plan.objects.get(pk=plan.pk).stamp
    return client.post(url(plan), {"do": do, "stamp": stamp, **data}, headers=headers)


def line(row, **changed):
    """What the line's form sends."""
    values = {"line": row.pk, "dosage": "", "note": row.note, "gate_reason": row.gate_reason}
    if changed.pop("included", row.included):
        values["included"] = "on"
    return values | changed


def exercise(code):
    return Exercise.objects.get(code=code, clinic=None)


def codes(plan, number=1):
    rows = plan.prescriptions.filter(phase__number=number).order_by("order")
    return list(rows.values_list("exercise__code", flat=True))


def assign_url(patient):
    return f"/workspace/patients/{patient.pk}/plan/assign/"


def test_assigning_from_the_list_opens_the_composer(as_priya, episode, ana):
    page = as_priya.get(assign_url(ana))
    assert b"P1 Numb feet starter" in page.content
    program = Program.objects.get(code="P1")
    answer = as_priya.post(assign_url(ana), {"program": program.uuid})
    draft = Plan.objects.get()
    assert answer.url == url(draft)
    composer = as_priya.get(answer.url)
    assert b"G01 Seated sciatic-tibial glide" in composer.content
    assert b"exercises on one day" not in composer.content


@pytest.mark.parametrize("program", ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
def test_assigning_an_unknown_program_makes_nothing(as_priya, episode, ana, program):
    page = as_priya.post(assign_url(ana), {"program": program}, follow=True)
    assert b"Choose a program of the list." in page.content
    assert not Plan.objects.exists()


def test_assigning_without_an_episode_leads_there(as_priya, ana):
    answer = as_priya.get(assign_url(ana))
    assert answer.url == f"/workspace/patients/{ana.pk}/episode/"


def test_low_certainty_is_labelled_wherever_a_therapist_chooses(as_priya, draft, priya):
    prescriptions.add(phase=draft.phases.first(), exercise=exercise("G05"), by=priya)
    for page in ("/workspace/library/", url(draft),
                 f"/workspace/library/{exercise('G05').uuid}/",
                 f"/workspace/programs/{Program.objects.get(code='P5').uuid}/"):  # fmt: skip
        assert b"Low certainty" in as_priya.get(page).content, page
    found = as_priya.get(url(draft, "pick/"), {"phase": 1, "q": "G05"}).content
    assert b"low certainty" in found


def test_a_dosage_in_words_is_saved_and_shown_back(as_priya, draft):
    row = draft.prescriptions.first()
    page = post(as_priya, draft, "line", **line(row, dosage="3x12 twice a day, left"))
    row.refresh_from_db()
    assert (row.sets, row.reps, row.times_per_day, row.side) == (3, 12, 2, "left")
    assert "3×12, out 2 s, back 2 s, twice a day, 6 days a week, left" in page.content.decode()


@pytest.mark.parametrize(
    ("words", "said"),
    [("99x10", "out of range"), ("3 hops", "not understood"), ("", "required")],
)
def test_a_dosage_that_is_not_understood_keeps_what_was_typed(as_priya, draft, words, said):
    row = draft.prescriptions.first()
    page = post(as_priya, draft, "line", **line(row, dosage=words)).content.decode()
    assert f'value="{words}"' in page
    assert said in page
    row.refresh_from_db()
    assert row.sets == 2


def test_tension_asks_for_a_reason_in_the_line(as_priya, priya, ana):
    draft = make_plan(make_episode(ana, priya, irritability="high"), priya, active=False)
    row = draft.prescriptions.get(exercise__code__startswith="T")
    refused = post(as_priya, draft, "line", **line(row, dosage="1x6", included=True))
    assert b"Say why, in a sentence" in refused.content
    assert not Prescription.objects.get(pk=row.pk).included
    post(as_priya, draft, "line",
         **line(row, dosage="1x6", included=True, gate_reason="Calm since Monday."))  # fmt: skip
    assert Prescription.objects.get(pk=row.pk).included


def test_without_script_a_change_saves_and_comes_back(as_priya, draft):
    row = draft.prescriptions.first()
    answer = post(as_priya, draft, "line", headers={}, **line(row, dosage="2x12"))
    assert answer.url == url(draft)
    row.refresh_from_db()
    assert row.reps == 12


def test_a_late_window_is_told_and_nothing_is_overwritten(as_priya, draft, colm):
    row = draft.prescriptions.first()
    late = {"do": "line", "stamp": draft.stamp, **line(row, dosage="5x5")}
    prescriptions.change(prescription=row, by=colm, sets=4)
    page = as_priya.post(url(draft), late, headers=HTMX)
    assert b"Colm Therapist" in page.content
    assert b"changed this draft meanwhile" in page.content
    row.refresh_from_db()
    assert row.sets == 4


def test_two_windows_of_one_therapist_are_told_too(as_priya, draft, priya):
    row = draft.prescriptions.first()
    late = {"do": "remove", "stamp": draft.stamp, "line": row.pk}
    prescriptions.change(prescription=row, by=priya, sets=4)
    page = as_priya.post(url(draft), late, headers=HTMX)
    assert b"You, in another window, changed this draft meanwhile" in page.content
    assert Prescription.objects.filter(pk=row.pk).exists()


def test_days_are_chosen_in_the_week_grid(as_priya, draft):
    row = draft.prescriptions.first()
    page = post(as_priya, draft, "days", line=row.pk, days=["0", "2", "4"])
    row.refresh_from_db()
    assert (row.weekdays, row.days_per_week) == ([0, 2, 4], 3)
    assert b"by hand" in page.content
    # A new number of days in words gives the choice of days back to the plan.
    post(as_priya, draft, "line", **line(row, dosage="5 days a week"))
    row.refresh_from_db()
    assert (row.weekdays, row.days_per_week) == (None, 5)


def test_a_line_goes_up_and_down(as_priya, draft):
    before = codes(draft)
    row = draft.prescriptions.filter(phase__number=1).order_by("order")[1]
    post(as_priya, draft, "move", line=row.pk, to=0)
    assert codes(draft) == [before[1], before[0], *before[2:]]


def test_the_harder_and_the_easier_form_are_one_click_away(as_priya, draft):
    row = draft.prescriptions.get(exercise__code="G01", phase__number=1)
    assert "Harder: G10" in as_priya.get(url(draft)).content.decode()
    page = post(as_priya, draft, "swap", line=row.pk, exercise=exercise("G10").uuid)
    assert codes(draft)[0] == "G10"
    assert "Easier: G01" in page.content.decode()


def test_only_the_same_kind_takes_its_place(as_priya, draft):
    row = draft.prescriptions.get(exercise__code="G01", phase__number=1)
    page = post(as_priya, draft, "swap", line=row.pk, exercise=exercise("T01").uuid)
    assert b"not an alternative here" in page.content
    assert codes(draft)[0] == "G01"


def test_an_exercise_is_found_and_added_and_taken_out(as_priya, draft):
    found = as_priya.get(url(draft, "pick/"), {"phase": 2, "q": "B12"})
    assert b"B12" in found.content
    post(as_priya, draft, "add", phase=2, exercise=exercise("B12").uuid)
    assert codes(draft, 2)[-1] == "B12"
    row = draft.prescriptions.get(exercise__code="B12")
    post(as_priya, draft, "remove", line=row.pk)
    assert "B12" not in codes(draft, 2)


def test_each_change_can_be_taken_back(as_priya, draft):
    before = codes(draft)
    row = draft.prescriptions.first()
    post(as_priya, draft, "line", **line(row, dosage="4x4"))
    post(as_priya, draft, "remove", line=row.pk)
    page = as_priya.get(url(draft)).content.decode()
    assert "Undo: G01 removed" in page
    post(as_priya, draft, "undo")
    assert codes(draft) == before
    assert Prescription.objects.get(pk=row.pk).sets == 4
    page = post(as_priya, draft, "undo").content.decode()
    assert "Taken back: G01 changed." in page
    assert Prescription.objects.get(pk=row.pk).sets == 2
    assert "Undo" not in page
    assert b"nothing to take back" in post(as_priya, draft, "undo").content


@pytest.mark.parametrize(
    ("do", "data"),
    [
        ("nonsense", {}),
        ("", {}),
        ("swap", {"exercise": "\x00"}),
        ("swap", {"exercise": "00000000-0000-4000-8000-000000000000"}),
        ("add", {"phase": "9", "exercise": ""}),
        ("move", {"to": "-1"}),
        ("line", {"line": "not-an-id"}),
    ],
)
def test_a_post_that_no_page_sends_is_404(as_priya, draft, do, data):
    row = draft.prescriptions.first()
    assert post(as_priya, draft, do, **{"line": row.pk, **data}).status_code == 404


def test_a_line_of_another_draft_is_not_found_in_this_one(as_priya, draft, priya, colm, bert):
    theirs = make_plan(make_episode(bert, colm), colm, active=False).prescriptions.first()
    page = post(as_priya, draft, "remove", line=theirs.pk)
    assert b"not in the draft any more" in page.content
    assert Prescription.objects.filter(pk=theirs.pk).exists()


def settings_data(draft, **changed):
    today = draft.clinic.today()
    return {
        "starts_on": today.isoformat(),
        "weekdays": ["0", "2", "4"],
        "forms": [ProgressForm.objects.get(code="weekly-four").pk],
        "note": "Slowly.",
        **changed,
    }


def test_settings_of_a_draft(as_priya, draft):
    post(as_priya, draft, "settings", **settings_data(draft))
    draft.refresh_from_db()
    assert draft.weekdays == [0, 2, 4]
    chosen = {(due.phase.number, due.version.form.code) for due in draft.forms.all()}
    assert chosen == {(1, "weekly-four"), (2, "weekly-four"), (3, "weekly-four")}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"weekdays": []}, b"Choose at least one day"),
        ({"starts_on": "2020-01-01"}, b"today or a later day"),
        ({"starts_on": "soon"}, b"valid date"),
    ],
)
def test_bad_settings_are_said_and_not_saved(as_priya, draft, changed, words):
    page = post(as_priya, draft, "settings", **settings_data(draft, note="Keep me.") | changed)
    assert words in page.content
    assert b"Keep me." in page.content
    assert Plan.objects.get(pk=draft.pk).note == ""


def activate(client, draft, **data):
    stamp = Plan.objects.get(pk=draft.pk).stamp
    return client.post(url(draft, "activate/"), {"stamp": stamp, **data})


def test_activating_from_the_composer(as_priya, draft, ana):
    answer = activate(as_priya, draft)
    assert answer.url == f"/workspace/patients/{ana.pk}/plan/"
    assert Plan.objects.get(pk=draft.pk).is_active
    # The back button's second click meets a frozen plan and a sentence.
    again = as_priya.post(url(draft, "activate/"), {"stamp": 0}, follow=True)
    assert b"activated this version" in again.content


def test_nobody_activates_what_they_have_not_seen(as_priya, draft, colm):
    seen = draft.stamp
    prescriptions.remove(prescription=draft.prescriptions.first(), by=colm)
    page = as_priya.post(url(draft, "activate/"), {"stamp": seen}, follow=True)
    assert b"changed this draft meanwhile" in page.content
    assert Plan.objects.get(pk=draft.pk).is_draft


def test_a_change_wants_its_reason_and_shows_what_changes(as_priya, plan, priya):
    draft = plans.adapt(plan=plan, by=priya)
    row = draft.prescriptions.first()
    page = post(as_priya, draft, "line", **line(row, dosage="3x10")).content.decode()
    assert "G01 2×10, out 2 s, back 2 s, once a day, 6 days a week, right → 3×10" in page
    refused = as_priya.post(url(draft, "activate/"), {"stamp": 1}, follow=True)
    assert b"Say why the plan changes" in refused.content
    activate(as_priya, draft, change_reason="Going well.")
    active = Plan.objects.get(pk=draft.pk)
    assert active.is_active
    assert active.change_reason == "Going well."


def test_what_stops_activation_is_said(as_priya, priya, ana):
    draft = make_plan(make_episode(ana, priya, screened=False), priya, active=False)
    page = as_priya.get(url(draft))
    assert b"red-flag screen has not been answered" in page.content
    assert b"disabled" in page.content
    activate(as_priya, draft)
    assert not Plan.objects.get(pk=draft.pk).is_active


def test_the_library_s_newer_version_is_shown_and_taken(as_priya, plan, priya):
    Exercise.objects.filter(code="G01").update(cue="A better cue.")
    draft = plans.adapt(plan=plan, by=priya)
    row = draft.prescriptions.get(exercise__code="G01")
    page = as_priya.get(url(draft)).content.decode()
    assert "Cue: “" in page
    assert "→ “A better cue.”" in page
    post(as_priya, draft, "from_library", line=row.pk)
    row.refresh_from_db()
    assert row.snapshot is None
    page = as_priya.get(url(draft)).content.decode()
    assert "The library has a newer version</summary>" not in page
    assert "text or movement: Cue" in page  # it is a change of the plan now


def test_the_preview_shows_what_the_patient_will_read(as_priya, draft):
    page = as_priya.get(url(draft, "preview/"))
    assert b"gentle slide" in page.content
    assert b"Look up as your leg goes out" in page.content
    assert b"not watched all day" in page.content
    later = as_priya.get(url(draft, "preview/?phase=3")).content
    assert b"light stretch" in later


@pytest.mark.parametrize("page", ["", "preview/"])
def test_looking_at_a_draft_is_audited(as_priya, draft, page):
    as_priya.get(url(draft, page))
    assert AuditEvent.objects.filter(action="patient.read").count() == 1


def test_a_page_shown_by_a_refused_form_is_audited(as_priya, draft):
    post(as_priya, draft, "settings", **settings_data(draft, weekdays=[]))
    assert AuditEvent.objects.filter(action="patient.read").count() == 1


def test_queries_of_the_composer_do_not_grow_with_the_plan(
    as_priya, priya, ana, django_assert_num_queries
):
    draft = make_plan(make_episode(ana, priya), priya, "P1", active=False)
    as_priya.get(url(draft))
    with django_assert_num_queries(20 + OF_THE_WALL):
        as_priya.get(url(draft))
    for code in ("B04", "B09", "B12", "G05"):
        prescriptions.add(phase=draft.phases.first(), exercise=exercise(code), by=priya)
    with django_assert_num_queries(20 + OF_THE_WALL):
        as_priya.get(url(draft))
