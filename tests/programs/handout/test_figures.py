"""Pictures for paper: no color, no variable, every limb with a line round it."""

import json
import re
from pathlib import Path

import pytest
import segno
from django.conf import settings

from programs.handout import figures
from programs.motion import Motion
from programs.motion.people import HELPERS, PEOPLE, shown_in

STYLES = (settings.BASE_DIR / "static" / figures.STYLES).read_text()
STARTER = json.loads(
    (Path(__file__).parents[1] / "motion" / "exercises.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def pairs():
    """Start and end of each starter exercise, by its id."""
    return {
        one["id"]: figures.printed_pair(
            Motion.from_json(one["motion"]),
            kind=one["kind"],
            nerve=one.get("nerve"),
            person=shown_in(one["id"]),
        )
        for one in STARTER
    }


def test_start_and_end_stand_still_and_differ(pairs):
    for start, end in pairs.values():
        assert "<animate" not in start + end
    assert all(pairs[code][0] != pairs[code][1] for code in ("G01", "T01", "B02"))


def test_the_nerve_is_drawn_for_nerve_exercises_only(pairs):
    assert "f-nerve" in pairs["G01"][0]
    assert "f-nerve" not in pairs["B02"][0]


def test_the_palette_is_gray_and_knows_every_class_that_is_drawn(pairs):
    assert "var(" not in STYLES
    for color in re.findall(r"#([0-9a-f]+)\b", STYLES):
        third = len(color) // 3
        assert color == color[:third] * 3, color
    svgs = "".join(svg for pair in pairs.values() for svg in pair)
    drawn = set(" ".join(re.findall(r'class="([^"]+)"', svgs)).split())
    known = set(re.findall(r"\.([\w-]+)", STYLES))
    looks = set(" ".join(person.looks for person in (*PEOPLE, *HELPERS)).split())
    assert drawn - known - looks == {"f-near"}  # which looks like what it is of


def test_a_hard_copier_keeps_every_line():
    strokes = set(re.findall(r"stroke: (#\w+)", STYLES))
    assert strokes <= {"#000", "#222", "#fff"}


def test_a_file_of_its_own_has_namespace_and_palette(pairs):
    alone = figures.standalone(pairs["G01"][0])
    assert alone.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert alone.count("<style>.print-figure") == 1
    assert "/*" not in alone


def test_the_code_is_that_of_the_address_with_a_quiet_zone():
    address = "https://footing.test/portal/"
    wide = segno.make(address, error="m", micro=False).symbol_size(border=4)[0]
    assert f'viewBox="0 0 {wide} {wide}"' in figures.qr_svg(address)
    assert figures.qr_svg(address) != figures.qr_svg("https://footing.test/porta1/")
