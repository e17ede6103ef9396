import re

import pytest
from django.utils import translation

from programs.motion import Motion, describe, figure_svg

SENTENCES = {
    "G01": "Sitting: the knee straightens while the head lifts and the toes come up.",
    "G02": "Lying on your back: the knee straightens while the toes point away.",
    "G05": (
        "Sitting: the knee straightens while the head lifts, with the foot kept turned down and in."
    ),
    "G06": (
        "Lying on your side, the moving leg on top: the knee straightens while the thigh goes back."
    ),
    "G07": (
        "Sitting with your legs out and a roll under the knee: the knee straightens while "
        "the toes point away and the sole turns back to level."
    ),
    "G09": "Sitting: the knee straightens while the foot comes up and the toes bend back.",
    "G11": (
        "Lying on your back with a strap round the foot: the toes point away while the "
        "leg lifts, with the knee kept almost straight."
    ),
    "T03": (
        "Sitting with your legs out and a strap round the foot: the toes bend back while "
        "the knee straightens and the foot comes up."
    ),
    "T04": (
        "Lying on your back: the knee straightens while the toes point away, the sole "
        "turns in and the leg lifts."
    ),
    "T07": (
        "Standing at a counter: the knee straightens while the leg goes back and the sole "
        "turns out."
    ),
    "B01": (
        "Sitting: one hand reaches forward while the body leans forward and to the right "
        "and the weight goes forward over the right foot."
    ),
    "B02": "Sitting at a counter: lean forward, then rise from the chair to stand tall.",
    "B03": "Standing at a counter: the weight goes from the toes to the heels.",
    "B04": (
        "Standing at a counter: the body leans to the right while the weight goes from "
        "the left foot to the right foot."
    ),
    "B05": "Standing at a counter: rise onto the balls of the feet, then lift the toes.",
    "B06": "Standing at a counter: the feet come together.",
    "B09": (
        "Standing at a counter, a helper with you: the right foot lifts and you stand on the left."
    ),
    "B10": (
        "Standing at a counter: the left foot steps out to the side while the weight goes "
        "over the left foot."
    ),
    "B11": (
        "Standing beside a counter: the left foot taps on the step while the weight goes "
        "over the right foot."
    ),
    "B12": "Standing at a counter: the head turns slowly from the left to the right.",
    "B13": "Standing beside a counter: step one foot past the other, heel to toe.",
    "B14": (
        "Standing beside a counter: the left foot reaches forward while the weight goes forward."
    ),
    "B15": (
        "Standing in a corner, a chair in front and a helper beside you: the feet stand "
        "hip-width apart on firm foam."
    ),
    "B16": ("Standing in a corner, a chair in front and a helper beside you: the eyes close."),
}


def test_says_the_helper_whom_an_exercise_declares(by_code):
    step = describe(Motion.from_json(by_code["B14"]["motion"]), has_helper=True)
    assert step.startswith("Standing beside a counter, a helper with you: ")


@pytest.mark.parametrize("code", SENTENCES)
def test_says_what_moves(by_code, code):
    assert describe(Motion.from_json(by_code[code]["motion"])) == SENTENCES[code]


def test_is_one_plain_sentence(motion, exercise):
    text = describe(motion)
    assert text.endswith(".")
    assert text.count(".") == 1
    for term in ("dorsiflex", "flexion", "extension", "eversion", "°"):
        assert term not in text


def test_mirror_names_the_other_foot(motion, balance_exercise):
    other = {"left": "right", "right": "left"}
    swapped = re.sub(r"\b(left|right)\b", lambda found: other[found[0]], describe(motion))
    assert describe(motion.mirrored()) == swapped


def test_the_movement_is_told_in_spanish(by_code):
    with translation.override("es"):
        said = {code: describe(Motion.from_json(one["motion"])) for code, one in by_code.items()}
    assert said["G01"].startswith("En posición sentada: la rodilla se extiende mientras ")
    english = {code: describe(Motion.from_json(one["motion"])) for code, one in by_code.items()}
    for code, sentence in said.items():
        shared = set(sentence.lower().split()) & set(english[code].lower().split())
        assert shared <= {"a"}, code


def test_a_figure_is_named_in_the_language_that_is_read(by_code):
    motion = Motion.from_json(by_code["G01"]["motion"])
    english = figure_svg(motion, kind="glide")
    with translation.override("es"):
        spanish = figure_svg(motion, kind="glide")
    assert "the knee straightens" in english
    assert "the knee straightens" not in spanish
    assert ">Comienzo<" in spanish
    assert ">Start<" in english
