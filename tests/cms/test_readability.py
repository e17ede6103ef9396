"""The reading grade against texts whose grade is known in advance."""

import re

import pytest

from cms.readability import grade, verdict
from programs.models import Exercise
from tests.conftest import client_of


def test_the_grade_of_plain_and_hard_words():
    assert grade("The cat sat. The dog ran.") == 0.0
    # 0.39 × 10 words + 11.8 × 1 syllable a word − 15.59 = 0.11
    assert grade("The big red dog ran to the old man fast.") == 0.1
    assert grade("Peripheral neuropathy considerations necessitate multidisciplinary care.") > 20


@pytest.mark.parametrize("text", ["", "   ", "12 – 34"])
def test_a_text_without_words_has_no_grade(text):
    assert grade(text) is None
    assert verdict(text) == ""


def test_the_verdict_says_what_to_do():
    assert "plain" in verdict("Lift your toes. Let them drop.")
    assert "too hard" in verdict("Neurodynamic considerations necessitate individualization.")


@pytest.mark.django_db
def test_every_cue_and_patient_title_is_plain():
    for exercise in Exercise.objects.all():
        assert grade(exercise.cue) <= 6, exercise.cue


@pytest.mark.django_db
def test_the_grade_is_told_to_writers_only(priya, ana):
    answer = client_of(priya).post("/cms/reading-grade/", {"text": "Lift your toes."})
    assert answer.json()["verdict"].startswith("Reading grade 0")
    assert client_of(ana.user).post("/cms/reading-grade/", {"text": "x"}).status_code == 404
    assert client_of(priya).get("/cms/reading-grade/").status_code == 405


@pytest.mark.django_db
def test_what_patients_take_care_of_is_in_their_words():
    """No codes, no trade words, grade 6 or less, for every exercise with precautions."""
    for exercise in Exercise.objects.filter(clinic=None):
        assert bool(exercise.patient_care) == bool(exercise.precautions), exercise
        if exercise.patient_care:
            assert grade(exercise.patient_care) <= 6, (exercise, grade(exercise.patient_care))
        words = [exercise.patient_care, *(text.patient_care for text in exercise.texts.all())]
        for text in words:
            assert not re.search(r"\b[GTB]\d\d\b|\bPT\b|\bdeg\b|°|strain|trial|clearance", text), (
                text
            )
