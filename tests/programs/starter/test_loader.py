from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction

from cms.models import Source
from programs.actions import programs
from programs.documents import content as documents
from programs.documents import stored
from programs.models import Exercise, Measure, Program
from programs.motion import rule
from programs.starter import loader

pytestmark = pytest.mark.django_db


def test_all_of_the_starter_library_is_there():
    assert Exercise.objects.filter(clinic=None).count() == 40
    assert Program.objects.filter(clinic=None).count() == 7
    assert Measure.objects.filter(shipped=True).count() == 15
    assert Source.objects.count() >= 55


def test_a_second_run_changes_nothing():
    stamps = dict(Exercise.objects.values_list("code", "updated_at"))
    report = loader.load()
    assert report.skipped == []
    assert "exercises added" not in report.counts
    assert "exercises updated" not in report.counts
    assert set(stamps) == set(Exercise.objects.values_list("code", flat=True))


def test_what_a_therapist_edited_is_left_alone_and_named():
    Exercise.objects.filter(code="G01").update(cue="My own words.")
    program = Program.objects.get(code="P1")
    ours = documents.change(stored.content_of(program), summary="Ours.")
    programs.write(program, ours, by=None)
    output = StringIO()
    call_command("load_library", stdout=output)
    assert Exercise.objects.get(code="G01").cue == "My own words."
    assert Program.objects.get(code="P1").summary == "Ours."
    assert "skipped, edited here: G01" in output.getvalue()
    assert "skipped, edited here: P1" in output.getvalue()


def test_an_untouched_entry_follows_a_new_starter_version(monkeypatch):
    entries = loader.read("exercises_glide.yaml")
    entries[0]["cue"] = "A newer cue."
    original = loader.read
    monkeypatch.setattr(
        loader, "read", lambda name: entries if name == "exercises_glide.yaml" else original(name)
    )
    report = loader.load()
    assert report.counts["exercises updated"] == 1
    assert Exercise.objects.get(code="G01").cue == "A newer cue."


def test_every_nerve_exercise_keeps_the_load_rule():
    for exercise in Exercise.objects.filter(kind__in=["glide", "tension"]):
        assert rule(exercise.nerve, exercise.motion) == exercise.kind, exercise


def test_low_certainty_is_what_the_brief_marks():
    low = Exercise.objects.filter(certainty="low")
    of_nerves = low.filter(kind__in=["glide", "tension"]).values_list("code", flat=True)
    assert set(of_nerves) == {"G05", "G08", "G09", "T05", "T07", "T09"}


@pytest.mark.parametrize("kind", ["balance", "strength"])
def test_what_is_not_known_for_numb_feet_is_of_low_certainty(kind):
    """Balance tests get better, by weak evidence, and falls are not known (ma2026)."""
    assert {row.certainty for row in Exercise.objects.filter(kind=kind)} == {"low"}


def test_b16_is_off_for_home_use_and_nothing_else():
    assert list(Exercise.objects.filter(home_use=False).values_list("code", flat=True)) == ["B16"]


def test_every_standing_exercise_has_the_safety_setup():
    for exercise in Exercise.objects.filter(pose="stand"):
        assert {"counter", "chair", "shoes", "floor"} <= set(exercise.safety_setup), exercise


def test_variants_and_citations_are_linked():
    slide = Exercise.objects.get(code="G10")
    assert [one.code for one in slide.easier_exercises.all()] == ["G01"]
    assert slide.citations.filter(key="coppieters2008").exists()


def test_an_impossible_angle_is_refused_with_its_joint():
    exercise = Exercise.objects.get(code="G01")
    exercise.motion_data = {**exercise.motion_data, "A": {"knee": 200}}
    with pytest.raises(ValidationError, match="knee"):
        exercise.full_clean()


@pytest.mark.parametrize("changed", [{"nerve": ""}, {"level": 3}, {"sets": 0}])
def test_the_database_refuses_an_exercise_that_makes_no_sense(changed):
    with pytest.raises(IntegrityError), transaction.atomic():
        Exercise.objects.filter(code="G01").update(**changed)


def test_steps_with_commas_survive_the_editors_form():
    field = Exercise._meta.get_field("steps").formfield()
    assert field.clean("One, two.\r\nThree, four.") == ["One, two.", "Three, four."]
