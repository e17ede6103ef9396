"""An exercise in another language: frozen with the plan, read where there are words for it."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from wagtail.models import Locale

from programs.actions import library, plans
from programs.library.plain import exercise_json
from programs.models import Exercise, ExerciseText
from programs.models.exercise_text import SPOKEN, texts_from, texts_json
from programs.starter import loader
from tests.conftest import make_plan

pytestmark = pytest.mark.django_db

WORDS = {
    "patient_title": "Mire arriba",
    "steps": ["Siéntese.", "Mire arriba."],
    "tempo": "sin parar",
}


@pytest.fixture
def spanish():
    """G01 with its Spanish words, whatever the starter library has."""
    exercise = Exercise.objects.get(code="G01", clinic=None)
    exercise.texts.set(texts_from({"es": WORDS}))
    exercise.save()
    return exercise


def row_of(episode, priya, code="G01"):
    plan = make_plan(episode, priya)
    return plan.prescriptions.get(exercise__code=code, phase__number=1)


def test_a_frozen_plan_speaks_both_languages(spanish, episode, priya):
    row = row_of(episode, priya)
    assert row.shown.plain_title == spanish.patient_title
    spanish.texts.all().delete()
    with translation.override("es"):
        row = type(row).objects.get(pk=row.pk)
        assert row.shown.plain_title == "Mire arriba"
        assert row.shown.steps == WORDS["steps"]
        assert row.tempo_text.endswith("sin parar")
        assert row.shown.cue == spanish.cue  # left empty: read in English
        assert not row.shown.is_in_english_instead


def test_a_tempo_of_a_therapist_is_not_replaced(spanish, episode, priya):
    row = row_of(episode, priya)
    row.tempo = "as slow as you can"
    with translation.override("es"):
        assert row.tempo_text.endswith("as slow as you can")


def test_without_words_it_says_that_it_is_english(episode, priya, as_ana, ana):
    Exercise.objects.get(code="G01").texts.all().delete()
    row = row_of(episode, priya)
    with translation.override("es"):
        assert type(row).objects.get(pk=row.pk).shown.is_in_english_instead
    assert not row.shown.is_in_english_instead


def test_new_words_are_offered_as_a_change_of_the_library(episode, priya):
    Exercise.objects.get(code="G01").texts.all().delete()
    plan = make_plan(episode, priya)
    exercise = Exercise.objects.get(code="G01")
    exercise.texts.set(texts_from({"es": WORDS}))
    exercise.save()
    draft = plans.adapt(plan=plan, by=priya, reason="In Spanish now.")
    row = draft.prescriptions.select_related("exercise").get(exercise__code="G01", phase__number=1)
    assert row.kept.changes_to(type(row.kept).of(row.exercise, {})) == ["Other languages: changed"]


def test_a_copy_and_a_file_take_the_languages_along(spanish, priya):
    assert texts_json(library.copy_exercise(exercise=spanish, by=priya).texts.all()) == {
        "es": WORDS
    }
    assert exercise_json(spanish)["texts"] == {"es": WORDS}


@pytest.mark.parametrize("data", [{"xx": WORDS}, {"es": {"motion": "x"}}])
def test_what_is_no_language_or_no_field_is_refused(data):
    with pytest.raises(ValueError, match="no language"):
        texts_from(data)


def test_a_language_comes_once(spanish):
    text = ExerciseText(exercise=spanish, locale=Locale.objects.get(language_code="es"))
    with pytest.raises(ValidationError, match="there already"):
        text.full_clean()


def test_the_starter_library_is_spanish_throughout():
    english = [entry for name in loader.EXERCISE_FILES for entry in loader.read(name)]
    spanish = {entry["code"]: entry for entry in loader.read("texts_es.yaml")}
    assert list(spanish) == [entry["code"] for entry in english]
    for entry in english:
        words = spanish[entry["code"]]
        assert len(words["steps"]) == len(entry["steps"])
        for name in SPOKEN:
            # A title for patients is there even where English has none; else neither or both.
            assert bool(words.get(name)) == bool(entry.get(name) or name == "patient_title"), name


def test_public_pages_are_read_in_spanish(client) -> None:
    exercise = Exercise.objects.public().first()
    listed = client.get("/es/exercises/").content.decode()
    assert '<html lang="es"' in listed
    assert "Ejercicios" in listed
    assert f'href="/es/exercises/{exercise.uuid}/"' in listed
    page = client.get(f"/es/exercises/{exercise.uuid}/").content.decode()
    assert f'<a href="/exercises/{exercise.uuid}/" lang="en" hreflang="en">English</a>' in page
    assert "Pare y busque ayuda" in page
    english = client.get(f"/exercises/{exercise.uuid}/").content.decode()
    assert "Pare y busque ayuda" not in english
