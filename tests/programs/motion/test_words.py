import re

import pytest

from programs.motion import Motion, describe

SENTENCES = {
    "G01": "Sitting: the knee straightens while the head lifts and the toes come up.",
    "G02": "Lying on your back: the knee straightens while the toes point away.",
    "G06": "Lying on your side: the knee straightens while the thigh goes back.",
    "G09": "Sitting: the knee straightens while the foot comes up and the toes bend back.",
    "T03": (
        "Sitting with your legs out: the toes bend back while the knee straightens and the foot "
        "comes up."
    ),
    "T07": "Standing: the knee straightens while the leg goes back and the sole turns out.",
    "B01": (
        "Sitting: the body leans forward and to the right while the weight goes forward over the "
        "right foot."
    ),
    "B02": "Standing: lean forward and rise from the chair to stand tall.",
    "B05": "Standing: rise onto the balls of the feet, then lift the toes.",
    "B06": "Standing: the feet come together.",
    "B09": "Standing: the right foot lifts.",
    "B10": (
        "Standing: the left foot steps out to the side while the weight goes over the left foot."
    ),
    "B12": "Standing: the head turns slowly to the right.",
    "B13": "Standing: step one foot past the other, heel to toe.",
    "B16": "Standing: hold still.",
}


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
