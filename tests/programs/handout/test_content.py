"""What goes on paper: the phase, its days, its pictures, and when it is not to be handed out."""

import datetime as dt

import pytest

from patients.actions import episodes
from programs.actions import phases, plans
from programs.handout import loading, words

ADDRESS = "https://footing.test/portal/"
pytestmark = pytest.mark.django_db


def version(plan):
    return loading.version(plan, address=ADDRESS)


def test_boxes_are_on_the_days_on_which_an_exercise_is_due(handout, plan):
    row = plan.prescriptions.filter(phase__number=1).first()
    assert row.days_per_week == 6
    assert handout.items[0].ticks == (1, 1, 1, 1, 1, 1, 0)
    assert sum(handout.items[2].ticks) == 5


def test_as_many_boxes_as_times_a_day(draft, priya):
    row = draft.prescriptions.filter(phase__number=1).first()
    row.times_per_day, row.weekdays, row.days_per_week = 3, [1, 4], 2
    row.save()
    assert version(draft).items[0].ticks == (0, 3, 0, 0, 3, 0, 0)
    assert list(version(draft).items[0].boxes) == [0, 1, 2]


def test_an_exercise_in_the_patients_words(handout, plan):
    item, shown = handout.items[0], plan.prescriptions.filter(phase__number=1).first().shown
    assert (item.title, item.kind_words) == (shown.plain_title, "gentle slide")
    assert item.steps == tuple(shown.steps)
    assert [picture.caption for picture in item.pictures] == ["Start", "End"]
    assert all("print-figure" in picture.svg for picture in item.pictures)
    assert handout.date_words.endswith(str(handout.day.year))


def test_what_is_left_out_of_the_plan_is_not_on_paper(draft):
    row = draft.prescriptions.filter(phase__number=1).first()
    row.included = False
    row.save()
    assert row.shown.plain_title not in [item.title for item in version(draft).items]


def test_an_angle_limit_changes_the_drawn_end(draft):
    free = version(draft).items[0].pictures
    draft.caps = {"knee_min": 60}
    draft.save()
    capped = version(draft).items[0].pictures
    assert capped[1].svg != free[1].svg


def test_the_clinics_own_pictures_take_the_drawings_place_where_it_is_off(draft):
    row = draft.prescriptions.filter(phase__number=1).first()
    row.snapshot = row.shown.to_json() | {
        "shows_figure": False,
        "media": [{"kind": "image", "file": "kept/x.webp", "alt": "A chair.", "caption": "So."}],
    }
    row.save()
    (picture,) = version(draft).items[0].pictures
    assert (picture.alt, picture.caption, picture.svg) == ("A chair.", "So.", "")
    assert picture.address.endswith("kept/x.webp")


def test_the_set_up_is_that_of_the_portal(handout):
    assert "A firm counter, sink or rail is in front of me, at hip height." in handout.safety


def test_the_phase_is_the_one_of_the_day(plan, priya, ana):
    second = plan.phases.get(number=2)
    phases.start(phase=second, by=priya, reason="Going well.")
    assert loading.current(ana, address=ADDRESS).phase == f"2: {second.title}"


def test_the_plan_in_force_has_no_mark(plan):
    assert version(plan).mark == ""


def test_a_draft_is_marked_and_not_the_patients(draft, ana):
    assert version(draft).mark == words.DRAFT
    assert len(version(draft).items) == 4
    assert loading.current(ana, address=ADDRESS) is None


def test_an_older_a_later_and_an_ended_version_say_so(plan, priya):
    later = plans.adapt(plan=plan, by=priya, reason="A step further.")
    later.starts_on = later.clinic.today() + dt.timedelta(days=5)
    later.save()
    later = plans.activate(plan=later, by=priya)
    plan.refresh_from_db()
    assert version(plan).mark == ""  # it holds until then
    assert version(later).mark.startswith("This version begins on ")
    sooner = plans.adapt(plan=later, by=priya, reason="Another step on.")
    assert sooner.starts_on == later.starts_on  # it would follow the one that waits
    plans.change(plan=sooner, by=priya, starts_on=later.clinic.today())
    newest = plans.activate(plan=sooner, by=priya)
    plan.refresh_from_db()
    newest.refresh_from_db()
    assert {words.OLD, version(newest).mark} == {version(plan).mark, ""}
    ended = plans.end(plan=newest, by=priya, outcome="goals_met")
    assert version(ended).mark == words.ENDED


def test_a_stopped_plan_is_marked_for_the_therapist_and_not_given_to_the_patient(plan, priya, ana):
    episodes.record_screen(episode=plan.episode, present=["cauda_equina"], by=priya)
    assert version(plan).mark == words.STOPPED
    assert loading.current(ana, address=ADDRESS) is None


def test_the_code_and_the_data_hold_no_health_words(handout):
    assert handout.address == ADDRESS
    assert "Ana" not in handout.qr


def test_loading_costs_the_same_for_a_long_phase(plan, ana, django_assert_num_queries):
    with django_assert_num_queries(5):
        loading.current(ana, address=ADDRESS)
